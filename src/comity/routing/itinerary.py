"""From a path of arcs to what a planner reads: legs, dwells, and totals with their ranges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from comity import facts, places
from comity.facts import Figure
from comity.network import Gate, Mode, Network
from comity.routing.impedance import Part, Tariff, spread
from comity.routing.spread import NOTHING, Spread, total
from comity.routing.states import OWN_FIGURES, Closed, State
from comity.units import HOURS_PER_DAY

SHORT_LEG_KM = 0.05  # a stub between two gates at one place is no leg


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """An unbroken run by one mode in one country. Waiting belongs to the dwells around it."""

    mode: str
    origin: str
    destination: str
    country: str
    distance_km: float
    time_h: Spread  # moving time alone
    cost_usd: Spread  # for one unit
    co2e_kg: float
    sources: tuple[str, ...]
    standing: str
    arcs: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Dwell:
    """Waiting and paying at one gate, or a driver's rest."""

    kind: str
    at: str
    id: str
    after_leg: int  # it follows this leg; -1 stands before the first
    time_h: Spread
    cost_usd: Spread
    sources: tuple[str, ...]
    standing: str
    gate: Gate | None = None


@dataclass(frozen=True, eq=False)
class Itinerary:
    """Legs and dwells in order, for one unit of cargo. arcs : int64[n], the whole path."""

    legs: tuple[Leg, ...]
    dwells: tuple[Dwell, ...]
    arcs: np.ndarray
    gate_rows: tuple[int, ...]
    weight: int  # what the search minimized, in its own units

    @cached_property
    def distance_km(self) -> float:
        return sum(leg.distance_km for leg in self.legs)

    @cached_property
    def time_h(self) -> Spread:
        """Moving times of one mode rise and fall together, dwells each for their own reason; then what no part explains."""
        parts = [*_by_mode(self.legs, "time_h"), *(dwell.time_h for dwell in self.dwells)]
        whole = total(parts)
        rest = facts.figure("journey", "unexplained_time_factor")
        low, high = rest.low or rest.value, rest.high or rest.value
        unexplained = Spread(whole.p50 * (low - rest.value), 0.0, whole.p50 * (high - rest.value))
        return total([*parts, unexplained])

    @cached_property
    def cost_usd(self) -> Spread:
        return total([*_by_mode(self.legs, "cost_usd"), *(dwell.cost_usd for dwell in self.dwells)])

    @cached_property
    def co2e_kg(self) -> float:
        return sum(leg.co2e_kg for leg in self.legs)

    @cached_property
    def modes(self) -> tuple[str, ...]:
        return _runs(leg.mode for leg in self.legs)

    @cached_property
    def countries(self) -> tuple[str, ...]:
        return _runs(leg.country for leg in self.legs if leg.country)

    @cached_property
    def crossings(self) -> tuple[Gate, ...]:
        """Border crossings and ferry lines between countries, in order."""
        gates = [d.gate for d in self.dwells if d.gate and d.kind in ("crossing", "ferry")]
        return tuple(gate for gate in gates if gate.country_from != gate.country_to)

    @cached_property
    def ports(self) -> tuple[Gate, ...]:
        return tuple(dwell.gate for dwell in self.dwells if dwell.gate and dwell.gate.kind == "port")


def _by_mode(legs: Sequence[Leg], name: str) -> list[Spread]:
    sums: dict[str, Spread] = {}
    for leg in legs:
        sums[leg.mode] = sums.get(leg.mode, NOTHING) + getattr(leg, name)
    return list(sums.values())


