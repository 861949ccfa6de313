"""Laws of a plan, on the real world."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from comity.errors import BadInput, NoRoute, PlaceAmbiguous, PlaceUnknown
from comity.routing import plan as ask

DAY = date(2026, 11, 24)
PAIRS = [("Almaty", "Karachi"), ("Tashkent", "Mumbai"), ("Hamburg", "Shanghai")]


@pytest.mark.parametrize("pair", PAIRS)
def test_legs_and_dwells_add_up(plan, pair):
    for item in plan(*pair, on=DAY).to_json()["alternatives"]:
        parts = [*item["legs"], *item["dwells"]]
        assert sum(leg["distance_km"] for leg in item["legs"]) == pytest.approx(
            item["distance_km"], abs=0.1 * len(parts)
        )
        assert sum(leg["co2e_kg"] for leg in item["legs"]) == pytest.approx(item["co2e_kg"], abs=0.1 * len(parts))
        assert item["time_h"]["p10"] <= item["time_h"]["p50"] <= item["time_h"]["p90"]
        middle = sum(leg["time_h"] for leg in item["legs"]) + sum(dwell["time_h"]["p50"] for dwell in item["dwells"])
        # the median of a sum of skewed waits lies above the sum of their medians, never below
        assert 0.98 * middle <= item["time_h"]["p50"] <= 1.6 * middle


def test_legs_follow_one_another_and_the_line_is_whole(plan):
    for item in plan("Almaty", "Karachi", on=DAY).to_json()["alternatives"]:
        lines = item["geometry"]["coordinates"]
        assert len(lines) == len(item["legs"])
        assert all(
            abs(a[-1][0] - b[0][0]) + abs(a[-1][1] - b[0][1]) < 1.0 for a, b in zip(lines, lines[1:], strict=False)
        )


@pytest.mark.parametrize("pair", PAIRS)
def test_closing_never_makes_the_best_way_better(plan, pair):
    base = plan(*pair, on=DAY, alternatives=1)
    for gate in {gate.id for gate in base.best.way.crossings}:
        try:
            other = plan(*pair, on=DAY, alternatives=1, close=(gate,))
        except NoRoute:
            continue
        assert other.best.way.weight >= base.best.way.weight
        assert gate not in {g.id for g in other.best.way.crossings}


def test_closing_a_country_keeps_every_way_out_of_it(plan):
    for item in plan("Almaty", "Karachi", on=DAY, close=("IRN",)).alternatives:
        assert not (item.open and "IRN" in item.way.countries)


def test_more_alternatives_never_lose_the_best(plan):
    few, many = plan("Almaty", "Karachi", on=DAY, alternatives=2), plan("Almaty", "Karachi", on=DAY, alternatives=8)
    assert few.best.title == many.best.title
    assert sum(a.open for a in many.alternatives) > sum(a.open for a in few.alternatives)


def test_ways_differ_in_what_a_person_would_call_them(plan):
    titles = [item.title for item in plan("Almaty", "Karachi", on=DAY).alternatives]
    assert len(set(titles)) == len(titles)


def test_the_same_question_gives_the_same_bytes(plan, network):
    first = json.dumps(plan("Almaty", "Karachi", on=DAY).to_json())
    again = json.dumps(ask("Almaty", "Karachi", on=DAY, network=network).to_json())
    assert first == again


def test_a_shut_crossing_is_told_with_its_dates_and_shown_as_it_would_be(plan):
    answer = plan("Almaty", "Karachi", on=DAY).to_json()
    shut = [way for way in answer["alternatives"] if not way["open"]]
    assert any("AFG" in way["countries"] for way in shut)
    closed = {item["id"]: item for item in answer["conditions"]["closed"]}
    torkham = [closed[id] for way in shut for id in way["closures"] if closed[id]["since"] == "2025-10-12"]
    assert torkham
    assert torkham[0]["confirmed"] >= "2026-01-01"


def test_before_the_closure_afghanistan_is_open(plan):
    answer = plan("Almaty", "Karachi", on=date(2025, 7, 1))
    assert any(item.open and "AFG" in item.way.countries for item in answer.alternatives)


def test_open_flag_opens_it_again(plan):
    answer = plan("Almaty", "Karachi", on=DAY, open_=("torkham", "chaman-spinboldak"))
    assert any(item.open and "AFG" in item.way.countries for item in answer.alternatives)


def test_every_source_of_a_plan_has_a_row(plan):
    from comity import facts

    for pair in PAIRS:
        for item in plan(*pair, on=DAY).to_json()["alternatives"]:
            for part in [*item["legs"], *item["dwells"]]:
                assert part["sources"], part
            assert all(facts.source(id).title for id in item["sources"])


def test_modes_are_kept(plan):
    for modes in (("road",), ("road", "sea"), ("road", "rail")):
        for item in plan("Almaty", "Karachi", on=DAY, modes=modes).alternatives:
            assert set(item.way.modes) <= {*modes, "ferry"}


def test_a_voyage_from_quay_to_quay_is_planned_and_a_ban_on_trade_shuts_it(plan):
    voyage = plan("Karachi", "Jebel Ali", on=DAY, modes=("sea",)).best
    assert (voyage.open, voyage.way.modes, voyage.way.countries) == (True, ("sea",), ())
    assert 1150 < voyage.way.distance_km < 1450  # 655 to 720 nautical miles by tables of distances
    banned = plan("Karachi", "Mumbai", on=DAY, modes=("sea",)).best
    assert not banned.open
    assert banned.closures
    assert plan("Karachi", "Mumbai", on=date(2024, 3, 1), modes=("sea",)).best.open


def test_an_instant_is_asked_about_as_its_day(network, plan):
    noon = ask("Almaty", "Tashkent", network=network, on=datetime(2026, 11, 24, 12), alternatives=1)
    assert noon.to_json() == plan("Almaty", "Tashkent", on=DAY, alternatives=1).to_json()


def test_heavier_cargo_takes_more_trucks(plan):
    one, three = (
        plan("Almaty", "Tashkent", on=DAY, alternatives=1),
        plan("Almaty", "Tashkent", on=DAY, alternatives=1, tonnes=70.0),
    )
    assert three.request.cargo.units == 3
    assert (
        three.to_json()["alternatives"][0]["cost_usd"]["p50"]
        > 2.5 * one.to_json()["alternatives"][0]["cost_usd"]["p50"]
    )


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"tonnes": -1}, "weight"),
        ({"tonnes": float("nan")}, "weight"),
        ({"tonnes": 1e9}, "weight"),
        ({"on": "2026-13-40"}, "not a day"),
        ({"cargo": "elephant"}, "20ft"),
        ({"modes": "road,zeppelin"}, "zeppelin"),
        ({"modes": None}, "choose from"),
        ({"close": None}, "the name of a crossing"),
        ({"alternatives": 0}, "whole number"),
        ({"close": ("torkam",)}, "torkham"),
        ({"close": ("Atlantis",)}, "Atlantis"),
    ],
)
def test_bad_questions_have_one_clear_message(network, told, says):
    with pytest.raises(BadInput, match=says):
        ask("Almaty", "Karachi", network=network, **told)


def test_all_faults_of_a_question_at_once(network):
    with pytest.raises(BadInput) as told:
        ask("Almaty", "Karachi", network=network, tonnes=-1, on="never", cargo="elephant")
    assert all(word in str(told.value) for word in ("-1", "never", "elephant"))


def test_ends_that_cannot_be(network):
    with pytest.raises(PlaceUnknown, match="Karachi"):
        ask("Karatchi", "Almaty", network=network)
    with pytest.raises(PlaceAmbiguous, match="Hyderabad"):
        ask("Hyderabad", "Almaty", network=network)
    with pytest.raises(BadInput, match="same place"):
        ask("Almaty", "Almaty", network=network)
    with pytest.raises(NoRoute, match="no road"):
        ask("0,-30", "Almaty", network=network)
    with pytest.raises(NoRoute, match="further apart"):
        ask("43.25,76.91", "43.2503,76.9103", network=network)
    assert not any(item.open for item in ask("Almaty", "Karachi", network=network, close=("KAZ",)).alternatives)


def test_no_way_says_what_would_open_it(network):
    with pytest.raises(NoRoute, match="modes"):
        ask("Almaty", "Tokyo", network=network, modes=("road",))


def test_ways_that_differ_by_a_strait_alone_are_told_apart(network):
    from comity.scenarios import load

    answer = ask("KAZ", "PAK", network=network, on=DAY, scenario=load("red-sea-avoided", network))
    titles = [item.title for item in answer.alternatives]
    assert len(set(titles)) == len(titles)
    assert any("by way of Suez Canal" in title for title in titles)


def test_what_the_user_opens_shows_its_best_way(plan):
    for gate in ("torkham", "chaman-spinboldak", "ghulamkhan"):
        through = [
            item.way
            for item in plan("Almaty", "Karachi", on=DAY, open_=(gate,), alternatives=3).alternatives
            if item.open and gate in {crossing.id for crossing in item.way.crossings}
        ]
        assert any(way.modes == ("road",) for way in through)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"destination": None}, "destination None"),
        ({"destination": 7}, "destination 7"),
        ({"close": [None]}, "--close None"),
        ({"close": " "}, "--close ' '"),
        ({"on": "1850-01-01"}, "outside 2000 to 2100"),
        ({"on": "9999-12-31"}, "outside 2000 to 2100"),
        ({"tonnes": 1e-300}, "weight"),
    ],
)
def test_what_is_no_question_is_told_as_such(network, told, says):
    with pytest.raises(BadInput, match=says):
        ask("Almaty", told.pop("destination", "Karachi"), network=network, **told)


def test_one_name_may_stand_alone_and_words_in_any_case(plan):
    alone = plan("Almaty", "Karachi", on=DAY, close="IRN", modes="Road, SEA", cargo="40FT")
    assert alone.request.close == ("IRN",)
    assert alone.request.modes == ("road", "sea")
    assert not any(item.open and "IRN" in item.way.countries for item in alone.alternatives)


def test_islands_begin_at_their_port_and_small_states_on_their_neighbours_road(plan):
    for island in ("MDV", "NRU", "TUV"):
        way = plan(island, "IND", on=DAY).best.way
        assert way.legs[0].mode == "sea"
        assert way.ports[0].country_from == island
        assert way.dwells[0].gate == way.ports[0]  # the box is handled before it sails
    for state, neighbour in (("SMR", "ITA"), ("VAT", "ITA"), ("MCO", "FRA")):
        assert plan(state, "DEU", on=DAY).best.way.countries[0] in (state, neighbour)


def test_a_ferry_leg_runs_from_quay_to_quay(plan):
    found = [item.way for item in plan("KAZ", "PAK", on=DAY).alternatives if "ferry" in item.way.modes]
    assert found
    for way in found:
        number = next(n for n, leg in enumerate(way.legs) if leg.mode == "ferry")
        before, ferry, after = way.legs[number - 1 : number + 2]
        assert (before.destination, ferry.origin, ferry.destination, after.origin) == ("Aktau", "Aktau", "Alat", "Alat")
        assert [d.kind for d in way.dwells if d.after_leg == number][0] == "landing"
