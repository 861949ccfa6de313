"""What a kilometre in each cell and a passage of each gate take: hours, dollars, CO2e, for one unit of cargo.

Every figure is a row of the fact tables; this module only chooses the rows and adds them up.

Inside a cell the driver's day is spread over the kilometres: a truck that drives `driving_h_per_day` hours makes, over
many days, 24 / driving_h_per_day hours of the calendar per hour at the wheel. The itinerary counts the rests one by
one instead (see `itinerary`), so a journey shorter than a shift is not charged a night.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from comity import facts
from comity.facts import Figure
from comity.network import Cell, Gate, Mode, Network
from comity.routing.cargo import Cargo
from comity.routing.spread import NOTHING, Spread, total
from comity.units import HOURS_PER_DAY, KM_PER_NAUTICAL_MILE

CONTAINERS = ("20ft", "40ft", "reefer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Time and money of passing one gate with one unit, and the rows they come from."""

    time_h: Spread = NOTHING
    cost_usd: Spread = NOTHING
    figures: tuple[Figure, ...] = ()

    def __add__(self, other: Part) -> Part:
        """Two stages one after the other; they wait for different reasons."""
        return Part(
            time_h=total((self.time_h, other.time_h)),
            cost_usd=self.cost_usd + other.cost_usd,
            figures=self.figures + other.figures,
        )

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(figure.source for figure in self.figures))

    @property
    def standing(self) -> str:
        """The frankest standing among the rows: a chain is as firm as its weakest link."""
        return max((figure.standing for figure in self.figures), key=facts.STANDINGS.index, default="official")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """One kilometre in a cell for one unit. `h_per_km` is moving time alone."""

    h_per_km: Spread
    usd_per_km: Spread
    co2e_kg_per_km: float
    day_factor: float  # hours of the calendar per moving hour on a long run
    figures: tuple[Figure, ...]


def spread(figure: Figure) -> Spread:
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    return Spread(low, figure.value, high)


