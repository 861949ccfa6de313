"""The whole register out and in again without loss: JSON Lines, or a folder of CSV that spreadsheets can open.

Both hold the history, row by row with its hashes, and the bytes of files. Taking one in replays the history into an empty
register, so that the tables, the identity and every hash come out as they were; exporting again gives the same bytes.
"""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from comity.agreements.records import KINDS
from comity.errors import BadInput, ComityError
from comity.store import search
from comity.store.chain import Entry, Head, hashed
from comity.store.disk import part_of, settle
from comity.store.register import Reader, Register
from comity.store.tables import TABLES, cell_type, fields, plain

SCHEMA = "comity.register/1"
FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "'",
    "\n",
)  # first letters that a spreadsheet would take for a formula; and our own mark
NUMERIC = ("integer", "number", "flag")
CHUNK = 2000  # rows written at a time


def harmless(text: str) -> str:
    """A cell that no spreadsheet runs: a leading ' before what could begin a formula. `unmarked` takes it away."""
    return "'" + text if text.startswith(FORMULA) else text


def unmarked(text: str) -> str:
    """The cell as it was."""
    return text[1:] if text.startswith("'") else text


# --- JSON Lines out -----------------------------------------------------------------------------------------------------


def lines(read: Reader) -> Iterator[str]:
    """The register as lines of JSON: a head, every file, every row of history."""
    head = read.head()
    yield plain({"schema": SCHEMA, "register": head.register, "changes": head.seq, "head": head.hash})
    for identity in (
        read.connection.execute(sa.select(TABLES["files"].c.id).order_by(TABLES["files"].c.id)).scalars().all()
    ):
        yield plain({"file": identity, "content": base64.b64encode(read.content(identity)).decode()})
    for entry in read.entries():
        yield plain({name: getattr(entry, name) for name in Entry.__slots__})


def export_lines(register: Register, path: Path) -> Head:
    """Write the register into a file (.jsonl, or .jsonl.gz), whole or not at all. Raises OSError."""
    with register.reading() as read, _whole(path) as out:
        for line in lines(read):
            out.write(line.encode("utf-8") + b"\n")
        return read.head()


