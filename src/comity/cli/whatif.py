"""`comity whatif`: what a new line or a quicker crossing would change, for two places and for a region."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli import show
from comity.cli.network import NETWORKS, Late, opened
from comity.cli.routes import Number

OWN = {  # option: property of a line of one's own
    "line_name": "name", "line_mode": "mode", "gauge": "gauge_mm", "speed": "speed_kmh", "tariff": "tariff_usd_per_km",
    "length": "length_km", "year": "opens_year", "capacity": "capacity_mt_per_year", "cost": "cost_usd_bn",
}  # fmt: skip


@click.command()
@click.argument("origin", required=False)
@click.argument("destination", required=False)
@click.option("--list", "wants_list", is_flag=True, help="The planned lines, and nothing else.")
@click.option("--build", multiple=True, metavar="NAME|FILE", help="A planned line, or lines of your own in GeoJSON.")
@click.option(
    "--improve", multiple=True, metavar="X=6h", help="A crossing, port or ferry and its hours in all, each way."
)
@click.option("--region", metavar="KAZ,UZB,...", help="Every pair of these countries as well, or of carec, eco.")
@click.option("--rank-lines", is_flag=True, help="What each planned line would save alone, for the pair or the region.")
@click.option("--rank-crossings", is_flag=True, help="Days saved for each hour less at each crossing on the best ways.")
@click.option("--from", "line_from", metavar="PLACE", help="A line of your own begins here,")
@click.option("--to", "line_to", metavar="PLACE", help="and ends here.")
@click.option("--name", "line_name", metavar="TEXT", help="Its name.")
@click.option("--line-mode", metavar="rail|road", help="Railway (the default) or road.")
@click.option("--gauge", type=Number(int), metavar="MM", help="Its gauge; default that of the country it begins in.")
@click.option("--speed", type=Number(float), metavar="KMH", help="Its speed, stops included.")
@click.option("--tariff", type=Number(float), metavar="USD", help="USD per km: of a TEU by rail, of a truck by road.")
@click.option("--length", type=Number(float), metavar="KM", help="Its length, where it is not the straight one.")
@click.option("--capacity", type=Number(float), metavar="MT", help="Million tonnes a year; told, not reckoned with.")
@click.option("--year", type=Number(int), help="The year it would open; told, not reckoned with.")
@click.option(
    "--cost", type=Number(float), metavar="BN", help="What it would cost, billion USD; told, not reckoned with."
)
@click.option("--cargo", default="40ft", show_default=True, help="20ft, 40ft, reefer, truckload or bulk.")
@click.option("--tonnes", default=20.0, show_default=True, type=Number(float), help="Weight in all.")
@click.option("--value", type=Number(float), metavar="USD", help="Worth per tonne, for the value of time.")
@click.option("--on", metavar="DATE", help="Day of departure, 2026-11-24; default today.")
@click.option("--modes", default="road,rail,sea", show_default=True, help="Modes that may be used.")
@click.option("--close", multiple=True, metavar="X", help="Shut a crossing, port, strait, country or pair (AFG-PAK).")
@click.option("--open", "open_", multiple=True, metavar="X", help="Take as open what the facts have as shut.")
@click.option(
    "--scenarios", default=1000, show_default=True, type=Number(int), help="Years of closures to compare in; 0: none."
)
@click.option("--seed", default=1, show_default=True, type=Number(int), help="Same seed, same years.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")
@click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write a .csv as well.")
@NETWORKS
def whatif(
    origin, destination, wants_list, build, line_from, line_to, region, wants_json, output, networks, **asked
) -> None:
    """What a new line, or a crossing made quicker, would change from ORIGIN to DESTINATION: days, cost, CO2e.

    Before and after, as things stand and with the borders open that the line itself passes.
    """
    from comity.errors import BadInput

    own = {name: asked.pop(option) for option, name in OWN.items()}
    if wants_list:
        _listed(wants_json)
        return
    if not origin or not destination:
        raise BadInput(
            "Name two places: comity whatif KAZ PAK --build uap. `comity whatif --list` shows the planned lines."
        )
    if output is not None:
        _check_output(output)
    lines = _lines(build, line_from, line_to, {name: value for name, value in own.items() if value is not None})
    answer = _answer(origin, destination, lines, region, opened(networks), **asked)
    if output is not None:
        from comity.cli.whatif_told import as_csv
        from comity.routing.export import save

        save(Path(output), as_csv(answer).encode("utf-8"))
        show.talk(f"written: {output}")
    if wants_json:
        show.as_json(answer)
    else:
        from comity.cli.whatif_told import told

        told(answer)


def _lines(build: tuple[str, ...], line_from: str | None, line_to: str | None, own: dict) -> list:
    """What is to be built: names of plans as they are, files and the line between two places as lines."""
    from comity.errors import BadInput
    from comity.network import sketch

    files = [name for name in build if Path(name).suffix.lower() in (".geojson", ".json")]
    if bool(line_from) != bool(line_to):
        raise BadInput("A line of your own needs both ends: --from PLACE --to PLACE.")
    if own and not line_from and not files:
        given = ", ".join(f"--{option.removeprefix('line_')}" for option, name in OWN.items() if name in own)
        raise BadInput(
            f"{given}: these are of a line of your own. Name its ends with --from and --to, or a GeoJSON file."
        )
    drawn = [line for name in files for line in sketch.from_file(name, **({} if line_from else own))]
    between = [sketch.between(line_from, line_to, **own)] if line_from else []
    return [*(name for name in build if name not in files), *drawn, *between]


def _answer(
    origin,
    destination,
    build,
    region,
    network,
    improve,
    rank_lines,
    rank_crossings,
    scenarios,
    seed,
    value,
    on,
    **asked,
) -> dict:
    """The JSON object: the comparison where something is built or improved, and the rankings that are asked for."""
    from comity.scenarios.ensembles.study import Years
    from comity.scenarios.lines import newlines, newlines_json, wishes

    years = Years(scenarios=scenarios, seed=seed).checked() if scenarios != 0 else None
    asked |= {"value_usd_per_t": value, "on": None if on == "today" else on}
    members = wishes.region_members(region) if region else ()
    request = newlines.asked(origin, destination, **asked)
    with Late() as progress:
        if build or improve or not (rank_lines or rank_crossings):
            wanted = {
                "build": build,
                "improve": improve,
                "region": members or None,
                "progress": progress,
                "years": years,
            }
            answer = newlines.whatif(origin, destination, network=network, **wanted, **asked).to_json()
        else:
            answer = newlines_json.question(request, network)
        if rank_lines:
            lines, _ = wishes.resolved(build)
            ranks = newlines.lines_ranked(request, network, lines, members, progress)
            answer["rank_lines"] = newlines_json.lines_ranked(ranks, request.cargo.units)
        if rank_crossings:
            found = newlines.crossings_ranked(request, network, members)
            answer["rank_crossings"] = newlines_json.crossings_ranked(found)
    return answer | {"ranked_for": list(members)}


def _check_output(output: str) -> None:
    from comity.errors import BadInput
    from comity.routing.export import check_path

    check_path(output)
    if Path(output).suffix.lower() != ".csv":
        raise BadInput(f"--output {Path(output).name!r}: the name must end in .csv.")


def _listed(wants_json: bool) -> None:
    from comity.scenarios.lines.newlines_json import plans

    found = plans()
    if wants_json:
        show.as_json({"schema": "comity.whatif-list/1", "lines": found})
        return
    rows = [
        [
            plan["id"], "-".join(plan["countries"]), show_number(plan["length_km"]), "/".join(map(str, plan["gauge_mm"])),
            plan["state"].replace("_", " "), str(plan["opens_year"] or ""), show_number(plan["cost_usd_bn"]),
            plan["laid_as"].replace("_", " "), f"{plan['source']} ({plan['standing']})",
        ]
        for plan in found
    ]  # fmt: skip
    header = ["line", "in", "km", "gauge", "state", "opens", "bn USD", "laid as", "source"]
    show.listing(header, rows)


def show_number(value: float | None) -> str:
    """A figure that may be missing, without digits it does not have."""
    return "" if value is None else f"{value:,g}"
