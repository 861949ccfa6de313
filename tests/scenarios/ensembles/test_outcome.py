"""Days and dollars of shipments: as a plan would reckon them, with the right quantiles and the right tail."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.routing.spread import Z90
from comity.scenarios.ensembles.outcome import cvar, drawn, spread_of
from tests.scenarios.conftest import SOME

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=80).map(np.array)


def test_cvar_of_a_hundred_numbers_is_the_mean_of_the_five_worst():
    values = np.random.default_rng(0).permutation(np.arange(1.0, 101.0))
    assert cvar(values, 0.95) == pytest.approx(98.0)


def test_cvar_counts_the_part_of_a_value_that_the_tail_cuts_through():
    assert cvar(np.array([0.0, 10.0, 20.0]), 0.5) == pytest.approx((20 + 0.5 * 10) / 1.5)  # worst half of three


@given(VALUES)
def test_cvar_is_no_less_than_the_mean_nor_more_than_the_worst(values):
    slack = 1e-6 * (1 + np.abs(values).max())
    assert values.mean() - slack <= cvar(values, 0.9) <= values.max() + slack
    assert cvar(values, 0.0) == pytest.approx(values.mean(), abs=slack)


@given(VALUES, st.floats(0.01, 0.99))
def test_cvar_is_the_least_of_its_linear_programme(values, tail):
    """Rockafellar & Uryasev's theorem: the least over t of t + E[(x - t)+] / (1 - tail)."""
    by_t = [t + np.maximum(values - t, 0).mean() / (1 - tail) for t in values]
    assert cvar(values, tail) == pytest.approx(min(by_t), rel=1e-6, abs=1e-6 * (1 + np.abs(values).max()))


def test_what_is_drawn_has_the_three_quantiles_it_was_drawn_from():
    spreads = np.array([[50.0, 80.0, 200.0], [10.0, 10.0, 10.0], [5.0, 9.0, 13.0]])
    low, middle, high = (drawn(spreads, np.full(3, z)) for z in (-Z90, 0.0, Z90))
    assert middle == pytest.approx(spreads[:, 1])
    assert high == pytest.approx(spreads[:, 2])
    assert low == pytest.approx(spreads[:, 0], rel=1e-5)


def test_a_way_under_changes_is_reckoned_as_a_plan_reads_it(studies):
    of = studies("Almaty", "Karachi")
    rest, settled = of.settled(of.sample(SOME))
    checked = 0
    for raised, found in settled[:: max(1, len(settled) // 40)]:
        if found is None:
            continue
        slow = dict(of.ensemble.delays.slowed(found.gates, raised))
        read = of.ensemble.delays.reader(slow).read(of.ensemble.ways[found.way].arcs, 0, *of.ensemble.ends)
        told = of.reckoner.figures(found, raised)
        assert told.time_h.p50 == pytest.approx(read.time_h.p50, rel=0.005)
        assert told.time_h.p90 == pytest.approx(read.time_h.p90, rel=0.005)
        assert told.mean_usd == pytest.approx(read.cost_usd.mean, rel=1e-9)
        checked += bool(slow)
    assert checked >= 5


def test_the_spread_of_no_value_is_nothing():
    assert set(spread_of(np.array([np.nan])).values()) == {None}
