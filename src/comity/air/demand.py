"""How much air travel two markets may be expected to make, and how likely a direct flight between them is.

A gravity model: demand is a product of powers of what the two markets and the way between them are like. It is
estimated by Poisson pseudo-maximum likelihood, which keeps the pairs without flights (Santos Silva & Tenreyro 2006,
The log of gravity, Review of Economics and Statistics 88). The coefficients are rows of air_demand.csv, estimated by
`comity.air.estimate` from who flew where in 2014-2017, or a user's own (`comity air import routes FILE`): they tell which
of two pairs should carry more, not how many passengers. `passengers` gives those from a level, which is an assumption
until a user brings counts (`comity air import counts FILE`).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np

from comity import facts, places, settings
from comity.air import catchment
from comity.air.own import COUNTS, ESTIMATE, kept_by, own_file
from comity.errors import BadInput, PlaceUnknown
from comity.places.sphere import unit
from comity.units import EARTH_RADIUS_KM

TERMS = (
    "intercept",
    "people",  # sum over both ends of ln(people within reach / 1,000,000)
    "income",  # sum over both ends of ln(income per head / 10,000 USD)
    "distance",  # ln(great circle / 1,000 km)
    "distance_squared",
    "domestic",  # 1 when both ends are in one country, else 0
    "domestic_distance",
    "border",  # 1 when two countries touch
    "language",  # 1 when two countries share an official language
    "rank_abroad",  # between countries, sum over both ends of ln(1 + rank among the markets of its country)
    "rank_at_home",  # the same inside a country
)
SIMPLE_TERMS = ("intercept", "people", "distance")  # what a model must beat
MOST_STEPS, HALVINGS, SETTLED = 100, 30, 1e-10
FEW_COUNTS = 5  # with fewer routes their own spread says too little
KEPT_AS = "comity.air-demand/1"  # one more whenever the model has other terms, or terms of another meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Coefficients of a log-linear model, their robust standard errors and the fitted means."""

    coefficients: np.ndarray  # float64[k]
    errors: np.ndarray  # float64[k]
    fitted: np.ndarray  # float64[n]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What is kept of an estimate to tell demand from."""

    coefficients: np.ndarray  # float64[len(TERMS)]
    one: float  # mean at which relative demand is 1
    link: tuple[float, float]  # intercept and slope of the chance of a link, over ln(relative)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Per pair: demand in units of the median route flown, and the chance that an airline flies it, 0 to 1."""

    relative: np.ndarray
    link_probability: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A pair of markets, by their IATA codes and names, as `ranked` lists it."""

    origin: str
    destination: str
    origin_airports: tuple[str, ...]
    destination_airports: tuple[str, ...]
    distance_km: float
    relative: float
    link_probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """How high routes that were flown or launched stand in a ranking."""

    ranks: tuple[int, ...]  # 1 for the first of the list; routes that are not in it are left out
    missing: tuple[tuple[str, str], ...]
    pairs: int
    auc: float  # chance that a route of these ranks above another pair; nan without either kind
    average_precision: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Passengers a year, both ways together, on a route of relative demand 1; low and high hold for one route."""

    value: float
    low: float
    high: float
    source: str
    standing: str
    note: str


