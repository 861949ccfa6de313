"""What the columns of a fact table are, and how the text of a cell becomes a value.

A schema file (`NAME.schema.csv`) has a row per column: column, type, unit, required, key, meaning. For
numbers `unit` is the unit. For codes and lists it tells what may stand there, parted by `|`: words
(`shut|partial|slow`) or the column of a table (`crossings.id`). One file is check and documentation alike.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

STANDINGS = ("official", "measured", "estimate", "assumption")  # from the firmest to the frankest
FLAGS = {"yes": True, "no": False, "1": True, "0": False, "unknown": None}
NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
INTEGER = re.compile(r"[-+]?[0-9]+")
CODE = re.compile(r"\S+")
SHAPE = re.compile(r"(MULTI)?(POINT|LINESTRING|POLYGON) ?\([-+0-9., eE()]+\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table, as its schema tells it."""

    name: str
    type: str  # a key of TYPES
    unit: str
    required: bool
    key: bool
    meaning: str

    @property
    def cell(self) -> CellType:
        """How its cells are read; as text when the schema names no type we know (`check` tells that)."""
        return TYPES.get(self.type, TYPES["text"])

    @property
    def choices(self) -> tuple[str, ...]:
        """What a code or list may hold: words, or `table.column` for values of a table; () means anything."""
        if self.name == "standing":
            return STANDINGS
        return tuple(self.unit.split("|")) if self.unit and self.type in ("code", "list") else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CellType:
    """A type of cell: `convert` raises ValueError or KeyError, `words` say what was expected."""

    words: str
    convert: Callable[[str], Any]
    empty: Any = None


def _matching(pattern: re.Pattern, convert: Callable[[str], Any]) -> Callable[[str], Any]:
    def converted(text: str) -> Any:
        if pattern.fullmatch(text) is None:
            raise ValueError(text)
        return convert(text)

    return converted


def _trim(text: str) -> str:
    if text != text.strip():  # a name with a blank at its end is found by nobody
        raise ValueError(text)
    return text


def _day(text: str) -> date:
    if text[4:5] != "-" or text[7:8] != "-":  # Python also reads 20261124, which people misread
        raise ValueError(text)
    return date.fromisoformat(text)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


TYPES = {
    "text": CellType(words="text without blanks at its ends", convert=_trim),
    "code": CellType(words="a code (one word)", convert=_matching(CODE, str)),
    "number": CellType(words="a number", convert=_matching(NUMBER, float)),
    "integer": CellType(words="a whole number", convert=_matching(INTEGER, int)),
    "date": CellType(words="a day like 2026-11-24", convert=_day),
    "list": CellType(words="a list parted by ;", convert=_parts, empty=()),
    "flag": CellType(words="yes, no or unknown", convert=FLAGS.__getitem__),
    "wkt": CellType(words="a shape in WKT", convert=_matching(SHAPE, str)),
}


def read_schema(path: Path) -> tuple[Column, ...]:
    """Columns in the order of the table. Raises OSError."""
    with open(path, encoding="utf-8", newline="") as file:
        return tuple(
            Column(
                name=row["column"],
                type=row["type"],
                unit=row["unit"],
                required=row["required"] == "yes",
                key=row["key"] == "yes",
                meaning=row["meaning"],
            )
            for row in csv.DictReader(file)
        )
