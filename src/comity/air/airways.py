"""The airways of a file, as a graph: fixes, and the stretches of airways between them. None ships; a user brings a file.

A stretch that several airways share is one stretch: to fly it once is to fly it on all of them.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from comity.air.detour import Track
from comity.air.viability import economics
from comity.errors import BadInput, MissingExtra
from comity.places.sphere import unit
from comity.units import EARTH_RADIUS_KM

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from shapely import Geometry

HALF_TURN = 180.0  # degrees
LONGEST_KM = 1500.0  # a longer stretch joins two airways of one name in different parts of the world
AROUND_KM, SAME_KM = 300.0, 5.0  # a gate is asked for where the file has a fix so near; a fix so near is the same one
MOST_GATES = 2 / 3  # with fewer found, the file is hardly of the region and cycle that the gates were read in
COLUMNS = "airway, number in it, fix, latitude, longitude"


@dataclass(frozen=True, eq=False)
class Airways:
    """fixes : names · points : float64[n, 2], lon and lat · ends : int64[m, 2], stretches · length_km : float64[m], geodesic

    names : of the airways that share each stretch, a tuple for each.
    """

    fixes: tuple[str, ...]
    points: np.ndarray
    ends: np.ndarray
    length_km: np.ndarray
    names: tuple[tuple[str, ...], ...]

    @cached_property
    def lines(self) -> np.ndarray:
        """The stretches as shapely lines, straight in degrees; one across the 180th meridian in two parts."""
        import shapely

        ends = self.points[self.ends]
        lines = shapely.linestrings(ends)
        for row in np.flatnonzero(np.abs(ends[:, 0, 0] - ends[:, 1, 0]) > HALF_TURN):
            (west, south), (east, north) = sorted(ends[row].tolist())
            share = (HALF_TURN - east) / (2 * HALF_TURN + west - east)
            middle = north + share * (south - north)
            lines[row] = shapely.MultiLineString(
                [[(east, north), (HALF_TURN, middle)], [(-HALF_TURN, middle), (west, south)]]
            )
        return lines

    def shut_by(self, regions: Sequence[Geometry], allowed: frozenset[str] = frozenset()) -> np.ndarray:
        """Stretches inside or across regions, bool[m]; those of airways that stay open there are not."""
        import shapely

        if not len(regions):
            return np.zeros(len(self.ends), bool)
        whole = shapely.union_all(list(regions))
        shapely.prepare(whole)
        shut = shapely.intersects(whole, self.lines)
        if allowed:
            shut &= ~np.array([not allowed.isdisjoint(names) for names in self.names])
        return shut

    def _graph(self, shut: np.ndarray) -> csr_matrix:
        from scipy.sparse import coo_matrix

        ends, length = self.ends[~shut], self.length_km[~shut]
        return coo_matrix((length, (ends[:, 0], ends[:, 1])), shape=(len(self.fixes),) * 2).tocsr()


@dataclass(frozen=True, slots=True, kw_only=True)
class GatesFound:
    """Known gates among the airways of a file. covered : gates whose neighbourhood it covers · found : of them, in their place

    astray : the others, each with how far its fix is from where it was, km; None where no fix near has its name
    """

    covered: int
    found: int
    astray: tuple[tuple[str, float | None], ...]

    @property
    def doubtful(self) -> bool:
        """Whether the file seems to be of another cycle or region: too few are found."""
        return self.found < MOST_GATES * self.covered


def gates_found(airways: Airways, gates: Sequence[Mapping]) -> GatesFound:
    """Which known gates a file of airways has, by name and place. gates : rows of airway_gates, with fix, lon and lat in degrees."""
    names, points = np.array(airways.fixes), unit(airways.points[:, 0], airways.points[:, 1])
    covered, astray = 0, []
    for gate in gates:
        km = _arc_km(points, unit(gate["lon"], gate["lat"]))
        if not (km <= AROUND_KM).any():
            continue
        covered += 1
        off = km[names == gate["fix"]].min(initial=np.inf)
        if off > SAME_KM:
            astray.append((gate["fix"], float(off) if off <= AROUND_KM else None))
    return GatesFound(covered=covered, found=covered - len(astray), astray=tuple(astray))


def _arc_km(points: np.ndarray, one: np.ndarray) -> np.ndarray:
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(np.linalg.norm(points - one, axis=1) / 2, 1.0))


def read_airways(path: Path) -> Airways:
    """Airways of a text file, gzipped or not: a row each fix, `airway number fix lat lon`, in the order flown.

    Raises BadInput that names the first line which does not fit.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            rows = [line.split() for line in file if line.strip()]
    except (OSError, EOFError, UnicodeDecodeError) as fault:
        raise BadInput(f"{path.name} cannot be read as airways ({fault}). Each line holds {COLUMNS}.") from fault
    found: dict[tuple[str, float, float], int] = {}
    stretches: dict[tuple[int, int], list[str]] = {}
    last: tuple[str, int, int] | None = None
    for number, row in enumerate(rows, 1):
        try:
            airway, place, fix, lat, lon = row[0], int(row[1]), row[2], float(row[3]), float(row[4])
            if len(row) != 5 or not (-90 <= lat <= 90 and -180 <= lon <= 180):
                raise ValueError
        except (ValueError, IndexError):
            raise BadInput(f"{path.name}, line {number}: {' '.join(row)[:60]!r} is not {COLUMNS}.") from None
        here = found.setdefault((fix, lat, lon), len(found))
        if last and last[0] == airway and place == last[1] + 1 and here != last[2]:
            stretches.setdefault((min(here, last[2]), max(here, last[2])), []).append(airway)
        last = (airway, place, here)
    if not stretches:
        raise BadInput(f"{path.name} holds no airway of two fixes. Each line holds {COLUMNS}.")
    points = np.array([(lon, lat) for _, lat, lon in found])
    ends = np.array(list(stretches))
    length = geodesic_km(points[ends[:, 0]], points[ends[:, 1]])
    kept = length <= LONGEST_KM
    names = tuple(tuple(names) for names, keep in zip(stretches.values(), kept, strict=True) if keep)
    return Airways(tuple(fix for fix, _, _ in found), points, ends[kept], length[kept], names)


