"""`plan`: from two places to a small set of ways that cargo can travel between them. One call behind every face."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, partial

import numpy as np

from comity import places
from comity.errors import BadInput, NoRoute
from comity.network import Mode, Network, open_network, runs
from comity.routing import alternatives as alt
from comity.routing.cargo import KINDS, Cargo, cargo
from comity.routing.ends import ends
from comity.routing.engine import UNITS_PER_USD, Engine, Metric
from comity.routing.impedance import Tariff, light_border
from comity.routing.itinerary import Itinerary, Reader, gates_on
from comity.routing.papers import regimes, truck_changes
from comity.routing.states import State, state, targets_of
from comity.routing.titles import title

MODES = ("road", "rail", "sea")
MOST_ALTERNATIVES = 40
LEAST_TONNES, MOST_TONNES = 0.001, 100_000.0
FIRST_YEAR, LAST_YEAR = 2000, 2100  # closures and calendars say nothing of other years
LEFT_OUT = 4  # times that the cheapest way's main transit country is left out to find more
FEW = alt.MOST_PATHS // 8  # candidate paths that are looked at each of these times
PORTAGE_KM = 700.0  # land between two voyages that is no reason to leave the first ship; Baku - Poti is longer
SEA_COUNTS = 0.1
RIVER_KM = 20.0  # a ferry that is no voyage
WORTH_OPENING = 1.5  # a shut way is shown that would cost up to so many times the best open one
SHUT_SHOWN = 4  # ways shown apart because something on them is shut


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A checked question."""

    origin: places.Place
    destination: places.Place
    cargo: Cargo
    on: date
    modes: tuple[str, ...]
    close: tuple[str, ...]
    open_: tuple[str, ...]
    alternatives: int


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


