"""Shares learnt from few events: they add up, follow the events, and never say never."""

from __future__ import annotations

import numpy as np
import pytest

from comity import facts
from comity.scenarios.closures import history
from comity.scenarios.closures.lengths import CAUSES
from comity.scenarios.closures.usual import CLASSES, DATED, usual

EVENTS = [event for event in history.events(facts.rows("closures")) if history.watched(event) and not event.sequel]


@pytest.fixture(scope="module")
def learnt():
    return usual(EVENTS)


def test_shares_add_up_and_nothing_is_impossible(learnt):
    assert set(learnt.levels) == set(CAUSES)
    for shares in [*learnt.levels.values(), *(tuple(mix.values()) for mix in learnt.causes.values())]:
        assert sum(shares) == pytest.approx(1) and min(shares) > 0
    assert {name for _, name in learnt.causes} == set(CLASSES)


def test_months_have_mean_one_and_snow_falls_in_winter(learnt):
    assert set(learnt.months) == set(DATED)
    for months in learnt.months.values():
        assert np.mean(months) == pytest.approx(1) and min(months) > 0
    weather = learnt.months["weather"]
    assert min(weather[0], weather[1]) > 1.3 > 0.7 > max(weather[6], weather[7])


def test_without_events_all_shares_are_even():
    nothing = usual([])
    assert nothing.levels["strike"] == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert nothing.months["weather"] == pytest.approx((1,) * 12)
    assert nothing.hits["pair"] == nothing.hits["nation"] == pytest.approx(0.5, abs=0.01)
    assert nothing.hits["world"] < 0.02


def test_a_member_is_hit_by_chance(learnt):
    assert all(0 < share < 1 for share in learnt.hits.values())
    assert learnt.hits["world"] > 0.2  # the pandemic shut many borders at once


def test_a_war_counts_once_among_the_causes(learnt):
    wars = [event for event in EVENTS if event.kind == "nation"]
    assert len(wars) == 3 and usual(wars).causes["", "people"] == usual(wars[:1]).causes["", "people"]
    assert learnt.hits["nation"] > usual([]).hits["nation"]
