"""What `comity routes` prints of an answer, in a pipe and on a terminal."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

import pytest

from comity.cli import show, ways

README = Path(__file__).resolve().parents[2] / "README.md"


def test_open_and_shut_ways_stand_apart(answer, capsys):
    ways.told(answer, explain=False)
    said = capsys.readouterr().out
    before, after = said.split("Shut on this day")
    assert "Truck over Hairatan" in before
    assert "Truck over the Bridge" not in before
    assert "Truck over the Bridge" in after
    assert "Bridge shut since 2026-10-01, last confirmed 2026-11-01: repairs [west lane] [comity] (a2)" in after


def test_columns_are_aligned_in_a_pipe(answer, capsys):
    answer["alternatives"][1]["open"] = True
    ways.told(answer, explain=False)
    lines = capsys.readouterr().out.splitlines()
    figures = [line for line in lines if re.match(r"a\d |    way", line)]
    assert len(figures) == 3
    assert len({len(line) for line in figures}) == 1
    assert not any("\t" in line for line in lines)


def test_no_open_way_is_said(answer, capsys):
    answer["alternatives"] = answer["alternatives"][1:]
    ways.told(answer, explain=False)
    assert "No way is open on this day." in capsys.readouterr().out


@pytest.mark.parametrize("columns", [70, 100, 160])
def test_a_terminal_shows_every_word_and_no_line_too_wide(answer, capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ways.told(answer, explain=True)
    said = capsys.readouterr().out
    assert all(len(line) <= columns for line in said.splitlines())
    words = " ".join(said.split())
    for text in ("fastest", "[west lane]", "[comity; assumption]", "papers: tir", "crossings: Hairatan"):
        assert text in words


def test_a_cell_in_brackets_is_no_markup(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    show.table(["a"], [["closed [bold] until further notice [x]"]])
    assert "closed [bold] until further notice [x]" in capsys.readouterr().out


def test_explained_every_part_has_sources_standing_and_each_source_its_address(answer, capsys):
    ways.told(answer, explain=True)
    said = capsys.readouterr().out
    parts = [line for line in said.splitlines() if " -> " in line or line.startswith("    wait ")]
    assert len(parts) == 6
    assert all(re.search(r"\[comity; (assumption|measured)\]$", line) for line in parts)
    assert "[comity] Comity's own judgement" in said
    assert "Bridge (crossing, shut on this day)" in said


@pytest.mark.parametrize(
    ("value", "text"), [(3.2, "3"), (999.4, "999"), (1234, "1,230"), (12756, "12,800"), (999_960, "1,000,000")]
)
def test_money_has_three_figures_that_count(value, text):
    assert show.usd(value) == text


@pytest.mark.parametrize(("hours", "text"), [(24, "1.0"), (230, "9.6"), (238.7, "9.9"), (239.9, "10"), (2400, "100")])
def test_days_have_two_figures(hours, text):
    assert show.days(hours) == text


def test_the_readme_shows_what_the_command_prints(plan, capsys):
    """Figures in the README are those of today's tables."""
    ways.told(plan("Almaty", "Karachi", on=date(2026, 11, 24)).to_json(), explain=False)
    printed = {" ".join(line.split()) for line in capsys.readouterr().out.splitlines()}
    shown = [line for line in README.read_text(encoding="utf-8").splitlines() if re.match(r"a\d+ ", line)]
    assert len(shown) >= 6
    assert {" ".join(line.split()) for line in shown} <= printed
