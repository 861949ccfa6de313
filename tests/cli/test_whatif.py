"""`comity whatif` as a person meets it: its text, its data, its sheet, its messages."""

from __future__ import annotations

import csv
import json
import os

import pytest

from comity.cli import main as shell

DAY = ("--on", "2026-11-24")


@pytest.fixture
def comity(capsys):
    def run(*words: str) -> tuple[int, str, str]:
        code = 0
        try:
            shell.main(["whatif", *words])
        except SystemExit as left:
            code = int(left.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_the_list_has_every_plan(comity):
    code, text, _ = comity("--list")
    assert code == 0
    assert "uap-trans-afghan-railway-termez" in text and "capacity" in text
    found = json.loads(comity("--list", "--json")[1])["lines"]
    assert len(text.splitlines()) == len(found) + 1


def test_before_and_after_are_told_with_the_closure_between(comity, extended):
    code, text, _ = comity("Almaty", "Karachi", "--build", "uap", *DAY)
    assert code == 0
    for words in ("573 km of 1520 mm", "As things stand", "D001", "Nothing changes", "If AFG-PAK were open", "change"):
        assert words in text, words
    assert "kohat-kharlachi-railway at Kharlachi; add them" in text


def test_text_json_and_sheet_agree(comity, extended, tmp_path):
    sheet = tmp_path / "what.csv"
    words = ("Peshawar", "Kabul", "--improve", "torkham=6h", "--open", "AFG-PAK", "--rank-crossings", *DAY)
    code, text, _ = comity(*words, "--json", "--output", str(sheet))
    assert code == 0
    answer = json.loads(text)
    after = answer["cases"][0]["after"]["best"]
    with open(sheet, newline="") as file:
        rows = list(csv.DictReader(file))
    (row,) = [r for r in rows if (r["name"], r["side"]) == ("best overall", "after")]
    assert float(row["time_h"]) == after["time_h"]["p50"]
    assert float(row["cost_usd"]) == after["cost_usd"]["p50"]
    assert any(r["part"] == "an hour less saves" and r["name"] == "torkham" for r in rows)
    assert f"{after['time_h']['p50'] / 24:.1f}" in comity(*words)[1]


def test_lines_are_ranked(comity, extended):
    code, text, _ = comity("Almaty", "Karachi", "--rank-lines", *DAY)
    assert code == 0
    today, opened = text.split("Planned lines by what each would save alone")[1:]
    assert "as things stand" in today and "AFG-PAK were open" in opened
    text = opened
    assert "UAP" in text.splitlines()[2]
    assert "Of no use here" in text


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((), 2, "Name two places"),
        (("Almaty", "Karachi"), 2, "--build"),
        (("Almaty", "Karachi", "--build", "uapp"), 2, "uap-trans-afghan-railway-termez"),
        (("Almaty", "Karachi", "--build", "none.geojson"), 2, "cannot be read"),
        (
            ("Almaty", "Karachi", "--from", "Kabul", "--to", "Kandahar", "--gauge", "1234"),
            2,
            "no railway has a gauge of 1234",
        ),
        (("Almaty", "Karachi", "--from", "Kabul", "--to", "Kandahar", "--speed", "fast"), 2, "speed_kmh 'fast'"),
        (("Almaty", "Karachi", "--from", "Kabul"), 2, "both ends"),
        (("Almaty", "Karachi", "--from", "Kabull", "--to", "Kandahar"), 3, "Kabul"),
        (("Almaty", "Karachi", "--build", "uap", "--speed", "60"), 2, "--speed"),
        (("Almaty", "Karachi", "--improve", "torkam=6h"), 2, "torkham"),
        (("Almaty", "Karachi", "--improve", "torkham=-6h"), 2, "0 or more"),
        (("Almaty", "Karachi", "--build", "uap", "--region", "Narnia,KAZ"), 2, "--region"),
        (("Almaty", "Karachi", "--build", "uap", "--output", "x.html"), 2, "must end in .csv"),
    ],
)
def test_a_slip_is_one_clear_message(comity, words, code, says):
    left, text, said = comity(*words)
    assert left == code
    assert says in said and "Traceback" not in said
    assert text == ""


@pytest.mark.skipif(os.name == "nt", reason="no folder is read-only there")
def test_nothing_is_laid_for_a_question_that_fails(comity, monkeypatch):
    from comity.network import extend

    monkeypatch.setattr(extend, "_build", lambda *a: pytest.fail("built"))
    assert comity("Almaty", "Nowhereville", "--build", "uap")[0] == 3
