"""The way between airports under a state of the airspace: along a user's airways, or the exact way times a stated factor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np

from comity import places
from comity.air.airspace import EVERYONE, Closure, closures, drawable, lands_of, region_name, regions, walls
from comity.air.airways import Airways, along_airways, geodesic_km, read_airways, sampled
from comity.air.detour import Track, obstacles, ways
from comity.air.own import AIRWAYS, FIRS, kept_by, own_file
from comity.air.viability import economics
from comity.places.outline import outlines

TODAY, SIDE = "today", "airlines of"
OPEN = "all open"
STEP_KM = 40.0  # how finely a way is followed to see whose air it is in


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state of the airspace, and the rules that say so.

    shut : regions no flight enters · passable : regions where only some airways are usable, and which; without a file of
    airways they are flown over as if open
    """

    name: str
    shut: tuple[str, ...] = ()
    passable: tuple[tuple[str, frozenset[str]], ...] = ()
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

    A closed region is shut, and one that is restricted at this level. Where rules name airways that stay usable, those that
    all of them leave are. Other restrictions and advice shut nothing and are told.
    """
    regions(sky.avoid)  # what the user names must be drawn; what a rule names may only be told
    rules = [one for one in closures(sky.on, sky.operators) if sky.binds(one)]
    acting = [one for one in rules if one.kind == "closed" or (one.kind == "restricted" and one.by_level)]
    open_by = [one for one in rules if one.airways and (one in acting or one.kind == "contingency")]
    shut = drawable([name for one in acting if not one.airways for name in one.area])
    allowed: dict[str, frozenset[str]] = {}
    for one in open_by:
        for name in drawable(one.area):
            allowed[name] = allowed.get(name, frozenset(one.airways)) & frozenset(one.airways)
    return State(
        name=TODAY,
        shut=tuple(dict.fromkeys((*sky.avoid, *shut))),
        passable=tuple((name, airways) for name, airways in allowed.items() if name not in shut),
        rules=tuple(rules),
        on=sky.on,
    )


def for_one_side(
    sky: Sky, joint: State, crossed: Iterable[str], region: str | None = None
) -> list[tuple[State, frozenset[str]]]:
    """The state for the airlines of each side that may not fly where joint ways go, and the countries that it is about.

    joint : what binds every side · crossed : alpha-3 of what its ways cross · region : shut beside, as in `without`
    Their rules are those that the joint state lacks.
    """
    flown, found = set(crossed), []
    for side in sky.operators if len(sky.operators) > 1 else ():
        state = today(replace(sky, operators=(side,)))
        more = {*state.shut} - {*joint.shut} | {name for name, _ in {*state.passable} - {*joint.passable}}
        lands = lands_of(tuple(more))
        if flown & lands:
            own = without(region, state) if region else state
            rules = tuple(rule for rule in state.rules if rule not in joint.rules)
            found.append((replace(own, name=f"{SIDE} {places.country(side).short}", rules=rules), lands))
    return found


def without(region: str, base: State) -> State:
    """The same state with one more region shut altogether."""
    return replace(base, name=f"{region_name(region)} shut", shut=(*base.shut, region))


@kept_by(AIRWAYS)
def airways() -> Airways | None:
    """The user's airways, None without any."""
    path = own_file(AIRWAYS)
    return read_airways(path) if path else None


@kept_by(FIRS)
def _obstacles(shut: tuple[str, ...], walled: bool):
    return obstacles([*regions(shut), *(walls() if walled else ())])


@kept_by(AIRWAYS, FIRS)
def _closed(shut: tuple[str, ...], passable: tuple[tuple[str, frozenset[str]], ...]) -> np.ndarray:
    known = airways()
    assert known is not None
    closed = known.shut_by(regions(shut))
    for region, allowed in passable:
        closed = closed | known.shut_by(regions([region]), allowed)
    return closed


def tracks(state: State, origins: np.ndarray, destinations: np.ndarray) -> list[list[Track | None]]:
    """Ways from each origin to each destination; both float64[n, 2], lon and lat. None where no way is open."""
    known = airways()
    if known is not None:
        closed = _closed(state.shut, state.passable)
        return along_airways(known, closed, origins, destinations, regions(state.shut))
    exact, free = (_exact(shut, True, _key(origins), _key(destinations)) for shut in (state.shut, ()))
    return [
        [_lengthened(track, other) for track, other in zip(row, others, strict=True)]
        for row, others in zip(exact, free, strict=True)
    ]


@kept_by(FIRS)
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
    """Longer by what airways are, where none are known: little on a free way, more the farther it goes round what is shut."""
    if track is None:
        return None
    usual, round_it = economics("way_factor")["value"], economics("way_factor_shut")["value"]
    longer = track.length_km / free.length_km - 1 if free else np.inf
    part = min(longer / (economics("way_factor_shut_from")["value"] - 1), 1.0)
    return _measured(track, usual + (round_it - usual) * part)


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
        at, km = sampled(track, STEP_KM)
        points.append(at)
        lengths.append(km)
        owner.append(np.full(len(km), number))
    told: list[dict[str, float]] = [{} for _ in found]
    if not points:
        return told
    at, whose = np.vstack(points), np.concatenate(owner)
    lon, lat = np.degrees(np.arctan2(at[:, 1], at[:, 0])), np.degrees(np.arcsin(at[:, 2]))
    codes, shapes = _lands()
    over = np.full(len(at), "", dtype=codes.dtype)
    shape, row = shapely.STRtree(shapely.points(lon, lat)).query(shapes, predicate="contains")
    over[row] = codes[shape]
    for number, code, km in zip(whose.tolist(), over.tolist(), np.concatenate(lengths).tolist(), strict=True):
        told[number][code] = told[number].get(code, 0.0) + km
    return told
