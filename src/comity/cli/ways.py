"""A plan as text for people: the ways side by side, what shuts them, and each way leg by leg with its sources."""

from __future__ import annotations

import sys

import click

from comity.cli import show

COLUMNS = ("", "way", "days", "mid", "USD", "mid", "CO2e t", "km")
NARROW = 72  # letters; below this the columns would leave no room for a title
NUMBERS = range(2, len(COLUMNS))  # columns set to the right
SEVERITY = {"shut": "shut", "partial": "partly open", "slow": "slow"}
SEVERITY |= {"delay": "delayed", "price": "dearer or cheaper", "restrict": "restricted"}


def told(answer: dict, explain: bool) -> None:
    """Print an answer of the shape comity.routes/1."""
    _question(answer)
    ways = answer["alternatives"]
    open_ways, shut_ways = ([way for way in ways if way["open"] is state] for state in (True, False))
    if open_ways:
        _side_by_side(open_ways)
    else:
        click.echo("No way is open on this day.\n")
    if shut_ways:
        click.echo("Shut on this day; what they would be if they were open:\n")
        _side_by_side(shut_ways)
    _closures(answer)
    if explain:
        for way in ways:
            _leg_by_leg(way)
        _sources(answer)
    else:
        _further(answer)


def _question(answer: dict) -> None:
    here, there, asked = answer["origin"], answer["destination"], answer["conditions"]
    cargo = asked["cargo"]
    changes = [f"{word} {', '.join(asked[word])}" for word in ("close", "open") if asked[word]]
    click.echo(
        f"{here['name']} ({here['country']}) to {there['name']} ({there['country']}), "
        f"{cargo['tonnes']:g} t as {cargo['kind']}, on {asked['on']}, by {', '.join(asked['modes'])}"
        f"{''.join('; ' + change for change in changes)}\n"
    )
    if "scenario" in asked:
        _scenario(asked["scenario"])


def _scenario(told: dict) -> None:
    """What is laid over the facts, row by row, and which rows do nothing on the day."""
    click.echo(f"Scenario {told['name']}" + (f": {told['title']}" if told["title"] not in ("", told["name"]) else ""))
    for row in told["rows"]:
        show.wrapped(f"  {row['id']}  {scenario_row(row)}", indent=" " * 8)
    click.echo()


def scenario_row(row: dict) -> str:
    """A scenario's row in words: what becomes of what, and that it does nothing on this day where it does nothing."""
    idle = f" (does nothing on this day: {row['idle']})" if row["idle"] else ""
    return f"{row['name']}: {row['words']}{idle}"


# --- side by side ------------------------------------------------------------------------------------------


def _side_by_side(ways: list[dict]) -> None:
    rows = [(_figures(way), _details(way)) for way in ways]
    if sys.stdout.isatty() and show.columns() < NARROW:
        _stacked(rows)
    elif sys.stdout.isatty():
        _drawn(rows)
    else:
        _plain(rows)


def _figures(way: dict) -> list[str]:
    days, cost = way["time_h"], way["cost_usd"]
    return [
        way["id"],
        way["title"],
        show.day_range(days),
        show.days(days["p50"]),
        show.usd_range(cost),
        show.usd(cost["p50"]),
        f"{way['co2e_kg'] / 1000:.1f}",
        f"{way['distance_km']:,.0f}",
    ]


def _details(way: dict) -> list[str]:
    """What stands below a title: what it is best at; countries and papers; crossings and changes of truck by name."""
    passed = [dwell["at"] for dwell in way["dwells"] if dwell["kind"] in ("crossing", "ferry")]
    papers = f"; papers: {', '.join(way['regimes'])}" if way["regimes"] else ""
    lines = [", ".join(way["labels"]), " ".join(way["countries"]) + papers]
    lines.append(f"crossings: {', '.join(passed)}" if passed else "")
    lines.append(f"truck changes at {', '.join(way['truck_changes'])}" if way["truck_changes"] else "")
    lines.append(f"shut by {', '.join(way['closures'])}" if not way["open"] and way["closures"] else "")
    return [line for line in lines if line]


def _stacked(rows: list[tuple[list[str], list[str]]]) -> None:
    """One way below another, for a terminal too narrow for columns."""
    for (id, title, days, middle, cost, middle_cost, co2e, km), details in rows:
        show.wrapped(f"{id}  {title}", indent="    ")
        show.wrapped(f"    {days} days (middle {middle}), USD {cost} (middle {middle_cost})", indent="    ")
        show.wrapped(f"    {co2e} t CO2e, {km} km", indent="    ")
        for detail in details:
            show.wrapped(f"    {detail}", indent="    ")
    click.echo()


def _drawn(rows: list[tuple[list[str], list[str]]]) -> None:
    from rich.box import HORIZONTALS
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=HORIZONTALS, border_style="dim", pad_edge=False, padding=(0, 1, 0, 0))
    for number, name in enumerate(COLUMNS):
        drawn.add_column(name, justify="right" if number in NUMBERS else "left", no_wrap=number != 1)
    for (id, title, *numbers), details in rows:
        way = Text.assemble((title, "bold"), *((f"\n{line}", "dim") for line in details))
        drawn.add_row(Text(id, "cyan"), way, *numbers, end_section=True)
    show.draw(drawn)
    click.echo()


