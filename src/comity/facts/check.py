"""Every fault of every table at once: those of each file, and those that only several files together show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from comity.facts import reader
from comity.facts.rules import Fault
from comity.facts.schema import TYPES, Column


def check() -> list[str]:
    """All faults as "transport.csv, line 7, column low: what is wrong"; empty when the tables are sound.

    A user's files are checked too and named in full. Raises BadInput when their folder cannot be used.
    """
    folder = reader.shipped_folder()
    faults = [f"{path.name} has no schema" for path in _without_schema(folder)]
    held = cache(_held)  # forgotten with this run: a check must see the files as they are now
    for name in reader.names():
        columns = reader.schema(name)
        faults += [f"{name}.schema.csv, {fault}" for fault in _schema_faults(columns)]
        own = reader.user_tables().get(name)
        files = {f"{name}.csv": folder / f"{name}.csv"} | ({str(own): own} if own else {})
        for called, path in files.items():
            faults += [f"{called}, {fault}" for fault in _file_faults(path, columns, held)]
    return faults


def _without_schema(folder: Path) -> list[Path]:
    tables = [path for path in sorted(folder.glob("*.csv")) if not path.name.endswith(".schema.csv")]
    return [path for path in tables if path.stem not in reader.names()]


def _schema_faults(columns: Sequence[Column]) -> Iterator[Fault]:
    for line, column in enumerate(columns, start=2):
        if column.type not in TYPES:
            yield Fault(line, "type", f"{column.type!r} is not one of {', '.join(TYPES)}")
        if not column.meaning:
            yield Fault(line, "meaning", f"says nothing of {column.name}")
    if not any(column.key for column in columns):
        yield Fault(1, "key", "no column is the key")


Held = Callable[[str], frozenset[Any]]  # the values of `table.column`


def _file_faults(path: Path, columns: Sequence[Column], held: Held) -> list[Fault]:
    rows, lines, faults = reader.parsed(path, columns)
    for column in columns:
        for row, line in zip(rows, lines, strict=True):
            faults += _stray(column, row[column.name], line, held)
    return sorted(faults)


def _stray(column: Column, value: Any, line: int, held: Held) -> Iterator[Fault]:
    """Codes that stand neither among the words of the schema nor in the table it points at."""
    tables = [choice for choice in _choices(column) if "." in choice]
    if not tables:
        return
    files = " or ".join(f"{place.partition('.')[0]}.csv" for place in tables)
    codes = value if isinstance(value, tuple) else () if value is None else (value,)
    for code in codes:
        if code not in column.choices and not any(code in held(place) for place in tables):
            yield Fault(line, column.name, f"{code!r} is not in {files}")


def _choices(column: Column) -> tuple[str, ...]:
    return ("sources.id",) if column.name == "source" else column.choices


def _held(place: str) -> frozenset[Any]:
    """Values of `table.column`, ours and the user's; what could be read of them when the file has faults."""
    name, _, column = place.partition(".")
    columns = reader.schema(name)
    paths = [reader.shipped_folder() / f"{name}.csv", reader.user_tables().get(name)]
    return frozenset(row[column] for path in paths if path for row in reader.parsed(path, columns)[0])
