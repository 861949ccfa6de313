"""Cargo that learns on the road: a gate that was open at departure is shut when it is come to.

There it turns to the best other way from where it stands, as the borders are on that day, when that costs less than the
typical wait at such a gate; otherwise it waits until the gate opens. Each shipment re-plans once. Typical waits are those
of the fitted closures (`Years.typical_h`), for nobody at a shut gate knows how long this one will last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from comity.places import Place
from comity.routing.engine import UNITS_PER_USD
from comity.scenarios.ensembles.ensemble import CLOSED, OPEN, Ensemble
from comity.scenarios.ensembles.outcome import Outcome, Reckoner
from comity.scenarios.ensembles.sample import Sample
from comity.scenarios.ensembles.study import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """How shipments fared that met a shut gate: shares of all shipments, and the mean delay of those that met one."""

    met_share: float
    waited_share: float
    turned_share: float
    stuck_share: float  # still waiting when the simulated time ends
    extra_days: float


def together(parts: Sequence[Met], rows: Sequence[int]) -> Met:
    """The summaries of several blocks as one. rows : shipments of each"""
    weight = np.array(rows) / sum(rows)
    met = float(sum(w * part.met_share for w, part in zip(weight, parts, strict=True)))
    late = sum(w * part.met_share * part.extra_days for w, part in zip(weight, parts, strict=True))
    names = ("waited_share", "turned_share", "stuck_share")
    shares = {
        name: float(sum(w * getattr(part, name) for w, part in zip(weight, parts, strict=True))) for name in names
    }
    return Met(met_share=met, extra_days=float(late / met) if met else 0.0, **shares)


def replanned(of: Study, sample: Sample, outcome: Outcome) -> tuple[Outcome, Met]:
    """The outcome with what is met on the road, and a summary. Hours and dollars are added; the way told is that of departure."""
    arrival, gate_met = _first_shut(of, sample, outcome)
    rows = np.flatnonzero(gate_met >= 0)
    hours, usd, turned, stuck = (np.zeros(sample.rows) for _ in range(4))
    for gate in np.unique(gate_met[rows]).tolist():
        mine = rows[gate_met[rows] == gate]
        told = _at_gate(of, sample, outcome, gate, mine, arrival[mine])
        hours[mine], usd[mine], turned[mine], stuck[mine] = told
    met = Met(
        met_share=len(rows) / sample.rows,
        waited_share=float((len(rows) - turned.sum()) / sample.rows),
        turned_share=float(turned.sum() / sample.rows),
        stuck_share=float(stuck.sum() / sample.rows),
        extra_days=float(hours[rows].mean() / 24) if len(rows) else 0.0,
    )
    usd_per_h = of.planner.valuations["overall"][0]
    now = replace(
        outcome,
        time_h=outcome.time_h + hours,
        mean_h=outcome.mean_h + hours,
        cost_usd=outcome.cost_usd + usd,
        mean_usd=outcome.mean_usd + usd,
        weight_usd=outcome.weight_usd + usd + hours * usd_per_h,
    )
    return now, met


def _first_shut(of: Study, sample: Sample, outcome: Outcome) -> tuple[np.ndarray, np.ndarray]:
    """Day on which each shipment comes to the first gate that is shut then, and the gate's row; -1 where none is."""
    offsets = {way: _offsets(of, way) for way in np.unique(outcome.way[outcome.way >= 0]).tolist()}
    leaves = sample.day.ravel().astype(np.int64)
    when, gate_met = np.full(sample.rows, -1), np.full(sample.rows, -1)
    held = {row for key, level in of.given if level == OPEN for row in of.keys.gate_set[key]}
    keys = sorted({key for way in offsets for gate in offsets[way] for key in of.keys.of_gate[gate]})
    for key in keys:
        for gate in of.keys.gates_of[key].tolist():
            passing = [way for way in offsets if gate in offsets[way]]
            if not passing or gate in held:
                continue
            hours = np.full(len(of.ensemble.ways), np.nan)
            hours[passing] = [offsets[way][gate] for way in passing]
            after = hours[outcome.way]
            rows = np.flatnonzero(~np.isnan(after) & (outcome.way >= 0))
            day = leaves.copy()
            day[rows] += (after[rows] / 24).astype(np.int64)
            np.minimum(day, sample.days_simulated - 1, out=day)
            level = sample.at(key, day.reshape(sample.day.shape)).ravel()
            hit = rows[(level[rows] == CLOSED) & ((when[rows] < 0) | (day[rows] < when[rows]))]
            when[hit], gate_met[hit] = day[hit], gate
    return when, gate_met


