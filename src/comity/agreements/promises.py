"""What two countries promised each other and what came of it, as one plain answer for page, paper and scripts. Pure."""

from __future__ import annotations

from typing import Any

from comity import facts
from comity.agreements.book import Book, Record, all_earlier, answers, days_overdue, last_heard, source_of, state
from comity.agreements.matrix import plain, session_of, share, shares, targets
from comity.agreements.records import ENDS

RAISED = 10  # commitments to raise at a meeting: more would not be heard


def promises(book: Book, on: str) -> dict[str, Any]:
    """The answer `comity.promises/1` of a pair on a day (ISO).

    Per cent done by session, side and topic; what is overdue and by how long; what moved since the last meeting; the ten to
    raise, each with its reasons; chains of promise to outcome; targets. Every line carries its sentence and address.
    """
    records = list(book.commitments.values())
    last = last_meeting(book, on)
    return {
        "schema": "comity.promises/1", "pair": book.pair, "on": on, "head": book.head, "total": plain(share("all", records, book, on)),
        "by_session": [plain(one) for one in shares(records, lambda record: session_of(book, record), book, on)],
        "by_side": [plain(one) for one in shares(records, lambda record: record["side"], book, on)],
        "by_topic": [plain(one) for one in shares(records, lambda record: record["topic"], book, on)],
        "overdue": overdue(book, on), "last_meeting": last and {"id": last["id"], "name": last["name"], "date": last["start"]},
        "moved": moved(book, last, on), "to_raise": to_raise(book, on), "chains": chains(book, on), "targets": targets(book),
    }  # fmt: skip


def line(book: Book, record: Record, on: str) -> dict[str, Any]:
    """One commitment with what a reader needs to believe it."""
    source = source_of(book, record["id"]) or {}
    return {
        "id": record["id"], "action": record["action"], "who": answers(book, record["id"]), "side": record["side"], "topic": record["topic"],
        "strength": record["strength"], "said_on": record["said_on"], "due_start": record["due_start"], "due_end": record["due_end"],
        "due_phrase": record["due_phrase"], "state": state(book, record["id"], on), "closed_on": record["closed_on"],
        "days_overdue": days_overdue(record, on), "last_heard": last_heard(book, record["id"]), "sentence": source.get("sentence"),
        "address": source.get("address"), "notes": [note["text"] for note in book.notes.get(record["id"], ())],
    }  # fmt: skip


def overdue(book: Book, on: str) -> list[dict[str, Any]]:
    """What is overdue, the longest first."""
    late = [record for record in book.commitments.values() if days_overdue(record, on)]
    return [line(book, record, on) for record in sorted(late, key=lambda record: (record["due_end"], record["number"]))]


def last_meeting(book: Book, on: str) -> Record | None:
    """The last meeting before a day."""
    held = [meeting for meeting in book.meetings.values() if meeting["start"] <= on]
    return max(held, key=lambda meeting: (meeting["start"], meeting["number"]), default=None)


def moved(book: Book, since: Record | None, on: str) -> list[dict[str, Any]]:
    """Evidence dated on the last meeting's first day or later, with what it bears on; the newest first."""
    if since is None:
        return []
    found: dict[str, dict[str, Any]] = {}
    for identity, rows in book.evidence.items():
        for one in rows:
            if since["start"] <= one["date"] <= on and identity in book.commitments:
                told = found.setdefault(
                    one["id"],
                    {
                        "id": one["id"],
                        "date": one["date"],
                        "kind": one["kind"],
                        "text": one["text"],
                        "source": one["source"],
                        "for": [],
                    },
                )
                told["for"].append(identity)
    return sorted(found.values(), key=lambda one: (one["date"], one["id"]), reverse=True)


def to_raise(book: Book, on: str) -> list[dict[str, Any]]:
    """The ten open commitments with the most reasons to be raised, each with its reasons."""
    told, worth = [], points()
    for record in book.commitments.values():
        if record["status"] in ENDS or record["strength"] in ("noted", "done"):
            continue
        why = reasons(book, record, on)
        told.append((sum(worth[name] for name in why), record, why))
    told.sort(key=lambda one: (-one[0], one[1]["due_end"] or "9999", one[1]["number"]))
    return [
        line(book, record, on) | {"reasons": why, "points": points}
        for points, record, why in told[:RAISED]
        if points > 0
    ]


def points() -> dict[str, float]:
    """What each reason for raising a promise counts: rows of the table `raising`."""
    return {row["reason"]: row["points"] for row in facts.rows("raising")}


def reasons(book: Book, record: Record, on: str) -> list[str]:
    """Which reasons of the table `raising` hold for a commitment."""
    late = days_overdue(record, on)
    found = ["overdue"] if late else []
    found += ["a year overdue"] if late > 365 else []
    found += (
        ["joint or binding"] if record["strength"] == "agreed" else ["definite"] if record["strength"] == "will" else []
    )
    found += ["promised before"] if book.earlier.get(record["id"]) else []
    found += ["never heard of"] if last_heard(book, record["id"]) is None else []
    found += ["verifiable"] if record["grade"] == "verifiable" else []
    return found


def chains(book: Book, on: str, least: int = 2) -> list[dict[str, Any]]:
    """Promises of the same thing in a row, the longest first: each with what was said, for when, and what came of it."""
    found = []
    for identity, record in book.commitments.items():
        if book.later.get(identity):
            continue  # not the last of its chain
        earlier = all_earlier(book, identity)
        if len(earlier) + 1 < least:
            continue
        links = [line(book, book.commitments[one], on) for one in (*earlier, identity)]
        outcomes = {row["id"]: row for one in (*earlier, identity) for row in book.evidence.get(one, ())}
        found.append({
            "title": record["action"], "topic": record["topic"], "state": state(book, identity, on), "promises": links,
            "outcomes": [outcome(row) for row in sorted(outcomes.values(), key=lambda row: row["date"])],
        })  # fmt: skip
    found += _single(book, on)
    return _told_once(sorted(found, key=lambda chain: (-len(chain["promises"]), chain["promises"][0]["said_on"] or "")))


def outcome(row: Record) -> dict[str, Any]:
    """A piece of evidence as a chain tells it."""
    return {name: row[name] for name in ("date", "kind", "text", "source")}


def _told_once(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Chains in which each promise stands once: a shorter one tells only what it adds, and what it branches from."""
    seen: dict[str, str] = {}
    for chain in found:
        shared = [one["id"] for one in chain["promises"] if one["id"] in seen]
        chain["branches_from"] = seen[shared[-1]] if shared else None
        if shared:
            chain["promises"] = [one for one in chain["promises"] if one["id"] not in seen]
            first = chain["promises"][0]["said_on"] or ""
            chain["outcomes"] = [row for row in chain["outcomes"] if row["date"] >= first]
        seen.update((one["id"], chain["title"]) for one in chain["promises"])
    return found


def _single(book: Book, on: str) -> list[dict[str, Any]]:
    """Promises with a day and an outcome of their own that no chain holds: kept on the day, or late."""
    found = []
    for identity, record in book.commitments.items():
        if (
            book.later.get(identity)
            or book.earlier.get(identity)
            or not record["due_end"]
            or not book.evidence.get(identity)
        ):
            continue
        rows = book.evidence[identity]
        found.append({
            "title": record["action"], "topic": record["topic"], "state": state(book, identity, on),
            "promises": [line(book, record, on)],
            "outcomes": [outcome(row) for row in rows],
        })  # fmt: skip
    return found
