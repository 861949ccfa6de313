"""The way between airports under a state of the airspace: along a user's airways, or the exact way times a stated factor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache

import numpy as np

from comity import places, settings
from comity.air.airspace import EVERYONE, Closure, closures, drawable, lands_of, region_name, regions, walls
from comity.air.airways import Airways, along_airways, geodesic_km, read_airways
from comity.air.detour import Track, obstacles, ways
from comity.air.viability import economics
from comity.places.outline import outlines
from comity.places.sphere import unit

AIRWAYS = "airways.dat"
TODAY = "today"
OPEN = "all open"
STEP_KM = 40.0  # how finely a way is followed to see whose air it is in


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state of the airspace, and the rules that say so.

    shut : regions no flight enters · passable : regions where only the airways `allowed` are usable; without a file of
    airways they are flown over as if open
    """

    name: str
    shut: tuple[str, ...] = ()
    passable: tuple[str, ...] = ()
    allowed: frozenset[str] = frozenset()
    rules: tuple[Closure, ...] = ()
    on: date = date.min

    @property
    def why(self) -> tuple[str, ...]:
        """The rules in words."""
        return tuple(rule.told(self.on) for rule in self.rules)

    def bearing_on(self, countries: Iterable[str]) -> State:
        """The same state with those rules alone that lie over these countries: the others are no news to who flies there."""
        flown = set(countries)
        return replace(self, rules=tuple(rule for rule in self.rules if flown & lands_of(rule.area)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """What the airspace is asked for: a day, whose airlines may fly (alpha-3), what to keep out of, and the flight level."""

    on: date
    operators: tuple[str, ...]
    avoid: tuple[str, ...] = ()
    level: int

    def binds(self, rule: Closure) -> bool:
        """Whether a rule holds for every one of the airlines at this level: where one side may fly, there is a flight."""
        return rule.holds_at(self.level) and (
            EVERYONE in rule.applies_to or set(self.operators) <= set(rule.applies_to)
        )


def today(sky: Sky) -> State:
    """What is shut on a day. Raises BadInput for a region to avoid that is none.

    Closed regions are shut. Where a rule names airways that stay usable (a contingency, or a restriction of levels) those
    are; a restriction of levels that names none is a closure at these levels. Advice shuts nothing and is told.
    """
    regions(sky.avoid)  # what the user names must be drawn; what a rule names may only be told
    rules = [
        one for one in closures(sky.on, sky.operators) if sky.binds(one) and (one.by_level or one.kind != "restricted")
    ]
    rules = [one for one in rules if one.kind != "contingency" or one.airways]
    open_by = [one for one in rules if one.airways and one.kind in ("contingency", "restricted")]
    shut = [one for one in rules if one.kind in ("closed", "restricted") and one not in open_by]
    return State(
        name=TODAY,
        shut=(*sky.avoid, *drawable([name for one in shut for name in one.area])),
        passable=drawable([name for one in open_by for name in one.area]),
        allowed=frozenset(airway for one in open_by for airway in one.airways),
        rules=tuple(rules),
        on=sky.on,
    )


def for_one_side(sky: Sky, now: State, crossed: Iterable[str]) -> list[State]:
    """The same day for the airlines of one side that may not fly where today's ways go (alpha-3 of what they cross)."""
    flown, found = set(crossed), []
    for side in sky.operators:
        state = today(replace(sky, operators=(side,)))
        if flown & lands_of([*(set(state.shut) - set(now.shut)), *(set(state.passable) - set(now.passable))]):
            found.append(replace(state, name=f"airlines of {places.country(side).short}"))
    return found


def without(region: str, base: State) -> State:
    """The same state with one more region shut altogether."""
    return replace(base, name=f"{region_name(region)} shut", shut=(*base.shut, region))


@cache
def airways() -> Airways | None:
    """The user's airways, None without any."""
    path = settings.air_folder() / AIRWAYS
    return read_airways(path) if path.is_file() else None


@lru_cache(maxsize=32)
def _obstacles(shut: tuple[str, ...], walled: bool):
    return obstacles([*regions(shut), *(walls() if walled else ())])


@lru_cache(maxsize=32)
def _closed(shut: tuple[str, ...], passable: tuple[str, ...], allowed: frozenset[str]) -> np.ndarray:
    known = airways()
    assert known is not None
    return known.shut_by(regions(shut)) | known.shut_by(regions(passable), allowed)


def tracks(state: State, origins: np.ndarray, destinations: np.ndarray) -> list[list[Track | None]]:
    """Ways from each origin to each destination; both float64[n, 2], lon and lat. None where no way is open."""
    known = airways()
    if known is not None:
        closed = _closed(state.shut, state.passable, state.allowed)
        return along_airways(known, closed, origins, destinations, regions(state.shut))
    exact, free = (_exact(shut, True, _key(origins), _key(destinations)) for shut in (state.shut, ()))
    return [
        [_lengthened(track, other) for track, other in zip(row, others, strict=True)]
        for row, others in zip(exact, free, strict=True)
    ]


@lru_cache(maxsize=64)
def _exact(shut: tuple[str, ...], walled: bool, origins: tuple, destinations: tuple) -> list[list[Track | None]]:
    """The exact ways, kept: another price, type or number of flights asks for the same ones."""
    return ways(_obstacles(shut, walled), np.array(origins), np.array(destinations))


def _key(points: np.ndarray) -> tuple:
    return tuple(map(tuple, points.tolist()))


def lower_bound(state: State, origins: np.ndarray, destinations: np.ndarray) -> list[list[Track | None]]:
    """The exact shortest ways round what is shut, geodesic lengths: nothing flies shorter."""
    return [[_measured(track) for track in row] for row in _exact(state.shut, False, _key(origins), _key(destinations))]


def _measured(track: Track | None, factor: float = 1.0) -> Track | None:
    if track is None:
        return None
    return Track(track.points, float(geodesic_km(track.points[:-1], track.points[1:]).sum()) * factor)


def _lengthened(track: Track | None, free: Track | None) -> Track | None:
    """Longer by what airways are, where none are known: little on a free way, more where it goes round what is shut."""
    if track is None:
        return None
    round_it = free is None or track.length_km > free.length_km * 1.001
    return _measured(track, economics("way_factor_shut" if round_it else "way_factor")["value"])


@cache
def _lands():
    import shapely

    codes, shapes = zip(*outlines(), strict=True)
    shapely.prepare(shapes)
    return np.array(codes), np.array(shapes)


def countries_along(found: Sequence[Track | None]) -> list[dict[str, float]]:
    """Kilometres of each way over each country (alpha-3; "" over the sea), in the order flown; {} where there is no way."""
    import shapely

    points, lengths, owner = [], [], []
    for number, track in enumerate(found):
        if track is None:
            continue
        whole = geodesic_km(track.points[:-1], track.points[1:])
        many = np.maximum(1, (whole / STEP_KM).astype(int))
        leg = np.repeat(np.arange(len(whole)), many)
        part = (np.arange(len(leg)) - np.repeat(np.cumsum(many) - many, many) + 0.5) / many[leg]
        at = unit(track.points[:, 0], track.points[:, 1])
        points.append((1 - part)[:, None] * at[leg] + part[:, None] * at[leg + 1])
        lengths.append(whole[leg] / many[leg] * track.length_km / max(float(whole.sum()), 1e-9))
        owner.append(np.full(len(leg), number))
    told: list[dict[str, float]] = [{} for _ in found]
    if not points:
        return told
    at, whose = np.vstack(points), np.concatenate(owner)
    lon, lat = (
        np.degrees(np.arctan2(at[:, 1], at[:, 0])),
        np.degrees(np.arctan2(at[:, 2], np.hypot(at[:, 0], at[:, 1]))),
    )
    codes, shapes = _lands()
    over = np.full(len(at), "", dtype=codes.dtype)
    shape, row = shapely.STRtree(shapely.points(lon, lat)).query(shapes, predicate="contains")
    over[row] = codes[shape]
    for number, code, km in zip(whose.tolist(), over.tolist(), np.concatenate(lengths).tolist(), strict=True):
        told[number][code] = told[number].get(code, 0.0) + km
    return told
