"""Risk of a pair: what hangs on what, how diverse its ways are, and the same answer for the same seed."""

from __future__ import annotations

import json

import numpy as np
import pytest

from comity.errors import BadInput, NoRoute
from comity.scenarios.ensembles.study import Years
from comity.scenarios.risk import effective_number, effective_routes, risk
from tests.scenarios.conftest import ON, SOME


@pytest.fixture(scope="module")
def asked(network):
    return lambda *pair, years=SOME, **more: risk(*pair, years=years, on=ON, network=network, **more)


@pytest.fixture(scope="module")
def kazpak(asked):
    return asked("KAZ", "PAK")


def test_the_worst_are_worse_than_the_mean_in_everything(kazpak):
    told = kazpak.to_json()
    for what in ("days", "cost_usd", "co2e_t"):
        one = told[what]
        assert one["cvar95"] >= one["mean"] and one["cvar95"] >= one["p95"] >= one["p90"] >= one["p50"] >= one["p10"]


def test_to_lose_a_thing_never_helps_and_to_keep_it_open_never_hurts(kazpak):
    assert len(kazpak.dependences) >= 8
    for one in kazpak.dependences:
        assert one.loss_usd >= -1e-9 and one.gain_usd >= -1e-9, one
        assert one.loss_no_way >= 0 and one.gain_no_way >= 0, one
        assert 0 <= one.use_share <= 1


def test_a_loss_is_that_of_the_whole_question_with_the_thing_shut(asked, kazpak):
    """The tornado's bar for China equals a risk asked anew with --close CHN."""
    bar = next(one for one in kazpak.dependences if one.key == "CHN")
    without = asked("KAZ", "PAK", close=("CHN",))
    both = ~np.isnan(without.outcome.weight_usd) & ~np.isnan(kazpak.outcome.weight_usd)
    loss = (without.outcome.weight_usd - kazpak.outcome.weight_usd)[both].sum() / len(both)
    assert bar.loss_usd == pytest.approx(loss, rel=1e-9)


def test_a_crossing_weighs_no_more_than_its_country(kazpak):
    loss = {one.key: one.loss_usd for one in kazpak.dependences}
    assert loss["khunjerab"] <= loss["CHN"] + 1e-6 and loss["torugart"] <= loss["KGZ"] + 1e-6


def test_afghanistan_counts_on_the_way_to_pakistan(kazpak):
    told = {one.key: one for one in kazpak.dependences}
    assert told["AFG"].gain_usd > 50  # were its borders never shut
    assert told["AFG"].use_share < 0.5  # while most years begin with them shut


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(asked):
    one, same, other = (
        json.dumps(asked("Nairobi", "Kampala", years=Years(scenarios=200, months=3, seed=seed)).to_json())
        for seed in (5, 5, 6)
    )
    assert one == same != other


def test_cargo_that_learns_on_the_road_fares_no_better_on_the_whole(asked, kazpak):
    learned = asked("KAZ", "PAK", replan="road")
    assert learned.met is not None and 0 < learned.met.met_share < 0.2
    assert learned.met.met_share == pytest.approx(learned.met.waited_share + learned.met.turned_share)
    assert np.nanmean(learned.outcome.weight_usd) > np.nanmean(kazpak.outcome.weight_usd)
    assert learned.to_json()["conditions"]["replan"] == "road"


def test_a_rule_of_replanning_that_is_none_is_refused(asked):
    with pytest.raises(BadInput, match="departure or road"):
        asked("KAZ", "PAK", replan="sometimes")


def test_a_pair_that_passes_nothing_depends_on_nothing(asked):
    told = asked("Almaty", "Astana").to_json()
    assert told["depends_on"] == [] and told["no_way_share"] == 0
    assert told["extra"]["days_per_shipment"] == pytest.approx(0, abs=0.2)


def test_a_pair_that_nothing_joins_is_told_so(asked):
    with pytest.raises(NoRoute, match="None of the 1,800"):
        asked("KAZ", "PAK", close=("KAZ",))


def test_ports_alone_are_a_question_too(asked):
    told = asked("Karachi", "Colombo", modes=("sea",)).to_json()
    assert told["days"]["mean"] > 3


@pytest.mark.parametrize("shares, number", [([1], 1), ([1, 1], 2), ([1, 1, 1, 1], 4), ([9, 1], 1 / 0.82), ([], 0)])
def test_effective_number_of_shares(shares, number):
    assert effective_number(np.array(shares, float)) == pytest.approx(number)


def test_independent_routes_count_each_and_one_risk_counts_once():
    rng = np.random.default_rng(4)
    apart = rng.standard_normal((20_000, 4))
    assert effective_routes(apart) == pytest.approx(4, rel=0.05)
    assert effective_routes(np.column_stack([apart[:, 0]] * 4)) == pytest.approx(1)
    assert effective_routes(apart[:, :1]) == 1
    assert effective_routes(np.ones((50, 3))) == 1


def test_the_answer_holds_what_its_readers_need(kazpak):
    told = kazpak.to_json()
    assert told["schema"] == "comity.risk/1"
    assert len(told["by_month"]) == SOME.months
    assert sum(told["histogram"]["share"]) == pytest.approx(1 - told["no_way_share"], abs=0.001)
    assert sum(way["share"] for way in told["ways"]) <= 1 + 1e-3  # each is rounded
    assert len({way["title"] for way in told["ways"]}) == len(told["ways"])
    assert told["hazards"][0]["events_per_year"]["low"] <= told["hazards"][0]["events_per_year"]["high"]
    json.dumps(told, allow_nan=False)
