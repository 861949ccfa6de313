"""A few ways that are each sensible and truly different (docs/methods/alternatives.md has the definitions).

Candidates are *via-gate* paths: for a border crossing, port, ferry or strait, the least path that goes through it
(single-via paths: Abraham, Delling, Goldberg & Werneck 2013, *Alternative routes in road networks*, ACM JEA 18). The
same source gives the tests of a sensible way, here on generalized cost:

bounded stretch    it costs at most `STRETCH` times the best;
local optimality   around its gate, no stretch of `LOCAL` x the best way's weight can be improved;
limited sharing    it shares at most `SHARING` of its length with each way already chosen.

The choice weighs cost against likeness to what is already chosen: what would one closure take away from both?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from comity.network import Gate, Network
from comity.network.geo import great_circle_km
from comity.routing.engine import SHUT, Metric
from comity.routing.itinerary import Itinerary

STRETCH = 2.5
LOCAL = 0.08
SHARING = 0.85
ALIKE = 3.0  # a way alike in everything to a chosen one must be this much cheaper again to be taken before another
DOMINATED = 1.1  # a way slower, dearer and dirtier than another by the same modes and door is set back by this factor
MUCH_WORSE = (
    0.75  # through the same countries by another last gate, only a way worse by a quarter in everything is left out
)
CLEARLY = 0.9  # of the next in days, dollars or CO2e: then a way is worth showing for that alone
MOST_PATHS = 80  # candidate paths that are looked at, the best first
LOOKED_AT = 8  # times as many nodes behind gates whose totals are worked out
MOST_ALIKE = 3  # of them, gates of one kind and mode from one country to one other
ROUND_ABOUT, ROUND_ABOUT_KM = 1.4, 6000.0  # gates by which it is so many times as far, and km more, are left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A candidate: arcs from origin to destination with their total weight under the metric that found it."""

    arcs: np.ndarray
    weight: int
    via: int  # arc of its gate, -1 for the best path itself


def via_arcs(network: Network, is_light: Callable[[Gate], bool]) -> np.ndarray:
    """One arc for each way through a crossing, port, ferry, strait or new line: the one nearest to the gate's own position.

    Light borders inside a union are left out: nobody plans a way by which of them it takes.
    """
    arcs = network.gate_arcs
    gates = network.arc_gate[arcs]
    wanted = np.array(
        [
            g.passable
            and (g.kind in ("port", "passage", "line") or g.kind in ("crossing", "ferry") and not is_light(g))
            for g in network.gates
        ]
    )
    arcs, gates = arcs[wanted[gates]], gates[wanted[gates]]
    at = np.array([(g.lon, g.lat) for g in network.gates])[gates]
    tail = network.arc_tail[arcs]
    away = np.hypot(
        (network.node_lon[tail] - at[:, 0]) * np.cos(np.radians(at[:, 1])), network.node_lat[tail] - at[:, 1]
    )
    order = np.lexsort((arcs, away, gates))
    first = np.r_[True, np.diff(gates[order]) != 0]
    return arcs[order][first].astype(np.int64)


def near_enough(network: Network, via: np.ndarray, origin: int, destination: int) -> np.ndarray:
    """The via arcs that no sensible way would be too long to reach."""
    ends = [(float(network.node_lon[node]), float(network.node_lat[node])) for node in (origin, destination)]
    lon, lat = network.node_lon[network.arc_tail[via]], network.node_lat[network.arc_tail[via]]
    around = great_circle_km(*ends[0], lon, lat) + great_circle_km(lon, lat, *ends[1])
    return via[around <= ROUND_ABOUT * great_circle_km(*ends[0], *ends[1]) + ROUND_ABOUT_KM]


def candidates(
    network: Network, metric: Metric, via: np.ndarray, origin: int, destination: int, most: int = MOST_PATHS
) -> list[Path]:
    """The best path and the distinct via-gate paths within the stretch, best first."""
    best = metric.path(origin, destination)
    if best is None:
        return []
    through = _through_each(network, metric, via, origin, destination, LOOKED_AT * most)
    found = [Path(arcs=best[1], weight=best[0], via=-1)]
    seen = {best[0]}
    alike: Counter[tuple[str, ...]] = Counter()
    for row in np.argsort(through, kind="stable"):
        total = int(through[row])
        if total > STRETCH * best[0] or total >= SHUT or len(seen) >= most:
            break
        gate = network.gates[int(network.arc_gate[via[row]])]
        kind = gate.kind, gate.mode_from if gate.kind == "crossing" else "", gate.country_from, gate.country_to
        if total in seen or alike[kind] >= MOST_ALIKE:
            continue  # gates in a row along one path give one weight; a country's many ports are much alike
        seen.add(total)
        path = _through(network, metric, int(via[row]), origin, destination)
        if path is not None and _simple(network, path.arcs):
            alike[kind] += 1
            found.append(path)
    return found


