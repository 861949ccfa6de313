"""Everything a register knows of one pair of countries, joined for printing. Pure functions make from it what is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from comity.agreements.records import ENDS, KINDS

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One pair's records at one moment. Drafts, rejected, merged and withdrawn commitments are left out.

    commitments, meetings, documents : by id; documents without their text
    sources, evidence, responsible, notes : by id of a commitment, in order of time
    earlier, later : id -> ids of the commitments that it renews, and of those that renew it
    first_due : id -> the last day promised at entry, where it has moved since
    targets : in order · actuals : by id of a target, in order of time
    head : end of the history's chain, as printed ("1234:4f3a9c0d12e45678")
    """

    pair: str
    head: str
    commitments: Mapping[str, Record]
    meetings: Mapping[str, Record]
    documents: Mapping[str, Record]
    sources: Mapping[str, tuple[Record, ...]]
    evidence: Mapping[str, tuple[Record, ...]]
    responsible: Mapping[str, tuple[Record, ...]]
    notes: Mapping[str, tuple[Record, ...]]
    earlier: Mapping[str, tuple[str, ...]]
    later: Mapping[str, tuple[str, ...]]
    first_due: Mapping[str, str]
    targets: tuple[Record, ...]
    actuals: Mapping[str, tuple[Record, ...]]


def book(read: Any, pair: str) -> Book:
    """The book of a pair such as KAZ-PAK, from a `comity.store.register.Reader`: one statement a kind, whatever the size."""
    commitments = {row["id"]: row for row in read.rows("commitments", pair=pair, decision="confirmed")}
    evidence = {row["id"]: row for row in read.rows("evidence", pair=pair)}
    links = [link for link in read.linked(pair)]
    supports = [
        (link["object"], evidence[link["subject"]])
        for link in links
        if link["relation"] == "supports" and link["subject"] in evidence
    ]
    renews = [(link["subject"], link["object"]) for link in links if link["relation"] == "renews"]
    targets = tuple(read.rows("targets", pair=pair))
    return Book(
        pair=pair, head=str(read.head()), commitments=commitments,
        meetings={row["id"]: row for row in read.rows("meetings", pair=pair)},
        documents={row["id"]: row for row in read.documents(pair)},
        sources=_grouped(((row["commitment"], row) for row in read.of_pair("sources", pair)), "number"),
        evidence=_grouped(supports, "date"),
        responsible=_grouped(((row["commitment"], row) for row in read.answering(pair)), "number"),
        notes=_grouped(((row["about"], row) for row in read.notes_of(pair)), "date"),
        earlier=_ids(renews, commitments), later=_ids(((old, new) for new, old in renews), commitments),
        first_due=read.first_due(pair), targets=targets,
        actuals=_grouped(((row["target"], row) for row in read.rows("actuals", target=[target["id"] for target in targets])), "date"),
    )  # fmt: skip


def _grouped(pairs: Iterable[tuple[str, Record]], by: str) -> dict[str, tuple[Record, ...]]:
    found: dict[str, list[Record]] = {}
    for key, row in pairs:
        found.setdefault(key, []).append(row)
    return {key: tuple(sorted(rows, key=lambda row: row[by])) for key, rows in found.items()}


def _ids(pairs: Iterable[tuple[str, str]], known: Mapping[str, Record]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for one, other in pairs:
        if one in known and other in known:
            found.setdefault(one, []).append(other)
    return {one: tuple(others) for one, others in found.items()}


# --- what is told of one commitment ---------------------------------------------------------------------------------------


def days_overdue(record: Record, on: str) -> int:
    """Days by which a commitment's time had passed on a day without its end; 0 where it had not."""
    if not record["due_end"] or record["status"] in ENDS or record["due_end"] >= on:
        return 0
    return (date.fromisoformat(on) - date.fromisoformat(record["due_end"])).days


def source_of(book: Book, identity: str) -> Record | None:
    """The first source of a commitment, with title, date and address of its document."""
    sources = book.sources.get(identity, ())
    if not sources:
        return None
    document = book.documents.get(sources[0]["document"], {})
    return {
        **sources[0],
        "title": document.get("title"),
        "date": document.get("date"),
        "address": document.get("source"),
    }


def last_heard(book: Book, identity: str) -> str | None:
    """Day (or month, year) of the last evidence that tells of something; reports that nothing was found do not count."""
    return max((one["date"] for one in book.evidence.get(identity, ()) if one["kind"] != "not found"), default=None)


def state(book: Book, identity: str, on: str) -> str:
    """How a commitment stands on a day: kept, kept late, overdue, under way, open, never heard of, superseded, lapsed, cancelled."""
    record = book.commitments[identity]
    status = record["status"]
    if status == "done":
        late = bool(
            record["due_end"] and record["closed_on"] and (record["closed_on"] + "-00-00")[:10] > record["due_end"]
        )
        return "kept late" if late or _promised_before(book, identity) else "kept"
    if status in ENDS:
        return status
    if days_overdue(record, on):
        return "overdue"
    if status in ("minimum", "under way"):
        return "under way"
    return "open" if last_heard(book, identity) or _young(record, on) else "never heard of"


def _promised_before(book: Book, identity: str) -> bool:
    """Whether an earlier promise of the same had a day that passed before it was done."""
    closed = book.commitments[identity]["closed_on"] or ""
    return any((book.commitments[old]["due_end"] or "9999") < closed for old in all_earlier(book, identity))


def _young(record: Record, on: str) -> bool:
    """Whether a promise is younger than a year: nobody need have heard of it yet."""
    said = (record["said_on"] or "") + "-12-31"
    return said[:10] >= f"{int(on[:4]) - 1}{on[4:]}"


def all_earlier(book: Book, identity: str) -> list[str]:
    """Every earlier promise of the same, the oldest first."""
    found: list[str] = []
    waiting = list(book.earlier.get(identity, ()))
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.append(here)
            waiting += book.earlier.get(here, ())
    return sorted(found, key=lambda one: (book.commitments[one]["said_on"] or "", KINDS["commitments"] + one))


def answers(book: Book, identity: str, bodies: Mapping[str, Record] | None = None) -> str:
    """Who answers for a commitment now, else who is to act."""
    now = [one for one in book.responsible.get(identity, ()) if not one["until"]]
    told = [
        "; ".join(part for part in (one["person_name"], one["office"], one["body_name"], one["side"]) if part)
        for one in now
    ]
    return " / ".join(told) or ", ".join(book.commitments[identity]["actors"])
