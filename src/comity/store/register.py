"""The register: records that are read, and written with their history in one transaction.

Every change of a record is one row of history, chained by hash (`chain`), written in the same transaction as the
change. Nothing is deleted. Writers take turns: the head of the chain is locked before anything is read.

    with open_register() as register, register.writing("attaché", why="session 13") as write:
        promise = write.add("commitments", pair="KAZ-PAK", actors=["KAZ"], action="open flights", ...)
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from comity.agreements import rules
from comity.agreements.records import KINDS, kind_of
from comity.errors import BadInput, RegisterUnusable
from comity.settings import register_url
from comity.store import chain, migrate, search
from comity.store.chain import Entry, Head
from comity.store.engine import engine_of
from comity.store.tables import KEPT_OUT, TABLES, converted, fields, is_text, kept, missing

Record = dict[str, Any]


def now() -> str:
    """This instant in UTC, ISO 8601 with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Register:
    """An open register. Use as a context manager."""

    def __init__(self, engine: sa.Engine, url: str, clock: Callable[[], str] = now):
        self.engine, self.url, self.clock = engine, url, clock

    @classmethod
    def open(cls, url: str | None = None, *, create: bool = False, clock: Callable[[], str] = now) -> Register:
        """See `comity.store.open_register`. `clock` tells the instant that history is stamped with."""
        url = url or register_url()
        register = cls(migrate.ready(engine_of(url, create=create), url, create=create), url, clock)
        if create:
            register._begin(str(uuid.uuid4()))
        return register

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def __enter__(self) -> Register:
        return self

    def __exit__(self, *fault) -> None:
        self.close()

    def _begin(self, identity: str) -> None:
        """Give a new register its identity; does nothing where it has one."""
        with self.connected(writes=True) as connection:
            if connection.execute(sa.select(TABLES["head"])).first() is None:
                connection.execute(TABLES["head"].insert(), {"id": 1, "register": identity, "seq": 0, "hash": identity})

    # --- reading ---------------------------------------------------------------------------------------------------

    @contextmanager
    def connected(self, *, writes: bool = False) -> Iterator[sa.Connection]:
        """A transaction, with the database's own errors as ours. A reader sees one moment all through."""
        options: dict[str, Any] = {"writes": writes}
        if self.engine.dialect.name == "postgresql":
            options["isolation_level"] = "READ COMMITTED" if writes else "REPEATABLE READ"
        try:
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection
        except (sa.exc.DBAPIError, sqlite3.Error) as fault:
            raise unusable(fault, self.url) from fault

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Several readings of one and the same moment."""
        with self.connected() as connection:
            yield Reader(connection)

    def get(self, identity: str) -> Record:
        """The record of an id. Raises BadInput where there is none."""
        with self.reading() as read:
            return read.get(identity)

    def rows(self, kind: str, /, *, withdrawn: bool = False, **equal: Any) -> list[Record]:
        """Records of a kind in order of their numbers, those whose columns equal what is asked."""
        with self.reading() as read:
            return read.rows(kind, withdrawn=withdrawn, **equal)

    def select(self, statement: sa.Select) -> list[Record]:
        """Rows of any SELECT over `tables.TABLES`."""
        with self.reading() as read:
            return read.select(statement)

    def search(self, words: str, limit: int = 200) -> list[tuple[str, str]]:
        """Kind and id of the records that have all these words, best first."""
        with self.reading() as read:
            return [(kind, f"{KINDS[kind]}{number}") for kind, number in search.found(read.connection, words, limit)]

    def head(self) -> Head:
        """The end of the history's chain."""
        with self.reading() as read:
            return read.head()

    def history(self, record: str | None = None) -> list[Entry]:
        """Rows of history from the first on, of one record or of all. For all of a large register: `Reader.entries`."""
        with self.reading() as read:
            return list(read.entries(record))

    # --- writing ---------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self, who: str, why: str | None = None) -> Iterator[Writer]:
        """One transaction: all that is written in it is kept, or nothing. Kept and on the disk once the block has ended.

        who : who changes it · why : the reason, for every change that names no other
        Raises BadInput for what the rules forbid, RegisterUnusable when the database cannot keep it.
        """
        if not who or not who.strip():
            raise BadInput("Every change of the register is signed. Tell who with --who or COMITY_WHO.")
        faults = [text for text in (who, why) if text is not None and not is_text(text)]
        if faults:
            raise BadInput(f"Who and why are kept as text, and {faults[0]!a} holds signs that are none.")
        with self.connected(writes=True) as connection:
            writer = Writer(connection, who.strip(), why, self.clock)
            yield writer
            writer.finish()


