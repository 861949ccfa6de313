"""Printing for people: aligned tables, days and money in round figures."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import click

from comity.brief.words import days
from comity.brief.words import three_digits as usd


def as_json(value) -> None:
    """One object on standard output."""
    click.echo(
        json.dumps(
            value, ensure_ascii=False, allow_nan=False, separators=(",", ":") if not sys.stdout.isatty() else None
        )
    )


def talk(text: str) -> None:
    """A word to the person, never mixed with what is piped on."""
    click.echo(text, err=True)


def day_range(time_h: dict) -> str:
    """P10 to P90 in days: 5.8-14."""
    return f"{days(time_h['p10'])}-{days(time_h['p90'])}"


def usd_range(cost_usd: dict) -> str:
    """P10 to P90 in dollars: 6,520-13,400."""
    return f"{usd(cost_usd['p10'])}-{usd(cost_usd['p90'])}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A fine table on a terminal; tab-separated text in a pipe, for tables that other programs read on."""
    if sys.stdout.isatty():
        _drawn(header, rows)
    else:
        for row in [header, *rows]:
            click.echo("\t".join(str(cell) for cell in row))


def listing(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A fine table on a terminal; aligned text in a pipe, for lists that people read."""
    if sys.stdout.isatty():
        _drawn(header, rows)
        return
    texts = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[column]) for row in texts) for column in range(len(header))]
    for row in texts:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def wrapped(text: str, indent: str = "") -> None:
    """A sentence in lines no wider than the terminal, the second and later ones indented; one line in a pipe."""
    import textwrap

    if not sys.stdout.isatty():
        click.echo(text)
        return
    lines = textwrap.wrap(text, columns(), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    click.echo("\n".join(lines))


def _drawn(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    drawn = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in header:
        drawn.add_column(name, overflow="fold")
    for row in rows:
        drawn.add_row(*(escape(str(cell)) for cell in row))
    draw(drawn)


def draw(drawn) -> None:
    """A drawing of rich's, as wide as the terminal."""
    from rich.console import Console

    Console(width=columns(), height=25).print(drawn)  # without a height, rich takes a plain terminal for 80 wide


def columns() -> int:
    """Letters in a line of the terminal, 40 at least."""
    import shutil

    return max(40, shutil.get_terminal_size().columns)