def _offsets(of: Study, way: int) -> dict[int, float]:
    """Expected hours from departure to each gate of a way that can shut, everything as usual."""
    network, arcs = of.network, of.ensemble.ways[way].arcs
    pace = np.array([pace.h_per_km.mean * pace.day_factor for pace in of.planner.tariff.paces])
    hours = network.arc_km[arcs] * pace[network.arc_cell[arcs]]
    gate = network.arc_gate[arcs]
    first = np.r_[True, gate[1:] != gate[:-1]] & (gate >= 0)
    waits = np.where(first, of.planner.tariff.gate_hours[np.maximum(gate, 0)], 0.0)
    before = np.r_[0.0, np.cumsum(hours + waits)[:-1]]
    found: dict[int, float] = {}
    for row, at in zip(gate[first].tolist(), before[first].tolist(), strict=True):
        if of.keys.switchable[row]:
            found.setdefault(row, at)
    return found


def _at_gate(of: Study, sample: Sample, outcome: Outcome, gate: int, rows: np.ndarray, day: np.ndarray):
    """Extra hours and dollars of shipments that stand before a shut gate, and which of them turn or stay stuck."""
    wait_d, stuck = _until_open(of, sample, gate, rows // sample.months, day)
    from_here, hours_on, usd_on = _onward(of, sample, gate, rows, day)
    left_usd, left_h, left_money = _rest(of, outcome, gate, rows)
    usd_per_h = of.planner.valuations["overall"][0]
    typical = max((year.typical_h(key) for year in sample.years[:1] for key in of.keys.of_gate[gate]), default=0.0)
    turns = from_here - left_usd < typical * usd_per_h
    hours = np.where(turns, hours_on - left_h, 24.0 * wait_d)
    usd = np.where(turns, usd_on - left_money, 0.0)
    return hours, usd, turns, stuck & ~turns


def _until_open(of: Study, sample: Sample, gate: int, scenario: np.ndarray, day: np.ndarray):
    """Days until nothing shuts the gate, and whether it is still shut when the simulated time ends."""
    last = sample.days_simulated
    shut = np.zeros((len(scenario), last), bool)
    for key in of.keys.of_gate[gate]:
        every = np.broadcast_to(np.arange(last), (sample.scenarios, last))
        shut |= sample.at(key, every)[scenario] == CLOSED
    shut[np.arange(last) < day[:, None]] = True
    opens = np.where(shut.all(axis=1), last, shut.argmin(axis=1))
    return opens - day, opens == last


def _onward(of: Study, sample: Sample, gate: int, rows: np.ndarray, day: np.ndarray):
    """Least weight, expected hours and dollars from before a gate to the destination as the borders are on that day."""
    network = of.network
    node = int(network.arc_tail[of.planner.gate_arcs(gate)[0]])
    here = Place(id=network.gates[gate].id, name=network.gates[gate].name, kind="crossing",
                 country=network.gates[gate].country_from, lon=network.gates[gate].lon, lat=network.gates[gate].lat)  # fmt: skip
    local = Ensemble(of.planner, of.keys, node, of.nodes[1], (here, of.request.destination), of.ensemble.share)
    days = sample.day.astype(np.int64).ravel()
    days[rows] = day
    level = partial(_levels_on, sample, days.reshape(sample.day.shape), rows, {})
    rest, settled = local.sort(level, [(of.given, np.arange(len(rows)))])
    reckoner = Reckoner(local)
    table = np.array(
        [
            [np.inf, np.inf, np.inf]
            if found is None
            else [found.weight / UNITS_PER_USD, (f := reckoner.figures(found, raised)).mean_h, f.mean_usd]
            for raised, found in settled
        ]
    ).reshape(-1, 3)
    return table[rest].T


def _levels_on(sample: Sample, day: np.ndarray, rows: np.ndarray, known: dict, key: str) -> np.ndarray:
    if key not in known:
        known[key] = sample.at(key, day).ravel()[rows]
    return known[key]


def _rest(of: Study, outcome: Outcome, gate: int, rows: np.ndarray):
    """Weight, hours and dollars that remain of the way of departure from a gate on, everything as usual."""
    network, whole = of.network, of.planner.metric("overall").whole
    usd_per_h, cost_share, _ = of.planner.valuations["overall"]
    found = np.zeros((len(of.ensemble.ways), 3))
    for way in np.unique(outcome.way[rows]).tolist():
        arcs = of.ensemble.ways[way].arcs
        left = arcs[int(np.flatnonzero(network.arc_gate[arcs] == gate)[0]) :]
        weight = float(whole[left].sum(dtype=np.int64)) / UNITS_PER_USD
        hours = of.ensemble.ways[way].itinerary.time_h.mean - _offsets(of, way)[gate]
        found[way] = weight, hours, (weight - hours * usd_per_h) / cost_share
    return found[outcome.way[rows]].T
