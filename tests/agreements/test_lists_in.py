"""Lists of others come in whole or not at all, by their own headers, and once."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from comity.agreements import lists_in
from comity.errors import BadInput, TableFaults
from comity.store.shipped import pairs, shipped
from comity.store.verify import verify

LIST = """No;Commitment;Responsible;Deadline;State;Remarks
1;Open a trade office;Ghana;30.06.2025;Completed;opened by the minister
2;"Lower the duty on cocoa;
in two steps";Peru;31 December 2026;in progress;
3;Train officers;Ghana Ports;46386;;=1+1
"""


def taken(register, text=LIST, name="list.csv", tmp=None, maps=(), **more):
    path = Path(tmp) / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    table = lists_in.table(path)
    return lists_in.taken_in(
        register, table, lists_in.columns(table.header, dict(maps)), who="desk", pair="GHA-PER", **more
    )


def test_a_list_comes_in_by_its_own_headers(register, tmp_path):
    taken(register, tmp=tmp_path)
    rows = register.rows("commitments")
    assert [(row["action"], row["actors"], row["due_end"], row["status"]) for row in rows] == [
        ("Open a trade office", ("GHA",), "2025-06-30", "done"), ("Lower the duty on cocoa;\nin two steps", ("PER",), "2026-12-31", "under way"),
        ("Train officers", ("Ghana Ports",), "2026-12-30", "not started"),
    ]  # fmt: skip
    assert [note["text"] for note in register.rows("notes")] == ["opened by the minister", "=1+1"]
    assert verify(register).whole


def test_a_second_time_makes_nothing_new(register, tmp_path):
    taken(register, tmp=tmp_path)
    head = register.head()
    again = taken(register, tmp=tmp_path)
    assert (again.new, again.known) == ({}, 3) and register.head() == head


def test_a_second_time_takes_nothing_back_that_was_entered_since(register, tmp_path):
    from comity.agreements import work

    taken(register, tmp=tmp_path)
    with register.writing("desk") as write:
        work.set_status(write, "c2", "done", by="protocol 4", on="2026-01-01")
        work.set_status(write, "c3", "under way")
    rows = register.rows("commitments")
    taken(register, tmp=tmp_path)
    assert register.rows("commitments") == rows


def test_a_dry_run_tells_what_would_come_and_writes_nothing(register, tmp_path):
    told = taken(register, tmp=tmp_path, dry_run=True)
    assert told.new == {"commitments": 3} and len(told.lines) == 3
    assert register.head().seq == 0 and register.rows("commitments") == []


def test_every_fault_of_every_row_is_told_and_nothing_written(register, tmp_path):
    bad = LIST.replace("30.06.2025", "31.06.2025").replace("in progress", "dunno").replace("46386", "soon")
    with pytest.raises(TableFaults) as fault:
        taken(register, bad, tmp=tmp_path)
    assert [words in str(fault.value) for words in ("row 2", "31.06.2025", "row 5", "soon")] == [True] * 4
    assert register.head().seq == 0


def test_excel_is_read_with_its_own_dates(register, tmp_path):
    import datetime

    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for column, text in enumerate(("Commitment", "Who", "Due")):
        sheet.write(0, column, text)
    sheet.write(1, 0, "Open an office")
    sheet.write(1, 1, "Peru")
    sheet.write_datetime(1, 2, datetime.datetime(2026, 5, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    book.close()
    taken(register, out.getvalue(), "list.xlsx", tmp_path)
    assert register.rows("commitments")[0]["due_end"] == "2026-05-01"


def test_a_column_map_wins_and_its_slips_are_told(register, tmp_path):
    text = "a,b\nOpen an office,Peru\n"
    with pytest.raises(BadInput, match="--map text"):
        taken(register, text, tmp=tmp_path)
    with pytest.raises(BadInput, match="no header 'c'"):
        taken(register, text, tmp=tmp_path, maps={"text": "c"}.items())
    taken(register, text, tmp=tmp_path, maps={"text": "a", "actors": "b"}.items())
    assert register.rows("commitments")[0]["actors"] == ("PER",)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04broken", b"\0\1\2", b'a,"b\n'])
def test_what_is_no_list_is_told(tmp_path, content):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput):
        lists_in.table(path)


def test_the_register_that_ships_tells_a_real_history():
    assert pairs() == ("KAZ-PAK",)
    with shipped("KAZ-PAK") as register:
        assert verify(register).whole
        sides = {row["side"] for row in register.rows("commitments")}
        assert sides == {"KAZ", "PAK", "both"}
        assert len(register.rows("meetings")) >= 19 and len(register.rows("commitments")) >= 79
        done = register.rows("commitments", status="done")
        supported = {link["object"] for link in register.rows("links", relation="supports")}
        assert all(one["id"] in supported for one in done)