@contextmanager
def _whole(path: Path) -> Iterator[Any]:
    """A file, packed where its name ends in .gz, that appears under its name only when all of it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(path)
    try:
        with open(part, "wb") as file:
            if path.suffix == ".gz":
                with gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
                    yield packed
            else:
                yield file
        settle(part, path)
    finally:
        part.unlink(missing_ok=True)


# --- CSV out --------------------------------------------------------------------------------------------------------------


def export_folder(register: Register, folder: Path) -> Head:
    """Write the register as a folder: register.csv, history.csv, a CSV for each kind, files/ by hash. Raises OSError, BadInput."""
    if folder.exists() and any(folder.iterdir()):
        raise BadInput(f"{folder} is not empty. Name a new folder, so that nothing in it is mixed with the register.")
    (folder / "files").mkdir(parents=True, exist_ok=True)
    with register.reading() as read:
        head = read.head()
        _csv(
            folder / "register.csv",
            ["schema", "register", "changes", "head"],
            [[SCHEMA, head.register, str(head.seq), head.hash]],
        )
        for kind in KINDS:
            _csv(folder / f"{kind}.csv", _names(kind), (_cells(kind, row) for row in read.rows(kind, withdrawn=True)))
        _csv(
            folder / "history.csv",
            _names("history"),
            (_cells("history", {n: getattr(e, n) for n in Entry.__slots__}) for e in read.entries()),
        )
        for row in read.rows("files"):
            (folder / "files" / row["id"]).write_bytes(read.content(row["id"]))
    return head


def _names(kind: str) -> list[str]:
    return [field.name for field in fields(kind) if field.type != "bytes"]


def _cells(kind: str, row: dict[str, Any]) -> list[str]:
    return [_cell(field.type, row[field.name]) for field in fields(kind) if field.type != "bytes"]


def _cell(kind: str, value: Any) -> str:
    if value is None:
        return ""
    if kind in NUMERIC:
        return str(int(value)) if kind == "flag" else repr(value)
    return harmless(plain(value) if kind in ("list", "json") else value)


def _csv(path: Path, header: list[str], rows: Any) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
        writer.writerow(header)
        writer.writerows(rows)
        file.flush()
        os.fsync(file.fileno())


# --- in -------------------------------------------------------------------------------------------------------------------


def is_export(path: Path) -> bool:
    """Whether a file or folder is a whole register that was exported."""
    if path.is_dir():
        return (path / "history.csv").is_file() and (path / "register.csv").is_file()
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        return True
    return False


def taken_in(register: Register, path: Path) -> Head:
    """Replay an export into an empty register: all of it, or nothing.

    Raises BadInput, with the line, for an export that is damaged or was edited, and when the register is not empty.
    """
    if register.head().seq:
        raise BadInput(
            "A whole register is taken into an empty one only. Make a new one: comity register init --register FILE."
        )
    with register.connected(writes=True) as connection:
        replayed = Replay(connection)
        try:
            (_from_folder if path.is_dir() else _from_lines)(path, replayed)
            head = replayed.finish()
            if path.is_dir():
                _tables_agree(path, Reader(connection))
        except ComityError:
            raise
        except (OSError, ValueError, TypeError, KeyError, EOFError, RecursionError, zlib.error, csv.Error) as fault:
            raise BadInput(f"{path} is a damaged export ({fault}). Nothing was taken in.") from fault
    return head


class Replay:
    """Writes history and the records it makes, checking the chain as it goes."""

    def __init__(self, connection: sa.Connection):
        self.connection = connection
        self.records: dict[tuple[str, str], dict[str, Any]] = {}
        self.files: set[str] = set()
        self.contents: dict[str, bytes] = {}
        self.waiting: list[dict[str, Any]] = []
        self.head: Head | None = None
        self.told: tuple[int, str] = (0, "")

    def begins(self, register: str, changes: int, head: str) -> None:
        """The identity, and what the end of the chain should be."""
        if self.head is not None:
            raise BadInput("a second head stands in it")
        self.head, self.told = Head(register=register, seq=0, hash=register), (changes, head)

    def file(self, identity: str, content: bytes) -> None:
        """Bytes of a file, checked against their hash."""
        if hashlib.sha256(content).hexdigest() != identity:
            raise BadInput(f"the file {identity[:16]} is not what it was")
        self.contents[identity] = content

    def row(self, row: dict[str, Any]) -> None:
        """One row of history. Raises BadInput where it does not follow, or is not what it was."""
        if self.head is None:
            raise BadInput("the head with the register's identity is missing")
        names = ("seq", "at", "who", "why", "kind", "record", "before", "after", "previous")
        if (
            row["seq"] != self.head.seq + 1
            or row["previous"] != self.head.hash
            or hashed(*(row[name] for name in names)) != row["hash"]
        ):
            raise BadInput(f"row {row['seq']} of the history was changed, or one before it is missing")
        if row["kind"] not in KINDS:
            raise BadInput(
                f"row {row['seq']} of the history is of a kind {row['kind']!r} that this Comity does not know"
            )
        self.head = Head(register=self.head.register, seq=row["seq"], hash=row["hash"])
        self._applied(row)
        self.waiting.append({name: row[name] for name in Entry.__slots__})
        if len(self.waiting) >= CHUNK:
            self._written()

    def _applied(self, row: dict[str, Any]) -> None:
        key = (row["kind"], row["record"])
        if row["kind"] == "files":
            content = self.contents.pop(row["record"], None)
            if content is None:
                raise BadInput(f"the file {row['record'][:16]} is missing")
            self.connection.execute(TABLES["files"].insert(), row["after"] | {"content": content})
            return
        self.records[key] = self.records.get(key, {}) | row["after"]

    def _written(self) -> None:
        if self.waiting:
            self.connection.execute(TABLES["history"].insert(), self.waiting)
            self.waiting = []

    def finish(self) -> Head:
        """Write the records in an order that their references allow, and the head."""
        if self.head is None:
            raise BadInput("the head with the register's identity is missing. Nothing was taken in.")
        if (self.head.seq, self.head.hash) != self.told:
            raise BadInput(
                f"the history ends at row {self.head.seq} and should end at {self.told[0]}. Nothing was taken in."
            )
        self._written()
        for kind in KINDS:
            made = [self._record(kind, values) for (of, _), values in self.records.items() if of == kind]
            if made:
                self._insert(kind, made)
        self.connection.execute(
            TABLES["head"].update().values(register=self.head.register, seq=self.head.seq, hash=self.head.hash)
        )
        return self.head

    def _record(self, kind: str, values: dict[str, Any]) -> dict[str, Any]:
        made = {}
        for field in fields(kind):
            value = values.get(field.name)
            made[field.name] = (
                cell_type(field).convert(value)
                if value is not None
                else ()
                if field.type == "list"
                else False
                if field.type == "flag"
                else None
            )
        return made

    def _insert(self, kind: str, made: list[dict[str, Any]]) -> None:
        """Records of a kind; what refers to its own kind is filled in when all are there."""
        own = [field.name for field in fields(kind) if field.refers == f"{kind}.id"]
        table = TABLES[kind]
        for start in range(0, len(made), CHUNK):
            part = made[start : start + CHUNK]
            self.connection.execute(table.insert(), [record | dict.fromkeys(own) for record in part] if own else part)
        for record in made:
            told = {name: record[name] for name in own if record[name] is not None}
            if told:
                self.connection.execute(table.update().where(table.c.id == record["id"]).values(told))
        if kind in search.SEARCHED:
            search.index_all(self.connection, kind, made)


def _from_lines(path: Path, replayed: Replay) -> None:
    with gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                _line(json.loads(line.decode("utf-8")), replayed)
            except BadInput as fault:
                raise BadInput(f"{path}, line {number}: {fault}. Nothing was taken in.") from fault
            except (ValueError, KeyError, TypeError) as fault:
                raise BadInput(
                    f"{path}, line {number} is no line of an exported register. Nothing was taken in."
                ) from fault


def _line(row: dict[str, Any], replayed: Replay) -> None:
    if "schema" in row:
        if row["schema"] != SCHEMA:
            raise BadInput(f"it is of the schema {row['schema']!r}, and {SCHEMA} is read")
        replayed.begins(row["register"], row["changes"], row["head"])
    elif "file" in row:
        replayed.file(row["file"], base64.b64decode(row["content"], validate=True))
    else:
        replayed.row(row)


def _from_folder(folder: Path, replayed: Replay) -> None:
    heads = list(_rows(folder / "register.csv"))
    head = heads[0] if len(heads) == 1 else {}
    if head.get("schema") != SCHEMA:
        raise BadInput(f"{folder / 'register.csv'} is no head of an exported register. Nothing was taken in.")
    replayed.begins(head["register"], int(head["changes"]), head["head"])
    for path in sorted((folder / "files").iterdir()) if (folder / "files").is_dir() else ():
        replayed.file(path.name, path.read_bytes())
    for number, row in enumerate(_rows(folder / "history.csv"), 2):
        try:
            replayed.row(_values("history", row))
        except (BadInput, ValueError, KeyError, TypeError) as fault:
            raise BadInput(f"{folder / 'history.csv'}, row {number}: {fault}. Nothing was taken in.") from fault


def _rows(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(2**31 - 1)
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            if None in row or None in row.values():
                raise ValueError(f"{path.name} has a row with more or fewer cells than its header")
            yield row


def _values(kind: str, row: dict[str, str]) -> dict[str, Any]:
    return {field.name: _value(field.type, row[field.name]) for field in fields(kind) if field.type != "bytes"}


def _value(kind: str, cell: str) -> Any:
    if cell == "":
        return None
    if kind == "integer":
        return int(cell)
    if kind == "number":
        return float(cell)
    if kind == "flag":
        return bool(int(cell))
    text = unmarked(cell)
    return json.loads(text) if kind in ("list", "json") else text


def _tables_agree(folder: Path, read: Reader) -> None:
    """The tables of the folder say what its history makes; one that was edited by hand is refused."""
    for kind in KINDS:
        told = (
            [",".join(row.values()) for row in _rows(folder / f"{kind}.csv")]
            if (folder / f"{kind}.csv").is_file()
            else []
        )
        made = [",".join(_cells(kind, row)) for row in read.rows(kind, withdrawn=True)]
        if told != made:
            at = next(
                (number for number, (a, b) in enumerate(zip(told, made, strict=False), 2) if a != b),
                min(len(told), len(made)) + 2,
            )
            raise BadInput(
                f"{folder / (kind + '.csv')}, row {at} is not what the history made of it. Nothing was taken in; change a register with its commands."
            )