def ppml(x, y) -> Fit:
    """Poisson pseudo-maximum likelihood: E[y] = exp(x @ coefficients), by iteratively reweighted least squares.

    x : float64[n, k], first column ones if there is an intercept; y : float64[n], 0 or more, not only counts
    Standard errors are robust to a variance that is not the mean (sandwich, times n / (n - k)); they take pairs as
    independent, though pairs of one market are not quite. Raises BadInput.
    Source: Santos Silva & Tenreyro (2006); McCullagh & Nelder (1989), Generalized Linear Models, 2nd ed., ch. 2.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    _check(x, y)
    mean = (y + y.mean()) / 2
    coefficients = _weighted(x, mean, np.log(mean) + (y - mean) / mean)
    loss = _loss(x, y, coefficients)
    for _ in range(MOST_STEPS):
        mean = np.exp(x @ coefficients)
        step = _weighted(x, mean, (y - mean) / mean)
        for _ in range(HALVINGS):  # a full step may overshoot where means are far from the data
            new = _loss(x, y, coefficients + step)
            if new <= loss + 1e-9 * abs(loss):
                break
            step = step / 2
        coefficients, loss = coefficients + step, new
        if np.abs(step).max() < SETTLED * (1 + np.abs(coefficients).max()):
            return _fit(x, y, coefficients)
    raise BadInput(f"The estimate did not settle in {MOST_STEPS} steps; a column may part all zeros from the rest.")


def _check(x: np.ndarray, y: np.ndarray) -> None:
    told = []
    if x.ndim != 2 or y.shape != (len(x),):
        raise BadInput(f"x has shape {x.shape} and y {y.shape}; they should be (n, k) and (n,).")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        told.append("x and y hold numbers that are not finite")
    elif np.linalg.matrix_rank(x) < x.shape[1]:
        told.append("columns of x are combinations of others; leave one out")
    if (y < 0).any() or not (y > 0).any():
        told.append("y should be 0 or more, and not 0 throughout")
    if told:
        raise BadInput("; ".join(told) + ".")


def _weighted(x: np.ndarray, weight: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Least squares of `target` on x with these weights."""
    return np.linalg.solve(x.T @ (x * weight[:, None]), x.T @ (weight * target))


def _loss(x: np.ndarray, y: np.ndarray, coefficients: np.ndarray) -> float:
    """Minus the Poisson log likelihood, without what does not depend on the coefficients."""
    with np.errstate(over="ignore"):
        return float(np.exp(x @ coefficients).sum() - y @ (x @ coefficients))


def _fit(x: np.ndarray, y: np.ndarray, coefficients: np.ndarray) -> Fit:
    mean = np.exp(x @ coefficients)
    bread = np.linalg.inv(x.T @ (x * mean[:, None]))
    meat = x.T @ (x * ((y - mean) ** 2)[:, None])
    cover = bread @ meat @ bread * len(y) / max(len(y) - x.shape[1], 1)
    return Fit(coefficients=coefficients, errors=np.sqrt(np.diag(cover)), fitted=mean)


def distances_km(origin: np.ndarray, destination: np.ndarray) -> np.ndarray:
    """Great-circle distance between the towns of markets, by row, float64[n]."""
    spots = catchment.markets().towns
    points = unit(spots.lon, spots.lat)
    chord = np.linalg.norm(points[origin] - points[destination], axis=1)
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1))


def features(origin: np.ndarray, destination: np.ndarray) -> np.ndarray:
    """The TERMS of each pair of markets, float64[n, len(TERMS)]; the same whichever end comes first.

    origin, destination : int64[n], rows of `catchment.markets()`
    A country without a figure of income counts with the geometric mean of the others.
    """
    found = catchment.markets()
    numbers, income, touching, speaking = _lands()
    country = np.array([numbers[code] for code in found.towns.country])
    size, rank = np.log(found.people / 1e6), np.log1p(found.rank)
    a, b = country[origin], country[destination]
    home = (a == b).astype(float)
    far = np.log(distances_km(origin, destination) / 1000)
    ranks = rank[origin] + rank[destination]
    columns = (
        np.ones(len(home)),
        size[origin] + size[destination],
        income[a] + income[b],
        far,
        far**2,
        home,
        home * far,
        (1 - home) * touching[a, b],
        (1 - home) * speaking[a, b],
        (1 - home) * ranks,
        home * ranks,
    )
    return np.column_stack(columns)


