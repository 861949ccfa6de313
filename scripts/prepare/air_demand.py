"""Maintainer's script: estimate the gravity model of air links, print its scores, write air_demand.csv and air_hubs.csv.

    python scripts/prepare/air_demand.py FOLDER

FOLDER holds openflights_routes.dat.gz (OpenFlights, ODbL 1.0; 2014-2017). The routes are only estimated from and
never shipped. Rows of air_demand.csv whose standing is assumption are kept and used; the others are made anew. How it
is estimated is told in comity/air/estimate.py, which does the same for a user's routes.
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "src"
sys.path.insert(0, str(ROOT))
from comity import facts  # noqa: E402
from comity.air import demand, estimate  # noqa: E402

TABLES = ROOT / "comity" / "facts" / "tables"
SOURCE, YEAR = "openflights-routes", 2014  # the bulk of its rows is of 2014, the last of 2017


def model_rows(found: estimate.Estimate) -> list[list]:
    """Rows of air_demand.csv: terms, then the chance of a link, then the scores."""
    note = f"PPML on {found.pairs} pairs, {found.flown} flown; robust 95 % limits"
    logistic = "logistic, over ln(relative demand)"
    terms = zip(demand.TERMS, found.terms, found.errors, strict=True)
    base = f"pairs flown of {found.pairs} candidates between markets with scheduled service"
    return [
        *(_row(f"term.{name}", value, error, note) for name, value, error in terms),
        _row("relative_one", found.relative_one, note="airlines and directions expected on the median pair flown"),
        _row("link.intercept", found.link[0], found.link_errors[0], logistic),
        _row("link.slope", found.link[1], found.link_errors[1], logistic),
        _row("base_rate", found.base_rate, note=base),
        *(row for score in found.scores for row in _score_rows(score, found)),
    ]


def _score_rows(score: estimate.Score, found: estimate.Estimate) -> list[list]:
    note = f"{estimate.HELD_OUT[score.name]}, {found.pairs} pairs of which {found.base_rate:.2%} flown"
    values = {"auc": score.auc, "average_precision": score.average_precision}
    return [_row(f"held_out.{score.name}_{key}", value, note=note) for key, value in values.items()]


def _row(parameter: str, value: float, error: float | None = None, note: str = "") -> list:
    ends = ["", ""] if error is None else [f"{value - 1.96 * error:.4g}", f"{value + 1.96 * error:.4g}"]
    return [parameter, f"{value:.4g}", *ends, "1", YEAR, SOURCE, "estimate", note]


def hub_rows(found: estimate.Estimate) -> list[list]:
    """Rows of air_hubs.csv."""
    return [
        [one.hub, one.name, one.country, one.links, *(f"{value:.4g}" for value in (one.boost, one.low, one.high, one.slope)),
         SOURCE, "estimate"]
        for one in found.hubs
    ]  # fmt: skip


def told(routes: estimate.Routes, found: estimate.Estimate) -> None:
    """Print what was read and how well it is told."""
    print(f"{len(routes.served)} airports with scheduled service; {len(routes.unknown)} codes that are no airport's today left out")  # fmt: skip
    print(f"{found.markets} markets, {found.pairs} pairs, {found.flown} flown ({found.base_rate:.2%})")
    for score in found.scores:
        print(f"{estimate.HELD_OUT[score.name]:<42} AUC {score.auc:.3f}  AP {score.average_precision:.3f}")
    print("chance of a link said and found, held-out pairs:")
    for one in found.calibration:
        print(f"  {one.low:.2f}-{one.high:.2f}: {one.pairs:>6} pairs, {one.said:.3f} {one.found:.3f}")
    for row in model_rows(found)[: len(demand.TERMS)]:
        print(f"{row[0]:<24} {row[1]:>9} [{row[2]}, {row[3]}]")
    print(f"{len(found.hubs)} hubs: {', '.join(one.hub for one in found.hubs[:12])} first")


def write(name: str, rows: Iterable[list]) -> None:
    with open(TABLES / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def main(folder: str) -> None:
    with open(TABLES / "air_demand.csv", encoding="utf-8", newline="") as file:
        header, *old = csv.reader(file)
    kept = [row for row in old if row[header.index("standing")] == "assumption"]
    routes = estimate.read_routes(Path(folder) / "openflights_routes.dat.gz")
    found = estimate.estimate(routes)
    write("air_demand", [header, *kept, *model_rows(found)])
    write("air_hubs", [[column.name for column in facts.schema("air_hubs")], *hub_rows(found)])
    facts.forget()
    told(routes, found)


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as nothing
    ):  # whoever runs this may have files of their own; they are not for the world
        os.environ["COMITY_AIR"] = nothing
        main(sys.argv[1])
