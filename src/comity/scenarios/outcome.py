"""Days, dollars and CO2e of each shipment of an ensemble, and what their distribution says."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from comity import facts
from comity.routing.itinerary import Itinerary
from comity.routing.spread import NOTHING, Z90, Spread, cumulants, quantiles
from comity.scenarios.ensemble import Ensemble, Found, Raised

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

    A change that slows gates of a way moves their dwells alone. Cumulants of independent parts add (see routing.spread),
    so those of the slowed dwells take the place of the usual ones.
    """

    def __init__(self, ensemble: Ensemble):
        self.ensemble = ensemble
        self._base: dict[int, tuple[np.ndarray, dict[int, np.ndarray], Spread, float]] = {}
        self._known: dict[tuple, Figures] = {}

    def figures(self, found: Found, raised: Raised) -> Figures:
        """Days, dollars and CO2e of a way with these changes in force."""
        slowed = self.ensemble.delays.slowed(found.gates, raised)
        key = found.way, slowed
        if key not in self._known:
            self._known[key] = self._reckoned(found.way, slowed)
        return self._known[key]

    def _reckoned(self, way: int, slowed: tuple[tuple[int, tuple[int, ...]], ...]) -> Figures:
        usual, dwells, cost, co2e = self._of_way(way)
        total = usual.copy()
        for gate, numbers in slowed:
            reader = self.ensemble.delays.reader({gate: numbers})
            total += np.array(cumulants(reader.stages(gate)[0].time_h)) - dwells.get(gate, 0.0)
        time = _with_unexplained(total)
        return Figures(time_h=time, cost_usd=cost, mean_h=cumulants(time)[0], mean_usd=cumulants(cost)[0], co2e_kg=co2e)

    def _of_way(self, way: int):
        """Cumulants of its hours without what no part explains, those of each gate's dwell, its cost and its CO2e."""
        if way not in self._base:
            itinerary = self.ensemble.ways[way].itinerary
            row_of = {id(self.ensemble.planner.network.gates[row]): row for row in self.ensemble.ways[way].gates}
            dwells: dict[int, np.ndarray] = {}
            for dwell in itinerary.dwells:
                row = row_of.get(id(dwell.gate))
                if row is not None and dwell.kind != "landing":
                    dwells[row] = np.array(cumulants(dwell.time_h))
            known = [cumulants(part) for part in _parts(itinerary)]
            total = np.array(known).sum(axis=0) if known else np.zeros(3)
            self._base[way] = total, dwells, itinerary.cost_usd, itinerary.co2e_kg
        return self._base[way]


def _parts(itinerary: Itinerary) -> list[Spread]:
    """What adds up to a journey's hours: moving by each mode, and each dwell."""
    moving: dict[str, Spread] = {}
    for leg in itinerary.legs:
        moving[leg.mode] = moving.get(leg.mode, NOTHING) + leg.time_h
    parts = [*moving.values(), *(dwell.time_h for dwell in itinerary.dwells)]
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
