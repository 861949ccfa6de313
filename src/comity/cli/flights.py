"""`comity flights`: direct flights between two countries, or one pair in full."""

from __future__ import annotations

from pathlib import Path

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
@click.option("--types", metavar="A,B", help="Aircraft by ICAO code: b738,a320; see comity air types.")
@click.option("--fuel-price", type=float, metavar="USD", help="Jet fuel, USD a tonne; default a spread.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(1), help="Pairs to show.")
@click.option("--explain", is_flag=True, help="What each line rests on: reasons, rights, steps.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")
@click.option(
    "--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write a .html, .geojson, .csv or .json file."
)
def flights(origin, destination, avoid, on, types, fuel_price, top, explain, wants_json, output) -> None:
    """Direct flights between two countries (KAZ PAK), best first, or one pair of airports in full (ALA LHE).

    The rank comes from the model alone: the chance that a middle service pays. What airlines fly stands beside it.
    """
    from datetime import date

    from comity.air import told
    from comity.air.flights import TYPES
    from comity.air.flights import flights as planned
    from comity.errors import BadInput

    if output and Path(output).suffix not in ENDINGS:
        raise BadInput(f"{output}: the ending tells the form, {', '.join(ENDINGS)}.")
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError:
        raise BadInput(f"{on!r} is no day. Write it like 2026-11-25.") from None
    chosen = [part.strip() for part in types.split(",") if part.strip()] if types else TYPES
    found = planned(origin, destination, on=day, avoid=avoid, types=chosen, fuel_usd_per_t=fuel_price)
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
    one = len(found.pairs) == 1
    rows = []
    for pair in found.pairs[:top]:
        best = pair.best
        if best is None:
            rows.append(
                [
                    pair.rank,
                    f"{pair.origin}-{pair.destination}",
                    _km(pair.route_km),
                    "-",
                    "-",
                    "-",
                    "-",
                    f"{pair.score:.0%}",
                ]
            )
            continue
        load, result = best.load_factor_expected, best.result_usd_per_year
        rows.append([
            pair.rank, f"{pair.origin}-{pair.destination} {pair.origin_name}-{pair.destination_name}", _km(pair.route_km),
            f"{best.type} {best.weekly}/week", f"{best.load_factor_needed:.0%}", f"{load.p10:.0%}-{load.p50:.0%}-{load.p90:.0%}",
            f"{result.p10 / 1e6:+.1f} {result.p50 / 1e6:+.1f} {result.p90 / 1e6:+.1f}", f"{pair.score:.0%}",
        ])  # fmt: skip
    show.listing(
        ["", "pair", "km", "best", "seats it must fill", "fills (P10-P50-P90)", "million USD a year", "chance it pays"],
        rows,
    )
    click.echo()
    for pair in found.pairs[: top if explain or one else 1]:
        for sentence in pair.reasons:
            show.wrapped(sentence, indent="  ")
    for pair in found.pairs[: 1 if explain or one else 0]:
        _in_full(pair)
    for state in found.states:
        for why in state.why if state.name == "today" else ():
            show.wrapped(f"Airspace on {found.on}: {why}", indent="  ")
    if len(found.pairs) > top:
        show.talk(f"{top} of {len(found.pairs)} pairs; more with --top.")
    show.talk("Demand, fares and costs are wide assumptions (comity facts air_economics); no airway is known here unless you import a file."
              if not _airways() else "Ways follow the airways you imported.")  # fmt: skip


def _in_full(pair) -> None:
    click.echo()
    rows = [
        [
            name,
            _km(km),
            f"{pair.best.needed_by_closure[name]:.0%}" if pair.best and pair.best.needed_by_closure.get(name) else "-",
        ]
        for name, km in pair.route_km_by_closure.items()
    ]
    show.listing(["airspace", "km", "needs"], rows)
    click.echo(f"great circle {pair.great_circle_km:,.0f} km; nothing flies shorter than {_km(pair.least_km)} km today")
    click.echo()
    options = [
        [one.type, one.weekly, f"{one.load_factor_needed:.0%}", f"{one.load_factor_expected.p50:.0%}", f"{one.result_usd_per_year.p50 / 1e6:+.1f}",
         f"{one.block_h:.1f}", f"{one.fuel_kg:,.0f}", f"{one.co2_kg_per_passenger:.0f}"] for one in pair.options[:12]
    ]  # fmt: skip
    show.listing(
        ["type", "a week", "needs", "expects", "million USD", "block h", "fuel kg", "CO2 kg a passenger"], options
    )
    click.echo()
    show.listing(
        ["right", "state", "what is known"], [[right.item, right.state, right.told[:110]] for right in pair.rights]
    )
    if pair.services:
        click.echo()
        show.listing(
            ["service", "event", "date"], [[row["airline"] or "-", row["event"], row["date"]] for row in pair.services]
        )


def _km(value) -> str:
    return f"{value:,.0f}" if value else "no way"


def _airways() -> bool:
    from comity.air.way import airways

    return airways() is not None
