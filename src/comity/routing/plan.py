"""`plan`: from two places to a small set of ways that cargo can travel between them. One call behind every face.

The question is checked in `request`, what is kept warm between questions stands in `planner`, the choice among the ways
that are found here in `alternatives`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np

from comity import places
from comity.errors import BadInput, NoRoute
from comity.network import Network, open_network
from comity.routing import alternatives as alt
from comity.routing.ends import ends
from comity.routing.itinerary import Itinerary, Reader, gates_on
from comity.routing.papers import regimes, truck_changes
from comity.routing.planner import Planner, planner
from comity.routing.request import MODES, Request, checked
from comity.routing.states import Closed, Lays, State, state, targets_of
from comity.routing.titles import title

LEFT_OUT = 4  # times that the cheapest way's main transit country is left out to find more
FEW = alt.MOST_PATHS // 8  # candidate paths that are looked at each of these times
PORTAGE_KM = 700.0  # land between two voyages that is no reason to leave the first ship; Baku - Poti is longer
RIVER_KM = 20.0  # a ferry that is no voyage
WORTH_OPENING = 1.5  # a shut way is shown that would cost up to so many times the best open one
SHUT_SHOWN = 4  # ways shown apart because something on them is shut


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One way, with its name, its state on the day and the papers that cover it."""

    id: str
    title: str
    way: Itinerary
    open: bool
    closures: tuple[str, ...]
    labels: tuple[str, ...]
    regimes: tuple[str, ...]
    truck_changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The answer: open ways first, the best overall first; then those that something shuts."""

    request: Request
    state: State
    alternatives: tuple[Alternative, ...]
    network: Network

    @property
    def best(self) -> Alternative:
        return self.alternatives[0]

    def to_json(self) -> dict:
        """The object that `comity routes --json` prints: comity.routes/1."""
        from comity.routing.answer import as_json

        return as_json(self)


def plan(
    origin,
    destination,
    *,
    cargo="40ft",
    tonnes: float = 20.0,
    value_usd_per_t: float | None = None,
    on: date | str | None = None,
    modes: Sequence[str] = MODES,
    close: Sequence[str] = (),
    open_: Sequence[str] = (),
    alternatives: int = 6,
    scenario: Lays | None = None,
    network: Network | None = None,
) -> Plan:
    """Ways that cargo can travel between two places on a day.

    origin, destination : a place, its name or code, "lat,lon", or a country (its first main freight place)
    cargo : 20ft, 40ft, reefer, truckload or bulk · tonnes : in all · on : day, default today
    modes : of road, rail, sea · close, open_ : crossings, ports, straits or countries · alternatives : open ways wanted
    scenario : changes laid over the facts, as `comity.scenarios.load` gives them; `close` and `open_` lie over those
    Raises BadInput with every fault of the question at once, PlaceUnknown, PlaceAmbiguous, NoRoute.
    """
    request = checked(
        origin, destination, cargo, tonnes, value_usd_per_t, on, modes, close, open_, alternatives, scenario
    )
    network = network or open_network()
    warm = planner(network, request.cargo)
    laid = None if scenario is None else scenario.laid(network, request.on)
    day = state(network, request.on, request.close, request.open_, laid)
    return answer(warm, request, day)


def answer(planner: Planner, request: Request, day: State) -> Plan:
    """The plan for a checked question on a network that is already warm. Raises NoRoute with what would mend it."""
    refuse_shut_ends(request, day)
    planner.begin()
    reader = Reader(planner.network, planner.tariff, day)
    starts = ends(planner.network, request.origin, request.modes)
    stops = ends(planner.network, request.destination, request.modes, arriving=True)
    request = replace(
        request,
        origin=_in_country(request.origin, planner.network, starts[0].node),
        destination=_in_country(request.destination, planner.network, stops[0].node),
    )
    pairs = [(a, b) for a in starts for b in stops]
    score = partial(planner.generalized_cost, reader=reader)
    found = _open_ways(planner, reader, request, pairs)
    today = [way for way in found if not _barred(way, request, day)]
    within = WORTH_OPENING * min(map(score, today), default=math.inf)
    would = _shut_ways(planner, reader, request, pairs) + [way for way in found if _barred(way, request, day)]
    taken = _taken_ways(planner, reader, request, pairs)
    would = [way for way in would if score(way) <= within]
    would = _each_once(would + taken) if taken else would
    if not today and not would:
        raise NoRoute(_why_none(planner, request, pairs))
    asked = _opened(planner, request, day, today, score)
    chosen = alt.choose(today, request.alternatives, score, planner.share, asked)
    sharing = partial(_share_of_shut, planner, frozenset(day.shut))
    shown = [way for way in would if _shut_by_scenario(way, request, day)]
    first = sorted(shown, key=score)[:1]
    apart = alt.choose(would, min(SHUT_SHOWN, max(1, request.alternatives)), score, sharing, first)
    named = _told_apart(_named(chosen, apart, request, day), planner.network)
    return Plan(request=request, state=day, network=planner.network, alternatives=tuple(named))


def refuse_shut_ends(request: Request, day: State) -> None:
    """Raises BadInput where a scenario shuts the origin or destination itself: no way could be asked for."""
    faults = [
        f"The scenario shuts the {end} itself: {place.name} ({place.country or 'at a point'}) lies in {item.name!r} "
        f"({item.id}), shut on {day.on}. Ask from another place, or on another day, or leave that row out."
        for end, place in (("origin", request.origin), ("destination", request.destination))
        for item in day.closed
        if item.kind == "scenario" and item.severity == "shut" and _holds(item, place)
    ]
    if faults:
        raise BadInput("\n".join(faults))


def _holds(item: Closed, place: places.Place) -> bool:
    """Whether a closure is of a place's whole country, of the place itself, or of an area that it lies in."""
    if item.area:
        from shapely import contains_xy, from_wkt

        return bool(contains_xy(from_wkt(item.area), place.lon, place.lat))
    return not item.modes and bool(({place.country, place.id} - {""}) & set(item.targets))


