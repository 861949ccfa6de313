"""What is written is read back: every figure of an answer in a table, and nothing half-written."""

from __future__ import annotations

import csv
import json

import duckdb
import pytest

from comity.errors import BadInput
from comity.scenarios import answer_files
from comity.scenarios.answer_files import COLUMNS, check_path, rows, write

ANSWER = {
    "schema": "comity.risk/1",
    "origin": {"id": "a"},
    "destination": {"id": "b"},
    "conditions": {"on": "2026-11-24", "seed": 1},
    "days": {"mean": 14.1, "p90": 22.0},
    "no_way_share": 0.25,
    "extra": None,
    "depends_on": [{"key": "KGZ", "if_shut": {"usd": 5.5, "days": -1}}],
    "frontier": [{"name": "0", "shares": [0.5, 0.5]}],
    "version": {"comity": "x"},
}


def test_every_figure_is_a_row():
    told = {(section, item, measure): value for *_, section, item, measure, value in rows(ANSWER)}
    assert told == {
        ("days", "", "mean"): 14.1,
        ("days", "", "p90"): 22.0,
        ("no_way_share", "", "value"): 0.25,
        ("depends_on", "KGZ", "if_shut.usd"): 5.5,
        ("depends_on", "KGZ", "if_shut.days"): -1.0,
        ("frontier", "0", "shares.0"): 0.5,
        ("frontier", "0", "shares.1"): 0.5,
    }


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".json"])
def test_what_is_written_is_read_back(tmp_path, suffix):
    file = tmp_path / f"answer{suffix}"
    write(ANSWER, str(file))
    if suffix == ".json":
        assert json.loads(file.read_text()) == ANSWER
    elif suffix == ".csv":
        read = list(csv.reader(file.open()))
        assert tuple(read[0]) == COLUMNS
        assert [(*row[:7], float(row[7])) for row in read[1:]] == list(rows(ANSWER))
    else:
        assert duckdb.sql(f"SELECT * FROM '{file}'").fetchall() == list(rows(ANSWER))


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    file = tmp_path / "answer.csv"
    file.write_text("before")
    monkeypatch.setattr(answer_files, "rows", lambda answer: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(ANSWER, str(file))
    assert file.read_text() == "before" and list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name, word", [("answer.xls", ".parquet"), ("nowhere/answer.csv", "no folder")])
def test_a_file_that_cannot_be_is_refused_before_the_work(tmp_path, name, word):
    with pytest.raises(BadInput, match=word):
        check_path(str(tmp_path / name))
