"""The arithmetic of a year against sums done by hand, and laws of it."""

from __future__ import annotations

import numpy as np
import pytest

from comity.air.charges import navigation_usd
from comity.air.viability import (
    DRAWS,
    WEEKS,
    Flight,
    Prices,
    by_season,
    load_needed,
    market,
    per_flight,
    prices,
    spread,
    yearly,
)

EVEN = np.ones((1, 12))


def certain(**changed) -> Prices:
    """Prices without any spread."""
    told = {
        "level": 20_000.0,
        "elasticity": 0.0,
        "fare_fixed_usd": 80.0,
        "fare_usd_per_km": 0.1,
        "fuel_usd_per_t": 1000.0,
        "rise": 1.5,
        "airport": 1.0,
    } | changed
    arrays = {name: np.full(DRAWS, value) for name, value in told.items()}
    return Prices(**arrays, sold=0.1, overhead=0.2, fullest=0.9, frequency_level=2.0, service_usd=8.0)


def flight(**changed) -> Flight:
    told = {"distance_km": 1000.0, "fuel_kg": 5000.0, "flight_h": 2.0, "hour_usd_2019": 2000.0, "airport_usd": 1500.0, "navigation_usd": 500.0}  # fmt: skip
    return Flight(**{name: np.array([value], float) for name, value in (told | changed).items()})


def sold(drawn=None, season=EVEN, relative=1.0, weekly=2.0):
    return market(drawn or certain(), relative=np.array([relative]), seats=150.0, weekly=weekly, season=season)


def year(drawn=None, season=EVEN, **changed):
    drawn = drawn or certain()
    asked = {name: changed.pop(name) for name in ("relative", "weekly") if name in changed}
    return yearly(sold(drawn, season, **asked), per_flight(drawn, flight(**changed)))


def needed(one, seats, drawn=None):
    return load_needed(per_flight(drawn or certain(), one), seats)


def test_a_year_worked_out_by_hand():
    found, told = sold(), year()
    flights = 2 * WEEKS * 2  # 208 flights, 31,200 seats, 20,000 passengers
    net = (80 + 100) * 0.9 - 8  # 154 USD a passenger
    cost = flights * (5 * 1000 + 2 * 2000 * 1.5 + 1500 + 500) * 1.2
    assert found.load[:, 0] == pytest.approx([20_000 / 31_200] * 3) and found.passengers[0] == pytest.approx(20_000)
    assert told.result_usd[:, 0] == pytest.approx([20_000 * net - cost] * 3)
    assert needed(flight(), 150.0)[0] == pytest.approx(cost / (31_200 * net))


def test_a_season_worked_out_by_hand():
    """Twice the travellers in July and none in January: in July seats run out, in January they go empty."""
    season = EVEN.copy()
    season[0, 0], season[0, 6] = 0.0, 2.0
    found = sold(season=season)
    month, seats = 20_000 / 12, 31_200 / 12
    assert (
        found.months[0, 0] == 0
        and found.months[0, 6] == pytest.approx(0.9)
        and found.months[0, 1] == pytest.approx(month / seats)
    )
    assert found.carried[0, 0] == pytest.approx(10 * month + 0.9 * seats)
    assert found.in_summer[0, 0] == pytest.approx(6 * month + 0.9 * seats)
    summer, winter = by_season(found, per_flight(certain(), flight()))
    assert summer[0] + winter[0] == pytest.approx(year(season=season).result_usd[1, 0])
    assert summer[0] > winter[0]


def test_an_even_season_never_carries_fewer():
    uneven = np.array([[0.4, 0.4, 0.5, 0.7, 1.0, 1.3, 1.7, 1.6, 1.4, 1.2, 1.0, 0.8]])
    assert sold(certain(level=27_000.0), uneven).carried[0, 0] < sold(certain(level=27_000.0)).carried[0, 0]


def test_at_the_load_needed_the_result_is_nothing():
    share = needed(flight(), 150.0)[0]
    assert year(certain(level=share * 31_200)).result_usd[1, 0] == pytest.approx(0, abs=1)


def test_nobody_flies_in_a_seat_that_is_not_there():
    told = sold(certain(level=1e6))
    assert told.load[:, 0] == pytest.approx([0.9] * 3) and told.passengers[0] == pytest.approx(0.9 * 31_200)


def test_dearer_fuel_longer_ways_and_emptier_markets_need_more_seats_or_lose_more():
    usual = needed(flight(), 150.0)[0]
    assert needed(flight(), 150.0, certain(fuel_usd_per_t=1200.0))[0] > usual
    for name, more in (("fuel_kg", 6000.0), ("flight_h", 3.0), ("airport_usd", 2500.0), ("navigation_usd", 900.0)):
        assert needed(flight(**{name: more}), 150.0)[0] > usual, name
    assert year(relative=0.5).result_usd[1, 0] < year().result_usd[1, 0]


def test_what_cannot_fly_has_no_result():
    told = year(fuel_kg=np.inf)
    assert needed(flight(fuel_kg=np.inf), 150.0)[0] == np.inf
    assert told.result_usd[1, 0] == -np.inf and told.chance[0] == 0


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
    assert navigation_usd({"TUR": 500.0}, 50) == pytest.approx(
        5 * 39.78 * 1.177
    )  # EUROCONTROL: a unit is 100 km at 50 t
    assert navigation_usd({"TUR": 500.0}, 200) == pytest.approx(2 * navigation_usd({"TUR": 500.0}, 50))
    assert navigation_usd({"NZL": 200.0}, 50) == pytest.approx(100)  # no row: the general rate, 50 USD a 100 km at 50 t
    assert navigation_usd({"NZL": 200.0}, 200) == pytest.approx(200)  # and grows with the root of mass
