"""Lists hold what was asked, counted beside a plain filter in Python."""

from __future__ import annotations

import pytest

from comity.agreements.records import ENDS
from comity.store.lists import Asked, listed
from comity.store.shipped import shipped

ON = "2026-11-25"


@pytest.fixture(scope="module")
def read():
    with shipped("KAZ-PAK") as register, register.reading() as reader:
        yield reader


def ids(read, **asked):
    found = listed(read, Asked(on=ON, limit=1000, **asked))
    assert found.total == len(found.lines)
    return {line["id"] for line in found.lines}


def test_overdue_due_and_never(read):
    rows = [row for row in read.rows("commitments") if row["decision"] == "confirmed"]
    still = [row for row in rows if row["status"] not in ENDS]
    assert ids(read, overdue=True) == {row["id"] for row in still if row["due_end"] and row["due_end"] < ON}
    assert ids(read, due_days=100) == {
        row["id"] for row in still if row["due_end"] and ON <= row["due_end"] <= "2027-03-05"
    }
    heard = {link["object"] for link in read.rows("links", relation="supports")}
    assert ids(read, never=True) == {row["id"] for row in rows} - heard


@pytest.mark.parametrize("name", ["side", "topic", "status", "strength", "grade", "meeting", "pair"])
def test_by_a_column(read, name):
    rows = read.rows("commitments")
    for value in {row[name] for row in rows} - {None}:
        assert ids(read, **{name: value}) == {row["id"] for row in rows if row[name] == value}


def test_stalled_is_what_nobody_spoke_of_lately(read):
    evidence = {row["id"]: row["date"] for row in read.rows("evidence")}
    last = {}
    for link in read.rows("links", relation="supports"):
        last[link["object"]] = max(last.get(link["object"], ""), evidence[link["subject"]])
    told = {
        row["id"] for row in read.rows("commitments")
        if row["status"] not in ENDS and (row["said_on"] or "") < "2025-11-25" and last.get(row["id"], "") < "2025-11-25"
    }  # fmt: skip
    assert ids(read, stalled_months=12) == told


def test_words_are_found_in_the_sentence_too(read):
    assert ids(read, words="Gwadar") and ids(read, words="zzz") == set()
    assert ids(read, words="transit trade") <= ids(read, words="transit")


def test_pages_follow_each_other_and_late_ones_stand_first(read):
    first = listed(read, Asked(on=ON, limit=5))
    second = listed(read, Asked(on=ON, limit=5, offset=5))
    assert first.total == second.total > 10
    both = [line["id"] for line in (*first.lines, *second.lines)]
    assert both == [line["id"] for line in listed(read, Asked(on=ON, limit=10)).lines]
    assert first.lines[0]["days_overdue"] >= first.lines[1]["days_overdue"]