def _through_each(
    network: Network, metric: Metric, via: np.ndarray, origin: int, destination: int, most: int
) -> np.ndarray:
    """Least weight through each via arc, int64[n]; SHUT for all but those of the `most` most promising nodes.

    Distances to one node from many cost the search library a hundred times those from one node to many. So the way
    back, from the destination to every gate, tells which ways on are worth finding.
    """
    out = metric.distances([origin], network.arc_tail[via])[0] + metric.weight(via)
    nodes, place = np.unique(network.arc_head[via], return_inverse=True)  # many arcs of a port lead to one node
    guess = metric.distances([destination], nodes)[0]
    least_out = np.full(len(nodes), SHUT, np.int64)
    np.minimum.at(least_out, place, out)
    promising = np.argsort(least_out + guess, kind="stable")[:most]
    on = np.full(len(nodes), SHUT, np.int64)
    on[promising] = metric.distances(nodes[promising], [destination])[:, 0]
    return np.minimum(out + on[place], SHUT)


def _through(network: Network, metric: Metric, arc: int, origin: int, destination: int) -> Path | None:
    start = metric.path(origin, int(network.arc_tail[arc]))
    end = metric.path(int(network.arc_head[arc]), destination)
    if start is None or end is None:
        return None
    arcs = np.r_[start[1], arc, end[1]]
    return Path(arcs=arcs, weight=start[0] + end[0] + int(metric.weight(np.array([arc]))[0]), via=arc)


def _simple(network: Network, arcs: np.ndarray) -> bool:
    heads = network.arc_head[arcs]
    return len(np.unique(heads)) == len(heads)


def locally_optimal(network: Network, metric: Metric, path: Path, best: int) -> bool:
    """Whether the stretch of LOCAL x best around the gate is itself a least path (the T-test)."""
    if path.via < 0:
        return True
    weight = metric.weight(path.arcs)
    at = int(np.flatnonzero(path.arcs == path.via)[0])
    reach = LOCAL * best / 2
    before, after = np.cumsum(weight[: at + 1][::-1]), np.cumsum(weight[at:])
    first = at - min(int(np.searchsorted(before, reach)), at)
    last = at + min(int(np.searchsorted(after, reach)), len(path.arcs) - 1 - at)
    found = metric.path(int(network.arc_tail[path.arcs[first]]), int(network.arc_head[path.arcs[last]]))
    return found is not None and found[0] >= weight[first : last + 1].sum() - (last - first + 1)


def choose(
    ways: Sequence[Itinerary],
    wanted: int,
    score: Callable[[Itinerary], float],
    share,
    asked: Sequence[Itinerary] = (),
) -> list[Itinerary]:
    """Up to `wanted` ways, best first; more wanted only adds to them.

    The best comes first, then the quickest, the cheapest and the cleanest where they are so by `CLEARLY`. Of the rest,
    one after another, the way is taken that weighs least when its score is raised for likeness to those already taken
    (maximal marginal relevance: Carbonell & Goldstein 1998, *The use of MMR*, SIGIR) and for being off the
    Pareto front of its door.
    score(way) : generalized cost, USD · share(a, b) : fraction of a's length that lies on b · asked : of the ways, those
    that are taken right after the best, since the question was about them.
    """
    if not ways:
        return []
    ranked = sorted(ways, key=score)
    ranked = [way for way in ranked if score(way) <= STRETCH * score(ranked[0])]
    behind = _dominated(ranked)
    raised = {
        id(way): score(way) * (DOMINATED if way_behind else 1.0) for way, way_behind in zip(ranked, behind, strict=True)
    }
    chosen = _extremes(ranked, [way for way in ranked if any(way is other for other in asked)])[:wanted]
    left = [way for way in ranked if all(way is not other and _adds(way, other, share) for other in chosen)]
    alike = {id(way): max(likeness(way, other) for other in chosen) for way in left}
    while left and len(chosen) < wanted:
        newest = min(left, key=lambda way: raised[id(way)] * (1.0 + ALIKE * alike[id(way)]))
        chosen.append(newest)
        left = [way for way in left if way is not newest and _adds(way, newest, share)]
        alike = {id(way): max(alike[id(way)], likeness(way, newest)) for way in left}
    return sorted(chosen, key=score)


