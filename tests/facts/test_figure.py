"""Figures are found by subject, falling back on the wider one; sources by id."""

from __future__ import annotations

import pytest

from comity import facts
from comity.errors import BadInput, FactMissing


def test_a_narrow_subject_without_a_row_takes_the_figure_of_the_wider_one():
    for row in facts.rows("transport"):
        exact = facts.figure(row["subject"], row["parameter"])
        assert exact.value == row["value"] and exact.subject == row["subject"]
        assert facts.figure(f"{row['subject']}.nowhere.at_all", row["parameter"]) == exact


def test_a_figure_carries_its_source_and_standing():
    figure = facts.figure("road.PAK", "speed_kmh")
    assert figure.low < figure.value < figure.high
    assert figure.unit == "km/h" and figure.standing == "measured"
    assert facts.source(figure.source).url.startswith("https://cpmm.carecprogram.org/")


def test_a_missing_figure_tells_what_is_there():
    with pytest.raises(FactMissing, match=r"gives 'sped_kmh' for 'road\.PAK'.*For 'road' there are: .*speed_kmh"):
        facts.figure("road.PAK", "sped_kmh")
    with pytest.raises(FactMissing, match="no row about 'camel'"):
        facts.figure("camel.PAK", "speed_kmh")


def test_an_unknown_source_or_table_is_answered_with_the_nearest():
    with pytest.raises(FactMissing, match="Did you mean .*cpmm-2020-rail"):
        facts.source("cpmm-2020-rial")
    with pytest.raises(BadInput, match="Did you mean transport"):
        facts.rows("transprot")


def test_any_row_with_a_value_makes_a_figure():
    row = facts.rows("crossing_sides")[0]
    figure = facts.row_figure(row, row["crossing"], row["parameter"])
    assert (figure.value, figure.source, figure.standing) == (row["value"], row["source"], row["standing"])
    assert figure.year == str(row["year"])


def test_what_rests_on_a_source_is_found_by_its_column_and_in_notes():
    tables = {name for name, _ in facts.citing("cpmm-2020-rail")}
    assert "transport" in tables  # as the source of a row
    noted = [row for name, row in facts.citing("cpmm-2020-rail") if row["source"] != "cpmm-2020-rail"]
    assert noted and all("cpmm-2020-rail" in row["note"] for row in noted)
