"""Lines that are not there yet: their lengths, and that the shipped ones can be laid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity import facts
from comity.network.lines import Line, Station, faults_of, planned, slug

A = Station(name="A", lon=60.0, lat=40.0, country="UZB", gauge_mm=1520)
B = Station(name="B", lon=61.0, lat=40.0, country="UZB", gauge_mm=1520)
C = Station(name="C", lon=64.0, lat=40.0, country="UZB", gauge_mm=1520)


def line(*stations: Station, **told) -> Line:
    return Line(id="x", name="X", stations=stations, **told)


def test_the_length_is_shared_out_by_straight_distance():
    assert line(A, B, C, length_km=400.0).runs_km == pytest.approx((100.0, 300.0), rel=1e-3)


def test_a_run_with_a_length_of_its_own_keeps_it_and_the_rest_share_what_is_left():
    known = replace(B, run_km=130.0)
    assert line(A, known, C, length_km=430.0).runs_km == pytest.approx((130.0, 300.0))


def test_without_a_length_a_line_is_straight():
    assert line(A, C).km == pytest.approx(340.6, abs=0.5)  # 4 degrees of longitude at 40 N


def test_a_line_shorter_than_straight_is_told_and_so_is_one_of_one_station():
    (fault,) = faults_of(line(A, C, length_km=100.0))
    assert "straight line" in fault and "341" in fault
    assert "two stations" in faults_of(line(A))[0]
    assert faults_of(line(A, C, length_km=350.0)) == []


def test_every_planned_line_can_be_laid_and_has_the_length_announced():
    rows = facts.keyed("links_planned", ("id",))
    for found in planned():
        row = rows[found.id,]
        assert faults_of(found) == [], found.id
        assert {s.country for s in found.stations} >= set(row["country"]), found.id
        beyond = sum(s.run_km or 0.0 for s in found.stations if s.country not in row["country"])
        if row["laid_as"] == "upgrade":
            assert found.km == pytest.approx(row["length_km"], rel=0.03), found.id  # as long as the line that is there
            continue
        whole = found.id not in ("khaf-herat-railway", "kohat-kharlachi-railway")  # a part of it is open already
        if whole:
            assert found.km - beyond == pytest.approx(row["length_km"], rel=1e-6), found.id


def test_every_plan_is_laid_or_says_why_not():
    laid = {found.id for found in planned()}
    for row in facts.rows("links_planned"):
        assert (row["laid_as"] in ("new", "upgrade")) == (row["id"] in laid), row["id"]
        assert (row["laid_as"] == "same") == bool(row["same_as"]), row["id"]
        assert row["laid_as"] not in ("capacity", "not_laid") or row["note"], row["id"]


def test_a_name_becomes_one_word():
    assert slug("Pul-i-Alam (Logar)") == "pul-i-alam-logar"
