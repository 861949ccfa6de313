"""A few ways that are each sensible and truly different (docs/methods/alternatives.md has the definitions).

Candidates are *via-gate* paths: for each border crossing, port, ferry and strait, the least path that goes through it
(single-via paths: Abraham, Delling, Goldberg & Werneck 2013, *Alternative routes in road networks*, ACM JEA 18). The
same source gives the three tests of a sensible way, here on generalized cost:

bounded stretch    it costs at most `STRETCH` times the best;
local optimality   around its gate, no stretch of `LOCAL` x the best way's weight can be improved;
limited sharing    it shares at most `SHARING` of its weight with each way already chosen.

The choice takes one way for each last gate before the destination (the last border crossing, or the port of loading),
since that is what a closure takes away; then ways of another family (other countries or modes); then other gates.
In each round the Pareto front of time, cost and CO2e goes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from comity.network import Gate, Network
from comity.network.geo import great_circle_km
from comity.routing.engine import SHUT, Metric
from comity.routing.itinerary import Itinerary

STRETCH = 2.5
LOCAL = 0.08
SHARING = 0.85
MOST_PATHS = 80  # candidate paths that are looked at, the best first
ROUND_ABOUT, ROUND_ABOUT_KM = (
    2.5,
    4000.0,
)  # gates further off the straight line than this many times, and km, are left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A candidate: arcs from origin to destination with their total weight under the metric that found it."""

    arcs: np.ndarray
    weight: int
    via: int  # arc of its gate, -1 for the best path itself


def via_arcs(network: Network, is_light: Callable[[Gate], bool]) -> np.ndarray:
    """One arc for each way through a crossing, port, ferry or strait: the one nearest to the gate's own position.

    Light borders inside a union are left out: nobody plans a way by which of them it takes.
    """
    arcs = network.gate_arcs
    gates = network.arc_gate[arcs]
    wanted = np.array(
        [g.passable and g.kind in ("crossing", "port", "ferry", "passage") and not is_light(g) for g in network.gates]
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
    out = metric.distances([origin], network.arc_tail[via])[0]
    back = metric.distances(network.arc_head[via], [destination])[:, 0]
    weight = metric.weight(via)
    through = np.where((out < SHUT) & (back < SHUT) & (weight < SHUT), out + weight + back, SHUT)
    found = [Path(arcs=best[1], weight=best[0], via=-1)]
    seen = {best[0]}
    for row in np.argsort(through, kind="stable"):
        total = int(through[row])
        if total > STRETCH * best[0] or total >= SHUT or len(seen) >= most:
            break
        if total in seen:  # gates in a row along one path give one weight
            continue
        seen.add(total)
        path = _through(network, metric, int(via[row]), origin, destination)
        if path is not None and _simple(network, path.arcs):
            found.append(path)
    return found


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


def choose(ways: Sequence[Itinerary], wanted: int, score: Callable[[Itinerary], float], share) -> list[Itinerary]:
    """Up to `wanted` ways, best first: one for each last gate before the destination, then further families.

    Within each round the Pareto-efficient ways go first. share(a, b) : fraction of a's length that lies on b.
    """
    ranked = sorted(ways, key=score)
    efficient = {id(way) for way in ranked if not _dominated(way, ranked)}
    ordered = sorted(ranked, key=lambda way: id(way) not in efficient)  # stable: by score within each half
    chosen: list[Itinerary] = ranked[:1]
    for is_new in (_new_entry, _new_family, _new_gates):
        for way in ordered:
            if len(chosen) >= wanted:
                return sorted(chosen, key=score)
            if way not in chosen and is_new(way, chosen) and _welcome(way, chosen, share):
                chosen.append(way)
    return sorted(chosen, key=score)


def _welcome(way: Itinerary, chosen: Iterable[Itinerary], share) -> bool:
    """Whether a way adds something: not nearly the same road, and not a worse one through the same countries."""
    for other in chosen:
        if share(way, other) > SHARING and way.modes == other.modes:
            return False
        if same_corridor(way, other) and set(way.modes) == set(other.modes) and _worse(way, other, slack=1.02):
            return False
    return True


def entry(way: Itinerary) -> tuple:
    """How a way reaches the destination's country: the last crossing by land, the port of loading by sea."""
    return tuple(gate.id for gate in way.ports[:1]) or tuple(gate.id for gate in way.crossings[-1:])


def family(way: Itinerary) -> tuple:
    """What a person would call one way: the countries passed and the modes used."""
    return way.countries, tuple(sorted(set(way.modes)))


def gateway(way: Itinerary) -> tuple:
    """The gates a family may differ by: its border crossings and ports."""
    return tuple(gate.id for gate in (*way.crossings, *way.ports))


def _new_entry(way: Itinerary, chosen: Iterable[Itinerary]) -> bool:
    return all(entry(way) != entry(other) for other in chosen)


def _new_family(way: Itinerary, chosen: Iterable[Itinerary]) -> bool:
    return all(family(way) != family(other) for other in chosen)


def _new_gates(way: Itinerary, chosen: Iterable[Itinerary]) -> bool:
    return all(gateway(way) != gateway(other) for other in chosen)


def same_corridor(a: Itinerary, b: Itinerary) -> bool:
    return set(a.countries) == set(b.countries)


def _dominated(way: Itinerary, others: Iterable[Itinerary]) -> bool:
    return any(_worse(way, other) for other in others if other is not way)


def _worse(way: Itinerary, other: Itinerary, slack: float = 1.0) -> bool:
    """Whether `other` is as quick, cheap and clean (to within `slack`), and better in something by more than a rounding."""
    mine = np.array([way.time_h.p50, way.cost_usd.p50, way.co2e_kg])
    theirs = np.array([other.time_h.p50, other.cost_usd.p50, other.co2e_kg])
    return bool((theirs <= slack * mine).all() and (theirs < mine * 0.995).any())
