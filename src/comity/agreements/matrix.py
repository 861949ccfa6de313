"""The matrix for the next session: what was agreed, where it stands, what is carried over; and per cent done. Pure.

Per cent done counts the commitments in force: those that a later one superseded count with it, once; cancelled ones are told
apart and not counted. So 100 times done / (all - superseded - cancelled).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from comity.agreements.book import Book, Record, all_earlier, answers, days_overdue, last_heard, source_of, state
from comity.agreements.records import ENDS

COUNTED_APART = ("superseded", "cancelled")
BETWEEN = "between sessions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One commitment in the matrix. Days are ISO, "" where unknown."""

    number: int
    id: str
    agreed_at: str
    agreed_on: str
    commitment: str
    who: str
    side: str
    topic: str
    strength: str
    due: str
    due_before: str  # what it was at entry, where it has moved
    state: str
    evidence: str
    heard: str
    days_overdue: int
    carry_over: bool
    remarks: str
    source: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Counts of a group: `done` of `counted`; `apart` are superseded or cancelled."""

    name: str
    counted: int
    done: int
    under_way: int
    overdue: int
    never: int
    apart: int

    @property
    def percent(self) -> int | None:
        """Per cent done, None where nothing counts."""
        return round(100 * self.done / self.counted) if self.counted else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """What is printed. `groups` : (heading, rows) by the session at which it was agreed, the newest first."""

    pair: str
    on: str
    head: str
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    total: Share
    by_session: tuple[Share, ...]
    by_topic: tuple[Share, ...]
    by_side: tuple[Share, ...]
    targets: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """comity.matrix/1"""
        return {
            "schema": "comity.matrix/1", "pair": self.pair, "on": self.on, "head": self.head, "total": plain(self.total),
            "by_session": [plain(one) for one in self.by_session], "by_topic": [plain(one) for one in self.by_topic],
            "by_side": [plain(one) for one in self.by_side], "targets": list(self.targets),
            "groups": [{"session": name, "rows": [{field: getattr(row, field) for field in Row.__slots__} for row in rows]} for name, rows in self.groups],
        }  # fmt: skip


def first_upper(text: str) -> str:
    """A phrase as a sentence begins."""
    return text[:1].upper() + text[1:]


def plain(share: Share) -> dict[str, Any]:
    """A share as a mapping, with its per cent."""
    return {name: getattr(share, name) for name in Share.__slots__} | {"percent": share.percent}


def matrix(book: Book, on: str, meeting: str | None = None) -> Matrix:
    """The matrix of a pair on a day, of all sessions or of one (its id). Superseded promises stand with their successor."""
    records = [record for record in book.commitments.values() if meeting is None or record["meeting"] == meeting]
    shown = [record for record in records if record["status"] != "superseded"]
    sessions: dict[str, list[Record]] = {}
    for record in shown:
        sessions.setdefault(session_of(book, record), []).append(record)
    order = sorted(
        sessions,
        key=lambda name: (name != BETWEEN, max(record["said_on"] or "" for record in sessions[name])),
        reverse=True,
    )
    groups, number = [], 0
    for name in order:
        rows = []
        for record in sorted(
            sessions[name], key=lambda record: (record["topic"], record["due_end"] or "9999", record["number"])
        ):
            number += 1
            rows.append(_row(book, record, number, on))
        groups.append((name, tuple(rows)))
    return Matrix(
        pair=book.pair, on=on, head=book.head, groups=tuple(groups), total=share("all", records, book, on),
        by_session=shares(records, lambda record: session_of(book, record), book, on),
        by_topic=shares(records, lambda record: record["topic"], book, on),
        by_side=shares(records, lambda record: record["side"], book, on), targets=tuple(targets(book)),
    )  # fmt: skip


def session_of(book: Book, record: Record) -> str:
    """The meeting at which a commitment was agreed, as a heading."""
    meeting = book.meetings.get(record["meeting"] or "")
    return f"{meeting['name']} ({meeting['start']})" if meeting else BETWEEN


def _row(book: Book, record: Record, number: int, on: str) -> Row:
    identity = record["id"]
    source = source_of(book, identity)
    evidence = book.evidence.get(identity, ())
    last = evidence[-1] if evidence else None
    return Row(
        number=number, id=identity, agreed_at=session_of(book, record), agreed_on=record["said_on"] or "", commitment=first_upper(record["action"]),
        who=answers(book, identity), side=record["side"], topic=record["topic"], strength=record["strength"],
        due=record["due_end"] or record["due_phrase"] or "", due_before=due_before(book, identity), state=state(book, identity, on),
        evidence=f"{last['text']} ({last['date']})" if last else "", heard=last_heard(book, identity) or "",
        days_overdue=days_overdue(record, on), carry_over=record["status"] not in ENDS, remarks=_remarks(book, record),
        source=(source or {}).get("address") or (source or {}).get("title") or "", sentence=(source or {}).get("sentence") or "",
    )  # fmt: skip


def due_before(book: Book, identity: str) -> str:
    """The day promised at first: at entry, or by the oldest earlier promise of the same that named one; "" where it is today's."""
    first = book.first_due.get(identity, "")
    named = [
        book.commitments[old]["due_end"] for old in all_earlier(book, identity) if book.commitments[old]["due_end"]
    ]
    told = named[0] if named else first
    return told if told and told != book.commitments[identity]["due_end"] else ""


def _remarks(book: Book, record: Record) -> str:
    parts = []
    earlier = all_earlier(book, record["id"])
    if earlier:
        parts.append(
            f"promised {len(earlier)} time{'s' * (len(earlier) != 1)} before, first in {book.commitments[earlier[0]]['said_on'] or 'an unknown year'}"
        )
    if record["proposed_status"]:
        parts.append(f"the doer says {record['proposed_status']}; to be confirmed")
    if record["condition"]:
        parts.append(f"on condition: {record['condition']}")
    if record["delay_reason"]:
        parts.append(f"late because: {record['delay_reason']}")
    parts += [note["text"] for note in book.notes.get(record["id"], ())]
    return "; ".join(parts)


# --- per cent done ----------------------------------------------------------------------------------------------------------


def share(name: str, records: Iterable[Record], book: Book, on: str) -> Share:
    """Counts of some commitments."""
    records = list(records)
    counted = [record for record in records if record["status"] not in COUNTED_APART]
    states = [state(book, record["id"], on) for record in counted]
    return Share(
        name=name, counted=len(counted), done=sum(record["status"] == "done" for record in counted),
        under_way=sum(record["status"] in ("minimum", "under way") for record in counted),
        overdue=sum(bool(days_overdue(record, on)) for record in counted), never=states.count("never heard of"),
        apart=len(records) - len(counted),
    )  # fmt: skip


def shares(records: Iterable[Record], key: Callable[[Record], str], book: Book, on: str) -> tuple[Share, ...]:
    """Counts by a key, the largest group first."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(key(record), []).append(record)
    made = [share(name, these, book, on) for name, these in groups.items()]
    return tuple(sorted(made, key=lambda one: (-one.counted, one.name)))


def targets(book: Book) -> list[dict[str, Any]]:
    """Targets with baseline and measured values."""
    return [
        {
            "id": one["id"], "measure": one["measure"], "unit": one["unit"], "value": one["value"], "due": one["due"],
            "baseline": one["baseline"], "baseline_date": one["baseline_date"],
            "actuals": [{"date": row["date"], "value": row["value"], "note": row["note"], "source": row["source"]} for row in book.actuals.get(one["id"], ())],
        }
        for one in book.targets
    ]  # fmt: skip
