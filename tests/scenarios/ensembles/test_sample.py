"""Shipments of simulated years: the same whatever else is asked, and true to the years they are drawn from."""

from __future__ import annotations

import numpy as np
import pytest

from comity.errors import BadInput
from comity.scenarios.closures.hazard import hazard
from comity.scenarios.ensembles import sample as module
from comity.scenarios.ensembles.sample import BLOCK, MONTH_D, Sample
from comity.scenarios.ensembles.study import Years
from tests.scenarios.conftest import ON

KEYS = ("torkham/road", "AFG-PAK/land", "khunjerab/road", "season/salang", "hormuz/sea")


@pytest.fixture(scope="module")
def made():
    of = hazard(ON)
    return lambda scenarios, blocks, months=4, seed=9: Sample(of, ON, months, seed, scenarios, blocks)


def test_a_shipment_leaves_in_each_month(made):
    sample = made(500, [0], months=12)
    month = sample.day / MONTH_D
    assert ((month >= np.arange(12) - 0.05) & (month < np.arange(12) + 1)).all()
    assert len(np.unique(sample.day[:, 3])) > 20


@pytest.mark.parametrize("key", KEYS)
def test_levels_are_those_of_the_years_on_the_day_of_departure(made, key):
    sample = made(200, [0])
    every_day = sample.years[0].levels(key)[:200]
    expected = np.take_along_axis(every_day, sample.day.astype(int), axis=1)
    assert (sample.levels(key).reshape(200, 4) == expected).all()


def test_a_scenario_is_the_same_whatever_else_is_asked_for(made):
    both, second, few = made(BLOCK + 60, [0, 1]), made(BLOCK + 60, [1]), made(40, [0])
    for key in KEYS:
        levels = both.levels(key).reshape(-1, 4)
        assert (second.levels(key).reshape(-1, 4) == levels[BLOCK:]).all()
        assert (few.levels(key).reshape(-1, 4) == levels[:40]).all()
    assert (both.luck_time[: 40 * 4] == few.luck_time).all()
    assert (both.day[BLOCK:] == second.day).all()


def test_the_order_of_questions_does_not_matter(made):
    forward, backward = made(100, [0]), made(100, [0])
    one = [forward.levels(key) for key in KEYS]
    other = [backward.levels(key) for key in reversed(KEYS)][::-1]
    assert all((a == b).all() for a, b in zip(one, other, strict=True))


def test_another_seed_is_another_world(made):
    a, b = made(300, [0]), made(300, [0], seed=10)
    assert (a.levels("AFG-PAK/land") != b.levels("AFG-PAK/land")).any() and (a.luck_time != b.luck_time).any()


def test_every_fault_of_the_years_is_told_at_once():
    with pytest.raises(BadInput) as told:
        Years(scenarios=0, months=-1, seed=2.5).checked()
    assert all(word in str(told.value) for word in ("scenarios 0", "months -1", "seed 2.5"))
    with pytest.raises(BadInput, match="1,000,000"):
        Years(scenarios=10**9).checked()


def test_what_happens_on_the_road_lies_within_the_simulated_time():
    assert module.AFTER_D >= 120
