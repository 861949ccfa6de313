"""A figure with its spread, unit, year, source and standing; and the page it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

STANDINGS = ("official", "measured", "estimate", "assumption")  # from the firmest to the frankest


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of a table of figures. `low` and `high` are about P10 and P90 and may be missing."""

    subject: str
    parameter: str
    value: float
    low: float | None
    high: float | None
    unit: str
    year: int | None
    source: str
    standing: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure was read."""

    id: str
    title: str
    publisher: str
    published: str
    retrieved: date | None
    url: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table, as its schema tells it."""

    name: str
    type: str  # text | code | number | integer | date | list | flag | wkt
    unit: str
    required: bool
    key: bool
    meaning: str
