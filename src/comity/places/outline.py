"""Land and border lines for maps, from Natural Earth 1:50m. Lines in disputed areas are flagged, to be dashed."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np


def _read(name: str, columns: str) -> list[tuple]:
    import duckdb

    path = Path(str(resources.files("comity.places"))) / "data" / f"{name}.parquet"
    with duckdb.connect() as db:
        return db.execute(f"SELECT {columns} FROM read_parquet(?)", [str(path)]).fetchall()


@cache
def outlines() -> tuple[tuple[str, object], ...]:
    """(alpha-3, shapely Polygon) of every part of every country."""
    import shapely

    return tuple((code, shapely.from_wkb(bytes(shape))) for code, shape in _read("outlines", "country, shape"))


def country_outline(alpha3: str) -> list[np.ndarray]:
    """Outer rings of a country as lon, lat, float64[n, 2] each."""
    return [np.asarray(shape.exterior.coords) for code, shape in outlines() if code == alpha3]


def world_land() -> list[tuple[str, np.ndarray]]:
    """(alpha-3, outer ring) of every country."""
    return [(code, np.asarray(shape.exterior.coords)) for code, shape in outlines()]


@cache
def border_lines() -> tuple[tuple[str, str, bool, np.ndarray], ...]:
    """(alpha-3, alpha-3, disputed, lon-lat line) of every border between two countries."""
    import shapely

    rows = _read("border_lines", "country_a, country_b, disputed, line")
    return tuple((a, b, bool(flag), np.asarray(shapely.from_wkb(bytes(line)).coords)) for a, b, flag, line in rows)
