"""Before and after: what a line or a quicker crossing changes, and what it cannot."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from comity.errors import BadInput
from comity.routing.cargo import cargo
from comity.routing.impedance import Tariff
from comity.routing.planner import planner
from comity.scenarios.lines import newlines
from comity.scenarios.lines.newlines import whatif
from comity.scenarios.lines.newlines_json import MEASURES, plans
from comity.scenarios.lines.wishes import improvements

DAY = "2026-11-24"
UAP = ("uap", "kohat-kharlachi")


@pytest.fixture(scope="module")
def uap(network):
    return whatif("Almaty", "Karachi", build=UAP, on=DAY, network=network, region=("KAZ", "UZB", "PAK"))


@pytest.fixture(scope="module")
def torkham(network):
    return whatif("Peshawar", "Kabul", improve=["torkham=6h"], on=DAY, open_=["AFG-PAK"], network=network)


def test_no_way_is_worse_after_than_before(uap, torkham):
    for case in (*uap.cases, *torkham.cases):
        assert case.after.best.generalized_usd <= case.before.best.generalized_usd
        assert case.after.quickest.way.time_h.p50 <= case.before.quickest.way.time_h.p50
        assert case.after.cheapest.way.cost_usd.p50 <= case.before.cheapest.way.cost_usd.p50
        assert case.after.cleanest.way.co2e_kg <= case.before.cleanest.way.co2e_kg


def test_a_line_over_a_shut_border_brings_nothing_and_the_answer_says_why(uap):
    today, opened = uap.cases
    assert "D001" in {item.id for item in uap.stopped_by}
    assert today.opened == () and opened.opened == ("AFG-PAK",)
    assert today.after.best.way.gate_rows == today.before.best.way.gate_rows
    assert all("kharlachi" not in {gate.id for gate in way.way.crossings} for way in today.after.ways)


def test_with_its_border_open_the_line_is_used_and_dependence_moves_to_afghanistan(uap):
    case = uap.cases[1]
    assert set(case.after.best.line_km) == {line.id for line in uap.lines}
    assert case.after.best.generalized_usd < case.before.best.generalized_usd
    assert not any(way.uses for way in case.before.ways)
    lost = {loss.country: loss for loss in case.losses}
    assert lost["AFG"].before == (0.0, 0.0, 0.0)
    gained = case.before.best.generalized_usd - case.after.best.generalized_usd
    assert lost["AFG"].after[0] == pytest.approx(
        gained, abs=0.02
    )  # without Afghanistan one is back at the way of before


def test_the_line_is_as_long_on_the_way_as_it_was_laid(uap):
    laid = {item.id: item.km for item in uap.laid}
    for id, km in uap.cases[1].after.best.line_km.items():
        assert laid[id] <= km <= laid[id] + 40  # and what joins it to the rails that are there


def test_the_region_gains_for_its_pair_what_the_pair_gains(uap):
    today, opened = uap.region
    case = uap.cases[1]
    pair = next(gain for gain in opened.gains if (gain.origin, gain.destination) == ("KAZ", "PAK"))
    gained = case.before.best.generalized_usd - case.after.best.generalized_usd
    assert pair.generalized_usd == pytest.approx(gained, abs=0.02)
    assert today.pairs == opened.pairs == 6
    assert all(gain.generalized_usd > 0 for gain in (*today.gains, *opened.gains))
    assert [gain.generalized_usd for gain in opened.gains] == sorted(
        (g.generalized_usd for g in opened.gains), reverse=True
    )


def test_a_quicker_crossing_saves_the_hours_taken_off(torkham):
    case = torkham.cases[0]
    (gate,) = (gate for gate in case.before.best.way.crossings if gate.id == "torkham")
    tariff = planner(torkham.network, torkham.request.cargo).tariff
    better = Tariff(_quicker(torkham.network), torkham.request.cargo)
    less_h = tariff.part(gate).time_h.mean - better.part(gate).time_h.mean
    gained = case.before.best.generalized_usd - case.after.best.generalized_usd
    assert gained == pytest.approx(less_h * torkham.usd_per_h, rel=1e-4)
    assert better.part(gate).time_h.p50 == pytest.approx(6.0)
    assert better.part(gate).cost_usd == tariff.part(gate).cost_usd


def _quicker(network):
    return replace(network, figures=improvements(["torkham=6h"], network)[1])


def test_a_crossing_that_takes_longer_never_helps(network):
    slow = whatif("Peshawar", "Kabul", improve=["torkham=999h"], on=DAY, open_=["AFG-PAK"], network=network)
    for case in slow.cases:
        assert case.after.best.generalized_usd >= case.before.best.generalized_usd
        assert case.after.quickest.way.time_h.p50 >= case.before.quickest.way.time_h.p50


def test_a_second_track_changes_nothing(network):
    answer = whatif("Almaty", "Karachi", build=["dostyk-moiynty"], on=DAY, network=network)
    (case,) = answer.cases
    assert case.after.best.generalized_usd == case.before.best.generalized_usd
    assert "shortens no journey" in answer.notes[0]


def test_nothing_asked_for_is_told(network):
    with pytest.raises(BadInput, match="--build"):
        whatif("Almaty", "Karachi", network=network)


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_laid(network, monkeypatch):
    from comity.network import extend

    monkeypatch.setattr(extend, "_build", lambda *a: pytest.fail("built"))
    with pytest.raises(BadInput) as told:
        whatif("Almaty", "Karachi", build=["canal"], improve=["torkham"], region="Narnia,KAZ", network=network)
    for word in ("canal", "torkham=6h", "Narnia"):
        assert word in str(told.value)


def test_a_bare_point_takes_its_country(network):
    answer = whatif("43.2,76.9", "24.86,67.0", improve=["khunjerab=5h"], on=DAY, network=network)
    assert (answer.request.origin.country, answer.request.destination.country) == ("KAZ", "PAK")
    assert {loss.country for case in answer.cases for loss in case.losses}.isdisjoint({"KAZ", "PAK"})


def test_the_json_holds_what_the_answer_holds(uap):
    told = json.loads(json.dumps(uap.to_json(), allow_nan=False))
    assert told["schema"] == "comity.whatif/1"
    case = told["cases"][1]
    for name in MEASURES:
        before, after = case["before"][name], case["after"][name]
        assert case["saved"][name]["time_h"] == pytest.approx(
            before["time_h"]["p50"] - after["time_h"]["p50"], abs=0.011
        )
    assert told["region"][1]["total"]["cost_usd"] == pytest.approx(
        sum(g.cost_usd for g in uap.region[1].gains), abs=0.1
    )
    assert {line["id"] for line in told["build"]} == {line.id for line in uap.lines}
    assert all(
        not other["built"] or other["line"] in {line.id for line in uap.lines}
        for line in told["build"]
        for other in line["meets"]
    )


def test_money_is_for_all_units(network):
    one, two = (
        whatif("Peshawar", "Kabul", improve=["torkham=6h"], tonnes=tonnes, on=DAY, open_=["AFG-PAK"], network=network)
        for tonnes in (20.0, 40.0)
    )
    usd = [answer.to_json()["cases"][0]["after"]["best"]["cost_usd"]["p50"] for answer in (one, two)]
    assert usd[1] == pytest.approx(2 * usd[0], rel=1e-3)


def test_every_plan_is_listed_with_its_source():
    found = {plan["id"]: plan for plan in plans()}
    assert found["uap-trans-afghan-railway-termez"]["length_km"] == 573.0
    assert found["china-kyrgyzstan-uzbekistan-railway"]["gauge_mm"] == [1435, 1520]
    assert all(plan["source"] and plan["state"] for plan in found.values())


def test_the_lines_that_help_a_pair_most_are_told_with_what_they_need_open(network, extended):
    found = newlines.that_help(newlines.asked("KAZ", "PAK", on="2026-11-24"), network)
    saved = [one["usd_saved"] for one in found]
    assert saved == sorted(saved, reverse=True) and min(saved) > 50
    uap = next(one for one in found if one["name"].startswith("UAP") and " with " not in one["name"])
    both = next(one for one in found if one["name"].startswith("UAP") and "Kohat" in one["name"])
    assert both["usd_saved"] > 1.1 * uap["usd_saved"]
    assert uap["depends_on"] == ["the border between Afghanistan and Pakistan"] and uap["opens_year"] == 2027


def test_no_line_is_told_where_none_helps(network, extended):
    assert newlines.that_help(newlines.asked("Nairobi", "Kampala", on="2026-11-24"), network) == []


def test_a_quicker_port_is_quicker_and_the_others_of_its_size_are_not(network):
    told = whatif("Santos", "Lagos", improve=["NGLOS=24h"], on="2026-11-24", network=network)
    (case,) = told.cases
    assert case.before.best.way.time_h.p50 - case.after.best.way.time_h.p50 > 100
    assert case.after.best.uses
    lagos, apapa = (
        next(gate for gate in network.gates if gate.id == id and gate.mode_from == "sea") for id in ("NGLOS", "NGAPP")
    )
    better = Tariff(replace(network, figures=improvements(["NGLOS=24h"], network)[1]), cargo("40ft", 20.0))
    assert better.part(lagos).time_h.p50 == pytest.approx(24)
    assert better.part(apapa) == Tariff(network, cargo("40ft", 20.0)).part(apapa)
