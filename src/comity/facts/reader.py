"""The one reader of the fact tables: CSV files beside a schema, typed row by row, each read once.

A user's folder (`COMITY_FACTS`) may hold files of the same names: a row with a key of ours takes its place, any other
is added. Reading is strict: whatever does not fit the schema is a fault with file, line and column, and all faults of
a table are told together (see `check`).
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Callable, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path

from comity.errors import BadInput, FactMissing, TableFaults
from comity.facts.figure import Column, Figure, Source

FLAGS = {"yes": True, "no": False, "1": True, "0": False, "unknown": None}


def shipped_folder() -> Path:
    """Folder of the tables that ship with the package."""
    return Path(str(resources.files("comity.facts") / "tables"))


def user_folder() -> Path | None:
    """Folder of a user's own rows, from COMITY_FACTS."""
    chosen = os.environ.get("COMITY_FACTS")
    return Path(chosen).expanduser() if chosen else None


@cache
def names() -> tuple[str, ...]:
    """Names of all tables that have a schema."""
    return tuple(sorted(path.name.removesuffix(".schema.csv") for path in shipped_folder().glob("*.schema.csv")))


@cache
def schema(name: str) -> tuple[Column, ...]:
    """Columns of a table. Raises BadInput with suggestions when there is no such table."""
    path = shipped_folder() / f"{name}.schema.csv"
    if not path.exists():
        near = get_close_matches(name, names(), n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else f" There are: {', '.join(names())}."
        raise BadInput(f"There is no fact table {name!r}.{hint}")
    with open(path, encoding="utf-8", newline="") as file:
        return tuple(
            Column(name=row["column"], type=row["type"], unit=row["unit"], required=row["required"] == "yes",
                   key=row["key"] == "yes", meaning=row["meaning"])
            for row in csv.DictReader(file)
        )  # fmt: skip


@cache
def rows(name: str) -> tuple[dict, ...]:
    """All rows of a table, typed by its schema: float, int, date, tuple for a list, bool for a flag, None for empty."""
    ours = read(shipped_folder() / f"{name}.csv", schema(name))
    own = user_folder()
    if own is None or not (own / f"{name}.csv").exists():
        return ours
    keys = [column.name for column in schema(name) if column.key]
    theirs = read(own / f"{name}.csv", schema(name))
    replaced = {tuple(row[key] for key in keys) for row in theirs}
    return tuple(row for row in ours if tuple(row[key] for key in keys) not in replaced) + theirs


def read(path: Path, columns: Sequence[Column]) -> tuple[dict, ...]:
    """Rows of one file. Raises TableFaults with every fault."""
    found: list[dict] = []
    faults: list[str] = []
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        header = reader.fieldnames or []
        wanted = [column.name for column in columns]
        faults += [f"line 1: column {name} is not in the schema" for name in header if name not in wanted]
        faults += [f"line 1: column {name} is missing" for name in wanted if name not in header]
        if not faults:
            found = [_typed(row, reader.line_num, columns, faults) for row in reader]
    if faults:
        raise TableFaults(path.name, faults)
    return tuple(found)


def _typed(row: dict, line: int, columns: Sequence[Column], faults: list[str]) -> dict:
    if None in row or None in row.values():
        faults.append(f"line {line}: has {'more' if None in row else 'fewer'} cells than the header")
        return {}
    typed = {}
    for column in columns:
        text = row[column.name]
        if text == "":
            if column.required:
                faults.append(f"line {line}, column {column.name}: is empty")
            typed[column.name] = () if column.type == "list" else None
            continue
        try:
            typed[column.name] = CONVERTERS[column.type](text)
        except (ValueError, KeyError):
            faults.append(f"line {line}, column {column.name}: {text!r} is not {WORDS[column.type]}")
            typed[column.name] = None
    return typed


def _finite(text: str) -> float:
    value = float(text)
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(text)
    return value


CONVERTERS: dict[str, Callable] = {
    "text": str, "code": str, "wkt": str, "number": _finite, "integer": int, "date": date.fromisoformat,
    "list": lambda text: tuple(part.strip() for part in text.split(";") if part.strip()), "flag": FLAGS.__getitem__,
}  # fmt: skip
WORDS = {
    "number": "a number", "integer": "a whole number", "date": "a day (2026-11-24)", "flag": "yes, no or unknown",
    "text": "text", "code": "a code", "list": "a list", "wkt": "a shape",
}  # fmt: skip


@cache
def keyed(name: str, columns: tuple[str, ...]) -> dict[tuple, dict]:
    """Rows of a table by the values of some columns."""
    return {tuple(row[column] for column in columns): row for row in rows(name)}


def row_figure(row: dict, subject: str, parameter: str) -> Figure:
    """The figure that a row of any table with value, low, high, source and standing holds."""
    return Figure(
        subject=subject, parameter=parameter, value=row["value"], low=row["low"], high=row["high"],
        unit=row.get("unit") or "", year=row.get("year"), source=row["source"], standing=row["standing"],
        note=row.get("note") or "",
    )  # fmt: skip


@cache
def _figures() -> dict[tuple[str, str], dict]:
    return keyed("transport", ("subject", "parameter"))


@cache
def figure(subject: str, parameter: str) -> Figure:
    """A figure of transport.csv; "road.PAK.north" falls back on "road.PAK", then "road". Raises FactMissing."""
    asked = subject
    table = _figures()
    while (asked, parameter) not in table:
        if "." not in asked:
            there = sorted({p for s, p in table if s.split(".")[0] == asked})
            raise FactMissing(
                f"No row of transport.csv gives {parameter!r} for {subject!r}. "
                + (f"For {asked!r} there are: {', '.join(there)}." if there else f"Nothing is known of {asked!r}.")
            )
        asked = asked.rpartition(".")[0]
    return row_figure(table[asked, parameter], asked, parameter)


@cache
def _sources() -> dict[str, dict]:
    return {row["id"]: row for row in rows("sources")}


def source(id: str) -> Source:
    """A row of sources.csv. Raises FactMissing."""
    if id not in _sources():
        near = get_close_matches(id, list(_sources()), n=3)
        raise FactMissing(f"No source {id!r}." + (f" Did you mean {' or '.join(near)}?" if near else ""))
    return Source(**{key: value if key == "retrieved" else value or "" for key, value in _sources()[id].items()})


@cache
def digest(name: str | None = None) -> str:
    """Hash of one table's bytes, or of all tables: the same facts give the same digest. User rows count too."""
    total = hashlib.sha256()
    for table in [name] if name else names():
        for folder in (shipped_folder(), user_folder()):
            path = folder / f"{table}.csv" if folder else None
            if path and path.exists():
                total.update(table.encode() + path.read_bytes())
    return total.hexdigest()[:16]


def forget() -> None:
    """Read everything again (a table has changed, or COMITY_FACTS)."""
    for cached in (names, schema, rows, keyed, _figures, figure, _sources, digest):
        cached.cache_clear()
