"""From a path to legs, dwells and rests, counted by hand in a world of one road."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from comity.routing.itinerary import slowed
from comity.routing.spread import MOST_SIGMA, Z90, Spread
from comity.routing.states import Closed
from tests.routing.small_world import OPEN, certain, change, post, travel

DAY = date(2026, 11, 24)
SIDES = "crossing,country,mode,direction,parameter,value,low,high,source,standing\n"
ROAD = [
    f"road.{country} {figure}"
    for country in ("KAZ", "UZB", "TJK")
    for figure in ("speed_kmh 50", "driving_h_per_day 10", "rate_usd_per_km 2", "co2e_g_per_tkm 100")
]


@pytest.fixture
def plain(mine):
    """50 km/h, ten hours at the wheel a day, USD 2 a km; nothing is uncertain. Waits at kaz-uzb may be given."""

    def given(wait_h: float = 0.0, *more: str) -> None:
        mine("transport.csv", certain(*ROAD, "journey unexplained_time_factor 1", *more))
        rows = [("KAZ", "outbound", "time_h", wait_h), ("UZB", "inbound", "time_h", 0.0)]
        rows += [("KAZ", "outbound", "cost_usd", 30.0), ("UZB", "inbound", "cost_usd", 70.0)]
        mine(
            "crossing_sides.csv",
            SIDES + "".join(f"kaz-uzb,{c},road,{d},{p},{v},{v},{v},comity,assumption\n" for c, d, p, v in rows),
        )

    return given


def rests(way) -> list[tuple[str, float]]:
    return [(dwell.at, dwell.time_h.p50) for dwell in way.dwells if dwell.kind == "rest"]


# --- the driver's day -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "nights"),
    [(3, 0), (10, 0), (10.5, 1), (20, 1), (21, 2), (30, 2), (31, 3)],  # no night after the last shift: it has arrived
)
def test_a_driver_rests_between_shifts_of_ten_hours(network, plain, hours, nights):
    plain()
    way = travel(network, ("road", "KAZ", 50 * hours))
    assert sum(hours for _, hours in rests(way)) == pytest.approx(14 * nights)
    assert way.time_h.p50 == pytest.approx(hours + 14 * nights)


def test_a_shift_goes_on_over_a_border_that_is_quickly_passed(network, plain):
    plain(wait_h=1.0)
    way = travel(network, ("road", "KAZ", 300), post("KAZ", "UZB"), ("road", "UZB", 300))
    assert rests(way) == [("Driver's rest in Uzbekistan", 14.0)]  # 6 h and 6 h are more than ten
    assert way.time_h.p50 == pytest.approx(6 + 1 + 6 + 14)


def test_hours_driven_since_the_last_rest_count_on_over_the_border(network, plain):
    plain(wait_h=1.0)
    way = travel(network, ("road", "KAZ", 1000), post("KAZ", "UZB"), ("road", "UZB", 250))
    assert [hours for _, hours in rests(way)] == [14.0, 14.0]  # 20 h with one rest; then 10 + 5 h with another


def test_a_wait_as_long_as_a_rest_starts_a_fresh_shift(network, plain):
    steps = ("road", "KAZ", 450), post("KAZ", "UZB"), ("road", "UZB", 450)
    plain(wait_h=14.0)
    assert rests(travel(network, *steps)) == []
    plain(wait_h=13.9)
    assert rests(travel(network, *steps)) == [("Driver's rest in Uzbekistan", 14.0)]


def test_a_train_between_two_drives_starts_a_fresh_shift(network, plain):
    plain(0.0, "rail.KAZ terminal_dwell_h 0", "rail.KAZ wait_h 0")
    board, leave = change("almaty", "KAZ", "road", "rail"), change("aktau", "KAZ", "rail", "road")
    way = travel(network, ("road", "KAZ", 450), board, ("rail", "KAZ", 900), leave, ("road", "KAZ", 450))
    assert rests(way) == []
    assert way.modes == ("road", "rail", "road")


def test_a_slow_drive_may_need_more_nights_than_a_quick_one(network, plain, mine):
    plain()
    figures = certain(*ROAD[1:], "journey unexplained_time_factor 1")
    mine("transport.csv", figures + "road.KAZ,speed_kmh,50,25,100,km/h,comity,assumption\n")
    way = travel(network, ("road", "KAZ", 750))  # 7.5, 15 or 30 hours at the wheel
    (rest,) = (dwell for dwell in way.dwells if dwell.kind == "rest")
    assert rest.time_h == Spread(0.0, 14.0, 28.0)


# --- legs and dwells ------------------------------------------------------------------------------------------


def test_a_road_over_a_border_by_hand(network, plain):
    plain(wait_h=5.0)
    way = travel(network, ("road", "KAZ", 100), ("road", "KAZ", 150), post("KAZ", "UZB"), ("road", "UZB", 50))
    assert [(leg.origin, leg.destination, leg.country, leg.distance_km) for leg in way.legs] == [
        ("Start", "Kaz-Uzb", "KAZ", 250.0),  # an unbroken run is one leg
        ("Kaz-Uzb", "Stop", "UZB", 50.0),
    ]
    (border,) = way.dwells
    assert (border.kind, border.at, border.after_leg) == ("crossing", "Kaz-Uzb", 0)
    assert way.distance_km == pytest.approx(300)
    assert way.time_h.p50 == pytest.approx(300 / 50 + 5)
    assert way.cost_usd.p50 == pytest.approx(300 * 2 + 30 + 70)
    assert way.co2e_kg == pytest.approx(300 * 20 * 0.1)  # 20 t, 100 g per tonne-km
    assert way.countries == ("KAZ", "UZB")
    assert [gate.id for gate in way.crossings] == ["kaz-uzb"]
    assert way.ports == ()


def test_a_gate_at_the_very_start_stands_before_the_first_leg(network, plain):
    plain(0.0, "rail.KAZ terminal_dwell_h 3", "rail.KAZ wait_h 0")
    way = travel(network, ("road", "KAZ", 0.01), change("almaty", "KAZ", "road", "rail"), ("rail", "KAZ", 380))
    assert [leg.mode for leg in way.legs] == ["rail"]  # ten metres are no leg
    assert [(dwell.kind, dwell.after_leg) for dwell in way.dwells] == [("terminal", -1)]
    assert way.legs[0].origin == "Almaty terminal"


def test_a_voyage_is_no_country_and_a_ferry_between_countries_is_a_crossing(network, plain):
    plain()
    out, into = change("AEJEA", "ARE", "road", "sea"), change("PKKHI", "PAK", "sea", "road")
    way = travel(network, ("road", "ARE", 40), out, ("sea", "", 1200), into, ("road", "PAK", 20))
    assert way.countries == ("ARE", "PAK")
    assert way.crossings == ()
    assert [gate.id for gate in way.ports] == ["AEJEA", "PKKHI"]
    line = replace(post("KAZ", "AZE", kind="ferry"), wanted_km=400.0)
    way = travel(network, ("road", "KAZ", 40), line, ("ferry", "", 400), ("road", "AZE", 20))
    assert [gate.id for gate in way.crossings] == ["kaz-aze"]
    assert [(dwell.kind, dwell.after_leg) for dwell in way.dwells] == [("ferry", 0), ("landing", 1)]


def test_a_slow_gate_takes_its_factor_and_hours_more(network, plain):
    plain(10.0, "closure.partial dwell_factor 2", "closure.partial added_h 48", "closure.slow dwell_factor 1.5",
          "closure.slow added_h 12")  # fmt: skip
    steps = ("road", "KAZ", 250), post("KAZ", "UZB"), ("road", "UZB", 250)
    usual = travel(network, *steps)
    for severity, wait in (("partial", 2 * 10 + 48), ("slow", 1.5 * 10 + 12)):
        why = closed("crossing", severity)
        way = travel(network, *steps, state=replace(OPEN, closed=(why,), slow={0: (0,)}))
        (border,) = way.dwells
        assert border.time_h.p50 == pytest.approx(wait)
        assert border.cost_usd == usual.dwells[0].cost_usd
        assert way.time_h.p50 == pytest.approx(usual.time_h.p50 - 10 + wait)


def closed(kind: str, severity: str) -> Closed:
    about = {"since": None, "confirmed": None, "source": "comity", "targets": ("kaz-uzb",)}
    return Closed(id="x", name="x", kind=kind, reason="queue", severity=severity, **about)


def test_a_scenarios_own_hours_and_dollars_are_those_of_the_day(network, plain):
    plain(10.0)
    steps = ("road", "KAZ", 250), post("KAZ", "UZB"), ("road", "UZB", 250)
    usual = travel(network, *steps).dwells[0]
    why = replace(closed("scenario", "restrict"), added_h=30.0, added_h_range=(20.0, 60.0), dwell_factor=2.0)
    why = replace(why, added_usd=50.0, usd_factor=3.0)
    (border,) = travel(network, *steps, state=replace(OPEN, closed=(why,), slow={0: (0,)})).dwells
    assert (border.time_h.p10, border.time_h.p50, border.time_h.p90) == pytest.approx((40, 50, 80))
    assert border.cost_usd.p50 == pytest.approx(3 * usual.cost_usd.p50 + 50)
    assert border.standing == "assumption"


def test_a_slow_gate_is_never_quicker_than_as_usual(network):
    from comity.routing.cargo import cargo
    from comity.routing.impedance import Tariff

    tariff = Tariff(network, cargo("40ft", 20.0))
    for gate in [gate for gate in network.gates if gate.kind == "crossing" and gate.passable][::50]:
        part = tariff.part(gate)
        for why in (closed("crossing", "partial"), closed("crossing", "slow"), closed("season", "slow")):
            after = slowed(part, why).time_h
            assert part.time_h.p10 <= after.p10 <= after.p50 <= after.p90
            assert after.p50 > part.time_h.p50


# --- ranges ---------------------------------------------------------------------------------------------------


def drawn(part: Spread, normal: np.ndarray) -> np.ndarray:
    """Values of a part with these three quantiles, from standard normal ones."""
    below, above = part.p50 - part.p10, part.p90 - part.p50
    if below <= 0 or above <= 1.001 * below:
        return part.p50 + normal * (above + below) / (2 * Z90)
    sigma = min(np.log(above / below) / Z90, MOST_SIGMA)
    scale = above / (np.exp(sigma * Z90) - 1)
    return part.p50 + scale * (np.exp(sigma * normal) - 1)


def test_days_and_dollars_of_journeys_that_nothing_slows_agree_with_a_simulation(plan):
    rng = np.random.default_rng(11)
    usual = [item for item in plan("Almaty", "Karachi", on=DAY).alternatives if item.open and not item.closures]
    assert len(usual) >= 2
    for item in usual:
        way = item.way
        for what in ("cost_usd", "time_h"):
            total = np.zeros(100_000)
            for mode in set(way.modes):
                normal = rng.standard_normal(len(total))  # one cause slows all legs of a mode
                total += sum(drawn(getattr(leg, what), normal) for leg in way.legs if leg.mode == mode)
            for dwell in way.dwells:
                total += drawn(getattr(dwell, what), rng.standard_normal(len(total)))
            if what == "time_h":  # what no part explains: from 30 % less to 60 % more of the middle
                middle = float(np.median(total))
                total += drawn(Spread(-0.3 * middle, 0.0, 0.6 * middle), rng.standard_normal(len(total)))
            told = getattr(way, what)
            assert (told.p10, told.p50, told.p90) == pytest.approx(
                tuple(np.quantile(total, [0.1, 0.5, 0.9])), rel=0.05
            ), (item.title, what)


def test_ranges_of_every_part_and_whole_are_in_order(plan):
    for pair in (("Almaty", "Karachi"), ("Tashkent", "Mumbai")):
        for item in plan(*pair, on=DAY).alternatives:
            for part in (item.way, *item.way.legs, *item.way.dwells):
                for told in (part.time_h, part.cost_usd):
                    assert 0 <= told.p10 <= told.p50 <= told.p90, part


def test_the_range_of_a_whole_is_narrower_than_its_parts_laid_end_to_end(plan):
    for item in plan("Almaty", "Karachi", on=DAY).alternatives:
        parts = [*item.way.legs, *item.way.dwells]
        width = sum(part.cost_usd.p90 - part.cost_usd.p10 for part in parts)
        assert item.way.cost_usd.p90 - item.way.cost_usd.p10 <= 1.001 * width