def _share_of_shut(planner: Planner, shut: frozenset[int], a: Itinerary, b: Itinerary) -> float:
    """Share of a's kilometres that lie on b; none where other gates shut them, for those open one without the other."""
    mine, theirs = shut & set(a.gate_rows), shut & set(b.gate_rows)
    return 0.0 if mine and theirs and not mine & theirs else planner.share(a, b)


def _open_ways(planner: Planner, reader: Reader, request: Request, pairs) -> list[Itinerary]:
    """Ways that no shut gate lies on; a ban on trade may still forbid one."""
    shut = [*reader.state.shut, *planner.off_modes(request.modes)]
    ways = _ways(planner, reader, request, pairs, shut, ("overall", "cheap", "truck"), planner.via)
    return ways + _without_the_cheapest(planner, reader, request, pairs, shut, ways)


def _shut_ways(planner: Planner, reader: Reader, request: Request, pairs) -> list[Itinerary]:
    """Ways that only what is shut on the day stands in: sought through it, with all of it open."""
    day = reader.state
    reader = Reader(planner.network, planner.tariff, replace(day, land={}))
    shut_today = set(day.shut) - day.always
    through = planner.via[np.isin(planner.network.arc_gate[planner.via], list(shut_today))]
    off = [*day.always, *planner.off_modes(request.modes)]
    ways = _ways(planner, reader, request, pairs, off, ("overall", "truck"), through)
    return [way for way in ways if set(way.gate_rows) & shut_today or _barred(way, request, day)]


def _taken_ways(planner: Planner, reader: Reader, request: Request, pairs) -> list[Itinerary]:
    """Ways that are open by the facts and that a scenario shuts: who lays one wants to see what it takes away."""
    day = reader.state
    if not any(item.kind == "scenario" and item.severity == "shut" for item in day.closed):
        return []
    by_others = {
        row: why for row, why in day.shut.items() if any(day.closed[number].kind != "scenario" for number in why)
    }
    without = Reader(planner.network, planner.tariff, replace(day, shut=by_others, land={}))
    return [way for way in _open_ways(planner, without, request, pairs) if _shut_by_scenario(way, request, day)]


def _each_once(ways: Sequence[Itinerary]) -> list[Itinerary]:
    """Ways of which no two pass the same gates."""
    return list({way.gate_rows: way for way in ways}.values())