def _plain(rows: list[tuple[list[str], list[str]]]) -> None:
    table = [list(COLUMNS), *(figures for figures, _ in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(COLUMNS))]

    def line(cells: list[str]) -> str:
        pairs = enumerate(zip(cells, widths, strict=True))
        return "  ".join(cell.rjust(w) if number in NUMBERS else cell.ljust(w) for number, (cell, w) in pairs).rstrip()

    click.echo(line(table[0]))
    for figures, details in rows:
        click.echo(line(figures))
        for detail in details:
            click.echo(" " * (widths[0] + 4) + detail)
    click.echo()


# --- what shuts or slows -----------------------------------------------------------------------------------


def _closures(answer: dict) -> None:
    touched: dict[str, list[str]] = {}
    for way in answer["alternatives"]:
        for id in way["closures"]:
            touched.setdefault(id, []).append(way["id"])
    found = [item for item in answer["conditions"]["closed"] if item["id"] in touched]
    if found:
        click.echo("What shuts or slows them:")
    for item in found:
        show.wrapped(f"  {item['id']}  {closure(item)} ({', '.join(touched[item['id']])})", indent=" " * 8)
    if found:
        click.echo()


def closure(item: dict) -> str:
    """A closure in words: what, since when, last confirmed when, why, by whose word."""
    since = f" since {item['since']}" if item["since"] else ""
    confirmed = f", last confirmed {item['confirmed']}" if item["confirmed"] else ""
    return f"{item['name']} {SEVERITY[item['severity']]}{since}{confirmed}: {item['reason']}{hours(item)} [{item['source']}]"


def hours(item: dict) -> str:
    """Hours that a restriction of a scenario comes to on this day; "" for all else, which says its own."""
    return f" ({item['added_h']:,.0f} h in the queue on this day)" if item["severity"] == "restrict" else ""


def _further(answer: dict) -> None:
    here, there = answer["origin"]["country"], answer["destination"]["country"]
    lines = [
        "Every figure with its source: --explain. As data: --json. As a map or a sheet: --output ways.html, .geojson, .csv.",
        f"What if: --close or --open a crossing, port, strait or country; --scenario; --on another day. On paper: comity brief {here} {there}",
    ]
    for line in lines:
        show.wrapped(line)


# --- leg by leg --------------------------------------------------------------------------------------------


def _leg_by_leg(way: dict) -> None:
    click.echo(f"{way['id']}  {way['title']}")
    for number in range(-1, len(way["legs"])):
        if number >= 0:
            show.wrapped(f"  {_leg(way['legs'][number])}", indent=" " * 9)
        for dwell in way["dwells"]:
            if dwell["after_leg"] == number:
                show.wrapped(f"    {_dwell(dwell)}", indent=" " * 9)
    days, cost = way["time_h"], way["cost_usd"]
    show.wrapped(
        f"  in all {way['distance_km']:,.0f} km, {show.day_range(days)} days (middle {show.days(days['p50'])}), "
        f"USD {show.usd_range(cost)} (middle {show.usd(cost['p50'])}), {way['co2e_kg']:,.0f} kg CO2e",
        indent=" " * 9,
    )
    click.echo()


def _leg(leg: dict) -> str:
    return (
        f"{leg['mode']:<6} {leg['from']} -> {leg['to']} ({leg['country'] or 'at sea'}): {leg['distance_km']:,.0f} km, "
        f"{leg['time_h']:.1f} h, USD {leg['cost_usd']:,.0f}, {leg['co2e_kg']:,.0f} kg CO2e  {_cited(leg)}"
    )


def _dwell(dwell: dict) -> str:
    low, middle, high = (f"{dwell['time_h'][name]:.1f}" for name in ("p10", "p50", "p90"))
    shut = ", shut on this day" if dwell.get("shut") else ""
    return (
        f"wait {dwell['at']} ({dwell['kind']}{shut}): {low} / {middle} / {high} h, "
        f"USD {dwell['cost_usd']:,.0f}  {_cited(dwell)}"
    )


def _cited(part: dict) -> str:
    """Sources of a part's figures, and the standing of the weakest of them."""
    return f"[{', '.join(part['sources'])}; {part['standing']}]"


def _sources(answer: dict) -> None:
    """Every source named above, once: its id, title, publisher, year and address."""
    from comity import facts

    ways = {id for way in answer["alternatives"] for id in way["sources"]}
    touched = {id for way in answer["alternatives"] for id in way["closures"]}
    closures = {item["source"] for item in answer["conditions"]["closed"] if item["id"] in touched}
    show.wrapped(
        "Sources (a figure is as firm as the weakest word in its brackets; comity facts --source ID for its rows):"
    )
    for id in sorted(ways | closures):
        source = facts.source(id)
        year = f", {str(source.published)[:4]}" if source.published else ""
        address = source.url or "no address: a stated assumption of our own"
        show.wrapped(f"  [{id}] {source.title}; {source.publisher}{year}; {address}", indent=" " * 6)
