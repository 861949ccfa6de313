"""Full-text search: SQLite's FTS5 and PostgreSQL's text search behind two functions. Kept up in each write's transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from comity.store.tables import TABLES

SEARCHED = {  # kind: columns whose words are found
    "commitments": ("action", "actors", "condition", "due_phrase", "delay_reason"),
    "sources": ("sentence",),
    "documents": ("title", "text"),
    "meetings": ("name", "place"),
    "evidence": ("text",),
    "notes": ("text",),
    "targets": ("measure",),
}
PLACE = {kind: place for place, kind in enumerate(SEARCHED)}  # never reorder: it is part of the row's number
STRIDE = 16
MOST_WORDS = 100_000  # letters of one record; PostgreSQL takes a megabyte of distinct words at most


def row_number(kind: str, number: int) -> int:
    """The search row of a record: its number and kind in one whole number."""
    return number * STRIDE + PLACE[kind]


def record_of(row: int) -> tuple[str, int]:
    """Kind and number of a search row."""
    return list(SEARCHED)[row % STRIDE], row // STRIDE


def words_of(kind: str, record: Mapping[str, Any]) -> str:
    """The words under which a record is found."""
    parts = [record.get(column) or "" for column in SEARCHED[kind]]
    return " ".join(" ".join(part) if isinstance(part, (list, tuple)) else part for part in parts)[:MOST_WORDS]


def index(connection: sa.Connection, kind: str, record: Mapping[str, Any], *, new: bool) -> None:
    """Make a record findable, or no longer where it is withdrawn."""
    row = row_number(kind, record["number"])
    if not new:
        connection.execute(sa.text(_sql(connection, "DELETE FROM search WHERE rowid = :row")), {"row": row})
    if not record.get("withdrawn"):
        told = {"row": row, "words": words_of(kind, record)}
        connection.execute(sa.text(_sql(connection, "INSERT INTO search (rowid, words) VALUES (:row, :words)")), told)


def index_all(connection: sa.Connection, kind: str, records: list) -> None:
    """Make new records of a kind findable, many at once."""
    told = [
        {"row": row_number(kind, one["number"]), "words": words_of(kind, one)}
        for one in records
        if not one["withdrawn"]
    ]
    for start in range(0, len(told), 2000):
        connection.execute(
            sa.text(_sql(connection, "INSERT INTO search (rowid, words) VALUES (:row, :words)")),
            told[start : start + 2000],
        )


def rows(connection: sa.Connection) -> Iterator[tuple[int, str]]:
    """(row, words) of the whole index, a few thousand in memory at a time."""
    found = connection.execution_options(yield_per=2000).execute(
        sa.text(_sql(connection, "SELECT rowid, words FROM search"))
    )
    yield from ((row, words) for row, words in found)


def again(connection: sa.Connection) -> None:
    """Make the whole index anew from the records."""
    connection.execute(sa.text("DELETE FROM search"))
    for kind, columns in SEARCHED.items():
        table = TABLES[kind]
        wanted = [table.c[name] for name in ("number", "withdrawn", *columns)]  # typed, so that lists are lists
        index_all(connection, kind, [dict(row) for row in connection.execute(sa.select(*wanted)).mappings()])


def found(connection: sa.Connection, asked: str, limit: int = 200) -> list[tuple[str, int]]:
    """Kind and number of the records that have all the words asked for, the best first. The last word may be cut short."""
    words = re.findall(r"\w+", asked, re.UNICODE)[:20]
    if not words:
        return []
    if connection.dialect.name == "sqlite":
        query = " ".join(f'"{word}"' for word in words) + "*"
        sql = "SELECT rowid FROM search WHERE search MATCH :query ORDER BY rank LIMIT :limit"
    else:
        query = " & ".join(f"'{word}'" for word in words) + ":*"
        sql = "SELECT row FROM search WHERE vector @@ to_tsquery('simple', :query) ORDER BY row DESC LIMIT :limit"
    return [record_of(row) for (row,) in connection.execute(sa.text(sql), {"query": query, "limit": limit})]


def _sql(connection: sa.Connection, sql: str) -> str:
    return sql if connection.dialect.name == "sqlite" else sql.replace("rowid", "row")
