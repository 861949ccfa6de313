"""`comity register` as a person uses it: from a folder of press releases to a printed matrix, and every slip told."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import subprocess
import sys
import termios
from contextlib import nullcontext

import pytest

from comity.cli.main import main

TEXTS = {
    "a.txt": "ACCRA, 15 May 2024 - Ghana will open an embassy in Lima next year. Trade with Peru rose by a third.",
    "b.md": "# Visit\n\nLIMA, 2 June 2024 - Peru and Ghana agreed to set up a joint fund and to train customs officers by the end of 2025.",
    "c.html": "<html><body><p>ACCRA, 9 July 2025 - Ghana has opened an embassy in Lima, Peru.</p></body></html>",
    "broken.pdf": "%PDF-1.4 broken",
}


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys):
    """A folder of texts, a register's address, and a way to run commands."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    monkeypatch.setenv("COMITY_REGISTER", str(tmp_path / "register.sqlite"))
    monkeypatch.setenv("COMITY_WHO", "the desk")
    monkeypatch.chdir(tmp_path)

    def run(*words: str, given: str = "", code: int = 0) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        with pytest.raises(SystemExit) if code else nullcontext() as left:
            main(list(words))
        said = capsys.readouterr()
        assert (left.value.code if left else 0) == code, (words, said)
        assert "Traceback" not in said.err
        return said.out + said.err

    return run


def test_from_a_folder_of_press_releases_to_a_printed_matrix(desk, tmp_path):
    assert "Next: comity register add" in desk("register", "init")
    added = desk("register", "add", "texts")
    assert "3 texts read, 4 commitments proposed" in added and "broken.pdf" in added
    assert "wait for a decision" in desk("register", "list")
    assert "3 decided" in desk("register", "review", given="a\na\nr\nq\n")
    assert "embassy" in desk("register", "list", "GHA-PER")
    for name in ("m.xlsx", "m.docx"):
        assert "written" in desk("register", "matrix", "Ghana-Peru", "--output", name)
        assert (tmp_path / name).stat().st_size > 5000
    assert json.loads(desk("register", "matrix", "GHA-PER", "--json"))["total"]["counted"] == 2


def test_on_a_new_machine_the_users_own_folder_is_made(desk, tmp_path, monkeypatch):
    monkeypatch.delenv("COMITY_REGISTER")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    desk("register", "init")
    assert "3 texts read" in desk("register", "add", "texts")
    assert (tmp_path / "home" / ".local" / "share" / "comity" / "register.sqlite").exists()
    (tmp_path / "file").write_text("")
    assert "cannot be made" in desk("register", "init", "--register", "file/register.sqlite", code=9)


def test_the_life_of_a_promise(desk):
    desk("register", "init")
    made = desk("register", "add", "--action", "open an embassy", "--actors", "GHA", "--for", "PER", "--parties", "GHA,PER", "--due", "2025-12-31",
                "--said", "2024-05-15", "--topic", "other", "--sentence", "Ghana will open an embassy.")  # fmt: skip
    assert "c1 entered" in made
    desk(
        "register",
        "meeting",
        "Commission, 4th session",
        "--parties",
        "GHA,PER",
        "--start",
        "2026-01-10",
        "--session",
        "4",
    )
    desk(
        "register",
        "assign",
        "c1",
        "--side",
        "Ghana",
        "--body",
        "Foreign Ministry",
        "--person",
        "A. Made",
        "--since",
        "2024-06-01",
    )
    desk("register", "due", "c1", "--end", "2026-03-31", "--why", "no building yet")
    desk("register", "milestone", "c1", "--name", "building found", "--due", "2025-09-01")
    desk("register", "milestone", "k1", "--reached", "2025-10-01")
    desk("register", "target", "c1", "--measure", "staff", "--value", "12", "--unit", "persons", "--baseline", "0")
    desk("register", "actual", "t1", "--value", "3", "--date", "2026-01")
    desk("register", "evidence", "c1", "--text", "the flag was raised", "--date", "2026-02-01", "--file", "texts/a.txt")
    desk("register", "note", "c1", "the ambassador is named")
    desk("register", "delay", "c1", "the building")
    assert "is proposed" in desk("register", "status", "c1", "done")
    desk("register", "status", "c1", "done", "--meeting", "m1", "--on", "2026-02-01")
    shown = desk("register", "show", "c1")
    for words in (
        "confirmed by m1",
        "Foreign Ministry",
        "building found",
        "persons",
        "flag was raised",
        "2025-12-31",
        "no building yet",
        "the desk",
    ):
        assert words in shown, words
    assert "whole" in desk("register", "verify")
    assert "c1" in desk("register", "search", "embassy")


