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


def test_who_waits_while_a_restore_moves_the_register_is_refused_and_never_told_that_it_is_kept(tmp_path):
    url = str(tmp_path / "register.sqlite")
    with open_register(url, create=True) as register:
        backup(register, tmp_path / "copy.sqlite")
    outcome: list[str] = []
    begun = threading.Event()

    def writes():
        with open_register(url) as register:
            connection = register.engine.connect().execution_options(writes=True)  # it has the old file open already
            begun.set()
            restored.wait()
            try:
                with connection.begin():
                    from comity.store.register import Writer, now

                    write = Writer(connection, "late", None, now)
                    write.add("bodies", name="Late", side="KAZ")
                    write.finish()
                outcome.append("kept")
            except Exception as fault:
                outcome.append(str(fault))

    restored = threading.Event()
    writer = threading.Thread(target=writes)
    writer.start()
    begun.wait()
    _, aside = restore(tmp_path / "copy.sqlite", url)
    restored.set()
    writer.join()
    assert outcome and outcome[0] != "kept"
    with open_register(str(aside)) as before:
        assert verify(before).whole and before.rows("bodies") == []
    restore(
        aside, str(tmp_path / "again.sqlite")
    )  # what was moved aside is a copy like any other, and takes writes again
    with open_register(str(tmp_path / "again.sqlite")) as again, again.writing("desk") as write:
        write.add("bodies", name="After", side="KAZ")


def test_a_copy_of_an_older_schema_is_brought_up(tmp_path):
    from comity.store import migrate

    url = str(tmp_path / "register.sqlite")
    with open_register(url, create=True) as register, register.writing("desk") as write:
        write.add("bodies", name="Ministry", side="KAZ")
    with open_register(url) as register:
        migrate.to(register.engine, "0001")
    (tmp_path / "copy.sqlite").write_bytes((tmp_path / "register.sqlite").read_bytes())
    head, _ = restore(tmp_path / "copy.sqlite", str(tmp_path / "new.sqlite"))
    with open_register(str(tmp_path / "new.sqlite")) as register:
        assert register.head() == head and verify(register).whole


@pytest.mark.parametrize("name", ["a%20b", "a?b", "a#b", "a b", "ä"])
def test_paths_may_hold_any_sign(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    with open_register(str(folder / f"{name}.sqlite"), create=True) as register:
        backup(register, folder / f"{name}.copy")
    restore(folder / f"{name}.copy", str(folder / f"{name}.sqlite"))
    assert sorted(path.name for path in folder.iterdir() if not path.name.endswith("-journal"))[0] == f"{name}.copy"


def test_a_copy_that_does_not_verify_never_gets_its_name(tmp_path):
    with open_register(str(tmp_path / "register.sqlite"), create=True) as register:
        with register.writing("desk") as write:
            write.add("bodies", name="Ministry", side="KAZ")
        with register.connected(writes=True) as connection:
            connection.exec_driver_sql("UPDATE bodies SET name = 'other'")
        for name in ("copy.sqlite", "copy.jsonl"):
            if name == "copy.sqlite":
                with pytest.raises(RegisterUnusable, match="does not verify"):
                    backup(register, tmp_path / name)
                assert not (tmp_path / name).exists()
    assert not list(tmp_path.glob(".part*"))
