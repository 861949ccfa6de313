"""Direct flights as they are asked for: two countries, two airports, shut regions, and every slip told in one sentence."""

from __future__ import annotations

import json
from datetime import date

import jsonschema
import numpy as np
import pytest
from shapely.geometry import box, mapping

from comity.air import fleet, mission, own, told
from comity.air.flights import flights
from comity.air.rights import authorities, rights_of, steps
from comity.air.viability import economics
from comity.errors import BadInput, PlaceUnknown

ON = date(2026, 11, 25)
OPTION = {
    "type": "object",
    "required": ["type", "weekly", "load_factor_needed", "load_factor_expected", "result_usd_per_year"],
}
SCHEMA = {
    "type": "object", "required": ["schema", "pairs"],
    "properties": {
        "schema": {"const": "comity.flights/1"},
        "pairs": {"type": "array", "items": {
            "type": "object",
            "required": ["origin", "destination", "great_circle_km", "route_km", "route_km_by_closure", "block_h", "best", "options", "score",
                         "rank", "rights", "services", "reasons", "geometry", "sources"],
            "properties": {"best": OPTION, "options": {"type": "array", "items": OPTION, "minItems": 1}},
        }},
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_imported(tmp_path, monkeypatch):
    monkeypatch.setenv("COMITY_AIR", str(tmp_path))
    yield tmp_path


@pytest.fixture(scope="module")
def screen():
    return flights("KAZ", "Pakistan", on=ON)


def test_a_screen_of_two_countries(screen):
    assert len(screen.pairs) > 100 and [pair.rank for pair in screen.pairs] == list(range(1, len(screen.pairs) + 1))
    assert (screen.pairs[0].origin, screen.pairs[0].destination) == ("ALA", "LHE")
    scores = [pair.score for pair in screen.pairs]
    assert scores == sorted(scores, reverse=True)
    for pair in screen.pairs:
        assert pair.route_km >= pair.least_km >= pair.great_circle_km - 1
        for one in pair.options:
            assert one.result_usd_per_year.p10 <= one.result_usd_per_year.p50 <= one.result_usd_per_year.p90
            assert one.load_factor_expected.p10 <= one.load_factor_expected.p50 <= one.load_factor_expected.p90 <= 0.95


def test_as_data_it_keeps_its_schema(screen):
    data = told.as_data(screen, 5)
    jsonschema.validate(data, SCHEMA)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    lines = json.loads(told.as_geojson(screen, 3))["features"]
    assert {line["properties"]["airspace"] for line in lines} >= {"today", "Afghanistan shut"}
    rows = told.as_csv(screen, 4).splitlines()
    assert len(rows) == 5 and rows[1].startswith("1,ALA,LHE")


def test_the_rank_does_not_know_the_services(screen, monkeypatch):
    from comity import facts
    from comity.air import flights as module

    rows = facts.rows
    monkeypatch.setattr(module.facts, "rows", lambda name: () if name == "air_services" else rows(name))
    again = flights("KAZ", "PAK", on=ON)
    assert [(one.origin, one.destination, one.score) for one in again.pairs] == [
        (one.origin, one.destination, one.score) for one in screen.pairs
    ]
    assert screen.pairs[0].services and not again.pairs[0].services


def test_one_pair_by_codes_and_by_towns():
    (pair,) = flights("ala", "LHE", on=ON).pairs
    (same,) = flights("Almaty", "Lahore", on=ON).pairs
    assert (pair.origin, pair.destination, pair.route_km) == (same.origin, same.destination, same.route_km)
    assert any("needs" in sentence for sentence in pair.reasons)
    best = pair.best
    assert best.co2_kg_per_passenger == pytest.approx(3.16 * best.fuel_kg / (0.8 * best.seats))  # ICAO's 3.16 kg a kg
    assert {row["airline"] for row in pair.services} >= {"SCAT Airlines"}


def test_what_is_avoided_makes_ways_longer_and_seats_dearer():
    (free,) = flights("NQZ", "KHI", on=ON).pairs
    (avoiding,) = flights("NQZ", "KHI", on=ON, avoid=["OAKX"]).pairs
    assert avoiding.route_km > free.route_km * 1.05
    by_type = {(one.type, one.weekly): one.load_factor_needed for one in free.options}
    assert all(one.load_factor_needed > by_type[one.type, one.weekly] for one in avoiding.options)
    assert "AFG" in free.over and "AFG" not in avoiding.over


def test_ways_follow_imported_airways_and_regions(nothing_imported):
    (nothing_imported / own.AIRWAYS).write_text("A1 001 P 43.0 77.0\nA1 002 Q 38.0 80.0\nA1 003 R 32.0 75.0\n")
    features = [{"type": "Feature", "properties": {"id": "WALL"}, "geometry": mapping(box(85, 35, 86, 36))}]
    (nothing_imported / own.FIRS).write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    (pair,) = flights("ALA", "LHE", on=ON).pairs
    assert [80.0, 38.0] in [list(point) for point in pair.geometry] and pair.route_km > 1500
    (shut,) = flights("ALA", "LHE", on=ON, avoid=["wall"]).pairs
    assert shut.route_km == pair.route_km  # the airway does not touch it
    (nothing_imported / own.FIRS).write_text(
        json.dumps({"features": [features[0] | {"geometry": mapping(box(76, 34, 79, 36))}]})
    )
    (shut,) = flights("ALA", "LHE", on=ON, avoid=["wall"]).pairs
    assert shut.route_km is None and shut.best is None and "no way is open" in shut.reasons[0]


def test_no_type_may_reach():
    (pair,) = flights("ALA", "SIN", on=ON, types=["e190"]).pairs
    assert pair.best is None and pair.score == 0 and "no type asked for can fly" in pair.reasons[0]
    assert told.as_data(flights("ALA", "SIN", on=ON, types=["e190"]))["pairs"][0]["best"] is None


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"origin": "ALA", "destination": "ALA"}, "two airports"),
        ({"origin": "KAZ", "destination": "Kazakhstan"}, "twice"),
        ({"fuel_usd_per_t": -3}, "fuel price"),
        ({"fuel_usd_per_t": float("nan")}, "fuel price"),
        ({"fuel_usd_per_t": float("inf")}, "fuel price"),
        ({"origin": "LON"}, "LON is no airport"),
        ({"avoid": ["Atlantis"]}, "Atlantis"),
        ({"avoid": ["ZWUQ"]}, "import firs"),
        ({"types": ["zeppelin"]}, "zeppelin"),
        ({"types": ["at76"]}, "no fuel figure of service"),
        ({"types": []}, "No aircraft type"),
        ({"origin": "AKL", "destination": "MAD"}, "no flight apart"),
    ],
    ids=str,
)
def test_slips_are_one_sentence(asked, words):
    with pytest.raises(BadInput, match=words):
        flights(**({"origin": "ALA", "destination": "LHE", "on": ON} | asked))


