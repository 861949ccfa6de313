"""Proof that a register is whole: the chain, its replay against every table, every file's hash, the database's own check."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from comity.agreements.records import KINDS
from comity.errors import BadInput
from comity.store import search
from comity.store.chain import Entry, broken, replay
from comity.store.register import Reader, Register
from comity.store.tables import KEPT_OUT, TABLES, fields, kept

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
    seq, mark = _mark(against)
    with register.reading() as read:
        head = read.head()
        passed = _Passed(seq, mark)
        entries = list(passed.over(read.entries()))
        faults = list(broken(entries, head.register))
        state, wrong = replay(entries)
        faults += wrong + passed.faults
        last = entries[-1] if entries else None
        if (head.seq, head.hash) != ((last.seq, last.hash) if last else (0, head.register)):
            faults.append(
                f"the head tells {head.seq} changes, the history ends at {last.seq if last else 0}: rows were cut off or added"
            )
        faults += list(_tables(read, state))
        files = list(_files(read))
        faults += [fault for fault in files if fault]
        faults += list(_own_checks(read))
    return Report(
        register=head.register,
        head=str(head),
        changes=head.seq,
        records=len(state),
        files=len(files),
        faults=tuple(faults[:MOST]),
    )


class _Passed:
    """Watches the chain go by for a head that was written down."""

    def __init__(self, seq: int | None, mark: str):
        self.seq, self.mark, self.seen = seq, mark, seq is None or seq == 0
        self.faults: list[str] = []

    def over(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        for entry in entries:
            if entry.seq == self.seq:
                self.seen = True
                if not entry.hash.startswith(self.mark):
                    self.faults.append(
                        f"row {entry.seq} of the history is not the one noted ({self.mark}): the history was rewritten"
                    )
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


def _tables(read: Reader, state: dict[tuple[str, str], dict[str, Any]]) -> Iterator[str]:
    """A sentence for each record that is not what its history makes of it."""
    for kind in KINDS:
        told = {identity: values for (of, identity), values in state.items() if of == kind}
        columns = [column for column in TABLES[kind].c if column.name not in KEPT_OUT]
        empty: dict[str, Any] = {
            field.name: [] if field.type == "list" else False if field.type == "flag" else None
            for field in fields(kind)
        }
        for row in read.connection.execution_options(yield_per=2000).execute(sa.select(*columns)).mappings():
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


def _own_checks(read: Reader) -> Iterator[str]:
    """What the database itself finds, and whether search holds every record."""
    if read.connection.dialect.name == "sqlite":
        for (word,) in read.connection.exec_driver_sql("PRAGMA integrity_check(10)"):
            if word != "ok":
                yield f"the database says: {word}"
        for row in read.connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"a row of {row[0]} refers to a record of {row[2]} that is not there"
    there = read.connection.execute(sa.text("SELECT count(*) FROM search")).scalar() or 0
    wanted = 0
    for kind in search.SEARCHED:
        table = TABLES[kind]
        wanted += (
            read.connection.execute(sa.select(sa.func.count()).select_from(table).where(kept(table))).scalar() or 0
        )  # noqa: E712
    if there != wanted:
        yield f"search holds {there} records and should hold {wanted}; comity register migrate --search makes it anew"
