"""The arithmetic of a year against sums done by hand, and laws of it."""

from __future__ import annotations

import numpy as np
import pytest

from comity.air.charges import navigation_usd
from comity.air.viability import DRAWS, WEEKS, Prices, prices, spread, yearly


def certain(**changed) -> Prices:
    """Prices without any spread."""
    told = {
        "level": 20_000.0,
        "elasticity": 0.0,
        "fare_fixed_usd": 80.0,
        "fare_usd_per_km": 0.1,
        "fuel_usd_per_t": 1000.0,
        "rise": 1.5,
    } | changed
    arrays = {name: np.full(DRAWS, value) for name, value in told.items()}
    return Prices(**arrays, sold=0.1, overhead=0.2, fullest=0.9, frequency_level=2.0, service_usd=8.0)


def year(drawn=None, **changed):
    given = {"relative": 1.0, "distance_km": 1000.0, "seats": 150.0, "weekly": 2.0, "fuel_kg": 5000.0, "flight_h": 2.0,
             "hour_usd_2019": 2000.0, "navigation_usd": 500.0} | changed  # fmt: skip
    return yearly(
        drawn or certain(), **{name: np.atleast_1d(np.asarray(value, float)) for name, value in given.items()}
    )


def test_a_year_worked_out_by_hand():
    told = year()
    flights = 2 * WEEKS * 2  # 208 flights, 31,200 seats, 20,000 passengers
    net = (80 + 100) * 0.9 - 8  # 154 USD a passenger
    cost = flights * (5 * 1000 + 2 * 2000 * 1.5 + 500) * 1.2  # 2,870,400 USD
    assert told.cost_usd[0] == pytest.approx(cost)
    assert told.load[:, 0] == pytest.approx([20_000 / 31_200] * 3)
    assert told.result_usd[:, 0] == pytest.approx([20_000 * net - cost] * 3)
    assert told.load_needed[0] == pytest.approx(cost / (31_200 * net))


def test_at_the_load_needed_the_result_is_nothing():
    needed = year().load_needed[0]
    assert year(certain(level=needed * 31_200)).result_usd[1, 0] == pytest.approx(0, abs=1)


def test_nobody_flies_in_a_seat_that_is_not_there():
    told = year(certain(level=1e6))
    assert told.load[:, 0] == pytest.approx([0.9] * 3) and told.passengers[0] == pytest.approx(0.9 * 31_200)


def test_dearer_fuel_longer_ways_and_emptier_markets_need_more_seats_or_lose_more():
    assert year(certain(fuel_usd_per_t=1200.0)).load_needed[0] > year().load_needed[0]
    assert year(fuel_kg=6000.0).load_needed[0] > year().load_needed[0]
    assert year(relative=0.5).result_usd[1, 0] < year().result_usd[1, 0]


def test_what_cannot_fly_has_no_result():
    told = year(fuel_kg=np.inf)
    assert told.load_needed[0] == np.inf and told.result_usd[1, 0] == -np.inf and told.chance[0] == 0


def test_draws_have_their_rows_as_tenths():
    drawn = spread(100.0, 60.0, 200.0, np.random.default_rng(1).standard_normal(200_000))
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx([60, 100, 200], rel=0.02)


def test_the_same_question_has_the_same_answer_and_a_given_price_is_certain():
    one, two = prices((30_000, 8_000, 90_000)), prices((30_000, 8_000, 90_000))
    assert (one.level == two.level).all() and np.median(one.level) == pytest.approx(30_000, rel=0.1)
    assert set(prices((3, 2, 4), 900.0).fuel_usd_per_t) == {900.0}


def test_navigation_follows_the_rates_of_countries():
    assert navigation_usd({"AFG": 10.0}, 79) == navigation_usd({"AFG": 900.0}, 79) == 700  # one price whatever the way
    assert navigation_usd({"": 5000.0}, 79) == 0
    assert navigation_usd({"RUS": 100.0}, 79) == pytest.approx(161.4)  # the band of 50 to 100 t
    assert navigation_usd({"RUS": 100.0}, 300) == pytest.approx(207.8)
    assert navigation_usd({"NZL": 200.0}, 50) == pytest.approx(100)  # no row: the general rate, 50 USD a 100 km at 50 t
    assert navigation_usd({"NZL": 200.0}, 200) == pytest.approx(200)  # and grows with the root of mass