def test_out_and_in_again(desk, tmp_path):
    desk("register", "init")
    desk("register", "add", "texts")
    desk("register", "export", "all.jsonl")
    desk("register", "export", "all")
    for source, name in (("all.jsonl", "b.sqlite"), ("all", "c.sqlite")):
        desk("register", "import", source, "--register", name)
        desk("register", "export", f"{name}.jsonl", "--register", name)
        assert (tmp_path / f"{name}.jsonl").read_bytes() == (tmp_path / "all.jsonl").read_bytes()
    desk("register", "backup", "copy.sqlite")
    assert "kept as" in desk("register", "restore", "copy.sqlite")
    assert "whole" in desk("register", "verify")


def test_the_demonstration_tells_a_history(desk):
    told = desk("register", "demo", "PAK", "KAZ")
    for words in ("KEPT LATE", "OVERDUE", "NEVER HEARD OF", "SCAT opens Almaty-Lahore"):
        assert words in told
    desk("register", "demo", "KAZ", "PAK", "--register", "demo.sqlite")
    assert "11-12" in desk("register", "list", "--overdue", "--on", "2026-11-25", "--register", "demo.sqlite")
    desk("register", "remind", "KAZ-PAK", "--output", "days.ics", "--register", "demo.sqlite", "--on", "2026-11-25")
    assert (
        json.loads(desk("register", "promises", "KAZ-PAK", "--json", "--register", "demo.sqlite"))["schema"]
        == "comity.promises/1"
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["list"], 9, "register init"), (["show", "c1"], 9, "register init"), (["demo", "GHA", "PER"], 2, "No register ships"),
        (["verify", "--register", "texts"], 9, "init"), (["list", "--register", "mysql://x/y"], 2, "postgresql://"), (["add"], 2, "FILE or FOLDER"),
    ],
)  # fmt: skip
def test_slips_before_there_is_a_register(desk, words, code, says):
    assert says in desk("register", *words, code=code)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["show", "x9"], "no record 'x9'"), (["show", "c99"], "no record"), (["status", "c1", "finished"], "it can be"), (["status", "d1", "done"], "no commitment"),
        (["status", "c1", "under way"], "confirm it first"), (["evidence", "", "--text", "x", "--date", "2024"], "which commitments"),
        (["evidence", "c1", "--text", "x", "--date", "soon"], "day, month or year"), (["due", "c1", "--end", "2026-01-01"], "--why"),
        (["due", "c1", "--end", "1.1.2026", "--why", "x"], "no day"),
        (["link", "c1", "eats", "c2"], "renews"), (["link", "c1", "renews", "c99"], "none of the commitments"),
        (["list", "--topic", "weather"], "it can be"), (["list", "Atlantis-PER"], "No country"),
        (["list", "GHA"], "two parties"), (["withdraw", "c1"], "reason"), (["matrix", "CHL-PER"], "no commitments"),
        (["matrix", "GHA-PER", "--output", "m.pdf"], "FILE.xlsx"),
        (["assign", "c1", "--side", "GHA"], "body or the person"), (["verify", "--against", "12"], "looks like"),
        (["backup", "copy.sqlite"], None), (["export", "texts"], "not empty"),
        (["milestone", "c1"], "--name"), (["frobnicate"], "There is no command"),
    ],
)  # fmt: skip
def test_slips_at_work_are_one_sentence_and_change_nothing(desk, words, says):
    desk("register", "init")
    desk("register", "add", "texts/a.txt")
    before = desk("register", "verify")
    if says is None:
        return
    told = desk("register", *words, code=3 if "Atlantis" in str(words) else 2)
    assert says in told and len(told.strip().splitlines()) <= 2
    assert desk("register", "verify") == before