class Tariff:
    """All paces and parts of one network for one kind of cargo. Nothing here knows a date or a closure.

    What it is asked for raises FactMissing where the tables lack a figure.
    """

    def __init__(self, network: Network, cargo: Cargo):
        self.network, self.cargo = network, cargo
        self._parts: dict[tuple, tuple[Part, ...]] = {}
        self._own = {(figure.subject, figure.parameter): figure for figure in network.figures}

    def _figure(self, subject: str, parameter: str) -> Figure:
        """The network's own figure of just this subject, else that of the tables. Raises FactMissing."""
        return self._own.get((subject, parameter)) or facts.figure(subject, parameter)

    # --- kilometres ---------------------------------------------------------------------------------------

    @cached_property
    def paces(self) -> tuple[Pace, ...]:
        """Pace of each cell, in the order of `network.cells`."""
        makers = {Mode.ROAD: self._road, Mode.RAIL: self._rail, Mode.SEA: self._sea, Mode.FERRY: self._ferry}
        still = Pace(h_per_km=NOTHING, usd_per_km=NOTHING, co2e_kg_per_km=0.0, day_factor=1.0, figures=())
        return tuple(makers[cell.mode](cell) if cell.mode in makers else still for cell in self.network.cells)

    def _road(self, cell: Cell) -> Pace:
        subject = _subject(cell)
        speed, day = self._figure(subject, "speed_kmh"), self._figure(subject, "driving_h_per_day")
        rate, air = self._figure(subject, "rate_usd_per_km"), self._figure(subject, "co2e_g_per_tkm")
        return Pace(
            h_per_km=_inverse(spread(speed)),
            usd_per_km=self._freight(rate),
            co2e_kg_per_km=self._co2e(air),
            day_factor=HOURS_PER_DAY / day.value,
            figures=(speed, day, rate, air, *self._cooling),
        )

    def _rail(self, cell: Cell) -> Pace:
        subject = _subject(cell)
        speed, rate = self._figure(subject, "speed_kmh"), self._figure(subject, "rate_usd_per_teu_km")
        electric = self._figure(subject, "share_electric")
        clean, diesel = (
            self._figure(f"rail.{kind}.{cell.country}", "co2e_g_per_tkm") for kind in ("electric", "diesel")
        )
        share = electric.value
        return Pace(
            h_per_km=_inverse(spread(speed)),
            usd_per_km=self._freight(rate, self.cargo.teu_per_unit),
            co2e_kg_per_km=share * self._co2e(clean) + (1 - share) * self._co2e(diesel),
            day_factor=1.0,
            figures=(speed, rate, electric, clean, diesel, *self._cooling),
        )

    def _sea(self, cell: Cell) -> Pace:
        speed, rate = facts.figure("sea", "speed_kn"), facts.figure("sea", "rate_usd_per_teu_km")
        air = facts.figure("sea.container", "co2e_g_per_tkm")
        return Pace(
            h_per_km=_inverse(spread(speed).times(KM_PER_NAUTICAL_MILE)),
            usd_per_km=self._freight(rate, self.cargo.teu_per_unit),
            co2e_kg_per_km=self._co2e(air),
            day_factor=1.0,
            figures=(speed, rate, air, *self._cooling),
        )

    def _ferry(self, cell: Cell) -> Pace:
        speed, air = facts.figure("ferry", "speed_kn"), facts.figure("ferry.ropax", "co2e_g_per_tkm")
        return Pace(
            h_per_km=_inverse(spread(speed).times(KM_PER_NAUTICAL_MILE)),
            usd_per_km=NOTHING,
            co2e_kg_per_km=self._co2e(air),
            day_factor=1.0,
            figures=(speed, air),
        )

    @property
    def _cooling(self) -> tuple[Figure, ...]:
        """What a cooled box costs and burns more, as factors; none for any other cargo."""
        factors = ("cost_factor", "co2e_factor") if self.cargo.kind == "reefer" else ()
        return tuple(facts.figure("cargo.reefer", name) for name in factors)

    def _freight(self, rate: Figure, units: float = 1.0) -> Spread:
        return spread(rate).times(units * (self._cooling[0].value if self._cooling else 1.0))

    def _co2e(self, figure: Figure) -> float:
        return figure.value / 1000 * self.cargo.tonnes_per_unit * (self._cooling[1].value if self._cooling else 1.0)

    # --- gates --------------------------------------------------------------------------------------------

    def part(self, gate: Gate) -> Part:
        """Hours and dollars of one unit through a gate, open as usual."""
        first, *rest = self.stages(gate)
        return sum(rest, first)

    def stages(self, gate: Gate) -> tuple[Part, ...]:
        """What a gate takes before its arc, and for a ferry what landing takes after it."""
        key = self._key(gate)
        if key not in self._parts:
            makers = {
                "crossing": self._crossing,
                "port": self._port,
                "terminal": self._terminal,
                "gauge": self._gauge,
                "ferry": self._sailing,
                "passage": self._passage,
                "pass": lambda gate: Part(),
                "line": lambda gate: Part(),
            }
            made = makers[gate.kind](gate)
            self._parts[key] = self._as_improved(gate, made if isinstance(made, tuple) else (made,))
        return self._parts[key]

    def _dwell_of(self, gate: Gate) -> Figure | None:
        return self._own.get((f"gate.{gate.id}", "dwell_h"))

    def _as_improved(self, gate: Gate, stages: tuple[Part, ...]) -> tuple[Part, ...]:
        """The stages as they would be if the gate took the hours that the network's own figure says, alike in spread."""
        figure = self._dwell_of(gate)
        usual_h = sum(part.time_h.p50 for part in stages)
        if figure is None or usual_h <= 0:
            return stages
        factor = figure.value / usual_h
        return tuple(replace(p, time_h=p.time_h.times(factor), figures=(*p.figures, figure)) for p in stages)

    def _key(self, gate: Gate) -> tuple:
        """Gates with one key take the same: listed crossings, ferries, passages and improved gates are told apart by name."""
        by_name = gate.rule == "listed" or gate.kind == "passage" or self._dwell_of(gate)
        own = gate.id if by_name else _tier(gate.id) if gate.kind == "port" else ""
        changes = gate.gauge_from != gate.gauge_to
        return gate.kind, own, gate.mode_from, gate.mode_to, gate.country_from, gate.country_to, changes

    def _crossing(self, gate: Gate) -> Part:
        sides = self._side(gate, gate.country_from, "outbound") + self._side(gate, gate.country_to, "inbound")
        return sides + self._gauge(gate) if gate.gauge_from != gate.gauge_to else sides

    def _side(self, gate: Gate, country: str, direction: str) -> Part:
        """One side of a border: its own figure, else the light border of a union, else the country's mean, else a default."""
        by_train = gate.mode_from == "rail" and gate.kind != "ferry" and self.cargo.kind in CONTAINERS
        own = _own_side(gate, country, direction, "train_h") if by_train else None
        time = own or _side_figure(gate, country, direction, "time_h")
        cost = _side_figure(gate, country, direction, "cost_usd")
        if by_train and own is None:  # published means are of wagons
            share = facts.figure("rail", "block_train_dwell_share")
            return Part(time_h=spread(time).times(share.value), cost_usd=spread(cost), figures=(time, cost, share))
        return Part(time_h=spread(time), cost_usd=spread(cost), figures=(time, cost))

    def _gauge(self, gate: Gate) -> Part:
        subject = f"rail.{gate.country_to}"
        time, cost = facts.figure(subject, "gauge_change_h"), facts.figure(subject, "gauge_change_usd")
        return Part(time_h=spread(time), cost_usd=spread(cost), figures=(time, cost))

    def _port(self, gate: Gate) -> Part:
        country, out = gate.country_from, gate.mode_to == "sea"
        dwell = facts.figure(f"sea.{country}", "port_dwell_export_h" if out else "port_dwell_import_h")
        handling = facts.figure(f"sea.{country}", "port_handling_usd")
        part = Part(time_h=spread(dwell), cost_usd=spread(handling), figures=(dwell, handling))
        tier = f"sea.{_tier(gate.id)}"
        hours, usd = facts.figure(tier, "relay_h"), facts.figure(tier, "relay_usd_per_teu")
        if hours.value:  # a small port is served from a larger one, where the box changes ship
            part += Part(
                time_h=spread(hours), cost_usd=spread(usd).times(self.cargo.teu_per_unit), figures=(hours, usd)
            )
        if out:  # the sailing is waited for, and the fixed part of the sea freight paid, once, where the sea leg begins
            sailing, fixed = facts.figure(tier, "wait_h"), facts.figure("sea", "rate_usd_fixed_per_teu")
            return part + Part(
                time_h=spread(sailing), cost_usd=self._freight(fixed, self.cargo.teu_per_unit), figures=(sailing, fixed)
            )
        return part + self._train(country) if gate.mode_to == "rail" else part

    def _terminal(self, gate: Gate) -> Part:
        subject = f"rail.{gate.country_from}"
        dwell, handling = facts.figure(subject, "terminal_dwell_h"), facts.figure(subject, "terminal_handling_usd")
        part = Part(time_h=spread(dwell), cost_usd=spread(handling), figures=(dwell, handling))
        return part + self._train(gate.country_from) if gate.mode_to == "rail" else part

    def _train(self, country: str) -> Part:
        wait = facts.figure(f"rail.{country}", "wait_h")
        return Part(time_h=spread(wait), figures=(wait,))

    def _sailing(self, gate: Gate) -> tuple[Part, Part]:
        """Waiting for the ferry, its fare and one country's border; then the landing and the other's."""
        subject = f"ferry.{gate.mode_from}"
        wait = facts.figure(subject, "wait_h" if gate.id in _caspian() else "wait_h_short_sea")
        base, per_km = facts.figure("ferry", "fare_usd_fixed"), facts.figure("ferry", "fare_usd_per_km")
        fare = spread(base) + spread(per_km).times(gate.wanted_km)
        ashore = facts.figure(subject, "landing_h")
        boarding = Part(time_h=spread(wait), cost_usd=fare, figures=(wait, base, per_km))
        landing = Part(time_h=spread(ashore), figures=(ashore,))
        if gate.country_from == gate.country_to:
            return boarding, landing
        return (
            boarding + self._side(gate, gate.country_from, "outbound"),
            landing + self._side(gate, gate.country_to, "inbound"),
        )

    def _passage(self, gate: Gate) -> Part:
        time = facts.row_figure(facts.keyed("passages", ("id",))[gate.id,], gate.id, "passage_h")
        return Part(time_h=spread(time), figures=(time,))

    # --- weights over the whole network -------------------------------------------------------------------

    @cached_property
    def gate_hours(self) -> np.ndarray:
        """Expected hours of each gate, float64[n_gates]; inf where no freight ever passes."""
        return np.array([self.part(g).time_h.mean if g.passable else np.inf for g in self.network.gates])

    @cached_property
    def gate_usd(self) -> np.ndarray:
        """Expected dollars of each gate, float64[n_gates]."""
        return np.array([self.part(g).cost_usd.mean if g.passable else np.inf for g in self.network.gates])

    def weights(self, usd_per_h: float, cost_share: float = 1.0) -> np.ndarray:
        """Generalized cost of every arc, float64[n_arcs], USD: `cost_share` x money + `usd_per_h` x hours; inf if never passable.

        Money and hours are expected values: those of a journey's parts add up to the journey's, which medians of skewed
        waits do not.
        """
        net = self.network
        per_km = np.array(
            [cost_share * p.usd_per_km.mean + usd_per_h * p.h_per_km.mean * p.day_factor for p in self.paces]
        )
        weights = per_km.take(net.arc_cell)
        weights *= net.arc_km
        arcs = net.gate_arcs
        weights[arcs] += self.gate_weights(usd_per_h, cost_share)[net.arc_gate[arcs]]
        return weights

    def gate_weights(self, usd_per_h: float, cost_share: float = 1.0) -> np.ndarray:
        """The gates' part of `weights`, float64[n_gates]."""
        return cost_share * self.gate_usd + usd_per_h * self.gate_hours


