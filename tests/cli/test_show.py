"""Printing for people and for programs."""

from __future__ import annotations

import json

import pytest

from comity.cli import show


@pytest.mark.parametrize(("hours", "days"), [(0, "0.0"), (36, "1.5"), (238, "9.9"), (239, "10"), (1000, "42")])
def test_days_have_two_figures(hours, days):
    assert show.days(hours) == days


def test_ranges_have_a_low_and_a_high_end():
    assert show.day_range({"p10": 24, "p50": 48, "p90": 360}) == "1.0-15"
    assert show.usd_range({"p10": 987, "p50": 1, "p90": 12756}) == "987-12,800"


def test_a_number_that_json_does_not_know_is_never_printed(capsys):
    with pytest.raises(ValueError, match="JSON"):
        show.as_json({"x": float("nan")})
    assert capsys.readouterr().out == ""


def test_json_keeps_every_letter_on_one_line(capsys):
    show.as_json({"place": "Türkiye", "text": "two\nlines"})
    said = capsys.readouterr().out
    assert "Türkiye" in said
    assert said.count("\n") == 1
    assert json.loads(said) == {"place": "Türkiye", "text": "two\nlines"}


def test_a_word_to_the_person_goes_beside_the_data(capsys):
    show.talk("written")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "written\n")


def test_a_table_in_a_pipe_is_parted_by_tabs_and_a_list_is_aligned(capsys):
    rows = [["a", "long cell"], ["wide name", ""]]
    show.table(["x", "y"], rows)
    assert capsys.readouterr().out == "x\ty\na\tlong cell\nwide name\t\n"
    show.listing(["x", "y"], rows)
    assert capsys.readouterr().out == "x          y\na          long cell\nwide name\n"