class Reader:
    """Reads in one transaction."""

    def __init__(self, connection: sa.Connection):
        self.connection = connection

    def look(self, identity: str) -> Record | None:
        """The record of an id, or None."""
        kind = kind_of(identity) or ("files" if len(identity) == 64 else None)
        if kind is None:
            return None
        table = TABLES[kind]
        row = self.connection.execute(sa.select(*shown(kind)).where(table.c.id == identity)).mappings().first()
        return dict(row) if row else None

    def get(self, identity: str) -> Record:
        """The record of an id. Raises BadInput where there is none."""
        found = self.look(identity)
        if found is None:
            letters = ", ".join(f"{first} for {kind}" for kind, first in KINDS.items() if first)
            raise BadInput(f"There is no record {identity!r}. An id is a letter and a number: {letters}.")
        return found

    def rows(self, kind: str, /, *, withdrawn: bool = False, **equal: Any) -> list[Record]:
        """See `Register.rows`."""
        table = TABLES[kind]
        statement = sa.select(*shown(kind)).order_by(table.c.number if "number" in table.c else table.c.id)
        for name, value in equal.items():
            column = table.c[name]
            statement = statement.where(column.in_(value) if isinstance(value, list | tuple | set) else column == value)
        if not withdrawn and "withdrawn" in table.c:
            statement = statement.where(kept(table))
        return self.select(statement)

    def select(self, statement: sa.Select) -> list[Record]:
        """Rows of any SELECT."""
        return [dict(row) for row in self.connection.execute(statement).mappings()]

    # what a book of one pair needs, each in one statement

    def of_pair(self, kind: str, pair: str) -> list[Record]:
        """Records of a kind that belong to the pair's commitments."""
        table, commitments = TABLES[kind], TABLES["commitments"]
        joined = sa.select(*shown(kind)).join(commitments, table.c.commitment == commitments.c.id)
        return self.select(joined.where(commitments.c.pair == pair, kept(table)).order_by(table.c.number))

    def documents(self, pair: str) -> list[Record]:
        """Documents of a pair without their text."""
        table = TABLES["documents"]
        columns = [column for column in table.c if column.name != "text"]
        return self.select(sa.select(*columns).where(table.c.pair == pair, kept(table)))

    def linked(self, pair: str) -> list[Record]:
        """Links whose object is a commitment of the pair."""
        table, commitments = TABLES["links"], TABLES["commitments"]
        joined = sa.select(table).join(commitments, table.c.object == commitments.c.id)
        return self.select(joined.where(commitments.c.pair == pair, kept(table)).order_by(table.c.number))

    def answering(self, pair: str) -> list[Record]:
        """Who answers for the pair's commitments, with the names of body and person."""
        table, bodies, people = TABLES["responsible"], TABLES["bodies"], TABLES["people"]
        commitments = TABLES["commitments"]
        named = (
            sa.select(table, bodies.c.name.label("body_name"), people.c.name.label("person_name"), people.c.office)
            .join(commitments, table.c.commitment == commitments.c.id)
            .outerjoin(bodies, table.c.body == bodies.c.id)
            .outerjoin(people, table.c.person == people.c.id)
        )
        return self.select(named.where(commitments.c.pair == pair, kept(table)).order_by(table.c.number))

    def notes_of(self, pair: str) -> list[Record]:
        """Notes about the pair's commitments."""
        table, commitments = TABLES["notes"], TABLES["commitments"]
        joined = sa.select(table).join(commitments, table.c.about == commitments.c.id)
        return self.select(joined.where(commitments.c.pair == pair, kept(table)).order_by(table.c.number))

    def first_due(self, pair: str) -> dict[str, str]:
        """id -> last day promised before the first change of it, for the commitments whose day was changed."""
        table, commitments = TABLES["history"], TABLES["commitments"]
        changed = sa.select(table.c.record, table.c.before).join(commitments, table.c.record == commitments.c.id)
        dated = sa.type_coerce(table.c.before, sa.Text).like('%"due_end":"%')
        rows = self.select(changed.where(commitments.c.pair == pair, dated).order_by(table.c.seq.desc()))
        return {
            row["record"]: row["before"]["due_end"] for row in rows
        }  # the last one put in is that of the first change

    def changes(self, pair: str) -> dict[str, int]:
        """id -> how often a commitment of the pair was changed since it was entered."""
        table, commitments = TABLES["history"], TABLES["commitments"]
        counted = sa.select(table.c.record, sa.func.count()).join(commitments, table.c.record == commitments.c.id)
        found = self.connection.execute(counted.where(commitments.c.pair == pair).group_by(table.c.record))
        return {record: many - 1 for record, many in found}

    def content(self, sha256: str) -> bytes:
        """The bytes of a file that is kept. Raises BadInput where there is none."""
        table = TABLES["files"]
        found = self.connection.execute(sa.select(table.c.content).where(table.c.id == sha256)).scalar()
        if found is None:
            raise BadInput(f"No file with the hash {sha256[:16]} is kept here.")
        return bytes(found)

    def head(self) -> Head:
        """The end of the chain."""
        row = self.connection.execute(sa.select(TABLES["head"])).mappings().one()
        return Head(register=row["register"], seq=row["seq"], hash=row["hash"])

    def entries(self, record: str | None = None, after: int = 0) -> Iterator[Entry]:
        """Rows of history in their order, a few thousand in memory at a time."""
        table = TABLES["history"]
        statement = sa.select(table).where(table.c.seq > after).order_by(table.c.seq)
        if record is not None:
            statement = statement.where(table.c.record == record)
        found = self.connection.execution_options(yield_per=2000).execute(statement)
        for row in found.mappings():
            yield Entry(**row)


