"""`comity routes`: ways that cargo can travel between two places on a day."""

from __future__ import annotations

import click

from comity.cli import show
from comity.cli.network import NETWORKS, opened
from comity.cli.scenarios import DELAY, PRICE, SCENARIO


class Number(click.ParamType):
    """A number, or the text itself when it is none: `plan` then names it beside all other faults of the call."""

    name = "number"

    def __init__(self, kind: type):
        self.kind = kind

    def convert(self, value, param, ctx):
        """The value as a number of our kind where it is one."""
        try:
            return self.kind(value)
        except ValueError:
            return value


@click.command()
@click.argument("origin")
@click.argument("destination")
@click.option("--cargo", default="40ft", show_default=True, help="20ft, 40ft, reefer, truckload or bulk.")
@click.option("--tonnes", default=20.0, show_default=True, type=Number(float), help="Weight in all.")
@click.option("--value", type=Number(float), metavar="USD", help="Worth per tonne, for the value of time.")
@click.option("--on", metavar="DATE", help="Day of departure, 2026-11-24; default today.")
@click.option("--modes", default="road,rail,sea", show_default=True, help="Modes that may be used.")
@click.option("--close", multiple=True, metavar="X", help="Shut a crossing, port, strait, country or pair (AFG-PAK).")
@click.option("--open", "open_", multiple=True, metavar="X", help="Take as open what the facts have as shut.")
@SCENARIO
@DELAY
@PRICE
@click.option("--alternatives", default=6, show_default=True, type=Number(int), help="Open ways wanted.")
@click.option("--explain", is_flag=True, help="Leg by leg, with the source of every figure.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")
@click.option(
    "--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write .geojson, .csv or .html as well."
)
@NETWORKS
def routes(
    origin, destination, value, on, explain, wants_json, output, networks, scenario, delay, price, **asked
) -> None:
    """Every serious way from ORIGIN to DESTINATION: days, cost, CO2e, crossings, papers, and what is shut.

    A place is a name, a code (UN/LOCODE, IATA), lat,lon, or a country, which stands for its main freight place.
    """
    from comity.routing import plan
    from comity.routing.export import check_path, write

    if output is not None:
        check_path(output)
    day = None if on == "today" else on
    network = opened(networks)
    if scenario or delay or price:
        from comity.scenarios import asked_for

        asked["scenario"] = asked_for(network, scenario, delay, price)
    answer = plan(origin, destination, value_usd_per_t=value, on=day, network=network, **asked).to_json()
    if output is not None:
        write(answer, output)
        show.talk(f"written: {output}")
    if wants_json:
        show.as_json(answer)
    else:
        from comity.cli.ways import told

        told(answer, explain)