def test_a_country_of_small_towns_has_flights_too():
    assert any("MLE" in (pair.origin, pair.destination) for pair in flights("KAZ", "MDV", on=ON).pairs)


def test_main_airports_are_those_that_the_world_flies_to():
    for town, code in (("London", "LHR"), ("Istanbul", "IST"), ("Kuala Lumpur", "KUL"), ("Bangkok", "BKK"), ("Seoul", "ICN"),
                       ("Dubai", "DXB"), ("Chicago", "ORD"), ("Stockholm", "ARN"), ("Jakarta", "CGK"), ("Paris", "CDG")):  # fmt: skip
        assert flights(town, "ALA", on=ON, types=["b789"]).pairs[0].origin == code, town


def test_countries_with_towns_without_an_airport_have_flights_too():
    assert len(flights("CHN", "PAK", on=ON, types=["b738"]).pairs) > 100


def test_rules_against_each_side_shut_the_way_for_both():
    """Pakistan bars India's airlines and India Pakistan's: nobody flies, though each could over the other's neighbour."""
    (pair,) = flights("DEL", "LHE", on=ON).pairs
    assert pair.route_km is None and "no way is open" in pair.reasons[0]
    assert pair.route_km_by_closure["airlines of India"] is None is pair.route_km_by_closure["airlines of Pakistan"]


def test_inside_one_country_there_is_cabotage_and_no_stopover():
    (pair,) = flights("ALA", "NQZ", on=ON).pairs
    assert [right.item for right in pair.rights] == ["cabotage"] and pair.journeys.stopovers == ()


def test_rights_are_those_of_the_day():
    found = {one.item: one for one in rights_of("KAZ", "PAK", date(2015, 6, 1))}
    assert found["arrangement"].state == "unknown" and "policy of Kazakhstan" not in found


