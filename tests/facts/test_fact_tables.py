"""The tables that ship are sound, and every figure in them can be traced."""

from __future__ import annotations

from datetime import date

import pytest

from comity import facts
from comity.facts import reader

NAMES = reader.names()
CITING = [name for name in NAMES if any(column.name == "source" for column in facts.schema(name))]
RANGED = [name for name in NAMES if {"value", "low", "high"} <= {column.name for column in facts.schema(name)}]


def test_no_shipped_table_has_a_fault():
    assert facts.check() == []


def test_every_table_says_what_it_holds():
    assert sorted(row["table"] for row in facts.rows("tables")) == sorted(facts.names())


@pytest.mark.parametrize("name", NAMES)
def test_every_column_has_a_meaning_of_its_own(name):
    meanings = [column.meaning for column in facts.schema(name)]
    assert all(len(meaning) > 5 for meaning in meanings)
    assert len(set(meanings)) >= len(meanings) - 4  # the two ends of a line may share words


@pytest.mark.parametrize("name", NAMES)
def test_the_columns_stand_in_the_order_of_the_schema(name):
    header = (reader.shipped_folder() / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.split(",") == [column.name for column in facts.schema(name)]


@pytest.mark.parametrize("name", NAMES)
def test_files_are_utf8_with_plain_line_ends_and_no_stray_blanks(name):
    text = (reader.shipped_folder() / f"{name}.csv").read_bytes().decode()
    assert "\r" not in text and text.endswith("\n")
    assert not any(cell != cell.strip() for row in facts.rows(name) for cell in row.values() if isinstance(cell, str))


@pytest.mark.parametrize("name", CITING)
def test_our_own_judgement_is_never_called_official_or_measured(name):
    for row in facts.rows(name):
        if row["source"] == "comity":
            assert row.get("standing") in ("assumption", "estimate", None), row
        else:
            assert row.get("standing") != "assumption", row


@pytest.mark.parametrize("name", RANGED)
def test_middles_lie_in_their_range_and_assumptions_have_one(name):
    for row in facts.rows(name):
        low, high = row["low"], row["high"]
        if row["standing"] == "assumption":
            assert low is not None and high is not None, row
        assert low is None or low <= row["value"], row
        assert high is None or row["value"] <= high, row


def test_every_source_has_an_address_a_day_and_a_licence_but_our_own_judgement_and_a_scenarios():
    for row in facts.rows("sources"):
        own = row["id"] in ("comity", "scenario")
        assert (row["url"] is None) == own, row
        assert own or row["url"].startswith(("https://", "http://")) and isinstance(row["retrieved"], date), row
        assert row["licence"], row


def test_no_two_sources_share_an_address():
    addresses = [
        row["url"].split("//")[1].removeprefix("www.").rstrip("/") for row in facts.rows("sources") if row["url"]
    ]
    assert len(addresses) == len(set(addresses))


def test_no_source_is_unused():
    named = frozenset().union(*(facts.cited(row) for name in NAMES if name != "sources" for row in facts.rows(name)))
    assert [row["id"] for row in facts.rows("sources") if row["id"] not in named] == []


def test_every_data_file_is_listed_with_its_source():
    package = reader.shipped_folder().parents[1]
    shipped = {path.relative_to(package).as_posix() for path in package.glob("*/data/*.parquet")}
    listed = {file for row in facts.rows("datasets") for file in row["files"]}
    assert shipped <= listed
    assert [file for file in listed if not (package / file).exists()] == []


def test_a_side_of_a_crossing_is_one_of_its_countries_and_modes():
    crossings = facts.keyed("crossings", ("id",))
    for row in facts.rows("crossing_sides"):
        crossing = crossings[row["crossing"],]
        assert row["country"] in (crossing["country_a"], crossing["country_b"]), row
        assert row["mode"] in crossing["modes"], row


def test_a_closure_ends_after_it_begins_and_says_what_its_end_rests_on():
    for row in facts.rows("closures"):
        assert row["end"] is None or row["start"] <= row["end"], row
        assert (row["end"] is None) == (row["ended"] in ("open", "not_found")), row
        assert row["ended"] != "not_found" or row["assumed_days"] > 0, row
        assert row["ended"] != "open" or row["confirmed"] is not None, row
        assert row["targets"], row


def test_points_lie_on_the_globe():
    for name in NAMES:
        for column in facts.schema(name):
            if column.unit == "degrees" and column.type == "number":
                most = 180 if "lon" in column.name else 90
                assert all(abs(row[column.name] or 0) <= most for row in facts.rows(name)), (
                    name,
                    column.name,
                )


@pytest.mark.parametrize("mode", ["road", "rail"])
@pytest.mark.parametrize("parameter", ["outbound_h", "inbound_h", "cost_usd"])
def test_any_border_in_the_world_has_a_figure_to_fall_back_on(mode, parameter):
    assert facts.figure(f"border.{mode}.NRU", parameter).standing == "assumption"
