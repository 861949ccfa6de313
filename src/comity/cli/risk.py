"""`comity risk` and `comity portfolio`: what many years of closures do to a pair, and how to split its cargo."""

from __future__ import annotations

import sys

import click

from comity.cli import show
from comity.cli.network import NETWORKS, opened
from comity.cli.routes import Number
from comity.cli.scenarios import DELAY, PRICE, SCENARIO

BAR = 24  # letters of the longest bar of the tornado
OTHER_COLUMNS = 92  # letters of the tornado's other columns
LONG = 8  # blocks of years; of fewer, nobody waits long
TOLD = 12  # dependences that are printed; --json has all


def conditions(command):
    """The options that `risk` and `portfolio` share with `routes`, and those of the simulated years."""
    options = [
        click.option("--scenarios", default=10_000, show_default=True, type=Number(int), help="Years to simulate."),
        click.option("--months", default=12, show_default=True, type=Number(int), help="Months in each, a shipment in each."),
        click.option("--seed", default=1, show_default=True, type=Number(int), help="Same seed, same answer to the byte."),
        click.option("--cargo", default="40ft", show_default=True, help="20ft, 40ft, reefer, truckload or bulk."),
        click.option("--tonnes", default=20.0, show_default=True, type=Number(float), help="Weight in all."),
        click.option("--value", type=Number(float), metavar="USD", help="Worth per tonne, for the value of time."),
        click.option("--on", metavar="DATE", help="First day of the years, 2026-11-24; default today."),
        click.option("--modes", default="road,rail,sea", show_default=True, help="Modes that may be used."),
        click.option("--close", multiple=True, metavar="X", help="Shut all the time: a crossing, port, country, AFG-PAK."),
        click.option("--open", "open_", multiple=True, metavar="X", help="Open all the time, whatever happens."),
        SCENARIO,
        DELAY,
        PRICE,
        click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output."),
        click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write .json, .csv or .parquet as well."),
        NETWORKS,
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("origin")
@click.argument("destination")
@click.option(
    "--replan",
    default="departure",
    show_default=True,
    help="departure: the way is chosen for the day it leaves; road: and again before a shut gate.",
)
@click.option("--engine", default="local", show_default=True, help="Who does the work: local, or dask (extra cluster).")
@click.option("--processes", default=1, show_default=True, type=Number(int), help="Processes of this machine to use.")
@click.option("--address", metavar="HOST:PORT", help="Scheduler of a Dask cluster; none: one is started here.")
@click.option("--yes", is_flag=True, help="Start a long job without asking.")
@conditions
def risk(origin, destination, replan, engine, processes, address, yes, wants_json, output, **asked) -> None:
    """What many years of closures do to shipments from ORIGIN to DESTINATION.

    Days, dollars and CO2e with their worst cases, what the pair depends on, and how diverse its ways are. Each scenario
    is a year of openings, closures and delays drawn from the dated closures since 2010 (comity facts closures).
    """
    from comity.cli.agree import agree
    from comity.scenarios.answer_files import check_path, write
    from comity.scenarios.risk import risk as measured
    from comity.scenarios.work.engines import engine as chosen
    from comity.scenarios.work.estimate import estimate

    if output is not None:
        check_path(output)
    years, asked = _years(asked)
    worker = chosen(engine, processes, address)
    agree(estimate(years, workers=processes), yes)
    answer = measured(
        origin, destination, years=years, replan=replan, engine=worker, tell=_come_so_far, **asked
    ).to_json()
    _out(answer, output, wants_json, write, told_risk)


@click.command()
@click.argument("origin")
@click.argument("destination")
@click.option(
    "--volume", default=1000.0, show_default=True, type=Number(float), help="Containers or truckloads a year."
)
@click.option(
    "--risk",
    "weight",
    default=0.5,
    show_default=True,
    type=Number(float),
    help="Weight of safety: 0 cheapest, 1 safest.",
)
@click.option("--alternatives", default=6, show_default=True, type=Number(int), help="Open ways to book on.")
@conditions
def portfolio(origin, destination, volume, weight, alternatives, wants_json, output, **asked) -> None:
    """How to split a year's cargo over the ways from ORIGIN to DESTINATION so that a bad month hurts less.

    Expected landed cost against the mean of the worst twentieth of months, over simulated years of closures.
    """
    from comity.scenarios.answer_files import check_path, write
    from comity.scenarios.portfolio import portfolio as shared

    if output is not None:
        check_path(output)
    years, asked = _years(asked)
    found = shared(origin, destination, volume=volume, risk=weight, years=years, alternatives=alternatives, **asked)
    _out(found.to_json(), output, wants_json, write, told_portfolio)


def _come_so_far(done: int, total: int) -> None:
    """A word on standard error now and then, where the work is long."""
    if total >= LONG and (done == total or done % max(1, total // 20) == 0):
        show.talk(f"{done} of {total} blocks of years are done")


def _years(asked: dict):
    """The years asked for, and what is left of the question, with its network opened and its scenario read."""
    from comity.scenarios import asked_for
    from comity.scenarios.ensembles.study import Years

    years = Years(**{name: asked.pop(name) for name in ("scenarios", "months", "seed")}).checked()
    networks, value, on = asked.pop("networks"), asked.pop("value"), asked.pop("on")
    network = opened(networks)
    laid = asked_for(network, asked.pop("scenario"), asked.pop("delay"), asked.pop("price"))
    return years, asked | {
        "network": network, "scenario": laid, "value_usd_per_t": value, "on": None if on == "today" else on,
    }  # fmt: skip


def _out(answer: dict, output: str | None, wants_json: bool, write, tell) -> None:
    if output is not None:
        write(answer, output)
        show.talk(f"written: {output}")
    if wants_json:
        show.as_json(answer)
    else:
        tell(answer)


# --- risk as text ------------------------------------------------------------------------------------------


def told_risk(answer: dict) -> None:
    """Print an answer of the shape comity.risk/1."""
    asked = answer["conditions"]
    show.wrapped(
        f"{_pair(answer)}, {asked['scenarios']:,} simulated periods of {asked['months']} months from {asked['on']}, a shipment "
        f"of {asked['cargo']['tonnes']:g} t as {asked['cargo']['kind']} in each month{_changes(asked)}"
    )
    click.echo()
    if answer["days"]["mean"] is None:
        click.echo("No way is open in any month of any scenario.")
        return
    _figures(answer)
    _extra(answer)
    _ways(answer)
    _tornado(answer)
    told = answer["diversity"]
    show.wrapped(
        f"How diverse: shipments used as many corridors as {told['corridors_used']:g} equal ones would be (index "
        f"{told['index']:g} of 1); the ways on offer spread risk like {told['independent_routes']:g} independent ones."
    )
    show.wrapped("Figures rest on dated closures since 2010 and many assumptions: comity facts closures, docs/methods.")


def _pair(answer: dict) -> str:
    here, there = answer["origin"], answer["destination"]
    return f"{here['name']} ({here['country']}) to {there['name']} ({there['country']})"


def _changes(asked: dict) -> str:
    changes = [f"{word} {', '.join(asked[word])}" for word in ("close", "open") if asked[word]]
    changes += [f"scenario {asked['scenario']['name']}"] if asked.get("scenario") else []
    changes += ["re-planned on the road"] if asked.get("replan") == "road" else []
    return "".join("; " + change for change in changes)


def _figures(answer: dict) -> None:
    names = {
        "p10": "one in ten below",
        "p50": "middle",
        "p90": "one in ten above",
        "p95": "one in twenty above",
        "cvar95": "mean of the worst twentieth",
        "mean": "mean",
    }
    rows = []
    for name, label in names.items():
        days, usd, co2e = (answer[what][name] for what in ("days", "cost_usd", "co2e_t"))
        rows.append([label, f"{days:.1f}", show.usd(usd), f"{co2e:.1f}"])
    show.listing(["", "days", "USD", "CO2e t"], rows)
    click.echo()


def _extra(answer: dict) -> None:
    usual, extra = answer["usual"], answer["extra"]
    if usual and extra:
        show.wrapped(
            f"With everything open a shipment would take {usual['days']:.1f} days and USD {show.usd(usual['cost_usd'])} on average. "
            f"Closures and delays add {_signed(extra['days_per_shipment'], 1)} days and {_signed(extra['usd_per_shipment'], 0)} USD, "
            f"in a year of monthly shipments {_signed(extra['days_per_year'], 0)} days and {_signed(extra['usd_per_year'], 0)} USD."
            + (
                " The ways that are left are slower and cheaper."
                if extra["usd_per_shipment"] < 0 < extra["days_per_shipment"]
                else ""
            )
        )
    none = answer["no_way_share"]
    show.wrapped(f"{_percent(none)} of shipments find no way at all." if none else "Every shipment finds some way.")
    met = answer["met_on_the_road"]
    if met:
        show.wrapped(
            f"{_percent(met['met_share'])} meet a gate that shut on the way: {_percent(met['waited_share'])} wait, "
            f"{_percent(met['turned_share'])} turn to another way, {met['extra_days_if_met']:.1f} days late on average."
        )
    click.echo()


def _ways(answer: dict) -> None:
    rows = [
        [_percent(way["share"]), way["title"], show.days(way["time_h"]["p50"]), show.usd(way["cost_usd"]["p50"])]
        for way in answer["ways"][:8]
    ]
    show.listing(["share", "way taken", "days", "USD"], rows)
    click.echo()


def _tornado(answer: dict) -> None:
    """Bars: what a shipment loses if a thing were shut all the time, and gains if it could never shut."""
    told = answer["depends_on"][:TOLD]
    if not told:
        click.echo("It depends on no country, crossing, port or strait between the two.\n")
        return
    click.echo("What it depends on (USD a shipment, money and the cargo's time; means over all shipments):\n")
    longest = max(max(abs(one["if_shut"]["usd"]) for one in told), 1.0)
    rows = []
    for one in told:
        lost, gained = one["if_shut"], one["if_never_shut"]
        bar = "#" * round(_bar_room() * max(lost["usd"], 0) / longest)
        none = f", {_percent(lost['no_way_share'])} without a way" if lost["no_way_share"] >= 0.0005 else ""
        rows.append([
            f"{one['name']} ({one['kind']})", _percent(one["use_share"]), f"{show.usd(lost['usd'])}{none}",
            f"{lost['days']:+.1f}", f"{show.usd(gained['usd'])}", bar,
        ])  # fmt: skip
    show.listing(["", "used by", "lost if shut", "days", "won if never shut", ""], rows)
    click.echo()


def _bar_room() -> int:
    """Letters of the longest bar: what a terminal has left beside the columns."""
    return max(0, min(BAR, show.columns() - OTHER_COLUMNS)) if sys.stdout.isatty() else BAR


def _percent(share: float) -> str:
    if 0 < share < 0.0005:
        return "<0.1 %"
    return f"{100 * share:.1f} %" if 0 < share < 0.0995 else f"{100 * share:.0f} %"


def _signed(value: float, digits: int) -> str:
    return f"{value:+,.{digits}f}"


# --- a portfolio as text --------------------------------------------------------------------------------------


def told_portfolio(answer: dict) -> None:
    """Print an answer of the shape comity.portfolio/1."""
    asked = answer["conditions"]
    show.wrapped(
        f"{_pair(answer)}, {asked['volume_units_per_year']:,.0f} {asked['cargo']['kind']} units a year, weight of safety "
        f"{asked['risk']:g}, from {asked['on']}{_changes(asked)}"
    )
    click.echo()
    rows = [
        [str(number + 1), _percent(way["share"]), f"{way['units_per_year']:,.0f}", way["title"], show.days(way["time_h"]["p50"]),
         show.usd(way["cost_usd"]["p50"]), "" if way["open_today"] else "shut today"]
        for number, way in enumerate(answer["ways"])
    ]  # fmt: skip
    show.listing(["", "share", "units", "way", "days", "USD", ""], rows)
    click.echo("\nLanded cost of a unit (freight and the cargo's time), on years the choice has not seen:\n")
    splits = [answer["chosen"], *answer["beside"]]
    rows = [
        [
            one["name"],
            show.usd(one["fresh_mean_usd"]),
            show.usd(one["fresh_cvar_usd"]),
            _percent(one["fresh_shut_share"]),
        ]
        for one in splits
    ]
    show.listing(["split", "mean USD", "worst twentieth of months", "cargo that finds its way shut"], rows)
    click.echo()
    _frontier(answer)
    _pays(answer)


def _frontier(answer: dict) -> None:
    """The best splits from cheapest to safest, on the years they were chosen on; ways by their place in the first table."""
    if len(answer["frontier"]) < 2:
        return
    click.echo("From the cheapest split to the safest:\n")
    rows = []
    for point in answer["frontier"]:
        ways = [f"{_percent(share)} of {number + 1}" for number, share in enumerate(point["shares"]) if share >= 0.005]
        rows.append([f"{point['risk']:g}", show.usd(point["mean_usd"]), show.usd(point["cvar_usd"]), ", ".join(ways)])
    show.listing(["weight of safety", "mean USD", "worst twentieth of months", "share of way"], rows)
    click.echo()


def _pays(answer: dict) -> None:
    """Whether splitting pays, in a sentence or two."""
    chosen, cheapest = answer["chosen"], answer["beside"][0]
    saved = cheapest["fresh_cvar_usd"] - chosen["fresh_cvar_usd"]
    paid = chosen["fresh_mean_usd"] - cheapest["fresh_mean_usd"]
    split = sum(share > 0.005 for share in chosen["shares"])
    if split < 2:
        show.wrapped("Splitting does not pay at this weight of safety: one way is best in good months and in bad ones.")
    else:
        show.wrapped(
            f"Splitting costs USD {show.usd(paid)} a unit on average and saves USD {show.usd(saved)} in the worst months."
        )
    step = answer["last_step"]
    if step:
        show.wrapped(
            f"The last step of safety costs USD {step['paid_per_usd_saved']:.2f} for each dollar saved in the worst months."
        )
    for pair in answer["alike"][:3]:
        a, b = (answer["ways"][number]["title"] for number in pair["ways"])
        show.wrapped(f"One risk, not two: {a}; {b} (shut together {_percent(pair['shut_together'])} of the time).")
