"""A risk as the one JSON object that command line, Python and brief read: comity.risk/1 (docs/methods/risk.md)."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from comity import facts
from comity.routing.answer import asked, place
from comity.scenarios.closures.hazard import expected
from comity.scenarios.ensembles.outcome import TAIL, spread_of
from comity.scenarios.ensembles.sample import MONTH_D
from comity.scenarios.ensembles.study import Study
from comity.scenarios.risk import Risk, ways_used

KEYS_TOLD = 24
BINS = 24


def as_json(risk: Risk) -> dict:
    """The whole answer; days and dollars are per shipment of all units of the cargo."""
    from comity import __version__

    of, years = risk.study, risk.years
    request, units = of.request, of.request.cargo.units
    out = risk.outcome
    return {
        "schema": "comity.risk/1",
        "origin": place(request.origin),
        "destination": place(request.destination),
        "conditions": asked(request)
        | {
            "scenario": of.laid.told,
            "scenarios": years.scenarios,
            "months": years.months,
            "seed": years.seed,
            "replan": "departure" if risk.met is None else "road",
            "tail": TAIL,
            "closed": [item.json() for item in of.day.closed],
        },
        "usual": _usual(risk),
        "days": spread_of(out.time_h / 24),
        "cost_usd": spread_of(out.cost_usd * units),
        "co2e_t": spread_of(out.co2e_kg * units / 1000, 3),
        "no_way_share": round(float((out.way < 0).mean()), 5),
        "extra": extra(risk),
        "met_on_the_road": _met(risk),
        "by_month": by_month(risk),
        "histogram": histogram(out.time_h / 24),
        "ways": ways_used(risk),
        "depends_on": [one.json() for one in risk.dependences],
        "diversity": {
            "corridors_used": round(risk.effective_ways, 2),
            "index": round(1 - 1 / risk.effective_ways, 3) if risk.effective_ways else None,
            "independent_routes": round(risk.effective_routes, 2),
        },
        "hazards": hazards(risk),
        "version": {"comity": __version__, "network": of.network.id, "facts": facts.digest()},
    }


def _usual(risk: Risk) -> dict | None:
    """The way with everything open as usual, which extra days and dollars are counted from."""
    if risk.usual is None:
        return None
    units = risk.study.request.cargo.units
    return {
        "days": round(risk.usual.mean_h / 24, 2),
        "cost_usd": round(risk.usual.mean_usd * units, 2),
        "co2e_t": round(risk.usual.co2e_kg * units / 1000, 3),
    }


def extra(risk: Risk) -> dict | None:
    """Expected days and dollars beyond those with everything open, per shipment and in a year of one shipment a month."""
    out, units = risk.outcome, risk.study.request.cargo.units
    known = ~np.isnan(out.mean_h)
    if risk.usual is None or not known.any():
        return None
    days = float((out.mean_h[known] - risk.usual.mean_h).mean() / 24)
    usd = float((out.mean_usd[known] - risk.usual.mean_usd).mean() * units)
    return {
        "days_per_shipment": round(days, 3),
        "usd_per_shipment": round(usd, 2),
        "days_per_year": round(12 * days, 2),
        "usd_per_year": round(12 * usd, 2),
    }


def _met(risk: Risk) -> dict | None:
    if risk.met is None:
        return None
    met = risk.met
    return {
        "met_share": round(met.met_share, 5),
        "waited_share": round(met.waited_share, 5),
        "turned_share": round(met.turned_share, 5),
        "stuck_share": round(met.stuck_share, 5),
        "extra_days_if_met": round(met.extra_days, 2),
    }


def by_month(risk: Risk) -> list[dict]:
    """Days of the shipments that leave in each month, and the share that finds no way."""
    out, month = risk.outcome, np.arange(len(risk.outcome.way)) % risk.years.months
    found = []
    for number in range(risk.years.months):
        rows = month == number
        begins = risk.study.request.on + timedelta(days=number * MONTH_D)
        told = spread_of(out.time_h[rows] / 24)
        found.append(
            {"from": begins.isoformat(), "no_way_share": round(float((out.way[rows] < 0).mean()), 5), "days": told}
        )
    return found


def histogram(days: np.ndarray) -> dict:
    """Shares of shipments by days, in equal bins up to the 99th percentile; the last bin takes all beyond."""
    known = days[~np.isnan(days)]
    if not len(known):
        return {"edges": [], "share": []}
    low, high = np.floor(known.min()), np.ceil(np.quantile(known, 0.99))
    edges = np.linspace(low, max(high, low + 1), BINS + 1)
    count, _ = np.histogram(np.minimum(known, edges[-1]), edges)
    return {
        "edges": [round(float(edge), 2) for edge in edges],
        "share": [round(float(c) / len(days), 5) for c in count],
    }


def hazards(risk: Risk) -> list[dict]:
    """What was fitted for the keys on the ways used: events a year, days each, share of days shut, with P10 and P90."""
    of = risk.study
    met = {key for number in np.unique(risk.outcome.way[risk.outcome.way >= 0]).tolist() for key in _keys(of, number)}
    raised = {key: float((risk.probe.levels(key) > 0).mean()) for key in met if not key.startswith("season/")}
    order = sorted(raised, key=lambda key: (-raised[key], key))[:KEYS_TOLD]
    return [_hazard(of.hazard, key, raised[key]) for key in order]


def _keys(of: Study, way: int) -> tuple[str, ...]:
    return of.ensemble.keys_on(of.ensemble.ways[way].gates)


def _hazard(hazard, key: str, raised: float) -> dict:
    told = expected(hazard, key)
    return {
        "key": key,
        "events_per_year": _range(told.events_per_year, told.events_low, told.events_high),
        "median_days": _range(told.median_days, told.days_low, told.days_high),
        "share_shut": _range(told.share_shut, told.share_low, told.share_high),
        "in_force": [item.id for item in hazard.ongoing_at(key)],
        "share_of_departures_touched": round(raised, 4),
    }


def _range(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": round(value, 4), "low": round(low, 4), "high": round(high, 4)}
