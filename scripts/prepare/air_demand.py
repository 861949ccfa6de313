"""Maintainer's script: estimate the gravity model of air links, print its scores and write air_demand.csv.

    python scripts/prepare/air_demand.py FOLDER

FOLDER holds openflights_routes.dat.gz (OpenFlights, ODbL 1.0; 2014-2017). The routes are only estimated from and
never shipped. Rows of air_demand.csv whose standing is assumption are kept and used; the others are made anew.

The outcome is the number of airlines that list a pair of markets, each direction counted, code shares left out (one
where there are only code shares). Candidates are pairs of markets whose town has least_population people and whose
airports have a scheduled service in the file. Scores are of pairs that the estimate had not seen: by pairs, five
parts; by countries, five groups, each pair told by an estimate without any pair of either end's group.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2] / "src"
sys.path.insert(0, str(ROOT))
from comity import facts  # noqa: E402
from comity.air import catchment, demand  # noqa: E402

TABLE = ROOT / "comity" / "facts" / "tables" / "air_demand.csv"
MOVED = {"SXF": "BER", "TSE": "NQZ", "FRU": "BSZ", "KIV": "RMO", "PNH": "KTI", "REP": "SAI"}  # code then -> code now
PARTS, SEED = 5, 0
SOURCE, YEAR = "openflights-routes", 2014  # the bulk of its rows is of 2014, the last of 2017


def routes(folder: Path) -> tuple[set[str], Counter]:
    """Airports with a scheduled service, and the airlines that list each pair of airports, 0 for code shares only."""
    known, listed = set(catchment.airports().id.tolist()), Counter()
    served, unknown = set(), Counter()
    with gzip.open(folder / "openflights_routes.dat.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            ends = tuple(sorted(MOVED.get(code, code) for code in (row[2], row[4])))
            unknown.update(code for code in ends if code not in known)
            if known.issuperset(ends) and ends[0] != ends[1] and row[7] == "0":
                served.update(ends)
                listed[ends] += row[6] != "Y"
    print(f"{len(served)} airports with scheduled service; {len(unknown)} codes that are no airport's today left out")
    return served, listed


def candidates(served: set[str], listed: Counter) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of both markets of each candidate pair, and the airlines that list it (0 for none)."""
    found = catchment.markets()
    flown = np.zeros(len(found.people), bool)
    flown[[found.of_airport[code] for code in served if code in found.of_airport]] = True
    use = np.flatnonzero(flown & (found.towns.population >= catchment.assumed("least_population")))
    a, b = (use[side] for side in np.triu_indices(len(use), 1))
    km = demand.distances_km(a, b)
    near = (km >= catchment.assumed("least_distance")) & (km <= catchment.assumed("most_distance"))
    a, b = a[near], b[near]
    of_pair: Counter = Counter()
    for (one, other), airlines in listed.items():
        rows = sorted(found.of_airport.get(code, -1) for code in (one, other))
        if rows[0] >= 0:
            of_pair[tuple(rows)] += max(airlines, 1)
    count = np.array([of_pair[pair] for pair in zip(a.tolist(), b.tolist(), strict=True)], float)
    print(f"{len(use)} markets, {len(a)} pairs, {int((count > 0).sum())} flown ({(count > 0).mean():.2%})")
    return a, b, count


def by_pairs(x: np.ndarray, count: np.ndarray) -> np.ndarray:
    """ln(mean) of each pair from the other parts."""
    part = np.random.default_rng(SEED).integers(0, PARTS, len(count))
    told = np.empty(len(count))
    for n in range(PARTS):
        told[part == n] = x[part == n] @ demand.ppml(x[part != n], count[part != n]).coefficients
    return told


def by_countries(x: np.ndarray, count: np.ndarray, origin: np.ndarray, destination: np.ndarray) -> np.ndarray:
    """ln(mean) of each pair from pairs that touch no country of either end's group."""
    names = np.unique(np.r_[origin, destination])
    group = dict(zip(names.tolist(), np.random.default_rng(SEED).integers(0, PARTS, len(names)), strict=True))
    a, b = (np.array([group[code] for code in side]) for side in (origin, destination))
    told = np.empty(len(count))
    for one in range(PARTS):
        for other in range(one, PARTS):
            asked = ((a == one) & (b == other)) | ((a == other) & (b == one))
            seen = ~np.isin(a, (one, other)) & ~np.isin(b, (one, other))
            told[asked] = x[asked] @ demand.ppml(x[seen], count[seen]).coefficients
    return told


