"""Land and border lines for maps. Lines in disputed areas are flagged, to be dashed."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from comity.errors import BadInput, PlaceUnknown
from comity.places.country import country

if TYPE_CHECKING:  # shapely is read where a shape is
    from shapely import Polygon

FILES = {"coarse": "outlines", "fine": "territories"}  # Natural Earth 1:50m and 1:10m


def _read(name: str, columns: str) -> list[tuple]:
    import duckdb

    path = Path(str(resources.files("comity.places"))) / "data" / f"{name}.parquet"
    with duckdb.connect() as db:
        return db.execute(f"SELECT {columns} FROM read_parquet(?)", [str(path)]).fetchall()


@cache
def outlines(detail: str = "coarse") -> tuple[tuple[str, Polygon], ...]:
    """(alpha-3, shapely Polygon) of every part of every country; "" where no single country administers it.

    detail : "coarse" (1:50m) or "fine" (1:10m, five times as many points). Raises BadInput for another word.
    """
    import shapely

    if detail not in FILES:
        raise BadInput(f"There is no outline of detail {detail!r}; it is coarse or fine.")
    rows = _read(FILES[detail], "country, shape")
    return tuple((code, shapely.from_wkb(bytes(shape))) for code, shape in rows)


def country_outline(alpha3: str, detail: str = "coarse") -> list[np.ndarray]:
    """Rings of a country as lon, lat, float64[n, 2] each. Holes are among them: fill by the even-odd rule.

    A country that one file is without is taken from the other. Raises PlaceUnknown, BadInput.
    """
    code = country(alpha3).alpha3
    for choice in (detail, *FILES):
        found = [ring for owner, shape in outlines(choice) if owner == code for ring in _rings(shape)]
        if found:
            return found
    return []


def world_land() -> list[tuple[str, np.ndarray]]:
    """(alpha-3, outer ring) of every part of every country."""
    return [(code, np.asarray(shape.exterior.coords)) for code, shape in outlines()]


def _rings(shape: Polygon) -> list[np.ndarray]:
    return [np.asarray(ring.coords) for ring in (shape.exterior, *shape.interiors)]


@cache
def border_lines() -> tuple[tuple[str, str, bool, np.ndarray], ...]:
    """(alpha-3, alpha-3, disputed, lon-lat line) of every border between two countries.

    The two codes are the same where a line parts a territory that is administered apart from its country.
    """
    import shapely

    rows = _read("border_lines", "country_a, country_b, disputed, line")
    lines = shapely.from_wkb([bytes(row[3]) for row in rows])
    coords = [np.asarray(line.coords) for line in lines]
    return tuple((a, b, bool(flag), line) for (a, b, flag, _), line in zip(rows, coords, strict=True))


def midst(alpha3: str) -> tuple[float, float]:
    """lon, lat of a point on the largest part of a country's land. Raises PlaceUnknown without any."""
    parts = [shape for code, shape in outlines("fine") if code == country(alpha3).alpha3]
    if not parts:
        raise PlaceUnknown(f"{country(alpha3).name} is not on the map. Give a point as lat,lon.")
    point = max(parts, key=lambda shape: shape.area).representative_point()
    return point.x, point.y
