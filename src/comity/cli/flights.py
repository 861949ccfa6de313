"""`comity flights`: direct flights between two countries, or one pair in full."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten

import click

from comity.cli import show

ENDINGS = (".geojson", ".csv", ".json", ".html")


@click.command()
@click.argument("origin")
@click.argument("destination")
@click.option(
    "--avoid", multiple=True, metavar="REGION", help="Keep out of a flight region or country: OAKX, AFG; repeatable."
)
@click.option("--on", metavar="DATE", help="Day of the airspace, 2026-11-25; default today.")
@click.option(
    "--level",
    type=int,
    metavar="FL",
    help="Flight level of the cruise, for rules that hold at some levels; default 350.",
)
@click.option(
    "--airline", metavar="COUNTRY", help="Whose airline flies, for rules of nationality; default either side's."
)
@click.option("--types", metavar="A,B", help="Aircraft by ICAO code: b738,a320; see comity air types.")
@click.option("--fuel-price", type=float, metavar="USD", help="Jet fuel, USD a tonne; default a spread.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(1), help="Pairs to show.")
@click.option("--explain", is_flag=True, help="What each line rests on: reasons, rights, steps.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")
@click.option(
    "--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write a .html, .geojson, .csv or .json file."
)
def flights(
    origin, destination, avoid, on, level, airline, types, fuel_price, top, explain, wants_json, output
) -> None:
    """Direct flights between two countries (KAZ PAK), best first, or one pair of airports in full (ALA LHE).

    The rank comes from the model alone: the chance that a middle service pays. What airlines fly stands beside it.
    """
    from datetime import date

    from comity.air import told
    from comity.air.fleet import TYPES
    from comity.air.flights import flights as planned
    from comity.errors import BadInput

    if output and Path(output).suffix not in ENDINGS:
        raise BadInput(f"{output}: the ending tells the form, {', '.join(ENDINGS)}.")
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError:
        raise BadInput(f"{on!r} is no day. Write it like 2026-11-25.") from None
    chosen = [part.strip() for part in types.split(",") if part.strip()] if types else TYPES
    found = planned(
        origin,
        destination,
        on=day,
        avoid=avoid,
        types=chosen,
        fuel_usd_per_t=fuel_price,
        cruise_fl=level,
        airline=airline,
    )
    if output:
        try:
            Path(output).write_text(_written(found, Path(output).suffix, top), encoding="utf-8")
        except OSError as fault:
            raise BadInput(f"{output} cannot be written: {fault.strerror}.") from fault
        show.talk(f"written: {output}")
    if wants_json:
        show.as_json(told.as_data(found, top))
    elif not output:
        _printed(found, top, explain)


def _written(found, ending: str, top: int) -> str:
    import json

    from comity.air import told

    if ending == ".html":
        from comity import places
        from comity.brief.flown import Asked, section
        from comity.brief.notes import Notes
        from comity.brief.render_html import page_of_flights

        notes = Notes()
        return page_of_flights(
            section(Asked(found), notes, lambda code: places.country(code).name), notes.listed(), found.ends
        )
    if ending == ".json":
        return json.dumps(told.as_data(found, top), ensure_ascii=False, indent=1)
    return told.as_geojson(found, top) if ending == ".geojson" else told.as_csv(found, top)


def _printed(found, top: int, explain: bool) -> None:
    from comity.air.way import SIDE, TODAY

    full = explain or len(found.pairs) == 1
    show.listing(
        ["", "pair", "km", "best", "seats it must fill", "fills (P10-P50-P90)", "million USD a year", "chance it pays"],
        [_row(pair) for pair in found.pairs[:top]],
    )
    click.echo()
    for pair in found.pairs[: top if full else 1]:
        for sentence in pair.reasons:
            show.wrapped(sentence, indent="  ")
    for pair in found.pairs[: 1 if full else 0]:
        _in_full(pair)
    if full:
        _visits(found)
    for state in found.states:
        for why in state.why if state.name == TODAY or state.name.startswith(SIDE) else ():
            show.wrapped(f"Airspace on {found.on}, {state.name}: {why}", indent="  ")
    for pair in found.pairs[: 1 if explain else 0]:
        _steps(pair)
    if len(found.pairs) > top:
        show.talk(f"{top} of {len(found.pairs)} pairs; more with --top.")
    of = found.level
    rests = "an assumption" if of.standing == "assumption" else of.note
    show.talk(
        f"Level of demand: {of.value:,.0f} passengers a year on a median route, {of.low:,.0f} to {of.high:,.0f} ({rests})."
    )
    show.talk("Demand, fares and costs are wide assumptions (comity facts air_economics); no airway is known here unless you import a file."
              if not _airways() else "Ways follow the airways you imported.")  # fmt: skip


def _row(pair) -> list:
    best, name = pair.best, f"{pair.origin}-{pair.destination} {pair.origin_name}-{pair.destination_name}"
    if best is None:
        return [pair.rank, name, _km(pair.route_km), "-", "-", "-", "-", f"{pair.score:.0%}"]
    load, result = best.load_factor_expected, best.result_usd_per_year
    return [
        pair.rank, name, _km(pair.route_km), f"{best.type} {best.weekly}/week", f"{best.load_factor_needed:.0%}",
        f"{load.p10:.0%}-{load.p50:.0%}-{load.p90:.0%}", f"{result.p10 / 1e6:+.1f} {result.p50 / 1e6:+.1f} {result.p90 / 1e6:+.1f}", f"{pair.score:.0%}",
    ]  # fmt: skip


def _in_full(pair) -> None:
    for part in (_ways, _high_ground, _options, _journeys, _months, _rights, _services):
        click.echo()
        part(pair)


def _ways(pair) -> None:
    needed = pair.best.needed_by_closure if pair.best else {}
    show.listing(
        ["airspace", "km", "needs"],
        [
            [name, _km(km), f"{needed[name]:.0%}" if needed.get(name) else "-"]
            for name, km in pair.route_km_by_closure.items()
        ],
    )
    least = f"; nothing flies shorter than {_km(pair.least_km)} km today" if pair.least_km else ""
    click.echo(f"great circle {pair.great_circle_km:,.0f} km{least}")


def _high_ground(pair) -> None:
    if not pair.geometry:
        return
    if not pair.high_ground:
        click.echo("No ground on the way stands so high that 10,000 ft would not clear it.")
        return
    rows = [
        [leg.name, f"{leg.from_km:,.0f}", f"{leg.km:,.0f}", f"{leg.ground_m:,.0f}", f"FL{leg.safe_fl}", f"{leg.escape_km:,.0f}",
         f"{leg.escape_min:.0f}", "yes" if leg.beyond_oxygen else "no", "yes" if leg.drift_down else "no"] for leg in pair.high_ground
    ]  # fmt: skip
    show.listing(
        [
            "high ground",
            "from km",
            "for km",
            "ground m",
            "clear at",
            "escape km",
            "min",
            "beyond oxygen",
            "above one engine",
        ],
        rows,
    )


def _options(pair) -> None:
    rows = [
        [one.type, one.weekly, f"{one.load_factor_needed:.0%}", f"{one.load_factor_expected.p50:.0%}", f"{one.result_usd_per_year.p50 / 1e6:+.1f}",
         f"{one.summer_usd / 1e6:+.1f}", f"{one.winter_usd / 1e6:+.1f}", f"{one.block_h:.1f}", f"{one.fuel_kg:,.0f}",
         f"{one.co2_kg_per_passenger:.0f}", f"{one.co2e_kg_per_passenger:.0f}"] for one in pair.options[:12]
    ]  # fmt: skip
    show.listing(
        ["type", "a week", "needs", "expects", "M USD", "summer", "winter", "block h", "fuel kg", "CO2 kg", "CO2e kg"],
        rows,
    )


def _journeys(pair) -> None:
    if not pair.journeys or not pair.journeys.stopovers:
        click.echo("No stopover is known.")
        return
    rows = [
        [f"{one.hub} {one.name}", f"{one.hours:.1f}", f"{one.share:.0%}", f"{one.share * pair.journeys.now:,.0f}",
         f"{one.share * pair.journeys.won:,.0f}", one.seen or f"{one.chance:.0%} likely"] for one in pair.journeys.stopovers
    ]  # fmt: skip
    show.listing(["stopover", "h", "share", "a year now", "won back", "both legs flown"], rows)


def _months(pair) -> None:
    from comity.air.season import MONTH_NAMES

    if pair.best:
        months = pair.best.load_factor_by_month
        show.listing([name[:3] for name in MONTH_NAMES], [[f"{load:.0%}" for load in months]])


def _rights(pair) -> None:
    show.listing(
        ["right", "state", "what is known"],
        [[right.item, right.state, shorten(right.told, 110, placeholder=" ...")] for right in pair.rights],
    )


def _services(pair) -> None:
    rows = [[row["airline"] or "-", row["event"], row["date"]] for row in pair.services]
    if rows:
        show.listing(["service", "event", "date"], rows)
    else:
        click.echo(
            "No airline was seen on it."
            if _looked_for(pair)
            else "Services here were not looked for: air_services covers Central and South Asia."
        )


def _looked_for(pair) -> bool:
    from comity.air.ends import country_of
    from comity.air.services import looked_for

    return looked_for(country_of(pair.origin), country_of(pair.destination))


def _steps(pair) -> None:
    """What is to be done for a first flight, for the states of the pair."""
    from comity import places
    from comity.air.ends import country_of
    from comity.air.rights import steps

    click.echo()
    ends = country_of(pair.origin), country_of(pair.destination)
    for step in steps(ends, pair.over):
        asks = " and ".join(
            places.country(code).short for code in step["countries"] or () if code in {*ends, *pair.over}
        )
        show.wrapped(f"{step['step']:g}. {asks + ': ' if asks else ''}{step['what']}", indent="  ")


def _visits(found) -> None:
    if found.visits:
        click.echo()
        rows = [
            [f"{row['origin']} to {row['destination']}", row["year"], f"{row['persons']:,}", row["purpose"]]
            for row in found.visits
        ]
        show.listing(["who was counted", "year", "persons", "as"], rows)


def _km(value) -> str:
    return f"{value:,.0f}" if value else "no way"


def _airways() -> bool:
    from comity.air.way import airways

    return airways() is not None
