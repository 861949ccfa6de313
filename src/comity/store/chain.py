"""The chain of history: each row carries the hash of the row before, so that none can be changed unseen.

A chain that is rewritten from some row to its end, tables and all, is whole again; only a copy of a hash kept
elsewhere shows that. Printed matrices and backups therefore carry the head.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from comity.store.tables import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of history: the columns of one record that changed, before and after."""

    seq: int
    at: str
    who: str
    why: str | None
    kind: str
    record: str
    before: dict[str, Any] | None
    after: dict[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of a chain. `register` is the identity that the first row stands on."""

    register: str
    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash[:16]}"


def hashed(seq: int, at: str, who: str, why: str | None, kind: str, record: str, before, after, previous: str) -> str:
    """SHA-256, in hexadecimal, of one row and all before it."""
    told = plain([seq, at, who, why, kind, record, before, after, previous])
    return hashlib.sha256(told.encode("utf-8")).hexdigest()


def entry(head: Head, at: str, who: str, why: str | None, kind: str, record: str, before, after) -> Entry:
    """The row that follows a head."""
    seq = head.seq + 1
    told = hashed(seq, at, who, why, kind, record, before, after, head.hash)
    return Entry(
        seq=seq, at=at, who=who, why=why, kind=kind, record=record, before=before, after=after, previous=head.hash,
        hash=told,
    )  # fmt: skip


def checked(entries: Iterable[Entry], register: str, faults: list[str]) -> Iterator[Entry]:
    """The same rows as they go by; a sentence is added to `faults` for each that does not follow from the one before."""
    previous, expected = register, 1
    for row in entries:
        if row.seq != expected:
            faults.append(f"row {expected} of the history is missing; the next is {row.seq}")
        if row.previous != previous:
            faults.append(f"row {row.seq} of the history does not follow from the row before it")
        told = hashed(row.seq, row.at, row.who, row.why, row.kind, row.record, row.before, row.after, row.previous)
        if row.hash != told:
            faults.append(
                f"row {row.seq} of the history ({row.kind} {row.record}, {row.at}) was changed after it was written"
            )
        previous, expected = row.hash, row.seq + 1
        yield row


def replay(entries: Iterable[Entry]) -> tuple[dict[tuple[str, str], dict[str, Any]], list[str]]:
    """The records that a history makes, by kind and id, and a sentence where a row does not fit what was there."""
    state: dict[tuple[str, str], dict[str, Any]] = {}
    faults = []
    for row in entries:
        key = (row.kind, row.record)
        here = state.get(key)
        if (here is None) != (row.before is None):
            faults.append(
                f"row {row.seq} of the history {'changes' if here is None else 'makes'} {row.record} out of turn"
            )
        elif here is not None and any(not _was(here, name, value) for name, value in (row.before or {}).items()):
            faults.append(
                f"row {row.seq} of the history begins from another {row.record} than the rows before it leave"
            )
        state[key] = {**(here or {}), **row.after}
    return state, faults


def _was(record: dict[str, Any], name: str, value: Any) -> bool:
    """Whether a column held a value; one that a new record left out was empty."""
    return record[name] == value if name in record else value is None or value is False or value == []
