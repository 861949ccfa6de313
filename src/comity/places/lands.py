"""Whose land a point lies on.

Borders decide nothing here. Land is counted to the country that administers it; where the United Nations does
not recognise that administration, to the country that the United Nations counts it to (a row of
disputed_areas.csv says so). Either way a point in a disputed area answers with that, and with who claims it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np

from comity import facts
from comity.places.sphere import unit
from comity.units import EARTH_RADIUS_KM

COAST_KM = 25.0  # a pier, a bridge or a shore road this far off the drawn land belongs to the nearest country
COAST_STEP_DEG = 0.05  # the drawn coast is followed in steps of at most this, about 5 km


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """Land under one administration and one state of dispute. `name` is empty for a country's plain land."""

    administered_by: str  # alpha-3; "" where no single country administers it
    disputed: bool
    claimed_by: tuple[str, ...]
    name: str
    shut_towards: tuple[str, ...] = ()  # no freight passes between it and the other land of these countries


@dataclass(frozen=True, slots=True)
class Parts:
    """Polygon parts of all land: `number` int16[n] rows of `territories()`, `bounds` float64[n, 4]."""

    number: np.ndarray
    shapes: np.ndarray
    bounds: np.ndarray


@cache
def _drawn() -> tuple[list[tuple[str, str]], np.ndarray]:
    """(special name or "", alpha-3) and shape of every polygon part, as the file has them."""
    import duckdb
    import shapely

    path = Path(str(resources.files("comity.places"))) / "data" / "territories.parquet"
    with duckdb.connect() as db:
        table = db.execute("SELECT name, country, shape FROM read_parquet(?)", [str(path)]).fetchall()
    shapes = shapely.from_wkb(np.array([row[2] for row in table], dtype=object))
    return [(row[0], row[1]) for row in table], shapes


@cache
def territories() -> tuple[Territory, ...]:
    """All that `territory` may answer with: plain countries, special territories, then disputed areas."""
    found = [
        Territory(administered_by=code, disputed=False, claimed_by=(), name="")
        for code in sorted({code for _, code in _drawn()[0] if code})
    ]
    for row in facts.rows("territories"):
        found.append(
            Territory(
                administered_by=row["administered_by"] or "",
                disputed=bool(row["disputed"]),
                claimed_by=row["claimed_by"],
                name=row["name"],
            )
        )
    for row in facts.rows("disputed_areas"):
        for code in [row["administered_by"]] if row["administered_by"] else row["within"]:
            claims = row["claimed_by"]
            found.append(
                Territory(
                    administered_by=code,
                    disputed=True,
                    claimed_by=claims,
                    name=row["name"],
                    shut_towards=row["shut_towards"],
                )
            )
    return tuple(found)


@cache
def _numbers() -> dict[tuple[str, str], int]:
    return {(land.administered_by, land.name): row for row, land in enumerate(territories())}


@cache
def _parts() -> Parts:
    import shapely

    labels, shapes = _drawn()
    special = {land.name: row for row, land in enumerate(territories()) if land.name}
    number = [special[name] if name in special else _numbers()[code, ""] for name, code in labels]
    return Parts(np.array(number, np.int16), shapes, shapely.bounds(shapes))


def territory(lon, lat, coast_km: float = COAST_KM) -> np.ndarray:
    """Row of `territories()` for each point in degrees, int16[n]; -1 at sea.

    lon, lat : float64[n] or single numbers · coast_km : a point off the land takes the country of the nearest
    coast within this distance; 0 for the drawn land alone. Points with a nan are at sea.
    """
    lon, lat = np.atleast_1d(np.asarray(lon, float)), np.atleast_1d(np.asarray(lat, float))
    lon = np.where(np.abs(lon) > 180.0, (lon + 180.0) % 360.0 - 180.0, lon)
    found = _on_land(lon, lat)
    at_sea = np.flatnonzero((found < 0) & np.isfinite(lon) & np.isfinite(lat))
    if coast_km > 0 and len(at_sea):
        found[at_sea] = _by_coast(lon[at_sea], lat[at_sea], coast_km)
    return _with_disputes(lon, lat, found)