def test_review_in_a_real_terminal_takes_single_keys(desk, tmp_path):
    """Driven through a pseudo terminal: a for the first, e with a changed field for the second, quit."""
    desk("register", "init")
    desk("register", "add", "texts")
    far, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "comity.cli.main", "register", "review"],
        stdin=side,
        stdout=side,
        stderr=side,
        env={**os.environ, "TERM": "xterm"},
    )
    seen = b""

    def until(words: bytes) -> None:
        nonlocal seen
        while words not in seen:
            ready, _, _ = select.select([far], [], [], 60)
            assert ready, seen[-500:]
            seen += os.read(far, 65536)

    def press(key: bytes) -> None:
        while termios.tcgetattr(side)[3] & termios.ICANON:  # until the program waits for a single key
            pass
        os.write(far, key)

    until(b"1 of 4")
    press(b"a")
    until(b"2 of 4")
    press(b"e")
    until(b"  action [")
    os.write(far, b"found a joint fund\n" + b"\n" * 8)
    until(b"3 of 4")
    press(b"q")
    until(b"matrix.xlsx")  # its last line
    assert b"2 decided, 2 left" in seen
    os.close(far)
    assert process.wait(timeout=60) == 0
    listed = json.loads(desk("register", "list", "--json"))
    assert {row["action"] for row in listed["commitments"]} >= {"found a joint fund"}


def test_undo_takes_all_of_a_decision_back_and_help_is_seen(desk):
    desk("register", "init")
    desk("register", "add", "texts")
    shown = desk("register", "review", given="e\nanother act\n\n\n\n\n\n\n\n\nu\n?\nx\nq\n")
    assert "taken back" in shown and "split: several promises" in shown and "is no key here" in shown
    rows = json.loads(desk("register", "list", "--json", "--decision", "all"))["commitments"]
    assert {row["decision"] for row in rows} == {"draft"} and "another act" not in {row["action"] for row in rows}


def test_a_sentence_of_something_done_is_offered_as_evidence_for_the_promise(desk):
    desk("register", "init")
    desk("register", "add", "texts")
    shown = desk("register", "review", "GHA-PER", given="a\na\na\nv\n1\n")
    assert "may be evidence for c1" in shown and "e1 is evidence for c1" in shown
    assert "evidence e1, 2025-07-09" in desk("register", "show", "c1")


def test_quitting_or_dying_in_review_loses_no_decision(desk):
    desk("register", "init")
    desk("register", "add", "texts")
    desk("register", "review", given="a\ns\none act; another act\nm\nc1\nu\n")
    decided = json.loads(desk("register", "list", "--json", "--decision", "all"))["commitments"]
    assert sorted(row["decision"] for row in decided) == ["confirmed", "confirmed", "confirmed", "draft", "draft"]


def test_the_list_as_csv_runs_nothing(desk):
    desk("register", "init")
    desk("register", "add", "--action", "=1+1", "--actors", "GHA", "--parties", "GHA,PER")
    assert ",'=1+1," in desk("register", "list", "--csv")


def test_a_list_says_who_answers(desk):
    desk("register", "init")
    desk("register", "add", "texts")
    desk("register", "review", given="a\na\na\n")
    desk("register", "assign", "c1", "--side", "GHA", "--body", "Ministry of Foreign Affairs")
    (line,) = [one for one in json.loads(desk("register", "list", "--json"))["commitments"] if one["id"] == "c1"]
    assert line["responsible"] == ["Ministry of Foreign Affairs"]
    assert "Ministry of Foreign Affairs" in desk("register", "list")


def test_a_refused_answer_is_asked_again_and_keeps_the_others(desk, monkeypatch):
    from comity.cli.register import review
    from comity.errors import BadInput

    record = {name: "" for name in review.FIELDS} | {"id": "c1", "action": "open an embassy", "actors": ("GHA",)}
    typed = iter(["open an embassy in Lima", "", "", "", "", "", "next year", "", ""])
    offered: dict[str, str] = {}
    rounds = []

    def ask(text, default=""):
        offered[text.strip()] = default
        return next(typed, "") or default

    def corrected(register, who, record, told):
        rounds.append(dict(told))
        if len(rounds) == 1:
            raise BadInput("'next year' is no day.")
        return "corrected"

    monkeypatch.setattr(review, "_ask", ask)
    monkeypatch.setattr(review, "_corrected", corrected)
    monkeypatch.setattr(review.sys.stdin, "isatty", lambda: True, raising=False)
    assert review._edit(None, "the desk", record) == "corrected"
    assert offered["action"] == "open an embassy in Lima" and offered["due_end"] == "next year"
    assert rounds[1]["action"] == "open an embassy in Lima"
