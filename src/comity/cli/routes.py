"""`comity routes`: ways that cargo can travel between two places on a day."""

from __future__ import annotations

import click

from comity.cli import show


@click.command()
@click.argument("origin")
@click.argument("destination")
@click.option("--cargo", default="40ft", show_default=True, help="20ft, 40ft, reefer, truckload or bulk.")
@click.option("--tonnes", default=20.0, show_default=True, help="Weight in all.")
@click.option("--value", type=float, help="Worth in USD per tonne, for the value of time.")
@click.option("--on", metavar="DATE", help="Day of departure, 2026-11-24; default today.")
@click.option("--modes", default="road,rail,sea", show_default=True, help="Modes that may be used.")
@click.option("--close", multiple=True, metavar="X", help="Shut a crossing, port, strait, country or pair (AFG-PAK).")
@click.option("--open", "open_", multiple=True, metavar="X", help="Take as open what the facts have as shut.")
@click.option("--alternatives", default=6, show_default=True, help="Open ways wanted.")
@click.option("--explain", is_flag=True, help="Leg by leg, with the source of every figure.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")
@click.option(
    "--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write .geojson, .csv or .html as well."
)
def routes(
    origin, destination, cargo, tonnes, value, on, modes, close, open_, alternatives, explain, wants_json, output
) -> None:
    """Every serious way from ORIGIN to DESTINATION: days, cost, CO2e, crossings, papers, and what is shut.

    A place is a name, a code (UN/LOCODE, IATA), lat,lon, or a country, which stands for its main freight place.
    """
    from comity.cli.network import Progress
    from comity.network import folder_of, open_network
    from comity.routing import plan
    from comity.routing.export import check_path, write

    if output:
        check_path(output)
    if (folder_of() / "manifest.json").exists():
        network = open_network()
    else:
        with Progress() as progress:
            network = open_network(progress=progress)
    answer = plan(
        origin,
        destination,
        cargo=cargo,
        tonnes=tonnes,
        value_usd_per_t=value,
        on=on,
        modes=modes,
        close=close,
        open_=open_,
        alternatives=alternatives,
        network=network,
    ).to_json()
    if output:
        write(answer, output)
        show.talk(f"written: {output}")
    if wants_json:
        show.as_json(answer)
    else:
        _print(answer, explain)


def _print(answer: dict, explain: bool) -> None:
    there, conditions = answer["destination"], answer["conditions"]
    cargo = conditions["cargo"]
    click.echo(
        f"{answer['origin']['name']} ({answer['origin']['country']}) to {there['name']} ({there['country']}), "
        f"{cargo['tonnes']:g} t as {cargo['kind']}, on {conditions['on']}\n"
    )
    is_open = [way for way in answer["alternatives"] if way["open"]]
    if is_open:
        show.table(HEADER, [_row(way) for way in is_open])
    else:
        click.echo("No way is open on this day.")
    shut = [way for way in answer["alternatives"] if not way["open"]]
    if shut:
        click.echo("\nShut, but what they would be if they were open:")
        show.table(HEADER, [_row(way) for way in shut])
    on_ways = {id for way in answer["alternatives"] for id in way["closures"]}
    for item in conditions["closed"]:
        if item["id"] in on_ways:
            click.echo(f"  {item['id']}: {closure(item)}")
    if explain:
        for way in answer["alternatives"]:
            _explain(way)
    else:
        click.echo("\nEvery figure with its source: --explain. The same as data: --json. A map: --output ways.html")


HEADER = ["", "way", "days", "USD", "CO2e t", "km", "crossings", "papers"]


def _row(way: dict) -> list[str]:
    cost = way["cost_usd"]
    labels = f" [{', '.join(way['labels'])}]" if way["labels"] else ""
    return [
        way["id"],
        way["title"] + labels,
        show.day_range(way["time_h"]),
        f"{show.usd(cost['p10'])}-{show.usd(cost['p90'])} (mid {show.usd(cost['p50'])})",
        f"{way['co2e_kg'] / 1000:.1f}",
        f"{way['distance_km']:,.0f}",
        " > ".join(way["crossings"]),
        ", ".join(way["regimes"]),
    ]


def closure(item: dict) -> str:
    """A closure in words: what, since when, last confirmed when."""
    verb = {"shut": "shut", "partial": "partly open", "slow": "slow"}[item["severity"]]
    since = f" since {item['since']}" if item["since"] else ""
    confirmed = f", last confirmed {item['confirmed']}" if item["confirmed"] else ""
    return f"{item['name']} {verb}{since}{confirmed}: {item['reason']} [{item['source']}]"


def _explain(way: dict) -> None:
    from comity import facts

    click.echo(f"\n{way['id']}  {way['title']}")
    waits: dict[int, list[dict]] = {}
    for dwell in way["dwells"]:
        waits.setdefault(dwell["after_leg"], []).append(dwell)
    for number in range(-1, len(way["legs"])):
        if number >= 0:
            leg = way["legs"][number]
            click.echo(
                f"  {leg['mode']:<6} {leg['from']} -> {leg['to']} ({leg['country'] or 'sea'}): {leg['distance_km']:,.0f} km, "
                f"{leg['time_h']:.1f} h, USD {leg['cost_usd']:,.0f}, {leg['co2e_kg']:,.0f} kg CO2e  {_cited(leg)}"
            )
        for dwell in waits.get(number, ()):
            hours = dwell["time_h"]
            click.echo(
                f"    wait {dwell['at']} ({dwell['kind']}): {hours['p10']:.1f} / {hours['p50']:.1f} / {hours['p90']:.1f} h, "
                f"USD {dwell['cost_usd']:,.0f}  {_cited(dwell)}"
            )
    click.echo("  sources:")
    for id in way["sources"]:
        source = facts.source(id)
        click.echo(f"    [{id}] {source.title}; {source.publisher}; {source.url or 'no address: our own judgement'}")


def _cited(part: dict) -> str:
    return f"[{', '.join(part['sources'])}; {part['standing']}]"
