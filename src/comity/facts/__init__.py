"""What Comity knows: tables of figures with their sources, and the one reader of them."""

from __future__ import annotations

from comity.facts.check import check
from comity.facts.figure import STANDINGS, Column, Figure, Source
from comity.facts.reader import digest, figure, forget, keyed, names, row_figure, rows, schema, source

__all__ = [
    "STANDINGS", "Column", "Figure", "Source", "check", "digest", "figure", "forget", "keyed", "names", "row_figure",
    "rows", "schema", "source",
]  # fmt: skip
