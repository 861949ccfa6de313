"""`comity risk` and `comity portfolio`: what a person reads, and one clear sentence for what cannot be."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from comity.cli import main as shell

FEW = ("--scenarios", "200", "--months", "3", "--on", "2026-11-24")


@dataclass(frozen=True)
class Told:
    """What a command said, and the code it left with."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(network, capsys):
    """Runs a command line in this process, where the network is warm."""

    def ran(*words: str) -> Told:
        code = 0
        try:
            shell.main(list(words))
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        return Told(code=code, out=said.out, err=said.err)

    return ran


def test_risk_is_told_in_words_and_bars(run):
    told = run("risk", "KAZ", "PAK", *FEW)
    assert told.code == 0, told.err
    for words in (
        "Almaty (KAZ) to Karachi (PAK)",
        "middle",
        "worst twentieth",
        "Khunjerab",
        "lost if shut",
        "How diverse",
        "####",
    ):
        assert words in told.out, words
    assert "CVaR" not in told.out and "P90" not in told.out


def test_risk_as_json_and_as_a_file(run, tmp_path):
    told = run("risk", "Nairobi", "Kampala", *FEW, "--json", "--output", str(tmp_path / "risk.csv"))
    answer = json.loads(told.out)
    assert answer["schema"] == "comity.risk/1" and answer["conditions"]["scenarios"] == 200
    assert (tmp_path / "risk.csv").read_text().count("\n") > 100


def test_a_scenario_and_a_closure_are_told_with_the_answer(run):
    told = run("risk", "KAZ", "PAK", *FEW, "--scenario", "afghanistan-stable", "--close", "CHN")
    assert "close CHN" in told.out and "afghanistan-stable" in told.out
    assert "Chaman" in told.out and "Khunjerab" not in told.out


def test_a_portfolio_is_told_with_what_it_is_compared_to(run):
    told = run("portfolio", "KAZ", "PAK", *FEW, "--risk", "0.9", "--volume", "500")
    assert told.code == 0, told.err
    for words in ("500 40ft units a year", "all on the cheapest", "equal shares", "shut today", "One risk, not two"):
        assert words in told.out, words


@pytest.mark.parametrize(
    "call, words",
    [
        (("risk", "KAZ", "PAK", "--scenarios", "0"), "scenarios 0"),
        (("risk", "KAZ", "PAK", "--scenarios", "many"), "scenarios 'many'"),
        (("risk", "KAZ", "PAK", "--scenarios", "1000000000"), "1,000,000"),
        (("risk", "KAZ", "PAK", "--months", "0", "--seed", "-4"), "seed -4"),
        (("risk", "KAZ", "Nowhereville"), "Nowhereville"),
        (("risk", "KAZ", "PAK", "--close", "torkam"), "torkham"),
        (("risk", "KAZ", "PAK", "--replan", "never"), "departure or road"),
        (("risk", "Karachi", "Delhi"), "forbidden"),
        (("risk", "KAZ", "PAK", "--output", "x.docx"), ".parquet"),
        (("risk", "KAZ", "PAK", "--scenario", "nothing-such"), "nothing-such"),
        (("portfolio", "KAZ", "PAK", "--volume", "-3", "--risk", "7"), "risk 7"),
        (("portfolio", "KAZ", "PAK", "--volume", "9e6", "--modes", "road", "--close", "AFG", *FEW), "can carry"),
    ],
)
def test_bad_input_gets_one_clear_message(run, call, words):
    told = run(*call)
    assert told.code in (2, 3, 5), (told.code, told.err)
    assert words in told.err and "Traceback" not in told.err and told.out == ""
