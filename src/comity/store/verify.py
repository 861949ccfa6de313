"""Proof that a register is whole: the chain, its replay against every table, every file's hash, the database's own check."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from comity.agreements.records import KINDS
from comity.errors import BadInput, ComityError
from comity.store import search
from comity.store.chain import Entry, checked, replay
from comity.store.register import Reader, Register
from comity.store.tables import DAMAGED, KEPT_OUT, TABLES, fields

MOST = 50  # faults that are told; a damaged register has thousands


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was looked at and what was found. `head` is worth writing down: it pins everything before it."""

    register: str
    head: str
    changes: int
    records: int
    files: int
    faults: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def to_json(self) -> dict[str, Any]:
        """comity.verify/1"""
        return {"schema": "comity.verify/1", "whole": self.whole} | {
            name: getattr(self, name) for name in self.__slots__
        }


def verify(register: Register, against: str | None = None) -> Report:
    """Check a register. `against` : a head written down earlier, "1234:4f3a..."; the chain must still hold it.

    A register whose whole history was rewritten consistently is whole in itself; only `against` finds that.
    """
    passed = _Passed(*_mark(against))
    with register.reading() as read:
        faults: list[str] = []
        head = read.head()
        try:
            state, wrong = replay(checked(passed.over(read.entries()), head.register, faults))
            faults += wrong + passed.faults
            if (head.seq, head.hash) != (passed.last or (0, head.register)):
                faults.append(
                    f"the head tells {head.seq} changes, the history ends at {passed.last or 0}: rows were cut off or added"
                )
            found = _Found()
            faults += list(_tables(read, state, found))
            files = list(_files(read))
            faults += [fault for fault in files if fault]
            faults += list(_own_checks(read, found))
        except (TypeError, ValueError, AttributeError, KeyError) as fault:
            if isinstance(fault, ComityError):
                raise
            raise DAMAGED from fault  # a number where a text was: no record of ours looks so
    return Report(
        register=head.register, head=str(head), changes=head.seq, records=len(state), files=len(files), faults=tuple(faults[:MOST])
    )  # fmt: skip


@dataclass(slots=True)
class _Found:
    """What the search index should hold: how many rows, and the sum of their hashes, in whatever order."""

    rows: int = 0
    total: int = 0

    def add(self, row: int, words: str) -> None:
        told = hashlib.sha256(f"{row}\n{words}".encode()).digest()
        self.rows, self.total = self.rows + 1, self.total ^ int.from_bytes(told[:16])


class _Passed:
    """Watches the chain go by for a head that was written down."""

    def __init__(self, seq: int | None, mark: str):
        self.seq, self.mark, self.seen = seq, mark, seq is None or seq == 0
        self.faults: list[str] = []
        self.last: tuple[int, str] | None = None

    def over(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        for entry in entries:
            if entry.seq == self.seq:
                self.seen = True
                if not entry.hash.startswith(self.mark):
                    self.faults.append(
                        f"row {entry.seq} of the history is not the one noted ({self.mark}): the history was rewritten"
                    )
            self.last = entry.seq, entry.hash
            yield entry
        if not self.seen:
            self.faults.append(f"the history noted up to row {self.seq} is shorter now: rows were cut off")


def _mark(against: str | None) -> tuple[int | None, str]:
    if against is None:
        return None, ""
    seq, _, mark = against.strip().partition(":")
    if not seq.isdigit() or len(mark) < 8:
        raise BadInput(
            f"{against!r} is no head of a register. It looks like 1234:4f3a9c0d12e45678, as verify and a printed matrix tell it."
        )
    return int(seq), mark


def _tables(read: Reader, state: dict[tuple[str, str], dict[str, Any]], found: _Found) -> Iterator[str]:
    """A sentence for each record that is not what its history makes of it."""
    for kind in KINDS:
        told = {identity: values for (of, identity), values in state.items() if of == kind}
        columns = [column for column in TABLES[kind].c if column.name not in KEPT_OUT]
        empty: dict[str, Any] = {
            field.name: [] if field.type == "list" else False if field.type == "flag" else None
            for field in fields(kind)
        }
        for row in read.connection.execution_options(yield_per=2000).execute(sa.select(*columns)).mappings():
            if kind in search.SEARCHED and not row["withdrawn"]:
                found.add(search.row_number(kind, row["number"]), search.words_of(kind, dict(row)))
            values = told.pop(row["id"], None)
            if values is None:
                yield f"{row['id']} has no history"
                continue
            for name in row:
                here = list(row[name]) if isinstance(row[name], tuple) else row[name]
                if here != values.get(name, empty[name]):
                    yield f"{row['id']}: {name} is not what its history makes of it"
            if kind == "documents" and hashlib.sha256(row["text"].encode("utf-8")).hexdigest() != row["text_hash"]:
                yield f"{row['id']}: the text is not the one that was entered"
        yield from (f"{identity} is missing from {kind}" for identity in told)


def _files(read: Reader) -> Iterator[str]:
    """For each file an empty text, or what is wrong with it."""
    for identity in read.connection.execute(sa.select(TABLES["files"].c.id)).scalars().all():
        right = hashlib.sha256(read.content(identity)).hexdigest() == identity
        yield "" if right else f"the file {identity[:16]} is not what it was"


def _own_checks(read: Reader, wanted: _Found) -> Iterator[str]:
    """What the database itself finds, and whether search holds every record's words."""
    if read.connection.dialect.name == "sqlite":
        for (word,) in read.connection.exec_driver_sql("PRAGMA integrity_check(10)"):
            if word != "ok":
                yield f"the database says: {word}"
        for lost in read.connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"a row of {lost[0]} refers to a record of {lost[2]} that is not there"
    there = _Found()
    for row, words in search.rows(read.connection):
        there.add(row, words)
    if there != wanted:
        yield f"search does not hold the words of all {wanted.rows} records; comity register migrate --search makes it anew"
