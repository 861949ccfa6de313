"""Lines and crossings ranked by what they save over many pairs."""

from __future__ import annotations

import pytest

from comity import places
from comity.scenarios.lines import newlines
from comity.scenarios.lines.gains import rank_crossings, rank_lines, region_pairs
from comity.scenarios.lines.wishes import resolved

DAY = "2026-11-24"


def question(a: str, b: str, **more):
    return newlines.asked(a, b, on=DAY, **more)


def test_an_hour_less_at_the_only_crossing_of_the_way_is_an_hour_saved(network):
    ranks = rank_crossings(question("Peshawar", "Kabul", open_=["AFG-PAK"]), network)
    first = ranks[0]
    assert first.id == "torkham"
    assert first.hours_saved_per_hour == pytest.approx(1.0, abs=1e-3)
    assert first.pairs_using == 1


def test_a_crossing_that_no_best_way_uses_saves_nothing_by_an_hour(network):
    found = newlines.crossings_ranked(question("Almaty", "Karachi"), network)
    idle = [rank for rank in found if rank.pairs_using == 0]
    assert idle  # those on other ways of the plan
    assert all(rank.hours_saved_per_hour >= 0.0 for rank in found)
    assert sum(rank.hours_saved_per_hour for rank in idle) < 0.01


def test_over_pairs_an_hour_saves_as_many_hours_as_best_ways_pass(network):
    pairs = region_pairs(("KAZ", "UZB", "KGZ"))
    assert len(pairs) == 6
    for rank in rank_crossings(question("Almaty", "Tashkent"), network, pairs):
        assert rank.hours_saved_per_hour <= len(pairs) + 1e-6
        if rank.usual_h[0] > 3 and rank.pairs_using:  # a mean below an hour could not lose one
            assert rank.hours_saved_per_hour >= rank.pairs_using - 1e-3


def test_half_a_wait_saves_at_least_its_share_of_hours(network):
    for rank in rank_crossings(question("Peshawar", "Kabul", open_=["AFG-PAK"]), network):
        if rank.usual_h[0] > 4:
            assert rank.hours_saved_if_halved >= rank.hours_saved_per_hour * rank.usual_h[0] / 2 - 0.01


def test_lines_together_save_at_least_what_each_saves_alone(network, extended):
    asked = question("Almaty", "Karachi", open_=["AFG-PAK"])
    (one, other), _ = resolved(["uap", "kohat-kharlachi"])
    ranks = {rank.ids: rank for rank in rank_lines(asked, extended, [(one,), (other,), (one, other)])}
    both = ranks[one.id, other.id]
    assert both.generalized_usd >= max(ranks[one.id,].generalized_usd, ranks[other.id,].generalized_usd) > 0


def test_the_ranking_agrees_with_the_comparison(network, extended):
    asked = question("Almaty", "Karachi", open_=["AFG-PAK"])
    (line,), _ = resolved(["uap"])
    (rank,) = rank_lines(asked, extended, [(line,)])
    case = newlines.whatif("Almaty", "Karachi", build=["uap"], open_=["AFG-PAK"], on=DAY, network=network).cases[0]
    gained = case.before.best.generalized_usd - case.after.best.generalized_usd
    assert rank.generalized_usd == pytest.approx(gained, abs=0.02)
    assert rank.time_h == pytest.approx(case.before.best.way.time_h.p50 - case.after.best.way.time_h.p50, abs=0.01)


def test_pairs_are_the_first_freight_places():
    found = region_pairs(("KAZ", "PAK"))
    assert [(a.name, b.name) for a, b in found] == [("Almaty", "Karachi"), ("Karachi", "Almaty")]
    assert all(isinstance(place, places.Place) for pair in found for place in pair)