def along_airways(
    airways: Airways, shut: np.ndarray, origins: np.ndarray, destinations: np.ndarray, barred: Sequence[Geometry] = ()
) -> list[list[Track | None]]:
    """The shortest way on open stretches from each origin to each destination; both float64[n, 2], lon and lat.

    shut : bool[m], stretches that may not be flown · barred : regions that no way to or from the airways may enter either
    None where no way is open. Lengths are geodesic. Raises MissingExtra without pyproj.
    """
    from scipy.sparse import bmat, coo_matrix
    from scipy.sparse.csgraph import dijkstra

    graph, many = airways._graph(shut), len(airways.fixes)
    arrivals = [_joined(airways, point, barred) for point in destinations]
    found: list[list[Track | None]] = []
    for origin in origins:
        fixes, length = _joined(airways, origin, barred)
        row = coo_matrix((length, (np.zeros(len(fixes), int), fixes)), shape=(1, many))
        whole = bmat([[graph, None], [row, coo_matrix((1, 1))]]).tocsr()
        far, behind = dijkstra(
            whole, directed=False, indices=many, return_predecessors=True, limit=_enough(origin, destinations)
        )
        if any(len(fixes) and not np.isfinite(far[fixes]).any() for fixes, _ in arrivals):  # a very long way round
            far, behind = dijkstra(whole, directed=False, indices=many, return_predecessors=True)
        found.append(
            [
                _track(airways, origin, destination, far, behind, *arrival)
                for destination, arrival in zip(destinations, arrivals, strict=True)
            ]
        )
    return found


def _enough(origin: np.ndarray, destinations: np.ndarray) -> float:
    """Kilometres within which nearly every way is found, so that the search need not see the whole world."""
    return 2.0 * float(geodesic_km(np.broadcast_to(origin, destinations.shape), destinations).max()) + 1000.0


def _joined(airways: Airways, point: np.ndarray, barred: Sequence[Geometry]) -> tuple[np.ndarray, np.ndarray]:
    """Fixes at which a flight from or to a point may join the airways, and how far they are in km."""
    import shapely

    reach_km = economics("airway_reach_km")["value"]
    near = np.flatnonzero(np.abs(airways.points[:, 1] - point[1]) < reach_km / 110.0)
    length = geodesic_km(np.broadcast_to(point, (len(near), 2)), airways.points[near])
    near, length = near[length <= reach_km], length[length <= reach_km]
    if len(barred) and len(near):
        whole = shapely.union_all(list(barred))
        lines = shapely.linestrings(np.stack([np.broadcast_to(point, (len(near), 2)), airways.points[near]], axis=1))
        free = ~shapely.intersects(whole, lines)
        near, length = near[free], length[free]
    return near, length


def _track(airways, origin, destination, far, behind, fixes, length) -> Track | None:
    if not len(fixes):
        return None
    whole = far[fixes] + length
    best = int(np.argmin(whole))
    if not np.isfinite(whole[best]):
        return None
    chain, here = [], int(fixes[best])
    while 0 <= here < len(airways.fixes):
        chain.append(here)
        here = int(behind[here])
    return Track(np.vstack([origin, airways.points[chain[::-1]], destination]), float(whole[best]))


def geodesic_km(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Geodesic lengths on WGS 84 in km, float64[n]; both float64[n, 2], lon and lat. Source: Karney (2013), by pyproj."""
    try:
        from pyproj import Geod
    except ModuleNotFoundError as fault:
        raise MissingExtra('Flights need pyproj. Install it: pip install "comity[air]"') from fault
    _, _, metres = Geod(ellps="WGS84").inv(one[:, 0], one[:, 1], two[:, 0], two[:, 1])
    return np.asarray(metres) / 1000.0


def sampled(track: Track, step_km: float) -> tuple[np.ndarray, np.ndarray]:
    """Points along a way no farther apart than `step_km`: on the unit sphere, float64[n, 3], and the km each stands for, float64[n].

    The kilometres add to the length of the way, which may be more than that of its line.
    """
    whole = geodesic_km(track.points[:-1], track.points[1:])
    many = np.maximum(1, np.ceil(whole / step_km).astype(int))
    leg = np.repeat(np.arange(len(whole)), many)
    part = (np.arange(len(leg)) - np.repeat(np.cumsum(many) - many, many) + 0.5) / many[leg]
    ends = unit(track.points[:, 0], track.points[:, 1])
    at = (1 - part)[:, None] * ends[leg] + part[:, None] * ends[leg + 1]
    stretch = track.length_km / max(float(whole.sum()), 1e-9)
    return at / np.linalg.norm(at, axis=1)[:, None], whole[leg] / many[leg] * stretch
