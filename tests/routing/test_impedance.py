"""What a kilometre and a gate take, worked by hand from the rows of the tables."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from comity import facts
from comity.network import Cell, Gate, Mode
from comity.routing.cargo import cargo
from comity.routing.impedance import Part, Tariff, light_border
from comity.routing.spread import Spread

TABLES = Path(facts.__file__).with_name("tables")
BOX = cargo("40ft", 20.0)
FIGURES = "subject,parameter,value,low,high,unit,source,standing\n"
SIDES = "crossing,country,mode,direction,parameter,value,low,high,source,standing\n"


def told(table: str, **keys: str) -> Spread:
    """The range that stands in the one row of a file with these cells."""
    with open(TABLES / f"{table}.csv", encoding="utf-8", newline="") as file:
        (row,) = (row for row in csv.DictReader(file) if all(row[key] == value for key, value in keys.items()))
    return Spread(float(row["low"]), float(row["value"]), float(row["high"]))


def side(crossing: str, country: str, direction: str, parameter: str, mode: str = "road") -> Spread:
    return told(
        "crossing_sides", crossing=crossing, country=country, mode=mode, direction=direction, parameter=parameter
    )


def mean(country: str, direction: str, parameter: str, mode: str = "road") -> Spread:
    return told("country_sides", country=country, mode=mode, direction=direction, parameter=parameter)


def certain(*rows: str) -> str:
    """A file of figures without a range: "road speed_kmh 50" gives 50 as low, middle and high."""
    cells = (row.split() for row in rows)
    return FIGURES + "".join(f"{s},{p},{v},{v},{v},x,comity,assumption\n" for s, p, v in cells)


def crossing(a: str, b: str, id: str = "post", mode: str = "road", gauges: tuple[int, int] = (0, 0)) -> Gate:
    return Gate(
        id=id, kind="crossing", name=id, mode_from=mode, mode_to=mode, country_from=a, country_to=b, lon=0.0, lat=0.0,
        rule="listed", gauge_from=gauges[0], gauge_to=gauges[1],
    )  # fmt: skip


def hub(kind: str, id: str, country: str, one: str, other: str) -> Gate:
    return Gate(
        id=id, kind=kind, name=id, mode_from=one, mode_to=other, country_from=country, country_to=country,
        lon=0.0, lat=0.0, rule="place",
    )  # fmt: skip


def values(part: Part, parameter: str) -> list[float]:
    return [figure.value for figure in part.figures if figure.parameter == parameter]


def pace(network, of, mode: Mode, country: str = ""):
    (found,) = Tariff(replace(network, cells=(Cell(mode=mode, country=country),)), of).paces
    return found


# --- crossings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("a", "b"), [("PAK", "AFG"), ("AFG", "PAK")])
def test_a_crossing_is_leaving_one_side_and_entering_the_other(network, a, b):
    part = Tariff(network, BOX).part(crossing(a, b, "torkham"))
    out, into = side("torkham", a, "outbound", "time_h"), side("torkham", b, "inbound", "time_h")
    assert values(part, "time_h") == [out.p50, into.p50]
    assert out.p50 + into.p50 <= part.time_h.p50 < out.p90 + into.p90  # a median of skewed waits lies above their sum
    assert part.time_h.p10 < out.p50 + into.p50 < part.time_h.p90


def test_entering_pakistan_at_torkham_is_slower_and_dearer_than_leaving_it(network):
    tariff = Tariff(network, BOX)
    leaving, entering = tariff.part(crossing("PAK", "AFG", "torkham")), tariff.part(crossing("AFG", "PAK", "torkham"))
    assert entering.time_h.p50 > 2 * leaving.time_h.p50
    assert entering.cost_usd.p50 > leaving.cost_usd.p50


def test_a_side_without_a_row_of_its_own_takes_its_countrys_mean(network):
    part = Tariff(network, BOX).part(crossing("PAK", "AFG", "torkham"))  # no fees are known of its Afghan side
    paid = side("torkham", "PAK", "outbound", "cost_usd") + mean("AFG", "inbound", "cost_usd")
    assert part.cost_usd == paid


def test_the_lightest_common_union_goes_before_a_countrys_mean(network):
    part = Tariff(network, BOX).part(crossing("KAZ", "KGZ"))
    assert values(part, "time_h") == [1.2, 1.6]  # the Eurasian union; free trade of the CIS would take 5 and 7
    assert part.cost_usd == Spread(10.0, 40.0, 110.0)  # of both sides together
    assert light_border("KAZ", "KGZ")["id"] == "eaeu"
    assert light_border("KAZ", "UZB")["id"] == "cis-central"
    assert light_border("KAZ", "CHN") is None


def test_a_border_that_no_table_knows_takes_the_default(network):
    part = Tariff(network, BOX).part(crossing("BRA", "SUR"))
    assert [(f.subject, f.parameter) for f in part.figures] == [
        ("border.road", "outbound_h"),
        ("border.road", "cost_usd"),
        ("border.road", "inbound_h"),
        ("border.road", "cost_usd"),
    ]


def test_a_train_of_containers_waits_a_share_of_what_wagons_wait(network):
    post = crossing("CHN", "KAZ", "altynkol-khorgos-rail", "rail")
    wagons, boxes = Tariff(network, cargo("bulk", 20.0)).part(post), Tariff(network, BOX).part(post)
    share = told("transport", subject="rail", parameter="block_train_dwell_share").p50
    assert boxes.time_h.p50 == pytest.approx(share * wagons.time_h.p50)
    assert boxes.cost_usd == wagons.cost_usd
    lorry = crossing("CHN", "KAZ", "khorgos-nurzholy")
    assert Tariff(network, BOX).part(lorry).time_h == Tariff(network, cargo("bulk", 20.0)).part(lorry).time_h


def test_changing_gauge_is_added_where_gauges_differ(network, mine):
    mine("transport.csv", certain("rail.KAZ gauge_change_h 7", "rail.KAZ gauge_change_usd 300"))
    tariff = Tariff(network, BOX)
    same, other = (tariff.part(crossing("CHN", "KAZ", "x", "rail", gauges)) for gauges in ((1435, 1435), (1435, 1520)))
    assert other.cost_usd.p50 == pytest.approx(same.cost_usd.p50 + 300)
    assert other.time_h.p50 == pytest.approx(same.time_h.p50 + 7, rel=0.02)


def test_no_gate_of_the_world_changes_gauge_between_equal_rails(network):
    tariff = Tariff(network, BOX)
    for gate in network.gates:
        if gate.kind in ("crossing", "gauge") and gate.passable:
            changes = bool(values(tariff.part(gate), "gauge_change_h"))
            assert changes == (gate.gauge_from != gate.gauge_to), gate
            assert not changes or {gate.gauge_from, gate.gauge_to} <= {1000, 1067, 1435, 1520, 1600, 1668, 1676}, gate


def test_a_gate_takes_what_its_own_rows_say_whatever_was_asked_before(network):
    """Gates that are alike share one answer: no two that differ may."""
    warm = Tariff(network, BOX)
    for gate in network.gates:
        if gate.passable:
            assert warm.part(gate) == Tariff(network, BOX).part(gate), gate


# --- ports, terminals, straits --------------------------------------------------------------------------------


def test_a_port_by_hand(network, mine):
    mine(
        "transport.csv",
        certain(
            "sea.SGP port_dwell_export_h 30",
            "sea.SGP port_dwell_import_h 50",
            "sea.SGP port_handling_usd 100",
            "sea.hub wait_h 40",
            "sea.hub relay_h 0",
            "sea rate_usd_fixed_per_teu 200",
            "rail.SGP wait_h 20",
        ),
    )
    tariff = Tariff(network, BOX)
    out, into, on = (
        tariff.part(hub("port", "SGSIN", "SGP", *modes))
        for modes in (("road", "sea"), ("sea", "road"), ("sea", "rail"))
    )
    assert out.time_h.p50 == pytest.approx(30 + 40)  # to the quay, then for the sailing
    assert out.cost_usd.p50 == pytest.approx(100 + 2 * 200)  # a 40 ft box is two TEU
    assert into.time_h.p50 == pytest.approx(50)
    assert into.cost_usd.p50 == pytest.approx(100)  # the fixed part of the freight was paid where the voyage began
    assert on.time_h.p50 == pytest.approx(50 + 20)  # the train is waited for as well


def test_a_port_of_no_row_is_served_by_feeder(network):
    tariff = Tariff(network, BOX)
    unknown = tariff.part(hub("port", "ZZZZZ", "SGP", "road", "sea"))
    large = tariff.part(hub("port", "SGSIN", "SGP", "road", "sea"))
    assert unknown.time_h.p50 > large.time_h.p50 + told("transport", subject="sea.feeder", parameter="relay_h").p10
    assert unknown.cost_usd.p50 > large.cost_usd.p50


def test_a_train_is_waited_for_where_it_is_boarded_and_not_where_it_is_left(network, mine):
    mine(
        "transport.csv",
        certain("rail.KAZ terminal_dwell_h 10", "rail.KAZ wait_h 30", "rail.KAZ terminal_handling_usd 70"),
    )
    tariff = Tariff(network, BOX)
    boarded, left = (tariff.part(hub("terminal", "x", "KAZ", *modes)) for modes in (("road", "rail"), ("rail", "road")))
    assert (boarded.time_h.p50, left.time_h.p50) == (pytest.approx(40), pytest.approx(10))
    assert boarded.cost_usd == left.cost_usd == Spread(70.0, 70.0, 70.0)


def test_a_ferry_fare_has_a_fixed_part_and_one_by_distance(network, mine):
    mine("transport.csv", certain("ferry fare_usd_fixed 300", "ferry fare_usd_per_km 2"))
    tariff = Tariff(network, BOX)
    near, far = (
        tariff.part(replace(hub("ferry", f"f{km}", "AZE", "road", "road"), rule="listed", wanted_km=km))
        for km in (100.0, 400.0)
    )
    assert near.cost_usd.p50 == pytest.approx(300 + 2 * 100)
    assert far.cost_usd.p50 - near.cost_usd.p50 == pytest.approx(2 * 300)


def test_a_ferry_to_another_country_passes_both_its_sides_and_one_at_home_passes_none(network):
    tariff = Tariff(network, BOX)
    home = replace(hub("ferry", "f", "AZE", "road", "road"), rule="listed", wanted_km=300.0)
    abroad = replace(home, id="g", country_to="TKM")
    assert not values(tariff.part(home), "cost_usd")
    assert len(values(tariff.part(abroad), "cost_usd")) == 2
    assert tariff.part(abroad).time_h.p50 > tariff.part(home).time_h.p50


def test_a_part_is_as_firm_as_its_frankest_row(network):
    tariff = Tariff(network, BOX)
    assert tariff.part(crossing("PAK", "AFG", "torkham")).standing == "measured"
    assert tariff.part(crossing("KAZ", "KGZ")).standing == "assumption"
    mixed = tariff.part(crossing("AFG", "IRN"))
    assert {figure.standing for figure in mixed.figures} == {"measured", "assumption"}
    assert mixed.standing == "assumption"


# --- kilometres -----------------------------------------------------------------------------------------------


def test_the_slow_end_of_the_speed_is_the_high_end_of_the_time(network, mine):
    mine(
        "transport.csv",
        f"{FIGURES}road.DEU,speed_kmh,50,40,80,km/h,comity,assumption\n"
        "road.DEU,driving_h_per_day,10,9,14,h,comity,assumption\n",
    )
    road = pace(network, BOX, Mode.ROAD, "DEU")
    run = road.h_per_km.times(400)
    assert (run.p10, run.p50, run.p90) == pytest.approx((5.0, 8.0, 10.0))
    assert road.day_factor == pytest.approx(2.4)  # ten hours at the wheel a day


def test_a_ship_of_14_knots_makes_336_nautical_miles_a_day(network, mine):
    mine("transport.csv", certain("sea speed_kn 14", "sea rate_usd_per_teu_km 0.03"))
    sea = pace(network, BOX, Mode.SEA)
    assert sea.h_per_km.p50 * 336 * 1.852 == pytest.approx(24.0)
    assert sea.usd_per_km.p50 == pytest.approx(0.06)  # two TEU
    assert pace(network, cargo("20ft", 10.0), Mode.SEA).usd_per_km.p50 == pytest.approx(0.03)


def test_co2e_is_tonnes_by_kilometres_by_factor(network, mine):
    mine(
        "transport.csv",
        certain(
            "road.KAZ co2e_g_per_tkm 100",
            "rail.KAZ share_electric 0.8",
            "rail.electric.KAZ co2e_g_per_tkm 26",
            "rail.diesel.KAZ co2e_g_per_tkm 28",
            "sea.container co2e_g_per_tkm 8",
            "ferry.ropax co2e_g_per_tkm 120",
            "cargo.reefer co2e_factor 1.2",
        ),
    )
    per_1000_km = {
        (mode, kind): 1000 * pace(network, cargo(kind, 20.0), mode, "KAZ" if mode <= Mode.RAIL else "").co2e_kg_per_km
        for mode in (Mode.ROAD, Mode.RAIL, Mode.SEA, Mode.FERRY)
        for kind in ("40ft", "reefer")
    }
    assert per_1000_km[Mode.ROAD, "40ft"] == pytest.approx(20 * 1000 * 0.100)
    assert per_1000_km[Mode.RAIL, "40ft"] == pytest.approx(20 * 1000 * (0.8 * 0.026 + 0.2 * 0.028))
    assert per_1000_km[Mode.SEA, "40ft"] == pytest.approx(20 * 1000 * 0.008)
    assert per_1000_km[Mode.FERRY, "40ft"] == pytest.approx(20 * 1000 * 0.120)
    for mode in (Mode.ROAD, Mode.RAIL, Mode.SEA, Mode.FERRY):
        assert per_1000_km[mode, "reefer"] == pytest.approx(1.2 * per_1000_km[mode, "40ft"])


def test_standing_still_costs_nothing_by_the_kilometre(network):
    still = pace(network, BOX, Mode.TRANSFER)
    assert (still.h_per_km.p50, still.usd_per_km.p50, still.co2e_kg_per_km) == (0.0, 0.0, 0.0)


# --- weights --------------------------------------------------------------------------------------------------


def test_weights_add_money_and_time_and_are_infinite_where_nothing_passes(network):
    tariff = Tariff(network, BOX)
    slow, quick, both = tariff.weights(1.0, cost_share=0.25), tariff.weights(3.0, cost_share=0.75), tariff.weights(4.0)
    open_ = np.isfinite(both)
    assert np.allclose(both[open_], slow[open_] + quick[open_])
    assert (both >= 0).all()
    barred = np.array([not gate.passable for gate in network.gates])
    closed = np.zeros(len(both), bool)
    closed[network.gate_arcs] = barred[network.arc_gate[network.gate_arcs]]
    assert (open_ == ~closed).all()
