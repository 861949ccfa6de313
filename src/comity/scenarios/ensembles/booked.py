"""What each way costs when a share of the cargo is booked on it for a year, whatever happens.

A booked shipment goes its way while it is open. When something on it is shut on the day of departure it is sent by the
best way of that day at the spot market's premium and after days of rebooking; where no way is open at all it waits.
Costs are landed: expected freight, and the worth of the cargo for each hour it is under way (Hummels & Schaur 2013).
The figures are rows `booking.*` and `cargo.value_of_time_pct_per_day` of transport.csv.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from comity import facts
from comity.routing.plan import Alternative, answer
from comity.scenarios.ensembles.ensemble import CLOSED, OPEN
from comity.scenarios.ensembles.outcome import Outcome
from comity.scenarios.ensembles.sample import Sample
from comity.scenarios.ensembles.study import Study
from comity.units import HOURS_PER_DAY

OFFERED = 6
MOST_KEYS = 31  # levels of so many keys fit into one whole number


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """Cost of each booked way for one unit of cargo: float64[rows, ways], and whether it was shut, bool[rows, ways]."""

    cost_usd: np.ndarray
    shut: np.ndarray


def offered(of: Study, most: int = OFFERED) -> tuple[Alternative, ...]:
    """The ways a planner would show for the day: what cargo can be booked on, also what is shut now and may open.

    Ways over what the question itself shuts are left out.
    """
    never = {row for key, level in of.given if level == CLOSED for row in of.keys.gate_set[key]}
    found = answer(of.planner, replace(of.request, alternatives=most), of.day).alternatives
    return tuple(one for one in found if never.isdisjoint(one.way.gate_rows))


def booked(of: Study, sample: Sample, outcome: Outcome, ways: Sequence[Alternative]) -> Booked:
    """Cost of every shipment of a sample on each way. outcome : the same sample on the best way of each day."""
    costs, shut = zip(*(_on_way(of, sample, one) for one in ways), strict=True)
    diverted = _diverted(of, outcome, min(cost.min() for cost in costs))
    cost = np.column_stack([np.where(barred, diverted, cost) for cost, barred in zip(costs, shut, strict=True)])
    return Booked(cost_usd=cost, shut=np.column_stack(shut))


def yearly(of: Study, sample: Sample, outcome: Outcome, ways: Sequence[Alternative]) -> np.ndarray:
    """Mean cost of a shipment in each scenario on each way, USD for one unit, float64[scenarios, ways]."""
    cost_usd = booked(of, sample, outcome, ways).cost_usd if ways else np.empty((sample.rows, 0))
    return cost_usd.reshape(sample.scenarios, sample.months, len(ways)).mean(axis=1)


def _on_way(of: Study, sample: Sample, one: Alternative) -> tuple[np.ndarray, np.ndarray]:
    """Money and valued time on one way with the delays of each day, and whether something on it is shut."""
    gates = tuple(row for row in one.way.gate_rows if of.keys.switchable[row])
    free = {row for key, level in of.given if level == OPEN for row in of.keys.gate_set[key]}
    strikes = tuple(row for row in gates if row not in free)
    keys = of.ensemble.keys_on(strikes)
    levels = np.array([sample.levels(key) for key in keys]) if keys else np.zeros((0, sample.rows), np.int8)
    code = (levels.astype(np.int64) << 2 * (np.arange(len(keys)) % MOST_KEYS)[:, None]).sum(axis=0)
    _, first, each = np.unique(code, return_index=True, return_inverse=True)
    usual = one.way.cost_usd.mean + one.way.time_h.mean * of.request.cargo.usd_per_h
    more = np.array([_more_usd(of, gates, keys, state) for state in levels[:, first].T])
    return usual + more[each], (levels == CLOSED).any(axis=0)


def _more_usd(of: Study, gates: Sequence[int], keys: Sequence[str], state: np.ndarray) -> float:
    """Expected dollars that a state adds at a way's gates: fees, and what the cargo's hours are worth."""
    raised = frozenset((key, int(level)) for key, level in zip(keys, state, strict=True) if level) | of.given
    slowed = of.ensemble.delays.slowed(tuple(gates), raised)
    added = [of.ensemble.delays.added(gate, numbers) for gate, numbers in slowed]
    return sum(hours * of.request.cargo.usd_per_h + usd for hours, usd in added)


def _diverted(of: Study, outcome: Outcome, usual_usd: float) -> np.ndarray:
    """What a shipment costs that finds its way shut: the best way of the day, dearer; or a wait until one opens."""
    usd_per_h = of.request.cargo.usd_per_h
    premium, rebooking, stranded, storage = (
        facts.figure("booking", name).value
        for name in ("spot_premium", "rebooking_h", "stranded_h", "storage_usd_per_day")
    )
    by_another = outcome.mean_usd * (1 + premium) + (outcome.mean_h + rebooking) * usd_per_h
    waiting = usual_usd + stranded * (usd_per_h + storage / HOURS_PER_DAY)
    return np.where(np.isnan(outcome.weight_usd), waiting, by_another)
