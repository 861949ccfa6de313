"""Due days and meetings as a calendar (iCalendar, RFC 5545) whose entries keep their identity from one export to the next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from comity.agreements.book import Book, Record, answers, source_of, state
from comity.agreements.records import ENDS

WARNED_DAYS = (30, 7)  # before the day; a letter to the other side takes some weeks


def calendar(book: Book, register: str, on: str, sequence: dict[str, int] | None = None) -> bytes:
    """Every open commitment with a day, and every meeting to come, as all-day events.

    register : identity of the register, part of each UID · sequence : id -> number of changes so far (SEQUENCE of RFC 5545)
    The same register on the same day gives the same bytes.
    """
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//Comity//register of commitments//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"Commitments {book.pair}")
    numbers = sequence or {}
    for record in book.commitments.values():
        if record["due_end"] and record["status"] not in ENDS:
            made.add_component(_due(book, record, register, on, numbers.get(record["id"], 0)))
    for meeting in book.meetings.values():
        if len(meeting["start"]) == 10 and meeting["start"] >= on:
            made.add_component(_meeting(meeting, register, on, numbers.get(meeting["id"], 0)))
    return made.to_ical()


def _event(uid: str, summary: str, start: str, end: str, on: str, sequence: int):
    from icalendar import Event

    made = Event()
    made.add("uid", uid)
    made.add("dtstamp", datetime.combine(date.fromisoformat(on), datetime.min.time(), UTC))
    made.add("summary", summary)
    made.add("dtstart", date.fromisoformat(start))
    made.add("dtend", date.fromisoformat(end) + timedelta(days=1))  # the day after: RFC 5545 leaves the end out
    made.add("sequence", sequence)
    made.add("transp", "TRANSPARENT")
    return made


def _due(book: Book, record: Record, register: str, on: str, sequence: int):
    from icalendar import Alarm

    source = source_of(book, record["id"]) or {}
    made = _event(
        f"{record['id']}@{register}",
        f"Due: {record['action'][:120]}",
        record["due_end"],
        record["due_end"],
        on,
        sequence,
    )
    told = [
        f"{record['id']}, {answers(book, record['id'])}",
        f"state: {state(book, record['id'], on)}",
        f"said: {source.get('sentence') or record['action']}",
    ]
    made.add("description", "\n".join(told))
    made.add("categories", [book.pair, record["topic"]])
    if str(source.get("address") or "").startswith("http"):
        made.add("url", source["address"])
    for days in WARNED_DAYS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{days} days left: {record['action'][:120]}")
        alarm.add("trigger", timedelta(days=-days))
        made.add_component(alarm)
    return made


def _meeting(meeting: Record, register: str, on: str, sequence: int):
    end = meeting["end"] if meeting["end"] and len(meeting["end"]) == 10 else meeting["start"]
    made = _event(f"{meeting['id']}@{register}", meeting["name"], meeting["start"], end, on, sequence)
    if meeting["place"]:
        made.add("location", meeting["place"])
    return made
