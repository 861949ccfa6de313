"""`comity air`: the airports, aircraft, services and closures that flights stand on, and files of your own."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from comity.cli import show

KINDS = ("firs", "airways", "runways")


@click.group()
def air() -> None:
    """What direct flights stand on: airports, types, services, closures; and import of your own files."""


@air.command()
@click.argument("country")
def airports(country: str) -> None:
    """Markets of a country with their airports, the largest catchment first."""
    from comity import places
    from comity.air.catchment import markets

    code = places.country(country).alpha3
    found = markets()
    rows = [
        [str(found.towns.name[n]), "; ".join(found.airports[n]), f"{found.people[n]:,.0f}"]
        for n in range(len(found.people))
        if found.towns.country[n] == code
    ]
    show.listing(
        ["town", "airports", "people within reach"], sorted(rows, key=lambda row: -float(row[2].replace(",", "")))
    )


@air.command()
def types() -> None:
    """Aircraft types, their seats and what their fuel is calibrated on."""
    from comity import facts
    from comity.air.flights import _service

    rows = [
        [
            row["type"],
            row["name"],
            row["seats"],
            f"{row['mtow_kg']:,.0f}",
            "service figure" if _service(row["type"]) else "none: refused",
        ]
        for row in facts.rows("aircraft_types")
    ]
    show.listing(["type", "name", "seats", "MTOW kg", "fuel"], rows)


@air.command()
@click.argument("origin", required=False)
@click.argument("destination", required=False)
def services(origin: str | None, destination: str | None) -> None:
    """Air services known: started, suspended, resumed; of one airport or a pair."""
    from comity import facts

    asked = {code.upper() for code in (origin, destination) if code}
    rows = [row for row in facts.rows("air_services") if asked <= {row["origin"], row["destination"]}]
    if not rows:
        click.echo("No service is known there.")
        return
    told = [
        [
            f"{row['origin']}-{row['destination']}",
            row["airline"],
            row["event"],
            row["date"],
            row["weekly"] or "-",
            row["source"],
        ]
        for row in rows
    ]
    show.listing(
        ["pair", "airline", "event", "date", "a week", "source"], sorted(told, key=lambda row: (row[0], str(row[3])))
    )


@air.command()
@click.option("--on", metavar="DATE", help="Day, 2026-11-25; default today.")
@click.option(
    "--for", "operators", multiple=True, metavar="COUNTRY", help="Rules for airlines of this country too; repeatable."
)
def closures(on: str | None, operators: tuple[str, ...]) -> None:
    """Rules of airspace in force on a day."""
    from datetime import date

    from comity import places
    from comity.air.airspace import closures as in_force
    from comity.errors import BadInput

    try:
        day = date.fromisoformat(on) if on else date.today()
    except ValueError:
        raise BadInput(f"{on!r} is no day. Write it like 2026-11-25.") from None
    found = in_force(day, [places.country(one).alpha3 for one in operators])
    rows = [
        [
            one.id,
            ";".join(one.area)[:24],
            one.kind,
            str(one.start),
            str(one.end or ""),
            ";".join(one.applies_to)[:11],
            one.summary,
        ]
        for one in found
    ]
    show.listing(["", "area", "kind", "from", "until", "for", "what"], rows)


@air.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def import_(kind: str, file: str) -> None:
    """Take in a file of your own: flight regions (GeoJSON), airways (text), runways (CSV as of ourairports). It is checked first."""
    import gzip

    from comity.air.airspace import FIRS, read_regions
    from comity.air.airways import read_airways
    from comity.air.runways import RUNWAYS, read_runways
    from comity.air.way import AIRWAYS
    from comity.errors import BadInput
    from comity.settings import air_folder

    path = Path(file)
    if kind == "firs":
        regions, faults = read_regions(path)
        told = f"{len(regions)} regions" + (
            f"; {len(faults)} cannot be gone round: {', '.join(sorted(faults)[:8])}" if faults else ""
        )
    elif kind == "airways":
        airways = read_airways(path)
        told = f"{len(airways.fixes):,} fixes, {len(airways.ends):,} stretches"
    else:
        told = f"{len(read_runways(path)):,} airports with a paved runway"
    target = air_folder() / {"firs": FIRS, "airways": AIRWAYS, "runways": RUNWAYS}[kind]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        begun = target.with_suffix(".part")  # so that a copy cut short is never read as whole
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as source, begun.open("wb") as out:
            shutil.copyfileobj(source, out)
        begun.replace(target)
    except OSError as fault:
        raise BadInput(f"{target} cannot be written: {fault.strerror}.") from fault
    click.echo(f"{told}; kept as {target}")