class Writer(Reader):
    """Writes in one transaction, a row of history for each change."""

    def __init__(self, connection: sa.Connection, who: str, why: str | None, clock: Callable[[], str]):
        super().__init__(connection)
        self.who, self.why, self.clock = who, why, clock
        lock = sa.select(TABLES["head"].c.seq).with_for_update()  # SQLite's writer has locked everything already
        connection.execute(lock)
        self._head = self._opened_at = self.head()
        self._numbers: dict[str, int] = {}

    def head(self) -> Head:
        """The end of the chain, with what this transaction has written."""
        return getattr(self, "_head", None) or super().head()

    def add(self, kind: str, /, *, why: str | None = None, **values: Any) -> str:
        """A new record; returns its id. Raises BadInput with every fault of it."""
        if "id" not in values:
            values["id"] = f"{KINDS[kind]}{self._next(kind)}"
        if "number" in TABLES[kind].c:
            values["number"] = int(values["id"][1:])
        record = {field.name: None for field in fields(kind)} | values
        self._write(kind, None, record, why)
        return values["id"]

    def change(self, identity: str, /, *, why: str | None = None, **values: Any) -> bool:
        """Change columns of a record; False where all of them were so already. Raises BadInput with every fault."""
        before = self.get(identity)
        return self._write(kind_of(identity) or "files", before, before | values, why)

    def keep_file(self, name: str, content: bytes, media_type: str) -> str:
        """Keep a file whole; returns its SHA-256. The same bytes are kept once."""
        identity = hashlib.sha256(content).hexdigest()
        if self.look(identity) is None:
            self.add("files", id=identity, name=name, media_type=media_type, size=len(content), content=content)
        return identity

    def _next(self, kind: str) -> int:
        if kind not in self._numbers:
            most = self.connection.execute(sa.select(sa.func.max(TABLES[kind].c.number))).scalar()
            self._numbers[kind] = most or 0
        self._numbers[kind] += 1
        return self._numbers[kind]

    def _write(self, kind: str, before: Record | None, record: Record, why: str | None) -> bool:
        why = why or self.why or None
        record, wrong = converted(kind, record)
        wrong += missing(kind, record)
        changed = {name: value for name, value in record.items() if before is None or before.get(name) != value}
        if not changed and not wrong:
            return False
        if not wrong:
            wrong = [
                f"there is no {field.refers.split('.')[0]} {record[field.name]!r} ({field.name})"
                for field in fields(kind)
                if field.refers
                and field.name in changed
                and record[field.name] is not None
                and self.look(record[field.name]) is None
            ]
        if not wrong:
            wrong = rules.faults(kind, before, record, self.look, why)
        if wrong:
            raise BadInput(f"{record.get('id', kind)}: " + "; ".join(wrong) + ".")
        if "id" in changed and before is not None:
            raise BadInput("A record keeps its id.")
        table = TABLES[kind]
        if before is None:
            self.connection.execute(table.insert(), record)
        else:
            self.connection.execute(table.update().where(table.c.id == record["id"]).values(changed))
        if kind in search.SEARCHED and (before is None or {*search.SEARCHED[kind], "withdrawn"} & changed.keys()):
            search.index(self.connection, kind, record, new=before is None)
        self._told(kind, record["id"], before, changed, why)
        return True

    def _told(self, kind: str, identity: str, before: Record | None, changed: Record, why: str | None) -> None:
        """Write the row of history."""
        after = {name: value for name, value in changed.items() if name not in KEPT_OUT}
        if before is None:
            after = {
                name: value for name, value in after.items() if not (value is None or value is False or value == ())
            }
        was = None if before is None else {name: before[name] for name in after}
        row = chain.entry(self._head, self.clock(), self.who, why, kind, identity, was, after)
        self.connection.execute(TABLES["history"].insert(), {name: getattr(row, name) for name in Entry.__slots__})
        self._head = Head(register=self._head.register, seq=row.seq, hash=row.hash)

    def finish(self) -> None:
        """Move the head of the chain to the last row that was written."""
        if self._head != self._opened_at:
            self.connection.execute(TABLES["head"].update().values(seq=self._head.seq, hash=self._head.hash))


