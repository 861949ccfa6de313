"""Whatever is changed behind the register's back is found."""

from __future__ import annotations

import sqlite3

import pytest

from comity.errors import BadInput
from comity.store import open_register
from comity.store.chain import hashed
from comity.store.tables import plain
from comity.store.verify import verify


def test_a_register_that_nobody_touched_is_whole(filled):
    report = verify(filled)
    assert report.whole, report.faults
    assert report.changes == filled.head().seq and report.files == 1 and report.head == str(filled.head())


TAMPERINGS = {
    "a column": "UPDATE commitments SET action = 'nothing' WHERE id = 'c1'",
    "a state": "UPDATE commitments SET status = 'done' WHERE id = 'c1'",
    "a withdrawal": "UPDATE commitments SET withdrawn = 0 WHERE id = 'c2'",
    "a number": "UPDATE actuals SET value = 2.5",
    "a record": "DELETE FROM notes",
    "a link": "DELETE FROM links",
    "a document's text": "UPDATE documents SET text = replace(text, 'will', 'may')",
    "who": "UPDATE history SET who = 'nobody' WHERE seq = 3",
    "when": "UPDATE history SET at = '2001-01-01T00:00:00.000000Z' WHERE seq = 3",
    "why": "UPDATE history SET why = NULL WHERE seq = 2",
    "what was": 'UPDATE history SET before = \'{"status":"done"}\' WHERE before IS NOT NULL',
    "the last row": "DELETE FROM history WHERE seq = (SELECT max(seq) FROM history)",
    "a row in the middle": "DELETE FROM history WHERE seq = 5",
    "two rows swapped": "UPDATE history SET seq = CASE seq WHEN 4 THEN 1004 WHEN 5 THEN 1005 ELSE seq END",
    "the head": "UPDATE head SET seq = seq - 1",
    "a file": "UPDATE files SET content = '\\x00'",
    "the index": "DELETE FROM search",
    "words of the index": "UPDATE search SET words = 'nothing'",
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_found(filled, what):
    sql = TAMPERINGS[what]
    sqlite = filled.engine.dialect.name == "sqlite"
    with filled.engine.connect() as connection, connection.begin():
        if sqlite:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for (name,) in connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            sql = sql.replace("'\\x00'", "x'00'")
        else:
            connection.exec_driver_sql("DROP FUNCTION refused() CASCADE")
        connection.exec_driver_sql(sql)
    report = verify(filled)
    assert not report.whole, what


def test_a_history_rewritten_from_end_to_end_is_found_by_a_head_noted_before(filled):
    noted = str(filled.head())
    with filled.engine.connect() as connection, connection.begin():
        if filled.engine.dialect.name == "sqlite":
            for (name,) in connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("DROP FUNCTION refused() CASCADE")
        from sqlalchemy import select

        from comity.store.tables import TABLES

        history, head = TABLES["history"], TABLES["head"]
        previous = connection.execute(select(head.c.register)).scalar()
        for row in connection.execute(select(history).order_by(history.c.seq)).mappings().all():
            who = "somebody else"
            told = hashed(
                row["seq"],
                row["at"],
                who,
                row["why"],
                row["kind"],
                row["record"],
                row["before"],
                row["after"],
                previous,
            )
            connection.execute(
                history.update().where(history.c.seq == row["seq"]).values(who=who, previous=previous, hash=told)
            )
            previous = told
        connection.execute(head.update().values(hash=previous))
    assert verify(filled).whole  # nothing in it contradicts itself
    report = verify(filled, against=noted)
    assert not report.whole and "rewritten" in report.faults[0]


def test_a_history_cut_short_with_its_head_is_found_by_a_head_noted_before(register):
    with register.writing("desk") as write:
        write.add("bodies", name="Authority", side="KAZ")
        write.add("bodies", name="Ministry", side="PAK")
    noted, first = str(register.head()), register.history()[0]
    from comity.store.tables import TABLES

    with register.engine.connect() as connection, connection.begin():
        if register.engine.dialect.name == "sqlite":
            for (name,) in connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("DROP FUNCTION refused() CASCADE")
        connection.exec_driver_sql("DELETE FROM bodies WHERE id = 'b2'")
        connection.exec_driver_sql("DELETE FROM history WHERE seq = 2")
        connection.execute(TABLES["head"].update().values(seq=1, hash=first.hash))
    assert verify(register).whole
    assert "cut off" in verify(register, against=noted).faults[0]


@pytest.mark.parametrize("words", ["", "12", "12:short", "twelve:4f3a9c0d12e45678"])
def test_what_is_no_head_is_told(filled, words):
    with pytest.raises(BadInput, match="looks like"):
        verify(filled, against=words)


def test_a_byte_changed_in_the_file_is_found_or_the_file_refused(tmp_path):
    """Every page of the file has a byte that matters; none may change unseen where it holds a record or its history."""
    path = tmp_path / "register.sqlite"
    with open_register(str(path), create=True) as register, register.writing("desk") as write:
        write.add("bodies", name="A name that stands only here", side="KAZ")
    content = path.read_bytes()
    places = [place for place in range(len(content)) if content.startswith(b"stands only here", place)]
    assert places
    for place in places:
        path.write_bytes(content[:place] + b"S" + content[place + 1 :])
        with open_register(str(path)) as register:
            assert not verify(register).whole
    sqlite3.connect(path).close()


def test_json_has_one_spelling():
    assert plain({"b": 1, "a": ["é", None]}) == plain({"a": ["é", None], "b": 1}) == '{"a":["é",null],"b":1}'
