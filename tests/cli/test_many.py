"""`comity many`: what is printed, what is asked before, and what Ctrl-C leaves."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys

import pytest

from comity.cli import main as shell
from comity.cli.agree import agree
from comity.errors import BadInput
from comity.scenarios.ensembles.study import Years
from comity.scenarios.work.estimate import estimate
from tests.cli.test_faults import hears_ctrl_c

SMALL = ["--scenarios", "200", "--months", "3", "--on", "2026-11-24"]


def run(capsys, *words: str):
    try:
        shell.main(["many", *words])
        code = 0
    except SystemExit as left:
        code = left.code or 0
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_table_the_files_and_what_is_said(capsys, tmp_path):
    folder = str(tmp_path / "run")
    code, out, err = run(capsys, "KEN,UGA,AND", *SMALL, "--processes", "1", "--output", folder)
    assert code == 0
    lines = [line.split("\t") for line in out.splitlines()]
    assert lines[0][:3] == ["from", "to", "days P10-P90"] and len(lines) == 7
    assert {tuple(line[:2]) for line in lines[-2:]} == {
        ("KEN", "UGA"),
        ("UGA", "KEN"),
    }  # those without a way come first
    assert "6 of 6 units: AND-UGA" in err and "KEN-AND: No way for cargo" in err and "pairs.csv" in err
    with open(tmp_path / "run" / "pairs.csv", encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 6
    code, out, err = run(capsys, "KEN,UGA,AND", *SMALL, "--output", folder, "--json")
    assert code == 0 and err == ""  # all was there
    told = json.loads(out)
    assert told["schema"] == "comity.many/1" and told["conditions"]["months"] == 3 and len(told["pairs"]) == 6


def test_all_faults_of_a_command_are_one_message(capsys, tmp_path):
    words = ("KAZ,Uzbekstan", "--scenarios", "1000000000", "--engine", "dusk", "--output", str(tmp_path / "no"))
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    for part in ("engine 'dusk'", "Uzbekistan (UZB)", "scenarios 1000000000: a whole number from 1 to 1,000,000"):
        assert part in err
    assert err.count("comity:") == 1 and "Traceback" not in err
    assert not (tmp_path / "no").exists()


def test_a_large_job_is_not_started_unasked(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    code, out, err = run(capsys, "world", "--output", str(tmp_path / "no"))
    assert (code, out) == (2, "")
    assert "This takes about" in err and "Add --yes" in err and "GB of memory" in err
    assert not (tmp_path / "no").exists()


def test_on_a_terminal_it_is_asked_about(capsys, monkeypatch):
    large, small = estimate(Years(), pairs=10_000), estimate(Years())
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    asked = []
    monkeypatch.setattr("click.confirm", lambda text, **told: asked.append((text, told)))
    agree(large, yes=False)
    assert asked == [("Start it?", {"abort": True, "err": True})]
    agree(large, yes=True)
    agree(small, yes=False)
    assert len(asked) == 1
    assert "This takes about" in capsys.readouterr().err
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    with pytest.raises(BadInput, match="Add --yes"):
        agree(large, yes=False)


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(engine, tmp_path):
    folder = tmp_path / "run"
    words = [sys.executable, "-m", "comity.cli.main", "many", "KAZ,UZB,PAK,TJK,KGZ", "--scenarios", "2000"]
    words += ["--on", "2026-11-24", "--engine", engine, "--output", str(folder)]
    work = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=hears_ctrl_c)
    assert work.stderr.readline().startswith("1 of 20 units")
    os.killpg(work.pid, signal.SIGINT)  # as a terminal does: to all processes of the group
    err = work.stderr.read()
    assert work.wait() == 130
    units = sorted(path.name for path in (folder / "units").iterdir())
    assert 1 <= len(units) < 20
    assert f"{len(units)} of 20 units are finished in {folder}; the same command goes on from there." in err
    assert err.splitlines()[-1] == "comity: stopped." and "Traceback" not in err
    assert not (folder / "pairs.csv").exists()