def _subject(cell: Cell) -> str:
    """What the rows about a cell are of: road.CHN.mountain, which falls back on road.CHN and then road."""
    return ".".join(filter(None, (cell.mode.word, cell.country, cell.line_class)))


def _inverse(speed: Spread) -> Spread:
    """Hours per km from km per hour: the slow end of the speed is the high end of the time."""
    return Spread(1 / speed.p90, 1 / speed.p50, 1 / speed.p10)


def _own_side(gate: Gate, country: str, direction: str, parameter: str) -> Figure | None:
    """A crossing's own figure for one side, None where it has no row; a ferry's own before that of its mode on land."""
    table = facts.keyed("crossing_sides", ("crossing", "country", "mode", "direction", "parameter"))
    for mode in (gate.kind, _land_mode(gate)):
        row = table.get((gate.id, country, mode, direction, parameter))
        if row is not None:
            return facts.row_figure(row, f"{gate.name}, {country} side {direction}", parameter)
    return None


def _land_mode(gate: Gate) -> str:
    return "rail" if gate.mode_from == "rail" else "road"


def _side_figure(gate: Gate, country: str, direction: str, parameter: str) -> Figure:
    own = _own_side(gate, country, direction, parameter)
    if own is not None:
        return own
    mean = facts.keyed("country_sides", ("country", "mode", "direction", "parameter"))
    if (country, gate.kind, direction, parameter) in mean:  # what a ferry finds at the quay is not the queue on land
        row = mean[country, gate.kind, direction, parameter]
        return facts.row_figure(row, f"{country} mean, {gate.kind} {direction}", parameter)
    mode = _land_mode(gate)
    union = light_border(gate.country_from, gate.country_to)
    if union:
        return _union_figure(union, mode, direction, parameter)
    if (country, mode, direction, parameter) in mean:
        return facts.row_figure(
            mean[country, mode, direction, parameter], f"{country} mean, {mode} {direction}", parameter
        )
    subject = f"border.{mode}.{country}"
    return facts.figure(subject, "cost_usd" if parameter == "cost_usd" else f"{direction}_h")