@cache
def _lands() -> tuple[dict[str, int], np.ndarray, np.ndarray, np.ndarray]:
    """Country -> number; ln(income / 10,000 USD); whether two touch; whether two share an official language."""
    numbers = {land.alpha3: n for n, land in enumerate(places.countries())}
    known = facts.keyed("country_income", ("country",))
    rows = [known.get((code,), {}) for code in numbers]
    income = np.log([row.get("gdp_usd_per_head") or np.nan for row in rows]) - np.log(10_000)
    touching = np.zeros((len(numbers), len(numbers)))
    for one, other, _, _ in places.border_lines():
        if one in numbers and other in numbers:
            touching[numbers[one], numbers[other]] = touching[numbers[other], numbers[one]] = 1
    words = [frozenset(row.get("languages") or ()) for row in rows]
    speaking = np.array([[float(not mine.isdisjoint(yours)) for yours in words] for mine in words])
    return numbers, np.where(np.isnan(income), np.nanmean(income), income), touching, speaking


def model() -> Model:
    """The user's own estimate where one was imported, else the shipped one. Raises FactMissing, BadInput."""
    own = kept()
    return _own_model(own) if own else _shipped_model()


def _shipped_model() -> Model:
    return Model(
        coefficients=np.array([catchment.assumed(f"term.{name}") for name in TERMS]),
        one=catchment.assumed("relative_one"),
        link=(catchment.assumed("link.intercept"), catchment.assumed("link.slope")),
    )


def _own_model(own: dict) -> Model:
    try:
        coefficients = np.array([float(own["terms"][name]) for name in TERMS])
        one, (intercept, slope) = float(own["relative_one"]), map(float, own["link"])
        if not (np.isfinite([*coefficients, one, intercept, slope]).all() and one > 0):
            raise ValueError("a figure is none")
    except (LookupError, TypeError, ValueError) as fault:
        raise unusable(fault) from fault
    return Model(coefficients=coefficients, one=one, link=(intercept, slope))


@kept_by(ESTIMATE)
def kept() -> dict | None:
    """The estimate that the user imported, as `estimate.as_json` wrote it; None without one. Raises BadInput."""
    path = own_file(ESTIMATE)
    if path is None:
        return None
    try:
        own = json.loads(path.read_text(encoding="utf-8"))
        if own["schema"] != KEPT_AS:
            raise ValueError(f"it is {own['schema']!r} and not {KEPT_AS!r}")
    except (OSError, ValueError, LookupError, TypeError) as fault:
        raise unusable(fault) from fault
    return own


def unusable(fault: Exception) -> BadInput:
    """What to tell of an estimate of the user's that is broken or older."""
    return BadInput(
        f"{settings.air_folder() / ESTIMATE} is broken or of an older version ({fault}). "
        "Import the routes again: comity air import routes FILE, or go back to the shipped model with --forget."
    )


def link_odds(found: Model, origin: np.ndarray, destination: np.ndarray) -> np.ndarray:
    """Log-odds that a pair of markets has a direct flight, float64[n]. Arguments as those of `expected`."""
    return found.link[0] + found.link[1] * _log_relative(found, origin, destination)


def _log_relative(found: Model, origin: np.ndarray, destination: np.ndarray) -> np.ndarray:
    return features(origin, destination) @ found.coefficients - np.log(found.one)


def expected(origin: np.ndarray, destination: np.ndarray) -> Expected:
    """Relative demand of pairs of markets, and the chance that a pair like it had a direct flight when the routes were listed.

    origin, destination : int64[n], rows of `catchment.markets()`, as `market` gives them
    The shipped model is of 2014-2017. Outside 100 to 6,000 km and for towns under 300,000 people the model is stretched.
    Raises FactMissing, BadInput.
    """
    used = model()
    log_relative = _log_relative(used, origin, destination)
    chance = 1 / (1 + np.exp(-(used.link[0] + used.link[1] * log_relative)))
    return Expected(relative=np.exp(log_relative), link_probability=chance)


