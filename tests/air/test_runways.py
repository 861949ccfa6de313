"""Runways and elevations of known airports; files of one's own; and what a short or high runway forbids."""

from __future__ import annotations

from datetime import date

import pytest

from comity.air import own, runways
from comity.air.flights import flights
from comity.errors import BadInput

HEAD = "airport_ident,length_ft,surface,closed\n"


@pytest.fixture
def mine(tmp_path, monkeypatch):
    monkeypatch.setenv("COMITY_AIR", str(tmp_path))
    yield tmp_path


def test_known_airports_are_as_they_are(mine):
    almaty, lahore, bishkek = (runways.field_of(code) for code in ("ALA", "LHE", "BSZ"))
    assert (
        almaty.icao == "UAAA"
        and almaty.runway_m == pytest.approx(4500, abs=60)
        and almaty.elevation_m == pytest.approx(681, abs=10)
    )
    assert lahore.icao == "OPLA" and lahore.runway_m == pytest.approx(3360, abs=60) and lahore.scheduled
    assert bishkek.icao == "UAFM"  # FRU in that data, with the ICAO code of its time
    assert runways.field_of("QQQ") is None


def test_only_open_paved_runways_count_and_ones_own_come_first(mine):
    (mine / own.RUNWAYS).write_text(HEAD + "UAAA,5000,ASP,0\nUAAA,14000,GRASS,0\nUAAA,12000,CON,1\nUAAA,6000,CONC,0\n")
    assert runways.field_of("ALA").runway_m == pytest.approx(6000 * 0.3048)
    assert runways.field_of("LHE").runway_m is None


def test_a_short_runway_keeps_large_aircraft_away(mine):
    (mine / own.RUNWAYS).write_text(HEAD + "UAAA,3000,ASP,0\nOPLA,11000,ASP,0\n")
    (pair,) = flights("ALA", "LHE", on=date(2026, 11, 25)).pairs
    assert pair.best is None and "914 m at ALA" in pair.reasons[0]


def test_what_is_not_known_is_told_and_stops_nothing(mine):
    (mine / own.RUNWAYS).write_text(HEAD + "OPLA,11000,ASP,0\n")
    (pair,) = flights("ALA", "LHE", on=date(2026, 11, 25)).pairs
    assert pair.best is not None and any("No paved runway is known at ALA" in sentence for sentence in pair.reasons)


@pytest.mark.parametrize(
    ("text", "says"), [("a,b\n1,2\n", "no column"), (HEAD, "no open paved"), (HEAD + "X,long,ASP,0\n", "line 2")]
)
def test_files_that_are_none_are_told(tmp_path, text, says):
    path = tmp_path / "r.csv"
    path.write_text(text)
    with pytest.raises(BadInput, match=says):
        runways.read_runways(path)
