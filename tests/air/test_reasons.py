"""What is told of a pair in words says what its figures say."""

from __future__ import annotations

from datetime import date

import pytest

from comity.air import charges, fleet, season
from comity.air.flights import flights

ON = date(2026, 11, 25)
ABOUT = ["seats", "closures", "stopovers", "season", "week", "high ground", "runways"]


@pytest.fixture(scope="module", autouse=True)
def nothing_imported(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMITY_AIR", str(tmp_path_factory.mktemp("air")))
        yield


@pytest.fixture(scope="module")
def pair():
    return flights("ALA", "LHE", on=ON).pairs[0]


def test_sentences_are_told_by_what_they_are_about(pair):
    assert list(pair.told) == ABOUT
    assert pair.reasons == tuple(sentence for about in ABOUT for sentence in pair.told[about])


def test_they_say_what_the_figures_say(pair):
    best, words = pair.best, " ".join(pair.reasons)
    assert f"{best.weekly} a week by {fleet.craft(best.type)['name']} needs {best.load_factor_needed:.0%}" in words
    assert f"{max(best.load_factor_by_month):.0%} of its seats" in words
    for leg in pair.high_ground:
        assert f"{leg.name} for {leg.km:.0f} km" in words and f"FL{leg.safe_fl}" in words
    for way in pair.journeys.stopovers[:3]:
        assert f"({way.hub}) {way.share:.0%} in {way.hours:.0f} h" in words
    assert "Monday" in words or best.weekly >= 7


def test_months_seasons_and_the_year_agree(pair):
    for one in pair.options:
        assert len(one.load_factor_by_month) == 12
        assert sum(one.load_factor_by_month) / 12 == pytest.approx(one.load_factor_expected.p50, abs=0.03)
        assert one.summer_usd + one.winter_usd == pytest.approx(one.result_usd_per_year.p50, abs=0.25e6)
        assert one.co2e_kg_per_passenger / one.co2_kg_per_passenger == pytest.approx(3.8359 / 3.16)


def test_a_sides_own_way_is_told():
    """Pakistan keeps India's airlines out and lets Kazakhstan's over: the same pair, two ways (rows AS033 and AS034)."""
    (pair,) = flights("DEL", "ALA", on=ON).pairs
    assert pair.route_km_by_closure["airlines of India"] > pair.route_km_by_closure["today"] * 1.5
    assert any(sentence.startswith("For airlines of India") for sentence in pair.told["closures"])
    (own,) = flights("DEL", "ALA", on=ON, airline="India").pairs
    assert own.route_km == pair.route_km_by_closure["airlines of India"]
    assert own.best.load_factor_needed > pair.best.load_factor_needed


def test_sources_are_those_of_the_figures(pair):
    lands = ("KAZ", "PAK")
    assert set(season.sources(*lands)) <= set(pair.sources)
    mass = fleet.craft(pair.best.type)["mtow_kg"] / 1000
    assert all(charges.rate(code, mass)["source"] in pair.sources for code in pair.over if code)
    assert len(pair.sources) == len(set(pair.sources))


def test_a_longer_landing_or_a_shorter_runway_grounds_a_type(monkeypatch):
    from comity.air.runways import Field

    def short(_):
        return Field(icao="XXXX", elevation_m=0.0, runway_m=1500.0, scheduled=True)

    monkeypatch.setattr("comity.air.flights.field_of", short)
    assert flights("ALA", "LHE", on=ON, types=["a20n"]).pairs[0].best is None
