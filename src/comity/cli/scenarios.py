"""`comity scenarios`: the scenarios that ship, what one of them does, and whether a file of one's own is fine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from comity.cli import show

if TYPE_CHECKING:
    from comity.scenarios import Scenario

JSON = "comity.scenarios/1"
NAMED = 6  # gates that are told by name
AS_JSON = click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")
SCENARIO = click.option(
    "--scenario",
    multiple=True,
    metavar="X",
    help="Lay a scenario over the facts: a name (comity scenarios list) or a file.",
)
DELAY = click.option("--delay", multiple=True, metavar="X=H", help="Hours more at a crossing: torkham=72h, =3d, =x2.")
PRICE = click.option("--price", multiple=True, metavar="X=USD", help="Dollars more there for one unit: 500, or x1.5.")


@click.group()
def scenarios() -> None:
    """What-if scenarios: rows of closures, delays, prices and limits, laid over the network with --scenario."""


@scenarios.command("list")
@AS_JSON
def list_(wants_json: bool) -> None:
    """The scenarios that ship with Comity."""
    from comity.scenarios.rows.reading import listed

    found = list(listed())
    if wants_json:
        told = [{"name": s.name, "title": s.title, "rows": len(s.changes), "days": _days(s)} for s in found]
        show.as_json({"schema": JSON, "scenarios": told})
        return
    show.listing(["name", "title", "rows", "days"], [[s.name, s.title, str(len(s.changes)), _days(s)] for s in found])
    show.talk("See one: comity scenarios show NAME. Lay one: comity routes A B --scenario NAME, or a file of your own.")


@scenarios.command("show")
@click.argument("scenario")
@click.option("--on", metavar="DATE", help="Day to look at, 2026-11-24; default today.")
@AS_JSON
def show_(scenario: str, on: str | None, wants_json: bool) -> None:
    """What SCENARIO, a name or a file, does on a day.

    Its rows in words, the gates they act on, and their sources.
    """
    from comity.cli.network import opened
    from comity.routing.request import day
    from comity.scenarios import load

    when, network = day(on), opened()
    found = load(scenario, network)
    told = found.laid(network, when).told or {}
    for row, item in zip(told["rows"], found.checked(network), strict=True):
        row["gates_named"] = sorted({network.gates[gate].name for gate in item.rows})
    if wants_json:
        show.as_json({"schema": JSON, "on": when.isoformat(), "scenario": told, "sources": _sources(found)})
    else:
        _told(found, told, when.isoformat())


@scenarios.command("check")
@click.argument("file")
@AS_JSON
def check(file: str, wants_json: bool) -> None:
    """Every fault of a scenario's FILE, or that it is fine.

    Exit code 0 when it is fine, 4 with the faults of its rows, 2 when it cannot be read at all.
    """
    from comity.cli.network import opened
    from comity.errors import BadInput, TableFaults
    from comity.scenarios import load

    network = opened()
    try:
        found = load(file, network)
    except BadInput as fault:
        if wants_json:
            faults = list(fault.faults) if isinstance(fault, TableFaults) else [str(fault)]
            show.as_json({"schema": JSON, "file": file, "faults": faults})
        raise
    if wants_json:
        show.as_json({"schema": JSON, "file": file, "faults": [], "rows": len(found.changes)})
    else:
        click.echo(f"{file}: fine, {len(found.changes)} row{'s' * (len(found.changes) != 1)}.")


def _days(scenario: Scenario) -> str:
    """The days that any of its rows holds, in words: from the first to the last."""
    starts, ends = [c.start for c in scenario.changes], [c.end for c in scenario.changes]
    first = None if None in starts else min(start for start in starts if start)
    last = None if None in ends else max(end for end in ends if end)
    return f"{first or 'any day'}{f' to {last}' if last else ' on' if first else ''}"


def _told(found: Scenario, told: dict, on: str) -> None:
    click.echo(f"{found.title}  [{found.name}]")
    if found.note:
        show.wrapped(" ".join(found.note.split()))
    click.echo(f"\nOn {on}:")
    for row in told["rows"]:
        show.wrapped(f"  {row['id']}  {row['name']}: {row['words']}, {_when(row)}{_idle(row)}", indent=" " * 6)
        show.wrapped(f"      {_gates(row)}", indent=" " * 8)
        if row["note"]:
            show.wrapped(f"      {row['note']}" + (f" [{row['source']}]" if row["source"] else ""), indent=" " * 8)
    sources = _sources(found)
    if sources:
        click.echo("\nSources:")
    for source in sources:
        show.wrapped(f"  [{source['id']}] {source['title']}; {source['publisher']}; {source['url']}", indent=" " * 6)


def _when(row: dict) -> str:
    if row["start"] and row["end"]:
        return f"from {row['start']} to {row['end']}"
    return f"from {row['start']} on" if row["start"] else f"until {row['end']}" if row["end"] else "on any day"


def _idle(row: dict) -> str:
    """That a row does nothing on the day, and why where its days do not say it."""
    if row["idle"].startswith("it holds"):
        return "; not on this day"
    queue = f"; {row['queue_h']:,.0f} h in the queue on this day" if row["queue_h"] is not None else ""
    return f"; does nothing on this day: {row['idle']}" if row["idle"] else queue


def _gates(row: dict) -> str:
    """The gates of a row by name, and how many more there are."""
    names, count = row["gates_named"], len(row["gates_named"])
    more = f" and {count - NAMED} more" if count > NAMED else ""
    return f"{count} gate{'s' * (count != 1)}: {'; '.join(names[:NAMED])}{more}" if count else "no gate lies in it"


def _sources(found: Scenario) -> list[dict]:
    """Rows of sources.csv that its rows name; what is no id is its author's own words, and told beside the row."""
    from comity import facts

    named = dict.fromkeys([*(change.source for change in found.changes), *found.sources])
    known = facts.keyed("sources", ("id",))
    own = {"url": "no address: a stated assumption of our own"}
    return [
        {name: known[id,][name] or own.get(name, "") for name in ("id", "title", "publisher", "url")}
        for id in named
        if (id,) in known
    ]
