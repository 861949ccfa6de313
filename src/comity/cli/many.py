"""`comity many`: the risk of every pair of many countries, in units that are kept as they are finished."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from comity.cli import show
from comity.cli.network import NETWORKS, opened
from comity.cli.routes import Number
from comity.errors import BadInput, ComityError

JSON = "comity.many/1"
SHOWN = 40  # rows on a terminal
LINES = 50  # of progress where there is no terminal


@click.command()
@click.argument("countries")
@click.option("--with", "others", metavar="LIST", help="Only pairs between the two lists, in both directions.")
@click.option("--scenarios", default=10_000, show_default=True, type=Number(int), help="Simulated years of each pair.")
@click.option("--months", default=12, show_default=True, type=Number(int), help="Length of each, a shipment a month.")
@click.option("--seed", default=1, show_default=True, type=Number(int), help="The same seed gives the same bytes.")
@click.option(
    "--replan", default="departure", show_default=True, help="departure, or road: turn where a shut gate is met."
)
@click.option("--cargo", default="40ft", show_default=True, help="20ft, 40ft, reefer, truckload or bulk.")
@click.option("--tonnes", default=20.0, show_default=True, type=Number(float), help="Weight in all.")
@click.option("--value", type=Number(float), metavar="USD", help="Worth per tonne, for the value of time.")
@click.option("--on", metavar="DATE", help="First day, 2026-11-24; default today, or the day of the run that goes on.")
@click.option("--modes", default="road,rail,sea", show_default=True, help="Modes that may be used.")
@click.option("--close", multiple=True, metavar="X", help="Shut a crossing, port, strait, country or pair (AFG-PAK).")
@click.option("--open", "open_", multiple=True, metavar="X", help="Take as open whatever happens.")
@click.option("--engine", default="local", show_default=True, help="local, or dask (pip install 'comity[cluster]').")
@click.option("--processes", default=2, show_default=True, type=Number(int), help="Workers on this machine.")
@click.option("--address", metavar="HOST:PORT", help="A Dask scheduler; without one, Dask on this machine.")
@click.option("--output", required=True, metavar="DIR", help="Folder of the units and tables; a run goes on from it.")
@click.option("--yes", is_flag=True, help="Start a large job without asking.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")
@NETWORKS
def many(
    countries, others, scenarios, months, seed, value, on, engine, processes, address, output, yes, wants_json, networks,
    **asked,
) -> None:  # fmt: skip
    """Risk of every pair of COUNTRIES: KAZ,UZB,PAK, with names or codes, unions (eaeu, asean) or world.

    A country stands for its main freight place. Each pair is kept in DIR/units as it is finished; the same command goes
    on from there. At the end: DIR/pairs.parquet, DIR/pairs.csv and DIR/depends_on.parquet.
    """
    from comity.cli.agree import agree
    from comity.scenarios.ensembles.study import Years
    from comity.scenarios.work import many as work
    from comity.scenarios.work.runners import runner

    years = Years(scenarios=scenarios, months=months, seed=seed)
    faults: list[str] = []
    chosen = _or_fault(faults, lambda: runner(engine, processes, address))
    question = _or_fault(
        faults,
        lambda: work.question(
            countries, others, years=years, folder=output, network=opened(networks), value_usd_per_t=value, on=_day(on),
            **asked,
        ),
    )  # fmt: skip
    if faults:
        raise BadInput("\n".join(faults))

    def told(estimate, finished: int) -> None:
        if finished:
            show.talk(
                f"{finished} of {len(question.pairs)} units were finished before (first day {question.asked.on})."
            )
        agree(estimate, yes)

    try:
        with Progress() as progress:
            kept = work.many(question, output, chosen, progress, told)
    except (KeyboardInterrupt, ComityError):
        if progress.done:
            show.talk(
                f"{progress.done} of {progress.total} units are finished in {output}; the same command goes on from there."
            )
        raise
    rows = kept.rows()
    if wants_json:
        show.as_json({"schema": JSON} | question.plain() | {"pairs": rows})
        return
    _told(rows)
    show.talk(f"written: {kept.folder}/pairs.csv, pairs.parquet, depends_on.parquet")


def _or_fault(faults: list[str], make: Callable[[], Any]) -> Any:
    """What is made, or its fault added to the others, so that all are told together."""
    try:
        return make()
    except BadInput as fault:
        faults.append(str(fault))
        return None


def _day(on: str | None):
    from datetime import date

    return date.today() if on == "today" else on


class Progress:
    """A bar with the time that remains on a terminal, some fifty lines elsewhere. Call it with done, total, pair."""

    def __init__(self) -> None:
        self.done = self.total = 0
        self.bar: Any = None

    def __enter__(self) -> Progress:
        return self

    def __call__(self, done: int, total: int, name: str) -> None:
        self.done, self.total = done, total
        if sys.stderr.isatty():
            self._drawn(name)
        elif done == total or done % max(1, total // LINES) == 0:
            show.talk(f"{done} of {total} units: {name}")

    def _drawn(self, name: str) -> None:
        if self.bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
            self.bar = Bar(*columns, console=Console(stderr=True))
            self.task = self.bar.add_task(name, total=self.total, completed=self.done - 1)
            self.bar.start()
        self.bar.update(self.task, description=name, completed=self.done)

    def __exit__(self, *_) -> None:
        if self.bar:
            self.bar.stop()


def _told(rows: list[dict]) -> None:
    """A row a pair, the worst first; on a terminal no more than can be read."""
    order = sorted(rows, key=lambda row: (-_worst(row["no_way_share"], 2.0), -_worst(row["days_cvar95"], 0.0)))
    shown = order[:SHOWN] if sys.stdout.isatty() else order
    header = ["from", "to", "days P10-P90", "USD P10-P90", "no way", "extra days", "hangs most on"]
    show.table(header, [_row(row) for row in shown])
    if len(shown) < len(rows):
        show.talk(f"The {len(shown)} worst of {len(rows)} pairs; all are in pairs.csv.")
    reasons = [row for row in rows if row["reason"]]
    for row in reasons[:SHOWN]:
        show.talk(f"{row['origin']}-{row['destination']}: {row['reason']}")


def _worst(value: float | None, unknown: float) -> float:
    return unknown if value is None else value


def _row(row: dict) -> list[str]:
    ends = [row["origin"], row["destination"]]
    if row["days_p10"] is None:
        return [*ends, "-", "-", "all" if row["reason"] is None else "-", "-", "-"]
    most = row["depends_on"][0]["name"] if row["depends_on"] else "nothing"
    days = show.day_range({name: 24 * row[f"days_{name}"] for name in ("p10", "p90")})
    usd = show.usd_range({name: row[f"usd_{name}"] for name in ("p10", "p90")})
    more = "-" if row["extra_days"] is None else f"{row['extra_days']:.1f}"
    return [*ends, days, usd, f"{100 * row['no_way_share']:.1f} %", more, most]
