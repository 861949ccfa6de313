"""The one JSON object: its figures are those of the plan, its lines those of the network, for all units."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
import shapely

from comity import facts
from comity.routing.answer import LINE_TOLERANCE_DEG, simplified

DAY = date(2026, 11, 24)


def test_the_answer_is_json_that_any_reader_takes(plan):
    for pair in (("Almaty", "Karachi"), ("Hamburg", "Shanghai")):
        told = plan(*pair, on=DAY).to_json()
        assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_every_figure_is_that_of_the_plan(plan):
    found = plan("Almaty", "Karachi", on=DAY)
    for item, told in zip(found.alternatives, found.to_json()["alternatives"], strict=True):
        way = item.way
        assert told["distance_km"] == pytest.approx(way.distance_km, abs=0.051)
        for name in ("p10", "p50", "p90"):
            assert told["time_h"][name] == pytest.approx(getattr(way.time_h, name), abs=0.0051)
            assert told["cost_usd"][name] == pytest.approx(getattr(way.cost_usd, name), abs=0.0051)
        assert (told["title"], told["open"]) == (item.title, item.open)
        assert [leg["mode"] for leg in told["legs"]] == [leg.mode for leg in way.legs]
        assert len(told["dwells"]) == len(way.dwells)


def test_three_units_cost_and_emit_three_times_one_and_take_as_long(plan):
    one, three = (
        plan("Almaty", "Tashkent", on=DAY, alternatives=1, tonnes=tonnes).to_json() for tonnes in (20.0, 60.0)
    )
    assert three["conditions"]["cargo"]["units"] == 3
    a, b = (told["alternatives"][0] for told in (one, three))
    assert b["crossings"] == a["crossings"]
    assert b["time_h"] == a["time_h"]
    assert b["co2e_kg"] == pytest.approx(3 * a["co2e_kg"], rel=1e-4)
    for name in ("p10", "p50", "p90"):
        assert b["cost_usd"][name] == pytest.approx(3 * a["cost_usd"][name], rel=1e-4)
    for leg, thrice in zip(a["legs"], b["legs"], strict=True):
        assert thrice["co2e_kg"] == pytest.approx(3 * leg["co2e_kg"], abs=0.03)
        assert thrice["time_h"] == leg["time_h"]
    for leg, thrice in zip([*a["legs"], *a["dwells"]], [*b["legs"], *b["dwells"]], strict=True):
        assert thrice["cost_usd"] == pytest.approx(3 * leg["cost_usd"], abs=0.03)


def test_co2e_of_a_truck_leg_is_tonnes_by_kilometres_by_factor(plan):
    told = plan("Almaty", "Tashkent", on=DAY, alternatives=1, modes=("road",)).to_json()["alternatives"][0]
    for leg in told["legs"]:
        grams = facts.figure(f"road.{leg['country']}", "co2e_g_per_tkm").value
        assert leg["co2e_kg"] == pytest.approx(20 * leg["distance_km"] * grams / 1000, rel=0.001, abs=0.2)


def test_lines_keep_their_ends_and_stray_no_further_than_a_map_can_show(plan, network):
    for item in plan("Almaty", "Karachi", on=DAY).alternatives[:2]:
        for leg in item.way.legs:
            whole = network.line(leg.arcs)
            ends = [int(network.arc_tail[leg.arcs[0]]), int(network.arc_head[leg.arcs[-1]])]
            assert np.allclose(whole[[0, -1]], np.c_[network.node_lon[ends], network.node_lat[ends]])
            thin = np.array(simplified(whole))
            assert len(thin) <= len(whole)
            assert np.abs(thin[[0, -1]] - whole[[0, -1]]).max() <= 0.0006
            away = shapely.distance(shapely.LineString(thin), shapely.points(whole)) if len(thin) > 1 else np.zeros(1)
            assert away.max() <= LINE_TOLERANCE_DEG + 0.001


def test_a_bend_that_shows_is_kept_and_one_that_does_not_is_dropped():
    bend = np.array([[0.0, 0.0], [1.0, 0.001], [2.0, 0.0], [3.0, 1.0], [4.0, 0.0]])
    assert simplified(bend) == [[0.0, 0.0], [2.0, 0.0], [3.0, 1.0], [4.0, 0.0]]
    assert simplified(bend[:2]) == [[0.0, 0.0], [1.0, 0.001]]


def test_every_closure_that_a_way_names_is_explained(plan):
    told = plan("Almaty", "Karachi", on=DAY).to_json()
    explained = {item["id"]: item for item in told["conditions"]["closed"]}
    named = {id for way in told["alternatives"] for id in way["closures"]}
    assert named <= set(explained)
    assert all(explained[id]["reason"] for id in named)


def test_a_shut_way_has_a_shut_gate_and_an_open_way_has_none(plan):
    for pair in (("Almaty", "Karachi"), ("Tashkent", "Mumbai")):
        for way in plan(*pair, on=DAY).to_json()["alternatives"]:
            shut = [dwell["id"] for dwell in way["dwells"] if dwell.get("shut")]
            assert bool(shut) <= (not way["open"]), (way["title"], shut)
            assert way["open"] or way["closures"]


def test_sources_of_a_way_are_those_of_its_parts(plan):
    for way in plan("Almaty", "Karachi", on=DAY).to_json()["alternatives"]:
        assert set(way["sources"]) == {s for part in [*way["legs"], *way["dwells"]] for s in part["sources"]}
        assert way["sources"] == sorted(way["sources"])


def test_dwells_follow_legs_that_are_there(plan):
    for way in plan("Tashkent", "Mumbai", on=DAY).to_json()["alternatives"]:
        after = [dwell["after_leg"] for dwell in way["dwells"]]
        assert after == sorted(after)
        assert not after or -1 <= after[0] <= after[-1] < len(way["legs"])


def test_the_question_is_told_as_it_was_understood(plan):
    told = plan("Almaty", "Karachi", on=DAY, close=("torkham",)).to_json()
    conditions = told["conditions"]
    assert (conditions["on"], conditions["close"], conditions["open"]) == ("2026-11-24", ["torkham"], [])
    assert conditions["cargo"]["tonnes"] == 20.0
    assert told["version"]["facts"] == facts.digest()
    assert (told["origin"]["country"], told["destination"]["country"]) == ("KAZ", "PAK")
