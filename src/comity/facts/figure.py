"""A figure with its spread, unit, year, source and standing; its source; and how both are looked up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache

from comity.errors import FactMissing
from comity.facts import reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of a table of figures. `low` and `high` are about P10 and P90 and may be missing."""

    subject: str
    parameter: str
    value: float
    low: float | None
    high: float | None
    unit: str
    year: str | None  # "2023", or a span
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


@cache
def figure(subject: str, parameter: str) -> Figure:
    """A figure of transport.csv; road.PAK.north falls back on road.PAK, then road. Raises FactMissing."""
    table = reader.keyed("transport", ("subject", "parameter"))
    asked = subject
    while (asked, parameter) not in table:
        if "." not in asked:
            raise FactMissing(_missing(subject, parameter, table))
        asked = asked.rpartition(".")[0]
    return row_figure(table[asked, parameter], asked, parameter)


def _missing(subject: str, parameter: str, table: dict[tuple, dict]) -> str:
    root = subject.split(".")[0]
    known = sorted({parameter for about, parameter in table if about.split(".")[0] == root})
    hint = f"For {root!r} there are: {', '.join(known)}." if known else f"It has no row about {root!r}."
    return f"No row of transport.csv gives {parameter!r} for {subject!r}. {hint}"


def row_figure(row: dict, subject: str, parameter: str) -> Figure:
    """The figure that a row of any table with value, low, high, source and standing holds."""
    year = row.get("year")
    return Figure(
        subject=subject,
        parameter=parameter,
        value=row["value"],
        low=row["low"],
        high=row["high"],
        unit=row.get("unit") or "",
        year=None if year is None else str(year),
        source=row["source"],
        standing=row["standing"],
        note=row.get("note") or "",
    )


def source(id: str) -> Source:
    """A row of sources.csv. Raises FactMissing with the nearest ids."""
    known = reader.keyed("sources", ("id",))
    if (id,) not in known:
        near = get_close_matches(id, [key for (key,) in known], n=3)
        raise FactMissing(f"No source {id!r}." + (f" Did you mean {' or '.join(near)}?" if near else ""))
    row = known[id,]
    texts = {key: value or "" for key, value in row.items() if key != "retrieved"}
    return Source(retrieved=row["retrieved"], **texts)


def citing(id: str) -> Iterator[tuple[str, dict]]:
    """(table, row) of every row that names a source, as its source or as a word of its note."""
    for name in reader.names():
        if name != "sources":
            yield from ((name, row) for row in reader.rows(name) if id in cited(row))


def cited(row: dict) -> frozenset[str]:
    """Source ids that a row names, among the other words of its texts."""
    listed = (word for cell in row.values() if isinstance(cell, tuple) for word in cell)
    texts = (text for text in row.values() if isinstance(text, str))
    return frozenset(listed) | {word.strip("()[],.;:") for text in texts for word in text.split()}
