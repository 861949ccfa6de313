"""The section "Direct flights" on page and paper, and what stands there when it cannot be made."""

from __future__ import annotations

from datetime import date

import pytest

from comity.brief import flown, render_html
from comity.brief.notes import Notes


@pytest.fixture(scope="module")
def asked():
    return flown.flights_of(("KAZ", "PAK"), "2026-11-25")


def test_the_section_says_what_the_plan_says(asked):
    told = flown.section(asked, Notes(), str)
    first = asked.found.pairs[0]
    assert told["rows"][0]["codes"] == f"{first.origin}-{first.destination}" == "ALA-LHE"
    assert told["rows"][0]["needs"] == f"{first.best.load_factor_needed:.0%}"
    assert len(told["rows"]) == flown.MOST_PAIRS and "SCAT Airlines" in told["found"]
    assert [row["item"] for row in told["ask"]][:2] == ["agreement", "arrangement"]
    assert any("KAZ" in line for line in told["authorities"]) and any("PAK" in line for line in told["authorities"])


def test_the_map_has_the_way_of_the_day_and_the_detour(asked):
    svg = flown.section(asked, Notes(), str)["map"]
    assert svg.startswith("<svg") and svg.count('stroke-dasharray="6 4"') >= 2
    for words in ("ALA", "LHE", "shut", "not for navigation", "Natural Earth"):
        assert words in svg


def test_page_prints_it_and_escapes_it(asked):
    told = flown.section(asked, Notes(), str)
    told["found"] = "<script>"
    html = render_html._flown({"flown": told, "not_flown": ""})
    assert "<h2>Direct flights</h2>" in html and "&lt;script&gt;" in html and "<script>" not in html


def test_without_it_there_is_a_sentence(monkeypatch):
    from comity.air import flights
    from comity.errors import MissingExtra

    def missing(*_, **__):
        raise MissingExtra('Flights need openap. Install it: pip install "comity[air]"')

    monkeypatch.setattr(flights, "flights", missing)
    asked = flown.flights_of(("KAZ", "PAK"), "2026-11-25")
    assert asked.found is None and "comity[air]" in asked.words
    assert "comity[air]" in render_html._flown({"flown": None, "not_flown": asked.words})
    assert flown.flights_of(("KAZ", "KAZ"), "2026-11-25").words == ""


def test_a_pair_out_of_reach_still_has_a_section():
    from comity.air.flights import flights

    found = flights("ALA", "SIN", on=date(2026, 11, 25), types=["e190"])
    told = flown.section(flown.Asked(found), Notes(), str)
    assert told["rows"] == [] and told["map"] == "" and "in reach" in told["found"]
