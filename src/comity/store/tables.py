"""The tables of the register, made from the files in `schema/`, where each column has its meaning."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from comity.agreements.records import CHOICES, KINDS
from comity.errors import RegisterUnusable

SCHEMAS = Path(__file__).with_name("schema")
DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
KEPT_OUT = ("content",)  # of the history: a file's bytes are known by their hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column of a table, as its schema file tells it."""

    name: str
    type: str  # a key of TYPES or of records.CHOICES
    required: bool
    refers: str  # "table.column", or ""
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellType:
    """sql : type of the column · convert : a value given by a program or a file to the one that is kept."""

    sql: type[sa.types.TypeEngine] | sa.types.TypeEngine
    words: str
    convert: Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(value)
    value.encode("utf-8")  # half a surrogate pair cannot be kept; UnicodeEncodeError is a ValueError
    return value


def is_text(value: str) -> bool:
    """Whether both databases can keep a text: no NUL, no half of a pair."""
    try:
        _text(value)
    except ValueError:
        return False
    return True


def _day(value: Any) -> str:
    text = value.isoformat() if isinstance(value, date) else str(value)
    if not DAY.fullmatch(text):
        raise ValueError(value)
    date.fromisoformat((text + "-01-01")[:10])
    return text


def _date(value: Any) -> str:
    return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()[:10]


def _list(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        raise ValueError(value)
    return tuple(_text(part) for part in value)


def _number(value: Any) -> float:
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError(value)
    return number


def _whole(value: Any) -> int:
    if isinstance(value, bool) or int(value) != value:
        raise ValueError(value)
    return int(value)


def _flag(value: Any) -> bool:
    if value not in (True, False, 0, 1):
        raise ValueError(value)
    return bool(value)


def _json(value: Any) -> Any:
    return json.loads(plain(value))


def plain(value: Any) -> str:
    """JSON in one spelling, so that the same value always has the same hash."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


DAMAGED = RegisterUnusable(
    "The register is damaged: a value in it is not what it was. Keep the file, and bring back a copy: comity register restore."
)


class Json(sa.types.TypeDecorator):
    """JSON kept as text in the one spelling of `plain`, alike on both databases."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else plain(value)

    def process_result_value(self, value, dialect):
        try:
            return None if value is None else json.loads(value)
        except (ValueError, TypeError) as fault:
            raise DAMAGED from fault


class List(Json):
    """A list of texts; empty where there is none."""

    cache_ok = True

    def process_result_value(self, value, dialect):
        return tuple(super().process_result_value(value, dialect)) if value else ()


class Flag(sa.types.TypeDecorator):
    """Yes or no as 1 or 0: SQLite's strict tables know no boolean."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return int(bool(value))

    def process_result_value(self, value, dialect):
        return bool(value)


TYPES = {
    "text": CellType(sql=sa.Text, words="text without NUL", convert=_text),
    "integer": CellType(sql=sa.Integer, words="a whole number", convert=_whole),
    "number": CellType(sql=sa.REAL().with_variant(sa.Double(), "postgresql"), words="a number", convert=_number),
    "flag": CellType(sql=Flag, words="yes or no", convert=_flag),
    "date": CellType(sql=sa.Text, words="a day like 2026-11-24", convert=_date),
    "day": CellType(sql=sa.Text, words="a day, month or year: 2026-11-24, 2026-11, 2026", convert=_day),
    "list": CellType(sql=List, words="a list of texts", convert=_list),
    "json": CellType(sql=Json, words="a value of JSON", convert=_json),
    "bytes": CellType(sql=sa.LargeBinary, words="bytes", convert=bytes),
}


def cell_type(field: Field) -> CellType:
    """How a column's values are kept; words of a fixed list are text."""
    return TYPES.get(field.type, TYPES["text"])


@cache
def fields(kind: str) -> tuple[Field, ...]:
    """Columns of a table, in their order."""
    with open(SCHEMAS / f"{kind}.csv", encoding="utf-8", newline="") as file:
        return tuple(
            Field(
                name=row["column"],
                type=row["type"],
                required=row["required"] == "yes",
                refers=row["refers"],
                meaning=row["meaning"],
            )
            for row in csv.DictReader(file)
        )


METADATA = sa.MetaData()


def _table(name: str) -> sa.Table:
    first = fields(name)[0].name
    columns: list[sa.schema.SchemaItem] = []
    for field in fields(name):
        keys = [sa.ForeignKey(field.refers)] if field.refers else []
        columns.append(
            sa.Column(
                field.name,
                cell_type(field).sql,
                *keys,
                primary_key=field.name == first,
                nullable=not field.required,
                autoincrement=False,
                comment=field.meaning,
            )
        )
    return sa.Table(name, METADATA, *columns, comment=None, sqlite_strict=True)


TABLES = {name: _table(name) for name in (*KINDS, "history", "head")}


def kept(table: sa.Table) -> sa.ColumnElement[bool]:
    """The condition that a row is not withdrawn."""
    return table.c.withdrawn == False  # noqa: E712


INDEXED = {  # what lists ask for; the key of each table is indexed anyhow
    "commitments": (("pair", "decision", "status"), ("due_end",), ("fingerprint",), ("meeting",), ("number",)),
    "sources": (("commitment",), ("document",)),
    "links": (("subject",), ("object", "relation")),
    "responsible": (("commitment",), ("body",)),
    "milestones": (("commitment",),),
    "targets": (("commitment",), ("pair",)),
    "actuals": (("target",),),
    "evidence": (("pair", "date"),),
    "notes": (("about",),),
    "documents": (("text_hash",), ("pair",)),
    "meetings": (("pair", "start"),),
    "history": (("record", "seq"),),
}
for _name, _indexes in INDEXED.items():
    for _columns in _indexes:
        sa.Index(f"{_name}_{'_'.join(_columns)}", *(TABLES[_name].c[column] for column in _columns))


def converted(kind: str, values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Values as they are kept, and a sentence for each that cannot be. Unknown columns are faults too."""
    known = {field.name: field for field in fields(kind)}
    kept, faults = {}, [f"{kind} have no column {name!r}" for name in values if name not in known]
    for name, value in values.items():
        field = known.get(name)
        if field is None:
            continue
        if value is None:
            kept[name] = () if field.type == "list" else False if field.type == "flag" else None
            continue
        try:
            kept[name] = cell_type(field).convert(value)
        except (ValueError, TypeError):
            faults.append(f"{name} is {str(value)[:60]!r}, and that is not {cell_type(field).words}")
            continue
        choices = CHOICES.get(field.type)
        if choices and kept[name] not in choices:
            faults.append(f"{name} is {value!r}; it can be {', '.join(choices)}")
    return kept, faults


def missing(kind: str, record: dict[str, Any]) -> list[str]:
    """A sentence for each column that must be told and is not."""
    wanted = [field for field in fields(kind) if field.required and field.type not in ("list", "flag")]
    return [f"{field.name} is not told: {field.meaning}" for field in wanted if record.get(field.name) in (None, "")]