def market(text: str) -> int:
    """Row of the market that an airport (by its IATA code) or a town belongs to. Raises PlaceUnknown, BadInput."""
    found = catchment.markets()
    if text in found.of_airport:
        return found.of_airport[text]
    place = places.find(text)
    gap = np.linalg.norm(unit(found.towns.lon, found.towns.lat) - unit(place.lon, place.lat), axis=1)
    gap = np.where(found.towns.country == place.country, gap, np.inf)
    row = int(np.argmin(gap))
    if not gap[row] * EARTH_RADIUS_KM <= catchment.assumed("apart"):
        raise BadInput(f"{place.name} has no airport with an IATA code near it. Name an airport or a larger town.")
    return row


def ranked(origins: Sequence[str], destinations: Sequence[str], at_least: float | None = None) -> tuple[Ranked, ...]:
    """Every pair of markets between two sets of countries (alpha-3), the largest expected demand first.

    at_least : people of the smaller town; the smallest of the estimate where it is not given
    A pair is listed once, even where the two sets share a country. Raises PlaceUnknown, FactMissing.
    """
    least = catchment.assumed("least_population") if at_least is None else at_least
    ends = sorted({tuple(sorted(pair)) for pair in product(_rows(origins, least), _rows(destinations, least))})
    pairs = np.array([pair for pair in ends if pair[0] != pair[1]], np.int64).reshape(-1, 2)
    first = {places.country(code).alpha3 for code in origins}
    turned = ~np.isin(catchment.markets().towns.country[pairs[:, 0]], list(first))
    pairs[turned] = pairs[turned][:, ::-1]
    told = expected(pairs[:, 0], pairs[:, 1])
    km = distances_km(pairs[:, 0], pairs[:, 1])
    order = np.argsort(-told.relative, kind="stable").tolist()
    return tuple(_told(int(pairs[n, 0]), int(pairs[n, 1]), km[n], told, n) for n in order)


def _rows(countries: Sequence[str], least: float) -> list[int]:
    found = catchment.markets()
    codes = [places.country(code).alpha3 for code in countries]
    served = np.array([bool(airports) for airports in found.airports])
    fits = np.isin(found.towns.country, codes) & (found.towns.population >= least) & served
    return np.flatnonzero(fits).tolist()


def _told(origin: int, destination: int, km: float, told: Expected, n: int) -> Ranked:
    found = catchment.markets()
    return Ranked(
        origin=str(found.towns.name[origin]),
        destination=str(found.towns.name[destination]),
        origin_airports=found.airports[origin],
        destination_airports=found.airports[destination],
        distance_km=float(km),
        relative=float(told.relative[n]),
        link_probability=float(told.link_probability[n]),
    )


def backtest(ranking: Sequence[Ranked], launched: Iterable[tuple[str, str]]) -> Backtest:
    """Where routes, given as pairs of IATA codes in either order, stand in a list of `ranked`."""
    rows = {
        frozenset(pair): n
        for n, row in enumerate(ranking)
        for pair in product(row.origin_airports, row.destination_airports)
    }
    wanted = list(dict.fromkeys(launched))
    found = sorted({rows[frozenset(pair)] for pair in wanted if frozenset(pair) in rows})
    flown = np.zeros(len(ranking))
    flown[found] = 1
    score = -np.arange(len(ranking), dtype=float)
    return Backtest(
        ranks=tuple(n + 1 for n in found),
        missing=tuple(pair for pair in wanted if frozenset(pair) not in rows),
        pairs=len(ranking),
        auc=auc(flown, score),
        average_precision=average_precision(flown, score),
    )


def auc(flown, score) -> float:
    """Chance that a pair that is flown scores above one that is not, ties half; nan without either kind.

    flown : 0 or 1, [n]; score : float64[n]. Source: Hanley & McNeil (1982), Radiology 143 (area under the ROC curve).
    """
    flown, score = np.asarray(flown) > 0, np.asarray(score, float)
    yes, no = int(flown.sum()), int((~flown).sum())
    if not yes or not no:
        return float("nan")
    _, which, many = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(many) - (many - 1) / 2)[which]
    return float((rank[flown].sum() - yes * (yes + 1) / 2) / (yes * no))


