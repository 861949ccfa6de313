"""The shortest way over the globe round regions of shut air: exact, along the corners that a taut string would touch.

A region's sides are arcs of great circles. A shortest way turns only at corners that point outwards and leaves them
along tangents, so a graph of those corners and the tangents that see each other holds it, and is searched best first (Lozano-Pérez & Wesley 1979,
An algorithm for planning collision-free paths among polyhedral obstacles; here on the sphere).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

from comity.errors import BadInput
from comity.places.sphere import unit
from comity.units import EARTH_RADIUS_KM

if TYPE_CHECKING:
    from shapely import Geometry

SAME = 1e-12  # sides of a great circle nearer to it than this are on it, about 6 micrometres
ROWS = 2_000_000  # arcs times sides that are compared at once


@dataclass(frozen=True, slots=True)
class Track:
    """A way through the air. `points` : lon, lat in degrees, float64[n, 2], joined by great circles; `length_km` on the sphere."""

    points: np.ndarray
    length_km: float


@dataclass(frozen=True)
class Obstacles:
    """Regions that no way may enter, as corners on the unit sphere with the region to the left of each side.

    corners : float64[n, 3] · after : int64[n], the next corner of the same ring · before : int64[n]
    """

    corners: np.ndarray
    after: np.ndarray
    before: np.ndarray

    @cached_property
    def turning(self) -> np.ndarray:
        """Corners that point outwards, at which a way may turn, int64[k]."""
        turn = _side(self.corners[self.before], self.corners, self.corners[self.after])
        return np.flatnonzero(turn > SAME)

    @cached_property
    def poles(self) -> np.ndarray:
        """Normal of the great circle of each side, float64[n, 3]; side i runs from corner i to the one after."""
        return np.cross(self.corners, self.corners[self.after])

    @cached_property
    def outside(self) -> np.ndarray:
        """A point in no region, from which insides are counted."""
        middle = self.corners.mean(axis=0)
        return -middle / np.linalg.norm(middle)

    @cached_property
    def known(self) -> dict[int, tuple[np.ndarray, np.ndarray]]:
        """What `from_corner` has found so far: most searches need few corners of a long border."""
        return {}

    def from_corner(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Turning corners seen from turning corner `number` along tangents to both, and their distances in radians."""
        if number not in self.known:
            turning = self.turning
            here = turning[number]
            keep = np.flatnonzero(self._tangent(np.full(len(turning), here), self.corners[turning]))
            self.known[number] = self._visible(here, keep[keep != number])
        return self.known[number]

    def seen(self, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Turning corners seen from a point along a tangent, by their place in `turning`, and distances in radians."""
        return self._visible(None, np.arange(len(self.turning)), point)

    def _visible(self, here: int | None, among: np.ndarray, point: np.ndarray | None = None):
        corner = self.turning[among]
        start = np.broadcast_to(self.corners[here] if point is None else point, (len(among), 3))
        keep = np.flatnonzero(self._tangent(corner, start))
        rests = None if here is None else np.full(len(keep), here)
        free = ~self.blocked(start[keep], self.corners[corner[keep]], rests, corner[keep])
        keep = keep[free]
        return among[keep], _apart(start[keep], self.corners[corner[keep]])

    def _tangent(self, corner: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Whether the arc to `other` leaves both sides of each corner on one hand, bool[m]."""
        here = self.corners[corner]
        normal = np.cross(here, other)
        one = np.einsum("ij,ij->i", normal, self.corners[self.before[corner]])
        two = np.einsum("ij,ij->i", normal, self.corners[self.after[corner]])
        return ((one > -SAME) & (two > -SAME)) | ((one < SAME) & (two < SAME))

    def blocked(self, start: np.ndarray, end: np.ndarray, first=None, second=None) -> np.ndarray:
        """Whether arcs cross a side, bool[m]. start, end : float64[m, 3]; first, second : corners they rest on, or None.

        Source of the test: four points turn the same way round where two arcs cross.
        """
        many = len(start)
        found = np.zeros(many, bool)
        step = max(1, ROWS // max(len(self.corners), 1))
        for low in range(0, many, step):
            part = slice(low, low + step)
            found[part] = self._crossed(start[part], end[part], _part(first, part), _part(second, part)).any(axis=1)
        return found

    def _crossed(self, start, end, first, second) -> np.ndarray:
        normal = np.cross(start, end)
        at = normal @ self.corners.T  # on which hand of the arc each corner lies
        nearer, further = -at, at[:, self.after]
        leaves = start @ self.poles.T
        comes = -(end @ self.poles.T)
        crossing = (nearer * further > 0) & (nearer * leaves > 0) & (nearer * comes > 0)
        for touched in (first, second):
            if touched is not None:  # the sides that meet at a corner are touched there, and no more
                row = np.arange(len(start))
                crossing[row, touched] = False
                crossing[row, self.before[touched]] = False
        return crossing

    def inside(self, points: np.ndarray) -> np.ndarray:
        """Whether points on the unit sphere lie in a region, bool[m]: the way out crosses an odd number of sides."""
        outside = np.broadcast_to(self.outside, points.shape)
        found = np.zeros(len(points), bool)
        step = max(1, ROWS // max(len(self.corners), 1))
        for low in range(0, len(points), step):
            part = slice(low, low + step)
            found[part] = self._crossed(points[part], outside[part], None, None).sum(axis=1) % 2 == 1
        return found


def obstacles(regions: Sequence[Geometry]) -> Obstacles:
    """Regions as obstacles; those that overlap or touch become one.

    regions : shapely polygons in lon, lat degrees, each side shorter than half a turn
    Raises BadInput for a region that crosses itself or holds a pole.
    """
    import shapely

    for region in regions:
        if not region.is_valid:
            why = shapely.is_valid_reason(region)
            raise BadInput(f"A region of airspace is no plain polygon ({why}). Mend it, or draw it as several.")
        low, high = region.bounds[1], region.bounds[3]
        if high > 89.9 or low < -89.9:
            raise BadInput("A region of airspace reaches a pole, which cannot be gone round. Cut it at 89 degrees.")
    whole = shapely.union_all([_unwrapped(region) for region in regions])
    rings = [ring for shape in getattr(whole, "geoms", [whole]) for ring in _rings(shape)]
    corners, after, before, count = [], [], [], 0
    for ring in rings:
        many = len(ring)
        place = np.arange(many)
        corners.append(unit(ring[:, 0], ring[:, 1]))
        after.append(count + np.roll(place, -1))
        before.append(count + np.roll(place, 1))
        count += many
    if not corners:
        none = np.zeros(0, int)
        return Obstacles(np.zeros((0, 3)), none, none)
    return Obstacles(np.concatenate(corners), np.concatenate(after), np.concatenate(before))


def around(shut: Obstacles, lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> Track | None:
    """The shortest way between two points round what is shut; None where one of them lies in it.

    Distances are those of a sphere; measure `points` with a geodesic where the ellipsoid matters (within 0.6 %).
    """
    return ways(shut, np.array([[lon_a, lat_a]]), np.array([[lon_b, lat_b]]))[0][0]


def ways(shut: Obstacles, origins: np.ndarray, destinations: np.ndarray) -> list[list[Track | None]]:
    """The shortest way from each origin to each destination; both float64[n, 2], lon and lat in degrees."""
    start, end = unit(*origins.T), unit(*destinations.T)
    if not len(shut.corners):
        return [[_straight(a, b) for b in destinations] for a in origins]
    shut_in, shut_out = shut.inside(start), shut.inside(end)
    arrivals: dict[int, list[tuple[int, float]]] = {}
    for at in np.flatnonzero(~shut_out):
        for corner, length in zip(*shut.seen(end[at]), strict=True):
            arrivals.setdefault(int(corner), []).append((int(at), float(length)))
    found: list[list[Track | None]] = []
    for number, point in enumerate(start):
        if shut_in[number]:
            found.append([None] * len(end))
            continue
        free = ~shut.blocked(np.broadcast_to(point, end.shape), end) & ~shut_out
        wanted = {int(at) for at in np.flatnonzero(~free & ~shut_out)}
        turned = _turned(shut, point, end, arrivals, wanted)
        found.append(
            [
                _straight(origins[number], destinations[at])
                if free[at]
                else _track(shut, origins[number], destinations[at], turned.get(at))
                for at in range(len(end))
            ]
        )
    return found


def _turned(shut: Obstacles, point, end, arrivals, wanted: set[int]) -> dict[int, tuple[float, list[int]]]:
    """By destination: length in radians and the corners turned at. Best first, by length and what is left at least."""
    left = set(wanted)
    found: dict[int, tuple[float, list[int]]] = {}
    if not left:
        return found
    goals = end[sorted(wanted)]

    def rest(corner: int) -> float:
        nearest = (goals @ shut.corners[shut.turning[corner]]).max()
        return float(np.arccos(np.clip(nearest, -1, 1)))

    behind: dict[int, int] = {}
    settled: dict[int, float] = {}
    queue: list[
        tuple[float, float, int, int, int]
    ] = []  # least whole, length so far, corner or -1, came from, destination
    for corner, length in zip(*shut.seen(point), strict=True):
        heappush(queue, (float(length) + rest(int(corner)), float(length), int(corner), -1, -1))
    while queue and left:
        _, length, corner, came, at = heappop(queue)
        if at >= 0:
            if at in left:
                left.discard(at)
                found[at] = (length, _chain(behind, came))
            continue
        if corner in settled:
            continue
        settled[corner], behind[corner] = length, came
        for goal, more in arrivals.get(corner, ()):
            if goal in left:
                heappush(queue, (length + more, length + more, -1, corner, goal))
        for other, more in zip(*shut.from_corner(corner), strict=True):
            if int(other) not in settled:
                heappush(queue, (length + float(more) + rest(int(other)), length + float(more), int(other), corner, -1))
    return found


def _chain(behind: dict[int, int], corner: int) -> list[int]:
    chain = []
    while corner >= 0:
        chain.append(corner)
        corner = behind[corner]
    return chain[::-1]


def _track(shut: Obstacles, origin, destination, turned: tuple[float, list[int]] | None) -> Track | None:
    if turned is None:
        return None
    length, chain = turned
    vectors = shut.corners[shut.turning[np.array(chain, int)]]
    lon, lat = np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0])), np.degrees(np.arcsin(vectors[:, 2]))
    return Track(np.vstack([origin, np.c_[lon, lat], destination]), length * EARTH_RADIUS_KM)


def _straight(origin, destination) -> Track:
    points = np.vstack([origin, destination]).astype(float)
    length = _apart(unit(*points[:1].T), unit(*points[1:].T))[0]
    return Track(points, float(length) * EARTH_RADIUS_KM)


def _apart(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Angles between unit vectors in radians, exact for small ones too."""
    return 2 * np.arcsin(np.clip(np.linalg.norm(one - two, axis=1) / 2, 0, 1))


def _side(one: np.ndarray, two: np.ndarray, three: np.ndarray) -> np.ndarray:
    """Above 0 where three follows one, two to the left, seen from outside the globe."""
    return np.einsum("ij,ij->i", np.cross(one, two), three)


def _part(values, part: slice):
    return None if values is None else values[part]


def _unwrapped(region: Geometry) -> Geometry:
    """A region that reaches both edges of the map in degrees from 0 to 360, so that it is one across the 180th."""
    import shapely

    low, _, high, _ = region.bounds
    if low > -179.99 or high < 179.99:
        return region
    parts = [shapely.transform(part, lambda at: at + [360.0, 0.0]) if part.bounds[2] <= 0 else part
             for part in getattr(region, "geoms", [region])]  # fmt: skip
    return shapely.union_all(parts)


def _rings(shape: Geometry) -> list[np.ndarray]:
    """Rings of a polygon without the closing point, the region to the left: shells against the clock, holes with it."""
    import shapely

    turned = shapely.geometry.polygon.orient(shape, 1.0)
    return [np.asarray(ring.coords)[:-1] for ring in (turned.exterior, *turned.interiors)]