def _extremes(ranked: Sequence[Itinerary], asked: Sequence[Itinerary]) -> list[Itinerary]:
    """The best way, those asked for, and those quickest, cheapest or cleanest by `CLEARLY` beside all taken before."""
    chosen = [*ranked[:1], *(way for way in asked if way is not ranked[0])]
    for measure in range(len(_merits(ranked[0]))):
        first = min(ranked, key=lambda way: _merits(way)[measure])
        if all(_merits(first)[measure] < CLEARLY * _merits(other)[measure] for other in chosen):
            chosen.append(first)
    return chosen


def likeness(a: Itinerary, b: Itinerary) -> float:
    """How much of what could shut one way would shut the other too, 0 to 1.

    It counts to come from the same country by land or from the same country's ports by sea, by the very same crossing or
    port, through transit countries in common, and by the same modes.
    """
    countries, others = transit(a), transit(b)
    common = len(countries & others) / max(1, min(len(countries), len(others)))
    return (
        0.35 * (door(a) == door(b))
        + 0.35 * (last_gate(a) == last_gate(b))
        + 0.1 * common
        + 0.2 * (set(a.modes) == set(b.modes))
    )


def _adds(way: Itinerary, other: Itinerary, share) -> bool:
    """Whether a way is neither nearly the same road as another, nor a worse one through the same countries or more."""
    if set(way.modes) != set(other.modes):
        return True
    if share(way, other) > SHARING:
        return False
    if set(way.countries) == set(other.countries):
        return not _worse(way, other, slack=1.02 if last_gate(way) == last_gate(other) else MUCH_WORSE)
    return not (transit(other) and transit(other) < transit(way) and _worse(way, other))


def transit(way: Itinerary) -> frozenset[str]:
    """The countries between the first and the last."""
    return frozenset(way.countries) - {*way.countries[:1], *way.countries[-1:]}  # a voyage alone has none


def door(way: Itinerary) -> tuple[str, str]:
    """How a way comes to the destination's country: "land" and the neighbour, or "sea" and the third country of a port.

    A ship straight from one end's country to the other's comes through the port where it lands.
    """
    if not way.ports:
        before = [code for code in way.countries if code != way.countries[-1]]
        return "land", before[-1] if before else ""
    here, there = way.countries[0], way.countries[-1]
    foreign = [gate.country_from or gate.country_to for gate in reversed(way.ports)]
    return "sea", next((code for code in foreign if code not in (here, there)), way.ports[-1].id)


def last_gate(way: Itinerary) -> str:
    """The gate a planner would name: the port of that third country (else of discharge), or the last border crossing."""
    third = door(way)[1]
    if way.ports:
        return next((g.id for g in reversed(way.ports) if third in (g.country_from, g.country_to)), way.ports[-1].id)
    return way.crossings[-1].id if way.crossings else ""


def _dominated(ways: Sequence[Itinerary]) -> list[bool]:
    """For each way, whether another by the same modes and door is as quick, cheap and clean, and better in something."""
    doors = [(door(way), frozenset(way.modes)) for way in ways]
    same = np.array([[a == b for b in doors] for a in doors])
    merits = np.array([_merits(way) for way in ways]).reshape(len(ways), 3)
    no_worse = (merits[None] <= merits[:, None]).all(-1)
    better = (merits[None] < merits[:, None] * 0.995).any(-1)
    return [bool(row.any()) for row in same & no_worse & better]


def _worse(way: Itinerary, other: Itinerary, slack: float = 1.0) -> bool:
    """Whether `other` is as quick, cheap and clean (to within `slack`), and better in something by more than a rounding."""
    pairs = list(zip(_merits(way), _merits(other), strict=True))
    return all(theirs <= slack * mine for mine, theirs in pairs) and any(
        theirs < mine * 0.995 for mine, theirs in pairs
    )


def _merits(way: Itinerary) -> tuple[float, float, float]:
    return way.time_h.p50, way.cost_usd.p50, way.co2e_kg
