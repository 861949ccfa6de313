"""The legs of a way over ground so high that a crew must know where to turn: named, measured, never declared flyable.

Two things matter over mountains (ICAO Annex 6 Part I, 4.3 and 5.2; chapter "escape routes" of operators' manuals). After a
loss of cabin pressure a flight must come down to 10,000 ft before the passengers' oxygen ends; and with one engine out a
twin drifts down to a height that must still clear the ground. Ground is the highest of half-degree cells, raised by what
their points miss (row ground_between_points_m), and of the peaks that are known in them; 2,000 ft are kept above it, as
on charts (grid MORA).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity import facts
from comity.air.airways import sampled
from comity.air.detour import Track
from comity.air.viability import economics
from comity.places.sphere import unit
from comity.units import EARTH_RADIUS_KM, M_PER_FT

CELL_DEG = 0.5
GRID = (360, 720)  # cells from 90 S and 180 W
CLEARANCE_M = 2000 * M_PER_FT
BREATHABLE_M = 10000 * M_PER_FT
STEP_KM = 15.0
NAMED_WITHIN_KM = 250.0
NAMELESS = "high ground"
SHORT_KM = 45.0  # a gap or a stretch under a cell's width is none of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class HighGround:
    """A leg over high ground. from_km, km : along the way · ground_m : the highest below · safe_fl : level that clears it

    escape_km : to the nearest ground over which 10,000 ft is safe, from the worst point · escape_min : its flight in minutes
    drift_down : whether the level that clears it is above what a twin holds on one engine
    beyond_oxygen : whether those minutes are more than passengers' oxygen lasts on a usual aircraft
    """

    name: str
    from_km: float
    km: float
    ground_m: float
    safe_fl: int
    escape_km: float
    escape_min: float
    drift_down: bool
    beyond_oxygen: bool


def high_ground(track: Track | None) -> tuple[HighGround, ...]:
    """Legs of a way over ground where 10,000 ft is not safe, in the order flown; none where there is no way."""
    if track is None:
        return ()
    at, km = sampled(track, STEP_KM)
    along = np.cumsum(km) - km / 2
    cell = _cells_at(at)
    legs = []
    for first, last in _runs(cell >= 0, along):
        if along[last] - along[first] + STEP_KM < SHORT_KM:
            continue
        for a, b in _by_name(_names(at[first : last + 1]), first, along):
            legs.append(_leg(at[a : b + 1], along[a : b + 1], cell[a : b + 1]))
    return tuple(legs)


def _leg(at: NDArray, along: NDArray, cell: NDArray) -> HighGround:
    ground = float(_grid().ground_m[cell[cell >= 0]].max())
    escape = float(_low().query(at)[0].max()) * EARTH_RADIUS_KM
    safe, minutes = ground + CLEARANCE_M, escape / economics("escape_km_per_min")["value"]
    return HighGround(
        name=str(_names(at)[0]),
        from_km=round(float(along[0]), 0),
        km=round(float(along[-1] - along[0] + STEP_KM), 0),
        ground_m=round(ground),
        safe_fl=int(np.ceil(safe / M_PER_FT / 1000) * 10),
        escape_km=round(escape),
        escape_min=round(minutes, 1),
        drift_down=safe > economics("drift_down_ceiling_m")["value"],
        beyond_oxygen=minutes > economics("passenger_oxygen_min")["value"],
    )


def _runs(high: NDArray[np.bool_], along: NDArray) -> list[tuple[int, int]]:
    """First and last sample of each stretch over high ground; short gaps are closed."""
    rows = np.flatnonzero(high)
    if not len(rows):
        return []
    breaks = np.flatnonzero(np.diff(along[rows]) > SHORT_KM)
    return list(zip(rows[np.r_[0, breaks + 1]].tolist(), rows[np.r_[breaks, len(rows) - 1]].tolist(), strict=True))


def _by_name(names: NDArray, first: int, along: NDArray) -> list[tuple[int, int]]:
    """A stretch parted where the range changes; parts under SHORT_KM stay with the one before."""
    parts, start = [], 0
    for n in range(1, len(names)):
        long_enough = along[first + n] - along[first + start] >= SHORT_KM
        if (
            names[n] != names[start]
            and long_enough
            and (names[n:] == names[n])[: max(1, int(SHORT_KM / STEP_KM))].all()
        ):
            parts.append((first + start, first + n - 1))
            start = n
    return [*parts, (first + start, first + len(names) - 1)]


def _names(at: NDArray) -> NDArray:
    """The range of the nearest known peak of each point, or that there is none."""
    from scipy.spatial import cKDTree

    peaks = _peaks()
    far, row = cKDTree(peaks.at).query(at)
    return np.where(far * EARTH_RADIUS_KM <= NAMED_WITHIN_KM, peaks.range[row], NAMELESS)


@dataclass(frozen=True, slots=True, eq=False)
class _Peaks:
    range: NDArray
    at: NDArray
    lon: NDArray
    lat: NDArray
    elevation_m: NDArray


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """row : int64[360, 720], row of ground_m for each half-degree cell from 90 S and 180 W, -1 where 10,000 ft is safe."""

    row: NDArray[np.int64]
    ground_m: NDArray


@cache
def _peaks() -> _Peaks:
    rows = facts.rows("high_peaks")
    lon, lat, top = (np.array([row[name] for row in rows], float) for name in ("lon", "lat", "elevation_m"))
    return _Peaks(np.array([row["range"] for row in rows]), unit(lon, lat), lon, lat, top)


@cache
def _grid() -> _Grid:
    import duckdb

    path = Path(str(resources.files("comity.air"))) / "data" / "high_ground.parquet"
    with duckdb.connect() as db:
        cells = db.execute('SELECT "row", "column", ground_m FROM read_parquet(?)', [str(path)]).fetchnumpy()
    ground = np.zeros(GRID)
    ground[cells["row"], cells["column"]] = cells["ground_m"] + economics("ground_between_points_m")["value"]
    peaks = _peaks()
    np.maximum.at(ground, _place(peaks.lon, peaks.lat), peaks.elevation_m)
    high = ground + CLEARANCE_M > BREATHABLE_M
    row = np.full(ground.shape, -1)
    row[high] = np.arange(high.sum())
    return _Grid(row, ground[high])


def _place(lon: NDArray, lat: NDArray) -> tuple[NDArray, NDArray]:
    row = np.clip(np.floor((lat + 90) / CELL_DEG).astype(int), 0, GRID[0] - 1)
    return row, np.floor((lon + 180) / CELL_DEG).astype(int) % GRID[1]


def _cells_at(at: NDArray) -> NDArray[np.int64]:
    lon, lat = np.degrees(np.arctan2(at[:, 1], at[:, 0])), np.degrees(np.arcsin(at[:, 2]))
    return _grid().row[_place(lon, lat)]


@cache
def _low():
    """Middles of the cells where 10,000 ft is safe and that touch a high one: the nearest of them is the way out."""
    from scipy.ndimage import binary_dilation
    from scipy.spatial import cKDTree

    high = _grid().row >= 0
    rows, columns = np.nonzero(binary_dilation(high, np.ones((3, 3), bool)) & ~high)
    return cKDTree(unit((columns + 0.5) * CELL_DEG - 180, (rows + 0.5) * CELL_DEG - 90))
