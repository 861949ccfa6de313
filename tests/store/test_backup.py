"""Copies made while others write, brought back whole; nothing is ever written over."""

from __future__ import annotations

import threading

import pytest

from comity.errors import BadInput, RegisterUnusable
from comity.store import open_register
from comity.store.backup import backup, restore
from comity.store.verify import verify
from tests.store.conftest import PROMISE


def test_a_copy_as_lines_restores_into_either_database(filled, tmp_path, server):
    head = backup(filled, tmp_path / "copy.jsonl.gz")
    for url in (str(tmp_path / "other.sqlite"), server.url()):
        told, aside = restore(tmp_path / "copy.jsonl.gz", url)
        assert (told, aside) == (head, None)
        with open_register(url) as other:
            assert verify(other).whole and other.head() == filled.head()


def test_a_copy_made_while_others_write_is_whole_and_holds_all_that_was_told_before(tmp_path):
    url = str(tmp_path / "register.sqlite")
    open_register(url, create=True).close()
    stop, told = threading.Event(), []

    def writes():
        with open_register(url) as register:
            while not stop.is_set():
                with register.writing("writer") as write:
                    made = write.add("commitments", **PROMISE | {"fingerprint": str(len(told))})
                told.append(made)

    writer = threading.Thread(target=writes)
    writer.start()
    try:
        while len(told) < 5:
            pass
        for number in range(3):
            before = len(told)
            with open_register(url) as register:
                backup(register, tmp_path / f"copy{number}.sqlite")
            with open_register(str(tmp_path / f"copy{number}.sqlite")) as copy:
                assert verify(copy).whole
                there = {row["id"] for row in copy.rows("commitments")}
                assert set(told[:before]) <= there
    finally:
        stop.set()
        writer.join()


def test_a_register_in_the_way_is_moved_aside(tmp_path):
    url = str(tmp_path / "register.sqlite")
    with open_register(url, create=True) as register:
        with register.writing("desk") as write:
            write.add("bodies", name="Old", side="KAZ")
        backup(register, tmp_path / "copy.sqlite")
        with register.writing("desk") as write:
            write.add("bodies", name="New", side="KAZ")
    _, aside = restore(tmp_path / "copy.sqlite", url)
    with open_register(url) as register, open_register(str(aside)) as before:
        assert [row["name"] for row in register.rows("bodies")] == ["Old"]
        assert [row["name"] for row in before.rows("bodies")] == ["Old", "New"]


def test_a_journal_left_by_a_lost_register_is_not_rolled_into_the_copy(tmp_path):
    url = tmp_path / "register.sqlite"
    with open_register(str(url), create=True) as register, register.writing("desk") as write:
        write.add("bodies", name="Old", side="KAZ")
    with open_register(str(url)) as register:
        head = backup(register, tmp_path / "copy.sqlite")
    url.unlink()
    (tmp_path / "register.sqlite-journal").write_bytes(b"left over")
    told, _ = restore(tmp_path / "copy.sqlite", str(url))
    assert told == head and not (tmp_path / "register.sqlite-journal").exists()
    with open_register(str(url)) as register:
        assert verify(register).whole


def test_nothing_is_written_over(filled, tmp_path):
    (tmp_path / "copy.jsonl").write_text("mine")
    with pytest.raises(BadInput, match="there already"):
        backup(filled, tmp_path / "copy.jsonl")
    assert (tmp_path / "copy.jsonl").read_text() == "mine"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_copy_cut_short_is_refused_and_the_register_untouched(tmp_path, share):
    url = str(tmp_path / "register.sqlite")
    with open_register(url, create=True) as register:
        with register.writing("desk") as write:
            for number in range(300):
                write.add("bodies", name=f"Body {number}", side="KAZ")
        backup(register, tmp_path / "copy.sqlite")
        head = register.head()
    whole = (tmp_path / "copy.sqlite").read_bytes()
    (tmp_path / "copy.sqlite").write_bytes(whole[: int(share * len(whole))])
    with pytest.raises((RegisterUnusable, BadInput)):
        restore(tmp_path / "copy.sqlite", url)
    with open_register(url) as register:
        assert register.head() == head
    assert not list(tmp_path.glob(".*.part"))
