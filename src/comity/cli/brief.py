"""`comity brief`: the brief for two countries, as HTML and PDF."""

from __future__ import annotations

import click

from comity.cli import show
from comity.cli.scenarios import DELAY, PRICE, SCENARIO


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--output", default="briefs", show_default=True, metavar="DIR", help="Folder to write into.")
@click.option("--on", metavar="DATE", help="Day of departure, 2026-11-24; default today.")
@click.option("--cargo", default="40ft", show_default=True, help="20ft, 40ft, reefer, truckload or bulk.")
@click.option("--tonnes", default=20.0, show_default=True, help="Weight in all.")
@click.option("--close", multiple=True, metavar="X", help="Take as shut.")
@click.option("--open", "open_", multiple=True, metavar="X", help="Take as open.")
@SCENARIO
@DELAY
@PRICE
@click.option("--alternatives", default=6, show_default=True, help="Open ways wanted.")
@click.option(
    "--scenarios",
    type=int,
    metavar="N",
    help="Simulated years behind the section on what happens if a border shuts; default 5000, 0 leaves it out.",
)
@click.option(
    "--register",
    metavar="FILE|URL",
    help="Register of promises; default your own, else the one that ships for the pair.",
)
@click.option("--no-register", is_flag=True, help="Leave out what the two promised each other.")
@click.option("--no-flights", is_flag=True, help="Leave out direct flights.")
def brief(
    a,
    b,
    output,
    on,
    cargo,
    tonnes,
    close,
    open_,
    scenario,
    delay,
    price,
    alternatives,
    scenarios,
    register,
    no_register,
    no_flights,
) -> None:
    """Write the brief for A and B (countries or places): DIR/A-B.html and DIR/A-B.pdf."""
    from comity.brief import write
    from comity.cli.network import Late, Progress
    from comity.network import folder_of, open_network
    from comity.scenarios import asked_for

    if (folder_of() / "manifest.json").exists():
        network = open_network()
    else:
        with Progress() as progress:
            network = open_network(progress=progress)
    with Late() as progress:
        paths = write(
            a,
            b,
            output=output,
            network=network,
            progress=progress,
            on=on,
            cargo=cargo,
            tonnes=tonnes,
            close=close,
            open_=open_,
            alternatives=alternatives,
            scenarios=scenarios,
            register=False if no_register else register,
            flights=not no_flights,
            scenario=asked_for(network, scenario, delay, price),
        )
    for path in paths:
        click.echo(path)
    show.talk("Open the HTML in a browser, or print the PDF.")
