"""The promises that ship: every row leads to others that are there, and every fact was carried."""

from __future__ import annotations

from datetime import date

from comity import facts
from comity.agreements.lists_in import day
from comity.agreements.records import STATUSES

ROWS = facts.rows("promises")
KEYS = {row["key"]: row for row in ROWS}


def test_all_pages_of_the_gathered_facts_are_cited():
    assert len(ROWS) >= 145
    assert len({row["source"] for row in ROWS}) == 84  # the distinct pages of the 99 facts it was made of


def test_references_lead_to_rows_and_never_in_a_circle():
    for row in ROWS:
        for key in (row["meeting"], *row["serves"], *row["chain"]):
            assert key is None or key in KEYS
        seen, waiting = set(), list(row["chain"])
        while waiting:
            here = waiting.pop()
            assert here != row["key"], row["key"]
            if here not in seen:
                seen.add(here)
                waiting += KEYS[here]["chain"]


def test_a_promise_is_renewed_by_a_later_one_only():
    for row in ROWS:
        for key in row["chain"]:
            assert row["date"][:7] <= KEYS[key]["date"][:7], (row["key"], key)


def test_days_are_days_and_done_has_evidence():
    served = {key for row in ROWS if row["record"] == "evidence" for key in row["serves"]}
    for row in ROWS:
        if row["date"]:
            day(row["date"])
        if row["due_start"]:
            assert row["due_start"] <= row["due_end"] and isinstance(row["due_end"], date)
        if row["record"] == "commitment":
            assert row["status"] in STATUSES and row["actors"] and row["sentence"]
            assert (row["status"] == "superseded") == bool(row["chain"]), row["key"]
            assert (row["status"] == "done") == bool(row["done_on"])
            assert row["status"] != "done" or row["key"] in served
