"""Cargo that meets a shut gate: it waits or turns, is never quicker for it, and turns only where that costs less."""

from __future__ import annotations

import numpy as np
import pytest

from comity.scenarios.ensembles import onroad
from comity.scenarios.ensembles.onroad import Met, replanned, together
from comity.scenarios.ensembles.study import Years

MANY = Years(scenarios=1500, months=12, seed=2)


@pytest.fixture(scope="module")
def case(studies):
    of = studies("Almaty", "Karachi")
    sample = of.sample(MANY)
    outcome = of.outcome(sample)
    return of, sample, outcome, *replanned(of, sample, outcome)


def test_what_is_met_costs_time_or_money_and_the_rest_stays_as_it_was(case):
    _, sample, before, after, met = case
    changed = ~np.isclose(before.weight_usd, after.weight_usd, equal_nan=True)
    assert changed.mean() == pytest.approx(met.met_share, abs=0.002) and met.met_share > 0
    assert np.nanmin((after.weight_usd - before.weight_usd)[changed]) > -0.05 * np.nanmean(before.weight_usd)
    assert np.nanmean((after.mean_h - before.mean_h)[changed]) > 24


def test_shares_add_up(case):
    met = case[4]
    assert met.met_share == pytest.approx(met.waited_share + met.turned_share)
    assert 0 < met.waited_share and 0 < met.turned_share and met.stuck_share <= met.waited_share


def test_a_gate_is_come_to_after_the_hours_before_it(case):
    of = case[0]
    for way in range(3):
        hours = list(onroad._offsets(of, way).values())
        assert hours == sorted(hours)
        assert hours[-1] < of.ensemble.ways[way].itinerary.time_h.mean


def test_blocks_are_put_together_by_their_shipments():
    one = Met(met_share=0.1, waited_share=0.1, turned_share=0.0, stuck_share=0.0, extra_days=10.0)
    other = Met(met_share=0.0, waited_share=0.0, turned_share=0.0, stuck_share=0.0, extra_days=0.0)
    both = together([one, other], [100, 300])
    assert both.met_share == pytest.approx(0.025) and both.extra_days == pytest.approx(10.0)