def parted(lon_a, lat_a, lon_b, lat_b) -> np.ndarray:
    """Whether a line inside one country that no freight passes lies between two points, bool[n].

    Such a line is no border: both sides count to the same country (disputed_areas.csv, column shut_towards).
    """
    lands = territories()
    a, b = territory(lon_a, lat_a), territory(lon_b, lat_b)
    found = np.zeros(len(a), bool)
    for at in np.flatnonzero((a != b) & (a >= 0) & (b >= 0)):
        one, other = lands[a[at]], lands[b[at]]
        found[at] = one.name != other.name and (
            other.administered_by in one.shut_towards or one.administered_by in other.shut_towards
        )
    return found


def _on_land(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Territory whose polygon or edge holds each point: at 180 degrees land ends in an edge of the map.

    Points go by longitude, so that a part sees only its own.
    """
    import shapely

    parts = _parts()
    found = np.full(len(lon), -1, np.int16)
    order = np.argsort(lon, kind="stable")
    sorted_lon = lon[order]
    first = np.searchsorted(sorted_lon, parts.bounds[:, 0])
    last = np.searchsorted(sorted_lon, parts.bounds[:, 2], side="right")
    for row in np.flatnonzero(last > first):
        inside = order[first[row] : last[row]]
        inside = inside[(lat[inside] >= parts.bounds[row, 1]) & (lat[inside] <= parts.bounds[row, 3])]
        if len(inside):
            shape = parts.shapes[row]
            shapely.prepare(shape)
            found[inside[shapely.intersects_xy(shape, lon[inside], lat[inside])]] = parts.number[row]
    return found


def _by_coast(lon: np.ndarray, lat: np.ndarray, reach_km: float) -> np.ndarray:
    """Territory of the nearest coast within reach; -1 where there is none. Only parts nearby are read."""
    import shapely
    from scipy.spatial import cKDTree

    parts = _parts()
    near = _parts_near(lon, lat, reach_km)
    if not len(near):
        return np.full(len(lon), -1, np.int16)
    edges = shapely.segmentize(shapely.boundary(parts.shapes[near]), COAST_STEP_DEG)
    points, owner = shapely.get_coordinates(edges, return_index=True)
    away, index = cKDTree(unit(points[:, 0], points[:, 1])).query(unit(lon, lat))
    away_km = 2 * np.arcsin(np.clip(away / 2, 0, 1)) * EARTH_RADIUS_KM
    return np.where(away_km <= reach_km, parts.number[near][owner[index]], -1).astype(np.int16)


def _parts_near(lon: np.ndarray, lat: np.ndarray, reach_km: float) -> np.ndarray:
    """Rows of the parts whose box, widened by the reach, holds one of the points."""
    import shapely

    bounds = _parts().bounds
    tall = np.degrees(reach_km / EARTH_RADIUS_KM)
    wide = tall / np.cos(np.radians(np.minimum(np.abs(bounds[:, [1, 3]]).max(axis=1) + tall, 89.0)))
    margin = np.c_[wide, np.full_like(wide, tall)]
    low, high = bounds[:, :2] - margin, bounds[:, 2:] + margin
    boxes = shapely.STRtree(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
    turned = np.concatenate([lon, lon - 360, lon + 360])  # a shore may lie on the other side of 180 degrees
    return np.unique(boxes.query(shapely.points(turned, np.tile(lat, 3)))[1])


def _with_disputes(lon: np.ndarray, lat: np.ndarray, found: np.ndarray) -> np.ndarray:
    """The same rows, with points in a disputed area moved to its row."""
    import shapely

    lands, numbers = territories(), _numbers()
    for row in facts.rows("disputed_areas"):
        area = shapely.from_wkt(row["polygon"])
        west, south, east, north = area.bounds
        at = np.flatnonzero((found >= 0) & (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        if len(at):
            shapely.prepare(area)
            at = at[shapely.intersects_xy(area, lon[at], lat[at])]
            for old in np.unique(found[at]):
                land = lands[old]
                if land.administered_by in row["within"] and not land.disputed:
                    code = row["administered_by"] or land.administered_by
                    found[at[found[at] == old]] = numbers[code, row["name"]]
    return found
