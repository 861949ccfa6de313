"""What changes would save over many pairs of places: lines and crossings ranked, and a region before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comity import places
from comity.network import Network
from comity.network.lines import Line
from comity.routing.ends import ends
from comity.routing.engine import SHUT, UNITS_PER_USD
from comity.routing.itinerary import Itinerary
from comity.routing.request import Request
from comity.routing.states import targets_of
from comity.scenarios.lines.sides import Side

RANKED = ("crossing", "ferry", "port")  # kinds of gates where somebody can take an hour off
Pair = tuple[places.Place, places.Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """A pair of countries whose best way changes: USD of generalized cost, hours, USD and kg CO2e saved on one unit."""

    origin: str
    destination: str
    generalized_usd: float
    time_h: float
    cost_usd: float
    co2e_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionCase:
    """Every pair of a region under one state of the borders; `pairs` counts those that a way joins after."""

    opened: tuple[str, ...]
    members: tuple[str, ...]
    pairs: int
    gains: tuple[Gain, ...]
    joined_anew: tuple[tuple[str, str], ...] = ()  # pairs that no way joined before


def region_case(opened: tuple[str, ...], sides: tuple[Side, Side], members: Sequence[str]) -> RegionCase:
    """The pairs of a region (first freight place to first freight place) that gain, the most gained first."""
    before, after = sides
    seats = {code: places.freight_places(code, 1)[0] for code in members}
    nodes = [ends(before.network, seat, before.request.modes)[0].node for seat in seats.values()]
    tables = [side.metric().distances(nodes, nodes) for side in sides]
    gains, anew = [], []
    trade = np.array([[_may_trade(after, a, b) for b in members] for a in members])
    for row, column in np.argwhere(trade & (tables[1] < tables[0])):
        ways = [way for side in sides if (way := _best_of(side, nodes[row], nodes[column])) is not None]
        if len(ways) < 2:
            anew.append((members[row], members[column]))
        else:
            saved = (tables[0] - tables[1])[row, column] / UNITS_PER_USD
            gains.append(_gain(members[row], members[column], saved, ways))
    joined = int((trade & (tables[1] < SHUT)).sum()) - len(nodes)
    gains.sort(key=lambda gain: -gain.generalized_usd)
    return RegionCase(opened=opened, members=tuple(members), pairs=joined, gains=tuple(gains), joined_anew=tuple(anew))


def _may_trade(side: Side, a: str, b: str) -> bool:
    """Whether no ban forbids all trade between two countries on this side."""
    return frozenset((a, b)) not in side.day.barred


def _best_of(side: Side, start: int, stop: int) -> Itinerary | None:
    path = side.metric().path(start, stop)
    return None if path is None else side.read(path[1])


def _gain(origin: str, destination: str, saved: float, ways: Sequence[Itinerary]) -> Gain:
    before, after = ways
    return Gain(
        origin=origin,
        destination=destination,
        generalized_usd=saved,
        time_h=before.time_h.p50 - after.time_h.p50,
        cost_usd=before.cost_usd.p50 - after.cost_usd.p50,
        co2e_kg=before.co2e_kg - after.co2e_kg,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRank:
    """What one planned line, or several together, would save: summed over the pairs, one unit each."""

    ids: tuple[str, ...]
    name: str
    pairs_gaining: int
    generalized_usd: float
    time_h: float
    cost_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingRank:
    """What an hour less at a crossing would save, hours for each hour summed over pairs; and half its dwell."""

    id: str
    name: str
    usual_h: tuple[float, float]  # least and most, by mode and direction
    pairs_using: int
    hours_saved_per_hour: float
    hours_saved_if_halved: float


def rank_lines(
    request: Request, network: Network, sets: Sequence[Sequence[Line]], pairs: Sequence[Pair] = ()
) -> tuple[LineRank, ...]:
    """Lines (or groups of them) by what each would save alone, the most first.

    network : with the lines on it (`network_with`) · sets : lines that are built together · pairs : places, default the
    request's own two. Days and USD are those of the best way before less after.
    """
    base = Side(network, request, ())
    nodes = _nodes_of(base, pairs or [(request.origin, request.destination)])
    before = _least(base, nodes)
    found = []
    for lines in sets:
        side = Side(network, request, tuple(line.id for line in lines))
        after = _least(side, nodes)
        won = [number for number in range(len(nodes)) if after[number] < before[number]]
        gains = []
        for number in won:
            ways = [way for of in (base, side) if (way := _best_of(of, *nodes[number])) is not None]
            if len(ways) == 2:
                gains.append(_gain("", "", (before[number] - after[number]) / UNITS_PER_USD, ways))
        found.append(
            LineRank(
                ids=tuple(line.id for line in lines),
                name=" + ".join(line.name for line in lines),
                pairs_gaining=len(won),
                generalized_usd=sum(gain.generalized_usd for gain in gains),
                time_h=sum(gain.time_h for gain in gains),
                cost_usd=sum(gain.cost_usd for gain in gains),
            )
        )
    return tuple(sorted(found, key=lambda item: -item.generalized_usd))


def rank_crossings(
    request: Request, network: Network, pairs: Sequence[Pair] = (), also: Sequence[int] = ()
) -> tuple[CrossingRank, ...]:
    """Crossings, ferries and ports on the best ways of the pairs, and `also` those of some gates, by what an hour less saves.

    The search is made again with the hour taken off, both directions, so that ways which then change count as well.
    Saved hours are generalized cost over the value of the cargo's time.
    """
    side = Side(network, request, ())
    nodes = _nodes_of(side, pairs or [(request.origin, request.destination)])
    before = _least(side, nodes)
    metric = side.metric()
    ways = [metric.path(a, b) for a, b in nodes]
    used = [_gates_of(side, path[1]) if path else frozenset() for path in ways]
    ids = set().union(*used) | _ids(side, also)
    found = [_ranked(side, nodes, before, used, id) for id in sorted(ids)]
    return tuple(sorted(found, key=lambda item: (-item.hours_saved_per_hour, -item.hours_saved_if_halved, item.id)))


def _gates_of(side: Side, arcs: np.ndarray) -> frozenset[str]:
    gates = side.network.arc_gate[arcs]
    return _ids(side, gates[gates >= 0].tolist())


def _ids(side: Side, rows: Sequence[int]) -> frozenset[str]:
    gates = side.network.gates
    return frozenset(gates[row].id for row in rows if gates[row].kind in RANKED)


def _ranked(side: Side, nodes, before: np.ndarray, used: Sequence[frozenset[str]], id: str) -> CrossingRank:
    usd_per_h = side.planner.valuations["overall"][0]
    rows = [row for row in targets_of(side.network).gates_named(id) if side.network.gates[row].id == id]
    rows = [row for row in rows if side.network.gates[row].passable and row not in side.day.shut]
    hours = {row: side.reader.part(row).time_h.mean for row in rows}
    middles = [side.reader.part(row).time_h.p50 for row in rows]

    def saved(less: dict[int, float]) -> float:
        after = _least(side, nodes, {row: -h * usd_per_h for row, h in less.items()})
        return float((before - after).sum()) / UNITS_PER_USD / usd_per_h

    return CrossingRank(
        id=id,
        name=side.network.gates[rows[0]].name,
        usual_h=(min(middles), max(middles)),
        pairs_using=sum(id in gates for gates in used),
        hours_saved_per_hour=saved({row: min(1.0, h) for row, h in hours.items()}),
        hours_saved_if_halved=saved({row: h / 2 for row, h in hours.items()}),
    )


def _nodes_of(side: Side, pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    modes = side.request.modes
    return [
        (ends(side.network, a, modes)[0].node, ends(side.network, b, modes, arriving=True)[0].node)
        for a, b in pairs
        if _may_trade(side, a.country, b.country)
    ]


def _least(side: Side, nodes: Sequence[tuple[int, int]], added: dict[int, float] | None = None) -> np.ndarray:
    """Least weight of each pair, int64[n]; SHUT where no way joins them."""
    starts, stops = (sorted(set(column)) for column in zip(*nodes, strict=True))
    table = side.metric(added=added).distances(starts, stops)
    return np.array([table[starts.index(a), stops.index(b)] for a, b in nodes])


def region_pairs(members: Sequence[str]) -> list[Pair]:
    """Every ordered pair of the countries' first freight places."""
    seats = [places.freight_places(code, 1)[0] for code in members]
    return [(a, b) for a in seats for b in seats if a is not b]
