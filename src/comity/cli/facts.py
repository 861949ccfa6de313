"""`comity facts`: every figure, and where it comes from."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from comity.cli import show

if TYPE_CHECKING:
    from comity.facts import Column

JSON = "comity.facts/1"
MOST_COLUMNS = 10  # side by side on a terminal


@click.command()
@click.argument("table", required=False)
@click.option("--where", metavar="COLUMN=VALUE", multiple=True, help="Only rows with this value; repeatable.")
@click.option("--limit", default=0, type=click.IntRange(0), help="Most rows to print (0: all).")
@click.option("--columns", is_flag=True, help="What each column of the table means, in place of its rows.")
@click.option("--source", "source_id", metavar="ID", help="A source and every row that rests on it.")
@click.option("--check", is_flag=True, help="Look for faults in every table, yours too.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")
def facts(
    table: str | None,
    where: tuple[str, ...],
    limit: int,
    columns: bool,
    source_id: str | None,
    check: bool,
    wants_json: bool,
) -> None:
    """List the fact tables, print one of them, or show a source with all that rests on it.

    Rows of your own stand in a folder that COMITY_FACTS names, in files called like the tables.
    """
    if check:
        _check(wants_json)
    elif source_id:
        _source(source_id, wants_json)
    elif table and columns:
        _columns(table, wants_json)
    elif table:
        _rows(table, where, limit, wants_json)
    elif where or columns:
        raise click.UsageError("--where and --columns need the name of a table: comity facts TABLE ...")
    else:
        _tables(wants_json)


def _tables(wants_json: bool) -> None:
    from comity import facts as known

    said = {row["table"]: row["meaning"] for row in known.rows("tables")}
    found = [(name, len(known.rows(name)), said.get(name, "")) for name in known.names()]
    if wants_json:
        tables = [{"name": name, "rows": count, "meaning": meaning} for name, count, meaning in found]
        show.as_json({"schema": JSON, "digest": known.digest(), "tables": tables})
        return
    show.table(["table", "rows", "what it holds"], [[name, str(count), text] for name, count, text in found])
    if known.user_tables():
        show.talk(f"Your own rows take part in {', '.join(known.user_tables())} (COMITY_FACTS).")


def _columns(table: str, wants_json: bool) -> None:
    from comity import facts as known

    columns = known.schema(table)
    if wants_json:
        show.as_json({"schema": JSON, "table": table, "columns": _told(columns)})
        return
    header = ["column", "type", "unit or words", "required", "key", "meaning"]
    yes = {True: "yes", False: ""}
    show.table(header, [[c.name, c.type, c.unit, yes[c.required], yes[c.key], c.meaning] for c in columns])


def _rows(table: str, where: tuple[str, ...], limit: int, wants_json: bool) -> None:
    from comity import facts as known

    columns = known.schema(table)
    everything = known.rows(table)
    conditions = [_condition(text, table, [column.name for column in columns]) for text in where]
    found = [row for row in everything if all(_meets(row[name], value) for name, value in conditions)]
    shown = found[:limit] if limit else found
    if wants_json:
        answer = {"schema": JSON, "table": table, "columns": _told(columns), "matching": len(found)}
        show.as_json(answer | {"rows": [_plain(row) for row in shown]})
        return
    names = [column.name for column in columns]
    if _crowded(names):
        show.table(["row", "what it says"], [_summary(table, row) for row in shown])
    else:
        show.table(names, [[_text(row[name]) for name in names] for row in shown])
    if len(shown) < len(everything):
        show.talk(f"{len(shown)} of {len(everything)} rows" + (f", {len(found)} match." if where else "."))


def _crowded(names: Sequence[str]) -> bool:
    """Whether so many columns would leave each a few letters wide. A pipe has room for all."""
    return sys.stdout.isatty() and len(names) > MOST_COLUMNS


def _condition(text: str, table: str, columns: list[str]) -> tuple[str, str]:
    """Column and value of a --where. Raises BadInput with the nearest column."""
    from difflib import get_close_matches

    from comity.errors import BadInput

    name, equals, value = text.partition("=")
    if not equals:
        raise BadInput(f"--where {text!r}: write it as COLUMN=VALUE.")
    if name not in columns:
        near = get_close_matches(name, columns, n=2)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"It has {', '.join(columns)}."
        raise BadInput(f"--where {text!r}: {table} has no column {name!r}. {hint}")
    return name, value


def _meets(held: Any, wanted: str) -> bool:
    """Whether a cell is, or a list holds, what was asked for; capitals do not matter."""
    texts = [*held, _text(held)] if isinstance(held, tuple) else [_text(held)]
    return wanted.casefold() in (text.casefold() for text in texts)


def _source(source_id: str, wants_json: bool) -> None:
    from dataclasses import asdict

    from comity import facts as known

    source = asdict(known.source(source_id))
    citing = list(known.citing(source_id))
    if wants_json:
        rows = [{"table": name} | _plain(row) for name, row in citing]
        show.as_json({"schema": JSON, "source": _plain(source), "rows": rows})
        return
    for key, value in source.items():
        click.echo(f"{key:<10} {_text(value)}".rstrip())
    click.echo()
    show.table(
        ["table", "row", "what it says"],
        [[name, *_summary(name, row | {"source": None})] for name, row in citing],
    )
    show.talk(f"{len(citing)} {'row rests' if len(citing) == 1 else 'rows rest'} on it.")


def _summary(table: str, row: dict) -> tuple[str, str]:
    """The key of a row, and its other cells with their names."""
    from comity import facts as known

    keys = [column.name for column in known.schema(table) if column.key]
    others = [(name, _text(value)) for name, value in row.items() if name not in keys]
    key = " ".join(_text(row[name]) for name in keys)
    return key, ", ".join(f"{name} {text}" for name, text in others if text)


def _check(wants_json: bool) -> None:
    from comity import facts as known
    from comity.errors import TableFaults

    faults = known.check()
    if wants_json:
        show.as_json({"schema": JSON, "digest": known.digest(), "faults": faults})
    if faults:
        raise TableFaults("The collection of tables", faults)
    show.talk(f"{len(known.names())} tables, no fault.")


def _told(columns: Sequence[Column]) -> list[dict]:
    return [{"name": c.name, "type": c.type, "unit": c.unit, "meaning": c.meaning} for c in columns]


def _plain(row: dict) -> dict:
    """A row as JSON has it: a tuple becomes an array by itself, a day its text."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}


def _text(value: Any) -> str:
    """A cell as the table's file has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value)
    return f"{value:.12g}" if isinstance(value, float) else str(value)