def light_border(a: str, b: str) -> dict | None:
    """The union with the lightest border that both countries belong to, as its row of unions.csv."""
    both = [
        row for row in facts.rows("unions") if a in row["members"] and b in row["members"] and row["kind"] != "none"
    ]
    return min(both, key=lambda row: row["road_outbound_h"] + row["road_inbound_h"], default=None)


def _union_figure(row: dict, mode: str, direction: str, parameter: str) -> Figure:
    if parameter == "cost_usd":
        column, share = "cost_usd", 0.5
    else:
        column, share = ("rail_h", 0.5) if mode == "rail" else (f"road_{direction}_h", 1.0)
    value = row[column] * share
    low, high = (row.get(f"{column}_{end}") for end in ("low", "high"))
    return Figure(
        subject=f"union {row['name']}",
        parameter=parameter,
        value=value,
        low=value if low is None else low * share,
        high=value if high is None else high * share,
        unit="USD" if parameter == "cost_usd" else "h",
        year=row.get("year"),
        source=row["source"],
        standing=row["standing"],
        note=row.get("note") or "",
    )


def _caspian() -> frozenset[str]:
    """Ids of the ferry lines that are border crossings of the table's region, which all cross the Caspian."""
    return frozenset(row["id"] for row in facts.rows("crossings") if "ferry" in row["modes"])


def _tier(port: str) -> str:
    """How large a container port is; ports of no row (searoute's others) are taken for small ones."""
    row = facts.keyed("container_ports", ("locode",)).get((port,))
    return row["tier"] if row else "feeder"
