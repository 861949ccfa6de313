"""What is kept warm between questions: one network's search structure, its metrics and figures for one kind of cargo."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, cached_property
from types import MappingProxyType

import numpy as np

from comity.facts import Figure
from comity.network import Mode, Network, runs
from comity.routing import alternatives as alt
from comity.routing.cargo import Cargo
from comity.routing.engine import UNITS_PER_USD, Engine, Metric
from comity.routing.impedance import Tariff, light_border
from comity.routing.itinerary import Itinerary, Reader
from comity.routing.request import MODES

BOTH_WAYS = 2  # arcs of each piece of a pass
SEA_COUNTS = 0.1  # of a kilometre at sea, where what two ways share is measured


class Planner:
    """One network and one kind of cargo, kept warm: search structure, metrics, figures."""

    def __init__(self, network: Network, of: Cargo):
        self.network, self.cargo = network, of
        self.tariff = Tariff(network, of)
        self.engine = _engine(network)
        self.via = _via(network)
        self._threads = ThreadPoolExecutor(2)  # the search library lets go of the interpreter while it customizes
        self._metrics: dict[str, Future[Metric]] = {}

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

    def begin(self, *names: str) -> None:
        """Have the metrics of some valuations made, all unless told: a search under the first need not wait for the last."""
        for name in names or self.valuations:
            if name not in self._metrics:
                self._metrics[name] = self._threads.submit(self._metric, self.valuations[name])

    def _metric(self, valuation: tuple[float, float, bool]) -> Metric:
        usd_per_h, cost_share, trains = valuation
        weights = self.tariff.weights(usd_per_h, cost_share)
        if not trains:
            rail = np.array([cell.mode is Mode.RAIL for cell in self.network.cells])
            weights[rail[self.network.arc_cell]] = np.inf
        return self.engine.metric(weights)

    def metric(self, name: str) -> Metric:
        """The metric of one valuation, waited for when it is not ready yet."""
        self.begin(name)
        return self._metrics[name].result()

    def lay(
        self, name: str, shut: Sequence[int], reader: Reader, added: Mapping[int, float] = MappingProxyType({})
    ) -> Metric:
        """A metric with `shut` gates shut, the day's slow gates slow, and no road or railway in the areas it shuts.

        added : USD by which some gates are dearer still (or easier)
        """
        metric = self.metric(name)
        closed = set(shut)
        rows = np.array(sorted({*reader.state.slow, *closed, *added}), np.int64)
        more = np.array(
            [
                math.inf if row in closed else self.slower(name, row, reader) + added.get(row, 0.0)
                for row in rows.tolist()
            ]
        )
        arcs, count = self._arcs_of(rows)
        land = np.unique(np.concatenate([np.empty(0, np.int64), *reader.state.land.values()]))
        shared = np.array([self.network.gates[row].kind == "pass" for row in rows.tolist()], bool)
        each = more / np.where(shared, np.maximum(count / BOTH_WAYS, 1), 1)  # drawn in many pieces, and passed once
        weights = metric.whole[arcs] / UNITS_PER_USD + np.repeat(each, count)
        apart = ~np.isin(arcs, land)  # an arc is given one weight
        metric.lay_over(np.r_[arcs[apart], land], np.r_[weights[apart], np.full(len(land), math.inf)])
        return metric

    def slower(self, name: str, row: int, reader: Reader) -> float:
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
        return usual + sum(self.slower("overall", row, reader) for row in way.gate_rows if row in reader.state.slow)

    def arcs_of_gates(self, rows: np.ndarray) -> np.ndarray:
        """Arcs of several gates, int64[n]. rows : int64, in ascending order."""
        return self._arcs_of(rows)[0]

    def pieces(self, row: int) -> float:
        """In how many arcs, one after another, a gate is passed: a pass is drawn in many, all others are one."""
        is_pass = self.network.gates[row].kind == "pass"
        return max(len(self.gate_arcs(row)) / BOTH_WAYS, 1.0) if is_pass else 1.0

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

    def share(self, a: Itinerary, b: Itinerary) -> float:
        """Share of a's kilometres that lie on b; those at sea, which are common to all, count a tenth."""
        km = self.counted_km
        common = np.intersect1d(a.arcs, b.arcs, assume_unique=True)
        return float(km[common].sum()) / max(float(km[a.arcs].sum()), 1e-9)

    def off_modes(self, modes: Sequence[str]) -> list[int]:
        """Gate rows that would lead onto a mode that is not wanted."""
        off = set(MODES) - set(modes)
        return [row for row, g in enumerate(self.network.gates) if {g.mode_from, g.mode_to} & off] if off else []


_ENGINES: dict[str, Engine] = {}
_VIA: dict[str, np.ndarray] = {}
_PLANNERS: dict[tuple[str, tuple[Figure, ...], Cargo], Planner] = {}


def _engine(network: Network) -> Engine:
    if network.folder not in _ENGINES:
        _ENGINES[network.folder] = Engine(network)
    return _ENGINES[network.folder]


def _via(network: Network) -> np.ndarray:
    if network.folder not in _VIA:
        light = cache(light_border)  # hundreds of gates share a border
        _VIA[network.folder] = alt.via_arcs(network, lambda g: light(g.country_from, g.country_to) is not None)
    return _VIA[network.folder]


def planner(network: Network, of: Cargo) -> Planner:
    """The planner of a network and a cargo, kept warm for the next question; the oldest goes when there are more than four."""
    key = (network.folder, network.figures, of)
    if key not in _PLANNERS:
        if len(_PLANNERS) > 3:
            _PLANNERS.pop(next(iter(_PLANNERS)))
        _PLANNERS[key] = Planner(network, of)
    return _PLANNERS[key]