def shown(kind: str) -> Sequence[sa.Column]:
    """Columns of a kind without the bytes of files."""
    return [column for column in TABLES[kind].c if column.name not in KEPT_OUT]


def unusable(fault: BaseException, url: str) -> RegisterUnusable:
    """The database's error as a sentence that tells the mend."""
    told = str(getattr(fault, "orig", fault)).strip().splitlines()[0]
    place = hidden(url)
    mends = (
        ("locked", f"The register {place} is being written by somebody else for too long. Try again."),
        ("full", f"The disk with the register {place} is full. Nothing of it is lost; free some space and try again."),
        (
            "readonly",
            f"The register {place} cannot be written. Choose a folder that you may write, or ask for the right.",
        ),
        (
            "unable to open",
            f"There is no register at {place}, or it may not be opened. Make one: comity register init.",
        ),
        (
            "malformed",
            f"The register {place} is damaged. Keep the file, and bring back a copy: comity register restore.",
        ),
        ("not a database", f"{place} is no register, or a damaged one. Bring back a copy: comity register restore."),
        ("append-only", f"The history of {place} is only ever added to."),
    )
    for word, sentence in mends:
        if word in told.lower():
            return RegisterUnusable(sentence)
    return RegisterUnusable(f"The register {place} cannot be used ({told}).")


def hidden(url: str) -> str:
    """An address without its password, which may hold any sign."""
    return re.sub(r"://([^:/@]*):.*@", r"://\1:***@", url)
