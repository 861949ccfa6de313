"""Printing for people: aligned tables, days and money in round figures."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import click


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


def days(hours: float) -> str:
    value = hours / 24
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"


def day_range(time_h: dict) -> str:
    return f"{days(time_h['p10'])}-{days(time_h['p90'])} (mid {days(time_h['p50'])})"


def usd(value: float) -> str:
    """Three figures that count: 6,480 -> 6,480; 12,756 -> 12,800."""
    if value < 1000:
        return f"{value:,.0f}"
    step = 10 ** (len(str(int(value))) - 3)
    return f"{round(value / step) * step:,.0f}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A fine table on a terminal, tab-separated text in a pipe."""
    if not sys.stdout.isatty():
        for row in [header, *rows]:
            click.echo("\t".join(str(cell) for cell in row))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in header:
        drawn.add_column(name, overflow="fold")
    for row in rows:
        drawn.add_row(*(str(cell) for cell in row))
    Console().print(drawn)