def test_a_place_that_is_none_is_told():
    with pytest.raises(PlaceUnknown):
        flights("ALA", "Nowhereville")


@pytest.mark.parametrize("code", ["a320", "b738", "a20n", "b38m", "a21n", "e190", "b789"])
def test_fuel_is_that_of_service(code):
    """Gate to gate at the stage of the row, over the longer way that is flown, it burns what the row says."""
    row = fleet.in_service(code)
    km = row["stage_km"] * economics("way_factor")["value"]
    payload = fleet.planned_load() * fleet.craft(code)["seats"] * economics("passenger_mass_kg")["value"]
    flown = mission.fly(fleet.performance(code), [km], [payload], fleet.rules())
    assert flown.trip_fuel_kg[0] + flown.taxi_fuel_kg[0] == pytest.approx(row["value"] * row["stage_km"], rel=1e-5)


def test_new_engines_are_farther_from_openap_and_reach_what_makers_say():
    """OpenAP is far too low for new engines. Airbus gives 6,300 km for the A320neo, Boeing 5,436 for the 737-800."""
    assert fleet.calibration("a20n") > fleet.calibration("a320") > fleet.calibration("b738") > 0.8
    km = np.arange(3000.0, 9000.0, 100.0)
    for code, maker_km in (("a20n", 6300), ("b738", 5436)):
        fits = mission.fly(
            fleet.performance(code), km, np.full(len(km), 0.8 * fleet.craft(code)["seats"] * 100.0), fleet.rules()
        ).fits
        assert km[fits].max() == pytest.approx(maker_km, rel=0.1)


def test_rights_are_a_checklist_with_states():
    found = {one.item: one for one in rights_of("KAZ", "PAK")}
    assert list(found)[:6] == ["agreement", "arrangement", "freedoms", "designation", "capacity", "tariffs"]
    assert found["agreement"].state == "missing" and found["arrangement"].state == "signed"
    assert "open skies" in found["policy of Kazakhstan"].told and "agreement" in found["policy of Pakistan"].told
    assert all(one.state in ("in force", "signed", "negotiated", "missing", "unknown") for one in found.values())
    assert rights_of("PAK", "KAZ") == rights_of("KAZ", "PAK")
    assert rights_of("ISL", "TON")[0].state == "unknown"
    assert any("Civil Aviation" in row["authority"] or "Aviation" in row["authority"] for row in authorities("KAZ"))
    told = steps(["KAZ", "PAK"], ["KGZ", "CHN"])
    assert [row["step"] for row in told] == sorted(row["step"] for row in told)
    asked = {(int(row["step"]), code) for row in told for code in row["countries"] or ()}
    assert (
        (8, "CHN") in asked
        and (4, "KAZ") in asked
        and (4, "CHN") not in asked
        and not {code for _, code in asked} & {"LKA", "GEO"}
    )


def test_an_airport_goes_by_its_code_of_today_and_stands_where_it_is():
    (pair,) = flights("FRU", "DEL", on=ON).pairs
    assert pair.origin == "BSZ" and pair.services
    assert flights("Baku", "Lahore", on=ON).pairs[0].origin == "GYD"
    assert flights("ALA", "ISB", on=ON).pairs[0].destination_name == "Islamabad"


def test_where_airlines_launched_stands_high():
    """Pairs launched between Central and South Asia since 2010 stand in the first tenth of all candidates."""
    from statistics import median

    from comity import facts
    from comity.air import catchment, demand

    ranking = demand.ranked(
        ["KAZ", "UZB", "KGZ", "TJK", "TKM", "AZE"], ["PAK", "IND", "AFG", "BGD", "LKA", "NPL", "MDV"]
    )
    known = catchment.known_as
    rows = [row for row in facts.rows("air_launches") if row["launched"]]
    launched = [(known(row["origin"]), known(row["destination"])) for row in rows]
    found = demand.backtest(ranking, launched)
    assert len(found.ranks) >= 15 and median(found.ranks) / found.pairs < 0.03 and found.auc > 0.95


def test_only_rules_on_the_way_are_told():
    (far,) = (state for state in flights("SYD", "SUV", on=ON).states if state.name == "today")
    (near,) = (state for state in flights("NQZ", "KHI", on=ON).states if state.name == "today")
    assert far.why == () and any("Kabul" in why for why in near.why)