def average_precision(flown, score) -> float:
    """Mean, over the pairs flown, of the share flown among those that score as high or higher; nan without any."""
    flown, score = np.asarray(flown) > 0, np.asarray(score, float)
    if not flown.any():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    last = np.r_[np.flatnonzero(np.diff(score[order])), len(score) - 1]  # ties are taken together
    hits = np.cumsum(flown[order])[last]
    return float((np.diff(np.r_[0, hits]) * hits / (last + 1)).sum() / flown.sum())


def assumed_level() -> Level:
    """The level of air_demand.csv, frank and wide. Raises FactMissing."""
    catchment.assumed("level")
    row = facts.keyed("air_demand", ("parameter",))["level",]
    return Level(
        value=row["value"],
        low=row["low"],
        high=row["high"],
        source=row["source"],
        standing=row["standing"],
        note=row["note"] or "",
    )


@kept_by(COUNTS, ESTIMATE)
def level() -> Level:
    """The level of the user's counts where they were imported, else the assumed one. Raises BadInput, FactMissing."""
    path = own_file(COUNTS)
    if path is None:
        return assumed_level()
    try:
        return level_from(path)
    except (BadInput, OSError) as fault:
        mend = "Import them again: comity air import counts FILE, or go back to the assumed level with --forget."
        raise BadInput(f"{path} cannot be used: {fault}\n{mend}") from fault


def level_from(path: Path) -> Level:
    """The level that counts give: CSV of origin, destination (IATA codes or towns) and passengers, yearly both ways.

    The middle is the median of passengers over relative demand, low and high the P10 and P90 of single routes; with
    fewer than five routes the assumed level's relative width stands in. Raises BadInput with every fault, OSError.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = {"origin", "destination", "passengers"} - set(reader.fieldnames or ())
            rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as fault:
        raise BadInput(f"{path.name} cannot be read as CSV in UTF-8 ({fault}).") from fault
    if missing:
        raise BadInput(f"{path.name} needs the columns {', '.join(sorted(missing))}.")
    pairs, counts = _counts(path.name, rows)
    ratio = counts / expected(pairs[:, 0], pairs[:, 1]).relative
    middle, guess = float(np.median(ratio)), assumed_level()
    few = len(ratio) < FEW_COUNTS
    low, high = (middle * guess.low / guess.value, middle * guess.high / guess.value) if few else _spread(ratio)
    note = f"{len(ratio)} routes of {path.name}" + ("; too few to tell their spread" if few else "")
    return Level(value=middle, low=low, high=high, source=path.name, standing="measured", note=note)


def _spread(ratio: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(ratio, (0.1, 0.9))
    return float(low), float(high)


def _counts(name: str, rows: Sequence[dict]) -> tuple[np.ndarray, np.ndarray]:
    faults, pairs, counts = [], [], []
    for line, row in enumerate(rows, start=2):
        try:
            pair = market(row["origin"] or ""), market(row["destination"] or "")
            count = float(row["passengers"] or "")
            if pair[0] == pair[1] or not 0 < count < float("inf"):
                raise BadInput("two markets and more than 0 passengers are wanted")
        except (PlaceUnknown, ValueError) as fault:
            faults.append(f"line {line}: {fault}")
        else:
            pairs.append(pair)
            counts.append(count)
    if faults or not pairs:
        raise BadInput(f"{name} cannot be used:\n" + "\n".join(faults or ["it has no row"]))
    return np.array(pairs), np.array(counts)


def passengers(relative, level: Level) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Passengers a year, both ways together: middle, low and high of single routes, float64[n] each."""
    relative = np.asarray(relative, float)
    return relative * level.value, relative * level.low, relative * level.high
