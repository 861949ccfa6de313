"""What a booked way costs: as usual while it is open, the best other way and a premium when it is shut."""

from __future__ import annotations

import numpy as np
import pytest

from comity.facts import figure
from comity.scenarios.ensembles.booked import booked, offered
from comity.scenarios.ensembles.ensemble import CLOSED
from tests.scenarios.conftest import SOME


@pytest.fixture(scope="module")
def case(studies):
    of = studies("Almaty", "Karachi")
    sample, ways = of.sample(SOME), offered(of)
    outcome = of.outcome(sample)
    return of, sample, ways, outcome, booked(of, sample, outcome, ways)


def test_a_way_is_shut_when_anything_that_strikes_it_is(case):
    of, sample, ways, _, told = case
    for number, one in enumerate(ways):
        keys = {key for row in one.way.gate_rows for key in of.keys.of_gate[row]}
        shut = np.any([sample.levels(key) == CLOSED for key in keys], axis=0)
        assert (told.shut[:, number] == shut).all()


def test_an_open_way_costs_its_freight_and_the_cargos_time_and_more_on_slow_days(case):
    of, sample, ways, _, told = case
    hour = of.request.cargo.usd_per_h
    for number, one in enumerate(ways):
        usual = one.way.cost_usd.mean + hour * one.way.time_h.mean
        cost = told.cost_usd[~told.shut[:, number], number]
        if len(cost):
            assert cost.min() >= usual - 1e-6
    best = told.cost_usd[~told.shut[:, 0], 0]
    assert best.min() == pytest.approx(ways[0].way.cost_usd.mean + hour * ways[0].way.time_h.mean)
    assert best.max() > best.min()


def test_a_shut_way_costs_the_best_of_the_day_with_premium_and_rebooking(case):
    of, _, _, outcome, told = case
    rows = np.flatnonzero(told.shut[:, 0] & ~np.isnan(outcome.mean_usd))[:20]
    premium, hours = (figure("booking", name).value for name in ("spot_premium", "rebooking_h"))
    expected = outcome.mean_usd[rows] * (1 + premium) + of.request.cargo.usd_per_h * (outcome.mean_h[rows] + hours)
    assert len(rows) and told.cost_usd[rows, 0] == pytest.approx(expected)


def test_ways_over_what_the_question_shuts_are_not_offered(studies):
    of = studies("Almaty", "Karachi", close=("CHN",))
    assert all("CHN" not in one.way.countries for one in offered(of))
