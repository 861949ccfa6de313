"""The calendar is read back by the library, keeps its identities, and invents no times."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar

from comity.agreements import work
from comity.agreements.book import book
from comity.agreements.reminders import calendar
from tests.agreements.conftest import ON


def events(register):
    with register.reading() as read:
        content = calendar(book(read, "GHA-PER"), read.head().register, ON, read.changes("GHA-PER"))
    return {str(event["uid"]): event for event in Calendar.from_ical(content).walk("VEVENT")}, content


def test_open_promises_with_a_day_are_all_day_events(desk):
    found, content = events(desk)
    identity = desk.head().register
    assert set(found) == {f"{desk.made[name]}@{identity}" for name in ("overdue", "new")}
    new = found[f"{desk.made['new']}@{identity}"]
    assert new.decoded("dtstart").isoformat() == "2026-12-31" and new.decoded("dtend") - new.decoded(
        "dtstart"
    ) == timedelta(days=1)
    assert len(new.walk("VALARM")) == 2
    assert content == events(desk)[1]
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_a_new_day_keeps_the_identity_and_raises_the_sequence(desk):
    uid = f"{desk.made['new']}@{desk.head().register}"
    before = events(desk)[0][uid]
    with desk.writing("desk") as write:
        work.edit(write, desk.made["new"], due_start="2027-01-31", due_end="2027-01-31")
    after = events(desk)[0][uid]
    assert after["sequence"] > before["sequence"] and after.decoded("dtstart").isoformat() == "2027-01-31"
