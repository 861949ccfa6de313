"""`comity read`: texts to tables and data, dates and parties from an index, and the scoring."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from comity.cli.main import group

TEXT = "Ghana will open an embassy in Lima next month. Trade rose."


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(TEXT)
    (tmp_path / "texts" / "b.pdf").write_bytes(b"%PDF broken")
    (tmp_path / "index.csv").write_text("id,date,country_a,country_b,more\na,2024-05-15,GHA,PER,x\n")
    return lambda *words, **more: CliRunner().invoke(group, ["read", *words], **more)


def test_json_has_the_shape_that_was_promised(run):
    told = json.loads(run("texts", "--json").stdout)
    assert told["schema"] == "comity.read/1" and [one["file"] for one in told["refused"]] == ["b.pdf"]
    (text,) = told["texts"]
    assert (text["date"], text["parties"], text["sentences"]) == ("2024-05-15", ["GHA", "PER"], 2)
    (one,) = text["commitments"]
    assert set(one) == {
        "sentence",
        "start",
        "end",
        "actors",
        "action",
        "beneficiaries",
        "due",
        "strength",
        "topic",
        "condition",
        "cues",
        "confidence",
    }
    assert TEXT[one["start"] : one["end"]] == one["sentence"]
    assert one["due"] == {"start": "2024-06-01", "end": "2024-06-30", "phrase": "next month"}


def test_flags_win_over_the_index(run):
    told = json.loads(run("texts/a.txt", "--date", "2025-01-05", "--parties", "ghana,CHL", "--json").stdout)["texts"][0]
    assert (told["date"], told["parties"], told["commitments"][0]["due"]["end"]) == (
        "2025-01-05",
        ["GHA", "CHL"],
        "2025-02-28",
    )


def test_standard_input_and_a_file_are_read(run, tmp_path):
    assert "WILL  GHA: open an embassy" in run("-", "--parties", "GHA,PER", input=TEXT).stdout
    run("texts/a.txt", "--output", "out.json")
    assert json.loads((tmp_path / "out.json").read_text())["texts"][0]["commitments"]


def test_the_scoring_is_told_beside_a_list_of_cue_words(run, tmp_path):
    (tmp_path / "yes.jsonl").write_text(
        json.dumps(
            {
                "id": "a",
                "sentence": "Ghana will open an embassy in Lima next month.",
                "strength": "will",
                "topic": "other",
                "due": "2024-06-30",
            }
        )
    )
    (tmp_path / "no.jsonl").write_text(json.dumps({"id": "a", "sentence": "Trade rose."}))
    told = json.loads(run("--score", "yes.jsonl", "no.jsonl", "texts", "--json").stdout)
    assert (told["precision"], told["recall"], told["due"], told["cue_list"]["recall"]) == (1.0, 1.0, 1.0, 1.0)
    assert "list of cue words" in run("--score", "yes.jsonl", "no.jsonl", "texts").stdout
    (tmp_path / "no.jsonl").write_text("not json")
    assert "line 1" in str(run("--score", "yes.jsonl", "no.jsonl", "texts").exception)


@pytest.mark.parametrize(
    "words",
    [
        ["none.txt"],
        ["texts", "--date", "soon"],
        ["texts", "--parties", "Atlantis,PER"],
        ["texts", "--language", "xx"],
        ["texts/b.pdf"],
        ["texts", "texts"],
    ],
)
def test_slips_are_told(run, words):
    from comity.errors import BadInput

    assert isinstance(run(*words).exception, BadInput)


def test_signs_that_turn_a_line_about_are_not_printed(run):
    told = run("-", "--parties", "GHA,PER", input="Ghana will open \u202ean embassy\u202c in Lima.").stdout
    assert "\u202e" not in told and "open an embassy" in told
