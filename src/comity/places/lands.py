"""Whose land a point lies on. Borders are drawn as Natural Earth draws them and decide nothing: a point in a disputed
area answers with who administers it and who claims it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np

from comity import facts



@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """Land under one administration and one state of dispute."""

    administered_by: str
    disputed: bool
    claimed_by: tuple[str, ...]
    name: str


@cache
def _parts() -> tuple[tuple, np.ndarray, np.ndarray]:
    """Names, codes and shapes of all polygon parts."""
    import duckdb
    import shapely

    path = Path(str(resources.files("comity.places"))) / "data" / "territories.parquet"
    with duckdb.connect() as db:
        table = db.execute("SELECT name, country, shape FROM read_parquet(?)", [str(path)]).fetchall()
    shapes = shapely.from_wkb(np.array([row[2] for row in table], dtype=object))
    return tuple((row[0], row[1]) for row in table), shapes, shapely.bounds(shapes)


@cache
def territories() -> tuple[Territory, ...]:
    """Every territory that `territory` may answer with: plain countries, special territories, then disputed areas."""
    special = {row["name"]: row for row in facts.rows("territories")}
    plain = [Territory(administered_by=code, disputed=False, claimed_by=(), name="") for code in sorted({c for n, c in _parts()[0]})]
    own = [
        Territory(administered_by=row["administered_by"], disputed=bool(row["disputed"]), claimed_by=row["claimed_by"], name=name)
        for name, row in special.items()
    ]
    areas = [
        Territory(administered_by=code, disputed=True, claimed_by=row["claimed_by"], name=row["name"])
        for row in facts.rows("disputed_areas")
        for code in row["within"]
    ]
    return tuple([*plain, *own, *areas])


def territory(lon, lat) -> np.ndarray:
    """Row of `territories()` for each point in degrees, int16[n]; -1 at sea."""
    import shapely

    lon, lat = np.atleast_1d(np.asarray(lon, float)), np.atleast_1d(np.asarray(lat, float))
    number = {(land.administered_by, land.name): row for row, land in enumerate(territories())}
    found = np.full(len(lon), -1, np.int16)
    order = np.argsort(lon, kind="stable")
    sorted_lon = lon[order]
    labels, shapes, bounds = _parts()
    for (name, code), shape, (west, south, east, north) in zip(labels, shapes, bounds, strict=True):
        inside = order[np.searchsorted(sorted_lon, west) : np.searchsorted(sorted_lon, east, side="right")]
        inside = inside[(lat[inside] >= south) & (lat[inside] <= north)]
        if len(inside):
            shapely.prepare(shape)
            inside = inside[shapely.contains_xy(shape, lon[inside], lat[inside])]
            found[inside] = number.get((code, name), number[code, ""])
    return _with_disputes(lon, lat, found, number)


def _with_disputes(lon, lat, found, number) -> np.ndarray:
    import shapely

    lands = territories()
    for row in facts.rows("disputed_areas"):
        area = shapely.from_wkt(row["polygon"])
        shapely.prepare(area)
        for index in np.flatnonzero((found >= 0) & shapely.contains_xy(area, lon, lat)):
            code = lands[found[index]].administered_by
            if code in row["within"] and not lands[found[index]].disputed:
                found[index] = number[code, row["name"]]
    return found
