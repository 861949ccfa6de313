"""Days, dollars and CO2e of each shipment of an ensemble, and what their distribution says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from comity import facts
from comity.routing.itinerary import Dwell, Leg
from comity.routing.spread import NOTHING, Z90, Spread, cumulants, quantiles
from comity.scenarios.ensembles.ensemble import Ensemble, Found, Raised

TAIL = 0.95  # CVaR is the mean of what lies beyond this quantile
LEAST_SIGMA = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One way under some changes, for one unit of cargo."""

    time_h: Spread
    cost_usd: Spread
    mean_h: float
    mean_usd: float
    co2e_kg: float


class Reckoner:
    """Figures of the ways of an ensemble under any changes, without reading a way anew for each.

    A change that slows gates of a way moves their dwells alone, and the driver's rests with them: a wait that is long
    enough to sleep in starts a fresh shift. Cumulants of independent parts add (see routing.spread).
    """

    def __init__(self, ensemble: Ensemble):
        self.ensemble = ensemble
        self._reader = ensemble.delays.reader({})
        self._known: dict[tuple, Figures] = {}

    def figures(self, found: Found, raised: Raised) -> Figures:
        """Days, dollars and CO2e of a way with these changes in force."""
        key = found.way, self.ensemble.delays.slowed(found.gates, raised)
        if key not in self._known:
            self._known[key] = self._reckoned(*key)
        return self._known[key]

    def _reckoned(self, way: int, slowed: tuple[tuple[int, tuple[int, ...]], ...]) -> Figures:
        itinerary, legs = self.ensemble.ways[way].itinerary, self.ensemble.ways[way].itinerary.legs
        dwells = self._dwells(way, dict(slowed)) if slowed else list(itinerary.dwells)
        if dwells is None:  # a pass that is no stop on a usual day cuts a leg in two, and the rests fall elsewhere
            reader = self.ensemble.delays.reader(dict(slowed))
            read = reader.read(self.ensemble.ways[way].arcs, 0, *self.ensemble.ends)
            legs, dwells = read.legs, list(read.dwells)
        dearer = sum(self.ensemble.delays.added(gate, numbers)[1] for gate, numbers in slowed)
        usual = itinerary.cost_usd
        cost = Spread(usual.p10 + dearer, usual.p50 + dearer, usual.p90 + dearer)
        known = [cumulants(part) for part in _parts(legs, dwells)]
        time = _with_unexplained(np.array(known).sum(axis=0)) if known else NOTHING
        return Figures(
            time_h=time,
            cost_usd=cost,
            mean_h=cumulants(time)[0],
            mean_usd=cumulants(cost)[0],
            co2e_kg=itinerary.co2e_kg,
        )

    def _dwells(self, way: int, slowed: dict[int, tuple[int, ...]]) -> list[Dwell] | None:
        """The dwells of a way with some gates slowed, and the driver's rests; None where one of them is no stop as usual."""
        itinerary, network = self.ensemble.ways[way].itinerary, self.ensemble.planner.network
        row_of = {id(network.gates[row]): row for row in slowed}
        stages = {row: self.ensemble.delays.reader({row: numbers}).stages(row)[0] for row, numbers in slowed.items()}
        found = []
        for dwell in itinerary.dwells:
            row = row_of.get(id(dwell.gate)) if dwell.kind != "landing" else None
            if dwell.kind != "rest":
                found.append(dwell if row is None else replace(dwell, time_h=stages.pop(row).time_h))
        return None if stages else self._reader.with_rests(itinerary.legs, found)


def _parts(legs: Sequence[Leg], dwells: Sequence[Dwell]) -> list[Spread]:
    """What adds up to a journey's hours: moving by each mode, and each dwell."""
    moving: dict[str, Spread] = {}
    for leg in legs:
        moving[leg.mode] = moving.get(leg.mode, NOTHING) + leg.time_h
    parts = [*moving.values(), *(dwell.time_h for dwell in dwells)]
    return [part for part in parts if part.p90 > part.p10 or part.p50 > 0]


def _with_unexplained(total: np.ndarray) -> Spread:
    """Quantiles of a journey's hours, widened by what no part of it explains, as `Itinerary.time_h` does."""
    whole = quantiles(*total)
    rest = facts.figure("journey", "unexplained_time_factor")
    low, high = rest.low or rest.value, rest.high or rest.value
    more = Spread(whole.p50 * (low - rest.value), 0.0, whole.p50 * (high - rest.value))
    return quantiles(*(total + np.array(cumulants(more))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Each shipment of a sample; float64[rows], nan where no way is open. For one unit of cargo.

    time_h, cost_usd carry the journey's own luck; mean_h, mean_usd are expected values under the day's state;
    weight_usd is money and valued time, what the search minimizes; way : int64[rows], -1 for none.
    """

    time_h: np.ndarray
    cost_usd: np.ndarray
    co2e_kg: np.ndarray
    mean_h: np.ndarray
    mean_usd: np.ndarray
    weight_usd: np.ndarray
    way: np.ndarray


def drawn(time_or_cost: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Values of shifted lognormals at standard normal scores. time_or_cost : float64[n, 3], P10, P50, P90 of each row."""
    p10, p50, p90 = time_or_cost.T
    below, above = np.maximum(p50 - p10, 0.0), np.maximum(p90 - p50, 0.0)
    ratio = np.divide(above, below, out=np.ones_like(above), where=below > 0)
    sigma = np.maximum(np.log(np.maximum(ratio, 1.0)) / Z90, LEAST_SIGMA)
    scale = above / np.expm1(sigma * Z90)
    return p50 + scale * np.expm1(sigma * luck)


def cvar(values: np.ndarray, tail: float = TAIL) -> float:
    """Mean of the worst 1 - tail of some values (Rockafellar & Uryasev 2000, J. of Risk 2), nan where there are none.

    Where the tail cuts through a value, that value counts by the part of it that lies beyond.
    """
    known = np.sort(values[~np.isnan(values)])[::-1]
    if not len(known):
        return math.nan
    worst = (1 - tail) * len(known)
    whole = int(worst)
    part = worst - whole
    rest = part * known[whole] if part > 1e-12 else 0.0
    return float((known[:whole].sum() + rest) / worst)


def spread_of(values: np.ndarray, digits: int = 2) -> dict[str, float | None]:
    """Mean, P10, P50, P90, P95 and CVaR 95 % of the values that are known; None where there are none."""
    known = values[~np.isnan(values)]
    names = ("mean", "p10", "p50", "p90", "p95", "cvar95")
    if not len(known):
        return dict.fromkeys(names)
    told = (known.mean(), *np.quantile(known, (0.1, 0.5, 0.9, 0.95)), cvar(known))
    return {name: round(float(value), digits) for name, value in zip(names, told, strict=True)}