def _runs(items: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for item in items:
        if not found or found[-1] != item:
            found.append(item)
    return tuple(found)


class Reader:
    """Reads paths of one network as itineraries, on one day, for one kind of cargo."""

    def __init__(self, network: Network, tariff: Tariff, state: State):
        self.network, self.tariff, self.state = network, tariff, state

    def read(self, arcs: np.ndarray, weight: int, origin, destination) -> Itinerary:
        """The itinerary of a path. arcs : int64[n], from origin to destination · `origin`, `destination` : places, named."""
        pieces = self._pieces(arcs)
        legs: list[Leg] = []
        dwells: list[Dwell] = []
        came_from = landed = origin.name
        for number, (gate_row, run) in enumerate(pieces):
            stages = self.stages(gate_row) if gate_row >= 0 else ()
            if stages:
                dwells.append(self._dwell(gate_row, stages[0], after_leg=len(legs) - 1))
                came_from, landed = _banks(self.network.gates[gate_row])
            goes_to = landed if stages[1:] else self._next_name(pieces, number, destination.name)
            leg = self._leg(run, came_from, goes_to)
            if leg is not None and gate_row < 0 and legs and _same_run(legs[-1], leg):
                legs[-1] = _joined(legs[-1], leg)
            elif leg is not None:
                legs.append(leg)
            if stages[1:]:
                dwells.append(self._dwell(gate_row, stages[1], after_leg=len(legs) - 1, kind="landing", at=landed))
                came_from = landed
        return Itinerary(
            legs=tuple(legs),
            dwells=tuple(self.with_rests(legs, dwells)),
            arcs=arcs,
            gate_rows=gates_on(self.network, arcs),
            weight=weight,
        )

    def _pieces(self, arcs: np.ndarray) -> list[tuple[int, np.ndarray]]:
        """Split a path before each gate that makes it wait, and wherever the cell changes: (gate row or -1, arcs)."""
        net = self.network
        cell = net.arc_cell[arcs]
        gate = np.array([row if row >= 0 and self._shown(row) else -1 for row in net.arc_gate[arcs].tolist()])
        if not len(arcs):
            return []
        cut = np.flatnonzero((gate[1:] >= 0) | (cell[1:] != cell[:-1])) + 1
        found = [(int(gate[run[0]]), arcs[run]) for run in np.split(np.arange(len(arcs)), cut)]
        return _without_repeats(found)

    def _next_name(self, pieces, number: int, last: str) -> str:
        for gate_row, _ in pieces[number + 1 :]:
            if gate_row >= 0:
                return _banks(self.network.gates[gate_row])[0]
        return last

    def _shown(self, gate_row: int) -> bool:
        gate = self.network.gates[gate_row]
        return (
            gate.kind not in ("passage", "pass", "line")
            or gate_row in self.state.slow
            or self.tariff.part(gate).time_h.p50 > 0
        )

    def _dwell(self, gate_row: int, part: Part, after_leg: int, kind: str = "", at: str = "") -> Dwell:
        gate = self.network.gates[gate_row]
        return Dwell(
            kind=kind or gate.kind,
            at=at or gate.name,
            id=gate.id,
            after_leg=after_leg,
            time_h=part.time_h,
            cost_usd=part.cost_usd,
            sources=part.sources,
            standing=part.standing,
            gate=gate,
        )

    def part(self, gate_row: int) -> Part:
        """The whole gate as usual, and slower where a closure of the day says so."""
        first, *rest = self.stages(gate_row)
        return sum(rest, first)

    def stages(self, gate_row: int) -> tuple[Part, ...]:
        """The gate's stages; a closure that slows it slows the first, where the queue stands."""
        first, *rest = self.tariff.stages(self.network.gates[gate_row])
        for number in self.state.slow.get(gate_row, ()):
            first = slowed(first, self.state.closed[number])
        return first, *rest

    def _leg(self, arcs: np.ndarray, came_from: str, goes_to: str) -> Leg | None:
        net = self.network
        cell = int(net.arc_cell[arcs[0]])
        mode = net.cells[cell].mode
        km = float(net.arc_km[arcs].astype(float).sum())
        if mode is Mode.TRANSFER or km < SHORT_LEG_KM:
            return None
        pace = self.tariff.paces[cell]
        return Leg(
            mode=mode.word,
            origin=came_from,
            destination=goes_to,
            country=net.cells[cell].country,
            distance_km=km,
            time_h=pace.h_per_km.times(km),
            cost_usd=pace.usd_per_km.times(km),
            co2e_kg=pace.co2e_kg_per_km * km,
            sources=tuple(dict.fromkeys(figure.source for figure in pace.figures)),
            standing=max((figure.standing for figure in pace.figures), key=facts.STANDINGS.index),
            arcs=arcs,
        )

    def with_rests(self, legs: Sequence[Leg], dwells: Sequence[Dwell]) -> list[Dwell]:
        """The driver's rests, counted one by one: a wait long enough to sleep in starts a fresh shift."""
        waits = {index: [d for d in dwells if d.after_leg == index] for index in range(-1, len(legs))}
        ordered = list(waits[-1])
        driven = 0.0
        for index, leg in enumerate(legs):
            if leg.mode == "road":
                driven, rest = self._rests(leg, driven, index)
                ordered += [rest] if rest else []
            for wait in waits[index]:
                shift = facts.figure(f"road.{leg.country}", "driving_h_per_day").value
                if leg.mode != "road" or wait.time_h.p50 >= HOURS_PER_DAY - shift:
                    driven = 0.0
            ordered += waits[index]
        return ordered

    def _rests(self, leg: Leg, driven: float, index: int) -> tuple[float, Dwell | None]:
        figure = facts.figure(f"road.{leg.country}", "driving_h_per_day")
        shift = spread(figure)
        counts = [
            max(0, int((driven + hours) / shift.p50 - 1e-9))
            for hours in (leg.time_h.p10, leg.time_h.p50, leg.time_h.p90)
        ]
        left = driven + leg.time_h.p50 - counts[1] * shift.p50
        if not any(counts):
            return left, None
        night = HOURS_PER_DAY - shift.p50
        hours = Spread(*(count * night for count in counts))
        return left, Dwell(
            kind="rest",
            at=f"Driver's rest in {places.country(leg.country).short}",
            id="rest",
            after_leg=index,
            time_h=hours,
            cost_usd=NOTHING,
            sources=(figure.source,),
            standing=figure.standing,
        )


def _banks(gate: Gate) -> tuple[str, str]:
    """Names of where a gate is come to and where it is left: two for a ferry, one for all others.

    A port or terminal that bears its city's name is told from the city.
    """
    one, _, other = gate.name.partition(" - ")
    if gate.kind == "ferry" and other:
        return one, other
    told = gate.kind not in ("port", "terminal") or any(word in gate.name.lower() for word in ("port", "terminal"))
    name = gate.name if told else f"{gate.name} {gate.kind}"
    return name, name


def _same_run(a: Leg, b: Leg) -> bool:
    """Whether only the class of road or line changes between two legs."""
    return (a.mode, a.country) == (b.mode, b.country)


def _joined(a: Leg, b: Leg) -> Leg:
    return replace(
        b,
        origin=a.origin,
        distance_km=a.distance_km + b.distance_km,
        time_h=a.time_h + b.time_h,
        cost_usd=a.cost_usd + b.cost_usd,
        co2e_kg=a.co2e_kg + b.co2e_kg,
        sources=tuple(dict.fromkeys((*a.sources, *b.sources))),
        standing=max(a.standing, b.standing, key=facts.STANDINGS.index),
        arcs=np.r_[a.arcs, b.arcs],
    )


def _without_repeats(pieces: list[tuple[int, np.ndarray]]) -> list[tuple[int, np.ndarray]]:
    """Arcs in a row that share one gate (a pass drawn in many pieces) are one passage of it."""
    found: list[tuple[int, np.ndarray]] = []
    for gate, run in pieces:
        if found and gate >= 0 and found[-1][0] == gate:
            found[-1] = (gate, np.r_[found[-1][1], run])
        else:
            found.append((gate, run))
    return found


def gates_on(network: Network, arcs: np.ndarray) -> tuple[int, ...]:
    """Gate rows along a path, in order, each once."""
    gates = network.arc_gate[arcs]
    return tuple(dict.fromkeys(gates[gates >= 0].tolist()))


def slowed(part: Part, by: Closed) -> Part:
    """A gate that is not shut but not as usual: its dwell times a factor, and hours more; a season's are its own.

    A scenario's delay, price or restriction brings its own hours and dollars.
    """
    if by.severity in OWN_FIGURES:
        return _changed(part, by)
    subject = f"closure.{'season' if by.kind == 'season' else by.severity}"
    factor, more = facts.figure(subject, "dwell_factor"), facts.figure(subject, "added_h")
    time = Spread(
        *(a * f + b for a, f, b in zip(_three(part.time_h), _three(spread(factor)), _three(spread(more)), strict=True))
    )
    return Part(time_h=time, cost_usd=part.cost_usd, figures=(*part.figures, factor, more))


def _changed(part: Part, by: Closed) -> Part:
    """A gate under a scenario's own figures: hours and dollars, each times a factor, and some more."""
    low, high = by.added_h_range or (by.added_h, by.added_h)
    more = Spread(low, by.added_h, high)
    return Part(
        time_h=part.time_h.times(by.dwell_factor) + more,
        cost_usd=part.cost_usd.times(by.usd_factor) + Spread(by.added_usd, by.added_usd, by.added_usd),
        figures=(*part.figures, *_own_figures(by)),
    )


def _own_figures(by: Closed) -> list[Figure]:
    """What a scenario's row gives as rows of figures, so that the parts it changes name it as a source."""
    given = (
        ("added_h", by.added_h, "h", 0.0),
        ("dwell_factor", by.dwell_factor, "ratio", 1.0),
        ("added_usd", by.added_usd, "USD", 0.0),
        ("usd_factor", by.usd_factor, "ratio", 1.0),
    )
    limit = [facts.figure("closure.restrict", "longest_wait_h")] if by.severity == "restrict" else []
    return limit + [
        Figure(
            subject=by.id,
            parameter=parameter,
            value=value,
            low=None,
            high=None,
            unit=unit,
            year=None,
            source=by.source,
            standing="assumption",
            note=by.reason,
        )
        for parameter, value, unit, nothing in given
        if value != nothing
    ]


def _three(s: Spread) -> tuple[float, float, float]:
    return s.p10, s.p50, s.p90
