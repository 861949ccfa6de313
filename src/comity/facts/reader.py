"""The one reader of the fact tables: CSV files beside a schema, each read once and typed by it.

A user's folder (`COMITY_FACTS`) may hold files of the same names: a row with a key of ours takes its place,
any other is added, and columns that the schema does not require may be left out. Reading is strict: whatever
does not fit the schema is a fault with file, line and column, and all faults of a file are told together
(`check` adds what only several files together can show).
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from comity.errors import BadInput, TableFaults
from comity.facts.rules import Fault, header_faults, row_faults, typed
from comity.facts.schema import Column, read_schema


def shipped_folder() -> Path:
    """Folder of the tables that ship with the package."""
    return Path(__file__).with_name("tables")


def user_folder() -> Path | None:
    """Folder of a user's own rows, from COMITY_FACTS. Raises BadInput when it is not there."""
    chosen = os.environ.get("COMITY_FACTS")
    if not chosen:
        return None
    folder = Path(chosen).expanduser()
    if not folder.is_dir():
        raise BadInput(f"COMITY_FACTS names {chosen}, and that is no folder. Make it, or unset the variable.")
    return folder


@cache
def names() -> tuple[str, ...]:
    """Names of all tables that have a schema."""
    found = shipped_folder().glob("*.schema.csv")
    return tuple(sorted(path.name.removesuffix(".schema.csv") for path in found))


@cache
def user_tables() -> dict[str, Path]:
    """Tables that the user's folder adds to, and their files. Raises BadInput for a file that is no table."""
    folder = user_folder()
    paths = sorted(folder.glob("*.csv")) if folder else []
    for path in paths:
        if path.stem not in names():
            raise BadInput(f"{path} is no fact table. {_meant(path.stem, names())}")
    return {path.stem: path for path in paths}


@cache
def schema(name: str) -> tuple[Column, ...]:
    """Columns of a table. Raises BadInput with suggestions when there is no such table."""
    if name not in names():
        raise BadInput(f"There is no fact table {name!r}. {_meant(name, names())}")
    return read_schema(shipped_folder() / f"{name}.schema.csv")


def _meant(word: str, known: Sequence[str]) -> str:
    near = get_close_matches(word, known, n=3)
    return f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known)}."


@cache
def rows(name: str) -> tuple[dict, ...]:
    """All rows of a table, typed by its schema; an empty cell is None, an empty list ()."""
    columns = schema(name)
    ours = read(shipped_folder() / f"{name}.csv", columns)
    own = user_tables().get(name)
    return overlaid(ours, read(own, columns, str(own)), columns) if own else ours


def overlaid(ours: Iterable[dict], theirs: Iterable[dict], columns: Sequence[Column]) -> tuple[dict, ...]:
    """Our rows with the user's in place of those with the same key, and the user's other rows after them."""
    keys = [column.name for column in columns if column.key]
    merged = {tuple(row[key] for key in keys): row for row in ours}
    merged.update((tuple(row[key] for key in keys), row) for row in theirs)
    return tuple(merged.values())


def read(path: Path, columns: Sequence[Column], name: str = "") -> tuple[dict, ...]:
    """Rows of one file. Raises TableFaults with every fault; `name` is what the user calls the file."""
    found, _, faults = parsed(path, columns)
    if faults:
        raise TableFaults(name or path.name, [str(fault) for fault in faults])
    return found


def parsed(path: Path, columns: Sequence[Column]) -> tuple[tuple[dict, ...], list[int], list[Fault]]:
    """Rows of one file, the line each begins in, and all faults; faulty cells are empty."""
    try:
        header, lines, cells = _cells(path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return (), [], [Fault(1, "", f"the file cannot be read as CSV in UTF-8 ({error})")]
    faults = header_faults(header, columns)
    if faults:
        return (), [], faults
    ragged = [n for n, row in enumerate(cells) if len(row) != len(header)]
    faults += [Fault(lines[n], "", f"has {len(cells[n])} cells, the header {len(header)}") for n in ragged]
    for n in reversed(ragged):
        del lines[n], cells[n]
    by_name = dict(zip(header, zip(*cells, strict=True), strict=False))  # no rows: no columns either
    left_out = [""] * len(cells)
    values = [typed(column, by_name.get(column.name, left_out), lines, faults) for column in columns]
    wanted = [column.name for column in columns]
    found = tuple(dict(zip(wanted, row, strict=True)) for row in zip(*values, strict=True))
    return found, lines, sorted([*faults, *row_faults(columns, found, lines)])


def _cells(path: Path) -> tuple[list[str], list[int], list[list[str]]]:
    """Header, the line that each row begins in, and the rows as text. Blank lines are skipped."""
    lines, cells = [], []
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = next(reader, [])
        begins = reader.line_num + 1
        for row in reader:
            if row:
                lines.append(begins)
                cells.append(row)
            begins = reader.line_num + 1
    return header, lines, cells


@cache
def keyed(name: str, columns: tuple[str, ...]) -> dict[tuple, dict]:
    """Rows of a table by the values of some columns."""
    return {tuple(row[column] for column in columns): row for row in rows(name)}


@cache
def digest(name: str | None = None) -> str:
    """Hash of one table's bytes, or of all: the same facts give the same digest. A user's rows count too."""
    total = hashlib.sha256()
    for table in [name] if name else names():
        for path in (shipped_folder() / f"{table}.csv", user_tables().get(table)):
            if path:
                total.update(f"{table}\n{path.stat().st_size}\n".encode() + path.read_bytes())
    return total.hexdigest()[:16]
