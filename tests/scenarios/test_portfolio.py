"""Splitting cargo: the linear programme against brute force, the frontier's laws, and common causes that make one risk."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from comity.errors import BadInput, NoRoute
from comity.scenarios.ensembles.study import Years
from comity.scenarios.portfolio import merged, of_split, portfolio, solved
from tests.scenarios.conftest import ON, SOME


def months(seed: int, count: int = 400, ways: int = 3) -> np.ndarray:
    """Months in which each way costs as usual or, now and then, much more."""
    rng = np.random.default_rng(seed)
    usual = np.array([100.0, 110.0, 125.0])[:ways]
    return usual + rng.exponential(120.0, (count, ways)) * (rng.random((count, ways)) < [0.15, 0.1, 0.05][:ways])


def best(cost: np.ndarray, risk: float, most=(1.0,) * 3, lots=(0.0,) * 3) -> np.ndarray:
    return solved(*merged(cost), risk, most[: cost.shape[1]], lots[: cost.shape[1]])


def value(cost: np.ndarray, shares: np.ndarray, risk: float) -> float:
    mean, tail = of_split(cost, shares)
    return (1 - risk) * mean + risk * tail


@pytest.mark.parametrize("risk", [0.0, 0.3, 0.7, 1.0])
def test_no_split_on_a_fine_grid_is_better(risk):
    cost = months(1)
    found = value(cost, best(cost, risk), risk)
    grid = [np.array([a, b, 20 - a - b]) / 20 for a, b in product(range(21), repeat=2) if a + b <= 20]
    assert found <= min(value(cost, shares, risk) for shares in grid) + 0.05


def test_without_care_for_bad_months_all_goes_by_the_cheapest():
    cost = months(2)
    assert best(cost, 0.0) == pytest.approx(np.eye(3)[cost.mean(axis=0).argmin()], abs=1e-6)


def test_the_frontier_is_convex_and_safety_costs_more_step_by_step():
    cost = months(3)
    points = [of_split(cost, best(cost, risk)) for risk in np.linspace(0, 1, 11)]
    mean, tail = np.array(points).T
    assert (np.diff(mean) >= -0.02).all() and (np.diff(tail) <= 0.02).all()
    corners = [0] + [n for n in range(1, 11) if tail[n - 1] - tail[n] > 0.05]
    slopes = [(mean[b] - mean[a]) / (tail[a] - tail[b]) for a, b in zip(corners, corners[1:], strict=False)]
    assert len(slopes) >= 2 and all(b >= a - 1e-3 for a, b in zip(slopes, slopes[1:], strict=False))


def test_splitting_pays_where_ways_fail_apart_and_not_where_they_fail_together():
    rng = np.random.default_rng(8)
    fails = rng.random((4000, 2)) < 0.08
    apart, together = 100 + 300.0 * fails, 100 + 300.0 * fails[:, [0, 0]]
    together[:, 1] += 1
    halves = best(apart, 0.9)[:2]
    assert 0.3 < halves[0] < 0.7
    assert of_split(apart, halves)[1] < of_split(apart, np.array([1.0, 0.0]))[1] - 50
    assert best(together, 0.9)[0] == pytest.approx(1.0, abs=1e-6)


def test_capacities_and_least_lots_are_kept():
    cost = months(5)
    capped = best(cost, 0.0, most=(0.4, 1.0, 1.0))
    assert capped.max() <= 1 and capped[cost.mean(axis=0).argmin()] <= 0.4 + 1e-6 or capped[0] <= 0.4 + 1e-6
    lot = best(cost, 1.0, lots=(0.0, 0.0, 0.45))
    assert lot[2] < 1e-6 or lot[2] >= 0.45 - 1e-6
    with pytest.raises(BadInput, match="No split"):
        best(cost, 0.5, most=(0.2, 0.2, 0.2))


def test_equal_months_are_one_row_with_their_weight():
    cost = np.array([[1.0, 2.0], [3.0, 4.0], [1.0, 2.0], [1.001, 2.0]])
    rows, weight = merged(cost)
    assert rows.tolist() == [[1.0, 2.0], [3.0, 4.0]] and weight.tolist() == [0.75, 0.25]


@pytest.fixture(scope="module")
def kazpak(network):
    return portfolio("KAZ", "PAK", volume=1000, risk=1.0, years=SOME, on=ON, network=network).to_json()


def test_shares_of_a_real_pair_add_up_and_keep_to_the_limits(kazpak):
    assert sum(way["share"] for way in kazpak["ways"]) == pytest.approx(1, abs=0.001)
    for way in kazpak["ways"]:
        assert way["share"] <= way["most_share"] + 1e-4
        assert way["share"] == 0 or way["share"] >= way["least_lot_share"] - 1e-4
    json.dumps(kazpak, allow_nan=False)


def test_the_frontier_of_a_real_pair_trades_mean_for_bad_months(kazpak):
    mean = [point["mean_usd"] for point in kazpak["frontier"]]
    tail = [point["cvar_usd"] for point in kazpak["frontier"]]
    assert mean == sorted(mean) and tail == sorted(tail, reverse=True)
    assert all(high >= low for low, high in zip(mean, tail, strict=True))
    for split in (kazpak["chosen"], *kazpak["beside"]):
        assert split["fresh_cvar_usd"] >= split["fresh_mean_usd"]
        assert kazpak["chosen"]["cvar_usd"] <= split["cvar_usd"] + 0.01


def test_the_crossings_from_afghanistan_are_one_risk(kazpak):
    titles = [way["title"] for way in kazpak["ways"]]
    pairs = [{titles[number].rpartition(" ")[2] for number in pair["ways"]} for pair in kazpak["alike"]]
    assert any({"Torkham", "Chaman"} <= pair for pair in pairs)
    assert all("AFG-PAK/land" in pair["common"] for pair in kazpak["alike"] if "Torkham" in str(pair))
    assert all(pair["shut_together"] > pair["if_independent"] for pair in kazpak["alike"])


def test_every_fault_of_a_portfolio_is_told_at_once(network):
    with pytest.raises(BadInput) as told:
        portfolio("KAZ", "PAK", volume=-1, risk=2, network=network)
    assert "volume -1" in str(told.value) and "risk 2" in str(told.value)


def test_a_volume_that_no_way_can_carry_is_told_with_what_they_can(network):
    few = Years(scenarios=20, months=2)
    with pytest.raises(BadInput, match="can carry [0-9,]+ units a year of the 9,000,000"):
        portfolio("KAZ", "PAK", volume=9e6, modes=("road",), close=("AFG",), years=few, on=ON, network=network)


def test_nothing_can_be_booked_where_everything_is_shut(network):
    with pytest.raises(NoRoute):
        portfolio("Lhasa", "Kathmandu", close=("NPL",), years=Years(scenarios=20, months=2), on=ON, network=network)
