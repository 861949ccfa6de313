"""What Comity knows: tables of figures with their sources, and the one reader of them."""

from __future__ import annotations

from comity.facts.check import check
from comity.facts.figure import Figure, Source, cited, citing, figure, row_figure, source
from comity.facts.reader import digest, keyed, names, rows, schema, user_tables
from comity.facts.schema import STANDINGS, Column

__all__ = [
    "STANDINGS",
    "Column",
    "Figure",
    "Source",
    "check",
    "cited",
    "citing",
    "digest",
    "figure",
    "forget",
    "keyed",
    "names",
    "row_figure",
    "rows",
    "schema",
    "source",
    "user_tables",
]


def forget() -> None:
    """Read everything again at the next question (a table has changed, or COMITY_FACTS)."""
    for cached in (names, user_tables, schema, rows, keyed, digest, figure):
        cached.cache_clear()