def link_chance(log_relative: np.ndarray, flown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Intercept and slope of a logistic regression of being flown, with their standard errors, by Newton's method."""
    x, at = np.c_[np.ones(len(flown)), log_relative], np.zeros(2)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-x @ at))
        cover = np.linalg.inv(x.T @ (x * (chance * (1 - chance))[:, None]))
        at = at + cover @ (x.T @ (flown - chance))
    return at, np.sqrt(np.diag(cover))


def scores(told: np.ndarray, flown: np.ndarray, name: str, words: str) -> list[list]:
    pairs = {"auc": demand.auc(flown, told), "average_precision": demand.average_precision(flown, told)}
    print(f"{words:<42} AUC {pairs['auc']:.3f}  AP {pairs['average_precision']:.3f}")
    note = f"{words}, {len(told)} pairs of which {flown.mean():.2%} flown"
    return [_row(f"held_out.{name}_{key}", value, note=note) for key, value in pairs.items()]


def calibration(log_relative: np.ndarray, flown: np.ndarray, at: np.ndarray) -> None:
    chance = 1 / (1 + np.exp(-(at[0] + at[1] * log_relative)))
    print("chance of a link said and found, held-out pairs:")
    for low, high in ((0, 0.01), (0.01, 0.05), (0.05, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1)):
        inside = (chance >= low) & (chance < high)
        print(
            f"  {low:.2f}-{high:.2f}: {inside.sum():>6} pairs, {chance[inside].mean():.3f} {flown[inside].mean():.3f}"
        )


def _row(parameter: str, value: float, error: float | None = None, note: str = "") -> list:
    ends = ["", ""] if error is None else [f"{value - 1.96 * error:.4g}", f"{value + 1.96 * error:.4g}"]
    return [parameter, f"{value:.4g}", *ends, "1", YEAR, SOURCE, "estimate", note]


def main(folder: str) -> None:
    with open(TABLE, encoding="utf-8", newline="") as file:
        header, *old = csv.reader(file)
    kept = [row for row in old if row[header.index("standing")] == "assumption"]
    served, listed = routes(Path(folder))
    a, b, count = candidates(served, listed)
    x, flown = demand.features(a, b), (count > 0).astype(float)
    country = catchment.markets().towns.country
    simple = x[:, [demand.TERMS.index(name) for name in demand.SIMPLE_TERMS]]
    held_out = by_pairs(x, count)
    made = [
        *scores(by_pairs(simple, count), flown, "simple_pairs", "people and distance only, by pairs"),
        *scores(held_out, flown, "pairs", "all terms, by pairs"),
        *scores(by_countries(simple, count, country[a], country[b]), flown, "simple_countries",
                "people and distance only, by countries"),
        *scores(by_countries(x, count, country[a], country[b]), flown, "countries", "all terms, by countries"),
    ]  # fmt: skip
    fit = demand.ppml(x, count)
    one = float(np.median(fit.fitted[flown > 0]))
    at, errors = link_chance(np.log(fit.fitted / one), flown)
    calibration(held_out - np.log(one), flown, at)
    note = f"PPML on {len(a)} pairs, {int(flown.sum())} flown; robust 95 % limits"
    terms = zip(demand.TERMS, fit.coefficients, fit.errors, strict=True)
    made = [
        *(_row(f"term.{name}", value, error, note) for name, value, error in terms),
        _row("relative_one", one, note="airlines and directions expected on the median pair flown"),
        _row("link.intercept", at[0], errors[0], "logistic, over ln(relative demand)"),
        _row("link.slope", at[1], errors[1], "logistic, over ln(relative demand)"),
        _row(
            "base_rate", flown.mean(), note=f"pairs flown of {len(a)} candidates between markets with scheduled service"
        ),
        *made,
    ]
    with open(TABLE, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *kept, *made])
    facts.forget()
    for row in made[: len(demand.TERMS)]:
        print(f"{row[0]:<24} {row[1]:>9} [{row[2]}, {row[3]}]")


if __name__ == "__main__":
    main(sys.argv[1])
