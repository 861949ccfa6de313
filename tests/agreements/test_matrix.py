"""The matrix: counts that add up, laws, and what is written read back."""

from __future__ import annotations

import io
from datetime import date

import pytest

from comity.agreements import work
from comity.agreements.book import book, state
from comity.agreements.matrix import matrix
from comity.agreements.matrix_excel import excel
from comity.agreements.matrix_word import word
from tests.agreements.conftest import ON


def test_states_are_told(desk, whole):
    told = {name: state(whole, one, ON) for name, one in desk.made.items()}
    assert told == {
        "kept": "kept", "late": "kept late", "overdue": "overdue", "silent": "never heard of", "old": "superseded", "new": "open", "given up": "cancelled",
    }  # fmt: skip


def test_per_cent_done_counts_what_is_in_force(whole):
    total = matrix(whole, ON).total
    assert (total.counted, total.done, total.overdue, total.never, total.apart, total.percent) == (5, 2, 1, 1, 2, 40)


@pytest.mark.parametrize("groups", ["by_session", "by_side", "by_topic"])
def test_groups_add_up_to_the_whole(whole, history, groups):
    for made in (matrix(whole, ON), matrix(history, ON)):
        for name in ("counted", "done", "under_way", "overdue", "never", "apart"):
            assert sum(getattr(one, name) for one in getattr(made, groups)) == getattr(made.total, name)
        assert all(one.percent is None or 0 <= one.percent <= 100 for one in getattr(made, groups))


def test_doing_one_never_lowers_per_cent_done(desk):
    with desk.reading() as read:
        before = matrix(book(read, "GHA-PER"), ON).total.percent
    for name in ("overdue", "silent", "new"):
        with desk.writing("desk") as write:
            work.set_status(write, desk.made[name], "done", by="seen", on="2026-06-01")
        with desk.reading() as read:
            after = matrix(book(read, "GHA-PER"), ON).total.percent
        assert after > before
        before = after


def test_days_overdue_are_those_of_the_calendar(history):
    for _, rows in matrix(history, ON).groups:
        for row in rows:
            record = history.commitments[row.id]
            late = (date.fromisoformat(ON) - date.fromisoformat(record["due_end"])).days if record["due_end"] else 0
            assert row.days_overdue == (max(late, 0) if record["status"] not in ("done", "cancelled", "lapsed") else 0)


def test_a_due_that_moved_tells_what_it_was_at_first(desk, whole):
    rows = {row.id: row for _, rows in matrix(whole, ON).groups for row in rows}
    assert (rows[desk.made["overdue"]].due, rows[desk.made["overdue"]].due_before) == ("2026-03-31", "2025-12-31")
    assert rows[desk.made["new"]].due_before == "2025-04-30"
    assert not any(row.id == desk.made["old"] for row in rows.values())


def test_excel_reads_back_as_the_matrix_and_runs_nothing(desk, whole):
    from python_calamine import CalamineWorkbook

    with desk.writing("desk") as write:
        work.edit(write, desk.made["silent"], action='=HYPERLINK("http://x","y") & <b>')
    with desk.reading() as read:
        made = matrix(book(read, "GHA-PER"), ON)
    content = excel(made, "Ghana & Peru")
    assert content == excel(made, "Ghana & Peru")
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(content))
    header, *rows = sheets.get_sheet_by_name("Commitments").to_python()
    told = {row[header.index("Id")]: row for row in rows}
    for _, lines in made.groups:
        for line in lines:
            assert told[line.id][header.index("Commitment")] == line.commitment
            assert told[line.id][header.index("State")] == line.state
            assert str(told[line.id][header.index("Due")])[:10] == line.due
    assert b"<f>" not in __import__("zipfile").ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet2.xml")


def test_word_holds_every_commitment_and_text_stays_text(desk, whole):
    from docx import Document

    with desk.writing("desk") as write:
        work.edit(write, desk.made["silent"], action="{{ head }} {% if %} & <w:b/> \u202e")
    with desk.reading() as read:
        made = matrix(book(read, "GHA-PER"), ON)
    content = word(made, "Matrix & <title>", "State", ("Ghana", "Peru"))
    assert content == word(made, "Matrix & <title>", "State", ("Ghana", "Peru"))
    document = Document(io.BytesIO(content))
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    for _, lines in made.groups:
        for line in lines:
            assert line.commitment in cells
    assert "{{ head }} {% if %} & <w:b/> \u202e" in cells
    assert document.paragraphs[0].text == "Matrix & <title>"
    assert made.head in document.sections[0].footer.paragraphs[0].text