def _opened(planner: Planner, request: Request, day: State, ways: Sequence[Itinerary], score) -> list[Itinerary]:
    """The best way through each thing that the user or a scenario opened: who asks for it wants to see it."""
    targets = targets_of(planner.network)
    keys = {key for found in targets.resolve(request.open_, "--open").values() for key in found}
    best = []
    for rows in [*(set(targets.gates_named(key)) for key in sorted(keys)), *day.reopened]:
        through = [way for way in ways if rows & set(way.gate_rows)]
        best += [min(through, key=score)] if through else []
    return best


def _in_country(place: places.Place, network: Network, node: int) -> places.Place:
    """A bare point takes the country of the road or port that it is reached by."""
    return place if place.country else replace(place, country=network.cells[int(network.node_cell[node])].country)


def _ways(planner, reader, request, pairs, shut, metrics, via, most=None) -> list[Itinerary]:
    """Sensible itineraries under each metric, each set of gates once; at most `most` of each metric are looked at."""
    found: dict[tuple, Itinerary] = {}
    for name in metrics:
        metric = planner.lay(name, shut, reader)
        limit = most or (alt.MOST_PATHS if name == "overall" else alt.MOST_PATHS // 3)
        for start, stop in pairs:
            near = alt.near_enough(planner.network, via, start.node, stop.node)
            paths = alt.candidates(planner.network, metric, near, start.node, stop.node, limit)
            for path in paths:
                key = gates_on(planner.network, path.arcs)
                if key not in found and alt.locally_optimal(planner.network, metric, path, paths[0].weight):
                    way = reader.read(path.arcs, path.weight, request.origin, request.destination)
                    if way.legs:
                        found[key] = way
    return [way for way in found.values() if not odd(way)] or list(found.values())[:1]


def _without_the_cheapest(planner, reader, request, pairs, shut, ways: list[Itinerary]) -> list[Itinerary]:
    """Ways that come to light when the main transit country of the cheapest is left out, and again: no one gate leads to them."""
    found, left_out = list(ways), list(shut)
    newest = ways
    for _ in range(LEFT_OUT):
        country = _main_transit(newest)
        if country is None:
            break
        left_out += targets_of(planner.network).gates_named(country)
        newest = _ways(planner, reader, request, pairs, left_out, ("cheap",), planner.via, FEW)
        found += newest
    known = {way.gate_rows for way in ways}
    return [way for way in {way.gate_rows: way for way in found}.values() if way.gate_rows not in known]


def _main_transit(ways: list[Itinerary]) -> str | None:
    """The transit country that the cheapest way spends most kilometres in."""
    if not ways:
        return None
    legs = min(ways, key=lambda way: way.cost_usd.p50).legs
    km: dict[str, float] = {}
    for leg in legs:
        if leg.country not in (legs[0].country, legs[-1].country, ""):
            km[leg.country] = km.get(leg.country, 0.0) + leg.distance_km
    return max(km, key=lambda code: km[code], default=None)


def odd(way: Itinerary) -> bool:
    """Whether no forwarder would send cargo so, unless there is no other way.

    It enters a country twice; sails from a port to another of the same country, which no foreign trade does; or lands in
    a third country only to sail again.
    """
    called = [gate.country_from for gate in way.ports]
    idle = any(a == b for a, b in zip(called[::2], called[1::2], strict=False))
    afloat = [
        number for number, leg in enumerate(way.legs) if leg.mode in ("sea", "ferry") and leg.distance_km > RIVER_KM
    ]
    ashore = [sum(leg.distance_km for leg in way.legs[a + 1 : b]) for a, b in zip(afloat, afloat[1:], strict=False)]
    relands = len(called) > 2 or any(0 < km < PORTAGE_KM for km in ashore)
    return len(set(way.countries)) < len(way.countries) or idle or relands


def _barred(way: Itinerary, request: Request, day: State) -> set[int]:
    """Numbers of the closures that forbid one of its voyages, or all trade between its two ends by whatever way.

    So do those of an area that its roads or railways lead through.
    """
    ends = request.origin.country, request.destination.country
    called = [gate.country_from or gate.country_to for gate in way.ports]
    called = called or [*(ends if not way.countries else ())]  # from quay to quay: no gate of a port is passed
    pairs = [frozenset(pair) for pair in zip(called[::2], called[1::2], strict=False)]
    voyages = {number for pair in pairs for number in day.barred.get(pair, ())}
    trade = day.barred.get(frozenset(ends), ())
    crossed = {number for number, arcs in day.land.items() if _crosses(way, arcs)}
    return voyages | crossed | {number for number in trade if day.closed[number].kind == "country_pair"}


def _crosses(way: Itinerary, arcs: np.ndarray) -> bool:
    """Whether a way has one of some arcs. arcs : int64[n], in order, since hundreds of ways are asked."""
    at = np.searchsorted(arcs, way.arcs)
    return bool((arcs.take(at, mode="clip") == way.arcs).any()) if len(arcs) else False


def _shut_by_scenario(way: Itinerary, request: Request, day: State) -> bool:
    """Whether a scenario alone shuts a way, and the facts would let it pass."""
    at_gates = {number for row in way.gate_rows for number in day.shut.get(row, ())}
    why = {day.closed[number].kind for number in at_gates | _barred(way, request, day)}
    return why == {"scenario"}


def _named(chosen: list[Itinerary], apart: list[Itinerary], request: Request, day: State) -> list[Alternative]:
    def name_of(code: str) -> str:
        return places.country(code).short

    found = []
    labels = _labels(chosen)
    for number, way in enumerate([*chosen, *apart]):
        is_open = number < len(chosen)
        others = [other for other in [*chosen, *apart] if other is not way]
        touched = day.slow if is_open else day.shut
        why = sorted({i for row in way.gate_rows for i in touched.get(row, ())} | _barred(way, request, day))
        found.append(
            Alternative(
                id=f"a{number + 1}",
                title=title(way, name_of, others),
                way=way,
                open=is_open,
                closures=tuple(day.closed[i].id for i in why),
                labels=tuple(labels.get(number, ())),
                regimes=regimes(way, day.on),
                truck_changes=truck_changes(way),
            )
        )
    return found


def _labels(chosen: list[Itinerary]) -> dict[int, list[str]]:
    labels: dict[int, list[str]] = {}
    measures = {
        "best overall": lambda n: n,
        "fastest": lambda n: chosen[n].time_h.p50,
        "cheapest": lambda n: chosen[n].cost_usd.p50,
        "least CO2e": lambda n: chosen[n].co2e_kg,
    }
    for label, measure in measures.items():
        if chosen:
            labels.setdefault(min(range(len(chosen)), key=measure), []).append(label)
    return labels


def _told_apart(found: list[Alternative], network: Network) -> list[Alternative]:
    """Two ways never share a title: the first crossing, port or strait that differs is added, else the modes."""

    def gates_of(way: Itinerary) -> list[str]:
        straits = [network.gates[row].name for row in way.gate_rows if network.gates[row].kind == "passage"]
        return [gate.name for gate in (*way.crossings, *way.ports)] + straits

    result: list[Alternative] = []
    for item in found:
        twins = [other for other in found if other is not item and other.title == item.title]
        theirs = {name for other in twins for name in gates_of(other.way)}
        own = [name for name in gates_of(item.way) if name not in theirs and name not in item.title]
        telling = f"by way of {own[0]}" if own else f"by {', '.join(item.way.modes)}"
        result.append(replace(item, title=f"{item.title} ({telling})") if twins else item)
    return result


def _why_none(planner: Planner, request: Request, pairs) -> str:
    """One sentence that says which end fails or what blocks the way, and what would open it."""
    start, stop = request.origin, request.destination
    text = f"No way for cargo from {start.name} ({start.country}) to {stop.name} ({stop.country})"
    if all(a.node == b.node for a, b in pairs):
        return f"{text}: both are reached by the same point of the network. Name places that lie further apart."
    if set(request.modes) != set(MODES):
        return f"{text} by {', '.join(request.modes)} alone. Allow more modes with --modes {','.join(MODES)}."
    for place, other in ((start, "leave"), (stop, "reach")):
        around = sorted(
            {
                g.name
                for g in planner.network.gates
                if place.country in (g.country_from, g.country_to) and g.kind in ("crossing", "port", "ferry")
            }
        )
        if not around:
            return f"{text}: no border crossing or port of {place.country} is known to the network, so nothing can {other} it."
    return f"{text}: the road and rail networks at the two ends are not joined by any open crossing, port or ferry."