class Planner:
    """One network and one kind of cargo, kept warm: search structure, metrics, figures."""

    def __init__(self, network: Network, of: Cargo):
        self.network, self.cargo = network, of
        self.tariff = Tariff(network, of)
        self.engine = _engine(network)
        self.via = _via(network)

    @cached_property
    def valuations(self) -> dict[str, tuple[float, float, bool]]:
        """USD per hour, share of money, and whether trains may be used, in what each search minimizes.

        overall: money and the value of the cargo's time · cheap: money · truck: no trains, and time counts for more
        """
        hour = self.cargo.usd_per_h
        paces = [p for p in self.tariff.paces if p.usd_per_km.p50 > 0]
        typical = statistics.median(p.usd_per_km.p50 / (p.h_per_km.p50 * p.day_factor) for p in paces)
        return {
            "overall": (max(hour, 0.3 * typical), 1.0, True),
            "cheap": (0.02 * typical, 1.0, True),
            "truck": (typical, 1.0, False),
        }

    @cached_property
    def _metrics(self) -> dict[str, Future[Metric]]:
        """One metric for each valuation, on its way: a search under the first need not wait for the last."""
        threads = ThreadPoolExecutor(2)  # the search library lets go of the interpreter while it customizes
        made = {name: threads.submit(self._metric, of) for name, of in self.valuations.items()}
        threads.shutdown(wait=False)
        return made

    def _metric(self, valuation: tuple[float, float, bool]) -> Metric:
        usd_per_h, cost_share, trains = valuation
        weights = self.tariff.weights(usd_per_h, cost_share)
        if not trains:
            rail = np.array([cell.mode is Mode.RAIL for cell in self.network.cells])
            weights[rail[self.network.arc_cell]] = np.inf
        return self.engine.metric(weights)

    def metric(self, name: str) -> Metric:
        """The metric of one valuation, waited for when it is not ready yet."""
        return self._metrics[name].result()

    def lay(self, name: str, shut: Sequence[int], reader: Reader) -> Metric:
        """A metric with `shut` gates shut and the day's slow gates slow."""
        metric = self.metric(name)
        closed = set(shut)
        rows = np.array(sorted({*reader.state.slow, *closed}), np.int64)
        more = np.array([math.inf if row in closed else self._slower(name, row, reader) for row in rows.tolist()])
        arcs, count = self._arcs_of(rows)
        shared = np.array([self.network.gates[row].kind == "pass" for row in rows.tolist()], bool)
        each = more / np.where(shared, np.maximum(count, 1), 1)  # a pass is drawn in many pieces, and passed once
        metric.lay_over(arcs, metric.whole[arcs] / UNITS_PER_USD + np.repeat(each, count))
        return metric

    def _slower(self, name: str, row: int, reader: Reader) -> float:
        """What the day adds to a gate's usual weight, USD."""
        usd_per_h, cost_share, _ = self.valuations[name]
        part = reader.part(row)
        return cost_share * part.cost_usd.mean + usd_per_h * part.time_h.mean - self._gate_weights[name][row]

    @cached_property
    def _gate_weights(self) -> dict[str, np.ndarray]:
        return {name: self.tariff.gate_weights(hour, share) for name, (hour, share, _) in self.valuations.items()}

    def generalized_cost(self, way: Itinerary, reader: Reader) -> float:
        """Money and the value of the cargo's time, USD, as the search adds them up; what is shut counts as if it were open."""
        usual = float(self.metric("overall").whole[way.arcs].sum(dtype=np.int64)) / UNITS_PER_USD
        return usual + sum(self._slower("overall", row, reader) for row in way.gate_rows if row in reader.state.slow)

    def gate_arcs(self, row: int) -> np.ndarray:
        """Arcs of one gate, int64[n]."""
        return self._arcs_of(np.array([row]))[0]

    def _arcs_of(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Arcs of gates, one gate after another, and how many each has."""
        first = np.searchsorted(self._gate_of_sorted, rows)
        count = np.searchsorted(self._gate_of_sorted, rows, side="right") - first
        return np.asarray(self.network.gate_arcs[runs.places(first, count)], np.int64), count

    @cached_property
    def _gate_of_sorted(self) -> np.ndarray:
        return self.network.arc_gate[self.network.gate_arcs]

    @cached_property
    def counted_km(self) -> np.ndarray:
        """Km of each arc as they count for what two ways share, float32[arcs]."""
        at_sea = np.array([cell.mode is Mode.SEA for cell in self.network.cells])
        return self.network.arc_km * np.where(at_sea, SEA_COUNTS, 1.0).astype(np.float32)[self.network.arc_cell]

    def off_modes(self, modes: Sequence[str]) -> list[int]:
        """Gate rows that would lead onto a mode that is not wanted."""
        return (
            self._by_modes[tuple(sorted(modes))]
            if tuple(sorted(modes)) in self._by_modes
            else self._find_off(tuple(sorted(modes)))
        )

    @cached_property
    def _by_modes(self) -> dict[tuple[str, ...], list[int]]:
        return {tuple(sorted(MODES)): []}

    def _find_off(self, modes: tuple[str, ...]) -> list[int]:
        off = {mode for mode in MODES if mode not in modes}
        self._by_modes[modes] = [row for row, g in enumerate(self.network.gates) if {g.mode_from, g.mode_to} & off]
        return self._by_modes[modes]


_ENGINES: dict[str, Engine] = {}
_VIA: dict[str, np.ndarray] = {}
_PLANNERS: dict[tuple[str, Cargo], Planner] = {}


def _engine(network: Network) -> Engine:
    return _ENGINES.setdefault(network.folder, Engine(network))


def _via(network: Network) -> np.ndarray:
    if network.folder not in _VIA:
        light = cache(light_border)  # hundreds of gates share a border
        _VIA[network.folder] = alt.via_arcs(network, lambda g: light(g.country_from, g.country_to) is not None)
    return _VIA[network.folder]


def planner(network: Network, of: Cargo) -> Planner:
    """The planner of a network and a cargo, kept warm for the next question; the oldest goes when there are more than four."""
    key = (network.folder, of)
    if key not in _PLANNERS:
        if len(_PLANNERS) > 3:
            _PLANNERS.pop(next(iter(_PLANNERS)))
        _PLANNERS[key] = Planner(network, of)
    return _PLANNERS[key]


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
    network: Network | None = None,
) -> Plan:
    """Ways that cargo can travel between two places on a day.

    origin, destination : a place, its name or code, "lat,lon", or a country (its first main freight place)
    cargo : 20ft, 40ft, reefer, truckload or bulk · tonnes : in all · on : day, default today
    modes : of road, rail, sea · close, open_ : crossings, ports, straits or countries · alternatives : open ways wanted
    Raises BadInput with every fault of the question at once, PlaceUnknown, PlaceAmbiguous, NoRoute.
    """
    request = _request(origin, destination, cargo, tonnes, value_usd_per_t, on, modes, close, open_, alternatives)
    network = network or open_network()
    warm = planner(network, request.cargo)
    day = state(network, request.on, request.close, request.open_)
    return answer(warm, request, day)


def answer(planner: Planner, request: Request, day: State) -> Plan:
    """The plan for a checked question on a network that is already warm. Raises NoRoute with what would mend it."""
    reader = Reader(planner.network, planner.tariff, day)
    off = planner.off_modes(request.modes)
    never = set(off)
    starts = ends(planner.network, request.origin, request.modes)
    stops = ends(planner.network, request.destination, request.modes, arriving=True)
    request = replace(
        request,
        origin=_in_country(request.origin, planner.network, starts[0].node),
        destination=_in_country(request.destination, planner.network, stops[0].node),
    )
    pairs = [(a, b) for a in starts for b in stops]
    today = _ways(planner, reader, request, pairs, [*day.shut, *off], ("overall", "cheap", "truck"), planner.via)
    today += _without_the_cheapest(planner, reader, request, pairs, [*day.shut, *off], today)
    shut_today = set(day.shut) - day.always
    through_shut = planner.via[np.isin(planner.network.arc_gate[planner.via], list(shut_today))]
    would = _ways(planner, reader, request, pairs, [*day.always, *off], ("overall", "truck"), through_shut)
    would += [way for way in today if _barred(way, request, day)]
    today = [way for way in today if not _barred(way, request, day)]
    score = partial(planner.generalized_cost, reader=reader)
    within = WORTH_OPENING * min(map(score, today), default=math.inf)
    would = [
        way for way in would if (set(way.gate_rows) & shut_today or _barred(way, request, day)) and score(way) <= within
    ]
    if not today and not would:
        raise NoRoute(_why_none(planner, request, day, never))
    share = _share(planner)
    chosen = alt.choose(today, request.alternatives, score, share, _opened(planner, request, today, score))
    apart = alt.choose(would, min(SHUT_SHOWN, max(1, request.alternatives)), score, share)
    return Plan(
        request=request,
        state=day,
        network=planner.network,
        alternatives=tuple(_named(chosen, apart, request, day)),
    )


def _opened(planner: Planner, request: Request, ways: Sequence[Itinerary], score) -> list[Itinerary]:
    """The best way through each gate that the user opened: who asks for it wants to see it."""
    targets = targets_of(planner.network)
    keys = {key for found in targets.resolve(request.open_, "--open").values() for key in found}
    best = []
    for key in sorted(keys):
        rows = set(targets.gates_named(key))
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
    """Numbers of the closures that forbid one of its voyages, or all trade between its two ends by whatever way."""
    ends = request.origin.country, request.destination.country
    called = [gate.country_from or gate.country_to for gate in way.ports]
    called = called or [*(ends if not way.countries else ())]  # from quay to quay: no gate of a port is passed
    pairs = [frozenset(pair) for pair in zip(called[::2], called[1::2], strict=False)]
    voyages = {number for pair in pairs for number in day.barred.get(pair, ())}
    trade = day.barred.get(frozenset(ends), ())
    return voyages | {number for number in trade if day.closed[number].kind == "country_pair"}


def _share(planner: Planner):
    """Share of a's kilometres that lie on b; those at sea, which are common to all, count a tenth."""
    km = planner.counted_km

    def share(a: Itinerary, b: Itinerary) -> float:
        common = np.intersect1d(a.arcs, b.arcs, assume_unique=True)
        return float(km[common].sum()) / max(float(km[a.arcs].sum()), 1e-9)

    return share


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
    return _told_apart(found)


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


def _told_apart(found: list[Alternative]) -> list[Alternative]:
    """Two ways never share a title: the first crossing or port that differs is added, else the modes."""
    result: list[Alternative] = []
    for item in found:
        twins = [other for other in found if other is not item and other.title == item.title]
        theirs = {gate.name for other in twins for gate in (*other.way.crossings, *other.way.ports)}
        own = [
            gate.name
            for gate in (*item.way.crossings, *item.way.ports)
            if gate.name not in theirs and gate.name not in item.title
        ]
        telling = f"by way of {own[0]}" if own else f"by {', '.join(item.way.modes)}"
        result.append(replace(item, title=f"{item.title} ({telling})") if twins else item)
    return result


# --- checks -------------------------------------------------------------------------------------------------


def _request(origin, destination, kind, tonnes, value, on, modes, close, open_, wanted) -> Request:
    faults: list[str] = []
    day = _day(on, faults)
    modes = _modes(modes, faults)
    close, open_ = _names("close", close, faults), _names("open", open_, faults)
    kind = kind.lower() if isinstance(kind, str) else kind
    for end, given in (("origin", origin), ("destination", destination)):
        if not isinstance(given, str | places.Place):
            faults.append(f"{end} {given!r}: a place's name or code, a country, or lat,lon as text is needed.")
    if kind not in KINDS:
        faults.append(f"cargo {kind!r} is not known; choose {', '.join(KINDS)}.")
    if not _number(tonnes) or not LEAST_TONNES <= float(tonnes) <= MOST_TONNES:
        faults.append(f"tonnes {tonnes!r}: a weight from {LEAST_TONNES} to {MOST_TONNES:,.0f} tonnes is needed.")
    if value is not None and (not _number(value) or not 0 <= float(value) <= 1e9):
        faults.append(f"value {value!r}: USD per tonne, 0 or more, is needed.")
    if not isinstance(wanted, int) or isinstance(wanted, bool) or not 1 <= wanted <= MOST_ALTERNATIVES:
        faults.append(f"alternatives {wanted!r}: a whole number from 1 to {MOST_ALTERNATIVES} is needed.")
    if faults:
        raise BadInput("\n".join(faults))
    start, stop = _place(origin), _place(destination)
    if (start.lon, start.lat) == (stop.lon, stop.lat):
        raise BadInput(f"Origin and destination are the same place, {start.name}. Name two places.")
    return Request(
        origin=start,
        destination=stop,
        cargo=cargo(kind, float(tonnes), None if value is None else float(value)),
        on=day,
        modes=modes,
        close=close,
        open_=open_,
        alternatives=wanted,
    )


def _number(value) -> bool:
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return False


def _day(on, faults: list[str]) -> date:
    if on is None:
        return date.today()
    try:
        day = on if isinstance(on, date) else date.fromisoformat(str(on))
    except ValueError:
        faults.append(f"date {on!r} is not a day; write it as 2026-11-24.")
        return date.today()
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        faults.append(f"date {on!s} is outside {FIRST_YEAR} to {LAST_YEAR}, of which nothing is known.")
    return day


def _modes(modes, faults: list[str]) -> tuple[str, ...]:
    asked = tuple(modes.split(",")) if isinstance(modes, str) else tuple(modes)
    asked = tuple(str(mode).strip().lower() for mode in asked if str(mode).strip())
    unknown = [mode for mode in asked if mode not in MODES]
    if unknown or not asked:
        faults.append(f"modes {', '.join(map(repr, unknown)) or 'are empty'}: choose from {', '.join(MODES)}.")
    return tuple(mode for mode in MODES if mode in asked)


def _names(flag: str, given, faults: list[str]) -> tuple[str, ...]:
    """What is to be shut or opened, as names; one name may stand alone."""
    names = (given,) if isinstance(given, str) else tuple(given)
    for name in names:
        if not isinstance(name, str) or not name.strip():
            faults.append(f"--{flag} {name!r}: the name of a crossing, port, strait, country or pair is needed.")
    return names


def _place(given) -> places.Place:
    found = given if isinstance(given, places.Place) else places.find(given)
    if found.kind == "country":
        return places.freight_places(found.country, 1)[0]
    return found


def _why_none(planner: Planner, request: Request, day: State, never: set[int]) -> str:
    """One sentence that says which end fails or what blocks the way, and what would open it."""
    start, stop = request.origin, request.destination
    text = f"No way for cargo from {start.name} ({start.country}) to {stop.name} ({stop.country})"
    if never and set(request.modes) != set(MODES):
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
