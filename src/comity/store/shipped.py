"""The registers that ship: rows of the fact table `promises`, taken in by the same import as anybody's list."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from comity import facts
from comity.agreements import lists_in
from comity.store.register import Register

SIGNED = "comity"


def pairs() -> tuple[str, ...]:
    """Pairs that a register ships for."""
    return tuple(sorted({row["pair"] for row in facts.rows("promises")}))


@contextmanager
def shipped(pair: str, path: str | None = None) -> Iterator[Register]:
    """A register of the shipped rows of a pair: in a new file at `path`, or in a scratch file that is gone afterwards.

    Its changes are stamped with a fixed instant, so that the same rows give the same history.
    """
    with tempfile.TemporaryDirectory(prefix="comity-") as folder:
        with Register.open(
            path or f"{folder}/register.sqlite", create=True, clock=lambda: "2026-11-25T00:00:00.000000Z"
        ) as register:
            if not register.head().seq:
                lists_in.taken_in(register, *_list(pair), who=SIGNED, why="shipped with Comity")
            yield register


def _list(pair: str) -> tuple[lists_in.Table, lists_in.Columns]:
    """The table's rows of a pair, as a list that was read."""
    header = tuple(column.name for column in facts.schema("promises"))
    rows = [row for row in facts.rows("promises") if row["pair"] == pair]
    cells = tuple((number, tuple(_cell(row[name]) for name in header)) for number, row in enumerate(rows, 2))
    return lists_in.Table("promises", header, cells), lists_in.columns(header, {})


def _cell(value) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
