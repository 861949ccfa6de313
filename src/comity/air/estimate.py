"""Estimating the demand model from who flies where: the routes that ship with it, or a user's own.

The outcome is the number of airlines that list a pair of markets, each direction counted, code shares left out (one where
there are only code shares). Candidates are pairs of markets whose town has least_population people and whose airports
have a scheduled service in the file. Scores are of pairs that the estimate had not seen: by pairs, five parts; by
countries, five groups, each pair told by an estimate without any pair of either end's group.

A hub has more links abroad than its size and place say. How much more likely each is, in log-odds, is its boost.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from comity import facts
from comity.air import catchment, demand
from comity.air.ends import main_airport, town_of
from comity.errors import BadInput

MOVED = {"SXF": "BER", "TSE": "NQZ", "FRU": "BSZ", "KIV": "RMO", "PNH": "KTI", "REP": "SAI"}  # code then -> code now
CODE = re.compile(r"[A-Z0-9]{3,4}")  # OpenFlights has an ICAO code where there is no IATA code
OPENFLIGHTS = ("airline", "id", "source airport", "id", "destination airport", "id", "codeshare", "stops", "equipment")
FORMS = (
    f"A file of routes has the columns {','.join(OPENFLIGHTS)}, or a header with origin,destination and perhaps airline"
)
LEAST_KNOWN, LEAST_PAIRS = 0.5, 200
HUB_LINKS = 40  # links abroad; with fewer the boost says little
HOME_LINKS = 20  # of them by one airline that has its main airport there
HUB_KM = 3000.0  # length of a link at which the boost of a hub is told
PRIOR_SD = 3.0  # of boosts and slopes: wide beside those found, which lie within 6 of 0
PARTS, SEED = 5, 0
STEPS, LONGEST_STEP, SETTLED = 50, 1.0, 1e-8
BINS = (0.0, 0.01, 0.05, 0.2, 0.5, 0.8, 1.0)
NORMAL_95 = 1.96
NEEDED = {  # term and value -> routes of which there must be some, or nothing tells the term
    ("domestic", 1): "within one country",
    ("domestic", 0): "between two countries",
    ("border", 1): "between countries that touch",
    ("language", 1): "between countries that share a language",
}
HELD_OUT = {
    "simple_pairs": "people and distance only, by pairs",
    "pairs": "all terms, by pairs",
    "simple_countries": "people and distance only, by countries",
    "countries": "all terms, by countries",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Routes:
    """Who flies where. listed : airlines and directions of each pair of IATA codes in order, 0 for code shares only

    home : airports abroad that an airline whose main airport this is flies to
    served : airports with a scheduled service · unknown : codes that are no airport's today, left out · rows : in the file
    """

    name: str
    rows: int
    served: frozenset[str]
    listed: Mapping[tuple[str, str], int]
    home: Mapping[str, int]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Pairs of markets that could be flown, n of them. a, b : int64[n], rows of `catchment.markets()`, a before b

    count : float64[n], airlines and directions that list each, 0 for none · markets : how many there are
    """

    a: np.ndarray
    b: np.ndarray
    count: np.ndarray
    markets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well pairs that were held out are told, of HELD_OUT by its name."""

    name: str
    auc: float
    average_precision: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Held-out pairs whose chance of a link was said to be between two marks: what was said and found, on average."""

    low: float
    high: float
    pairs: int
    said: float
    found: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A market with more links abroad than the model says. hub : IATA code of its airport of most links · country : alpha-3

    name : of the town that airport serves · links : markets abroad with a direct flight
    boost : log-odds of a link of HUB_KM beyond the model's · low, high : its 95 % limits
    slope : what each e-fold of distance adds to it
    """

    hub: str
    name: str
    country: str
    links: int
    boost: float
    low: float
    high: float
    slope: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimate:
    """The demand model as `demand.Model` has it, with standard errors, how well it tells unseen pairs, and the hubs.

    terms, errors : float64[len(demand.TERMS)] · link, link_errors : intercept and slope · base_rate : share of pairs flown
    scores, calibration : () where nothing was held out, or the file has too few countries for it
    """

    name: str
    markets: int
    pairs: int
    flown: int
    terms: np.ndarray
    errors: np.ndarray
    relative_one: float
    link: tuple[float, float]
    link_errors: tuple[float, float]
    base_rate: float
    scores: tuple[Score, ...]
    calibration: tuple[Bin, ...]
    hubs: tuple[Hub, ...]


class _Row(NamedTuple):
    """A row of either form. own : no code share · direct : without a stop"""

    airline: str
    origin: str
    destination: str
    own: bool
    direct: bool


# --- reading -----------------------------------------------------------------------------------------------------------


def read_routes(path: Path) -> Routes:
    """Routes of a CSV file, gzipped or not: OpenFlights' nine columns, or a header with origin, destination and perhaps airline.

    A row counts once for each airline and direction, however often it is listed. Raises BadInput that names the first
    line which does not fit, and for a file whose codes are mostly no airport's, or with too few pairs.
    """
    known, listed = set(catchment.airports().id.tolist()), Counter[tuple[str, str]]()
    served: set[str] = set()
    rows = _read(path)
    for row in dict.fromkeys(rows):
        one, other = sorted(map(_now, (row.origin, row.destination)))
        if known.issuperset((one, other)) and one != other and row.direct:
            served.update((one, other))
            listed[one, other] += row.own
    codes = {_now(code) for row in rows for code in (row.origin, row.destination)}
    unknown = tuple(sorted(codes - known))
    if len(unknown) > (1 - LEAST_KNOWN) * len(codes):
        raise BadInput(
            f"{len(unknown)} of the {len(codes)} codes in {path.name} are no airport's ({', '.join(unknown[:5])}). "
            "Routes are told by IATA codes, such as ALA and IST."
        )
    _enough(path.name, len(listed), "airports")
    return Routes(
        name=path.name,
        rows=len(rows),
        served=frozenset(served),
        listed=listed,
        home=_home(rows, known),
        unknown=unknown,
    )


def _home(rows: Iterable[_Row], known: set[str]) -> dict[str, int]:
    """Airports abroad that each airport's own airline flies to: one that has no airport with more of them.

    Where airlines are not named, every airport has its own.
    """
    land = dict(zip(catchment.airports().id.tolist(), catchment.airports().country.tolist(), strict=True))
    flown: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        ends = _now(row.origin), _now(row.destination)
        if row.own and row.direct and known.issuperset(ends) and land[ends[0]] != land[ends[1]]:
            for here, there in (ends, ends[::-1]):
                flown.setdefault(row.airline, {}).setdefault(here, set()).add(there)
    most: dict[str, int] = {}
    for airline, airports in flown.items():
        top = max(map(len, airports.values()))
        for here, abroad in airports.items():
            if len(abroad) == top or not airline:
                most[here] = max(most.get(here, 0), len(abroad))
    return most


def _now(code: str) -> str:
    return MOVED.get(code, catchment.known_as(code))


def _read(path: Path) -> list[_Row]:
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8-sig", newline="")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8-sig", newline="") as file
        ):
            return list(_rows(path.name, csv.reader(file)))
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as fault:
        raise BadInput(f"{path.name} cannot be read as routes ({fault}). {FORMS}.") from fault


def _rows(name: str, lines) -> Iterator[_Row]:
    header: list[str] = []
    for cells in lines:
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if not header and {"origin", "destination"} <= {cell.lower() for cell in cells}:
            header = [cell.lower() for cell in cells]
            continue
        row = _named(header, cells) if header else _openflights(cells)
        if row is None or not (CODE.fullmatch(row.origin) and CODE.fullmatch(row.destination)):
            raise BadInput(f"{name}, line {lines.line_num}: {','.join(cells)[:60]!r} is no route. {FORMS}.")
        yield row


def _openflights(cells: Sequence[str]) -> _Row | None:
    if len(cells) != len(OPENFLIGHTS) or not cells[7].isdecimal():
        return None
    return _Row(cells[0], cells[2].upper(), cells[4].upper(), cells[6] != "Y", int(cells[7]) == 0)


def _named(header: Sequence[str], cells: Sequence[str]) -> _Row | None:
    if len(cells) != len(header):
        return None
    row = dict(zip(header, cells, strict=True))
    return _Row(row.get("airline", ""), row["origin"].upper(), row["destination"].upper(), True, True)


def _enough(name: str, pairs: int, of: str) -> None:
    if pairs < LEAST_PAIRS:
        raise BadInput(
            f"{name} has {pairs} usable pairs of {of}, and an estimate needs {LEAST_PAIRS}. "
            "Give the routes of a whole region, those of every airline."
        )


# --- the estimate --------------------------------------------------------------------------------------------------------


def estimate(routes: Routes, *, held_out: bool = True) -> Estimate:
    """The demand model of some routes. held_out : whether to score it on pairs it had not seen, which takes longer

    Raises BadInput where the routes are too few, or too much alike to tell a term.
    """
    pairs = candidates(routes)
    x, flown = demand.features(pairs.a, pairs.b), (pairs.count > 0).astype(float)
    _enough(routes.name, int(flown.sum()), "markets")
    _told_apart(routes.name, x, flown)
    fit, model, link_errors = _fitted(routes.name, x, pairs.count)
    scores, told = _scores(x, pairs) if held_out else ((), None)
    return Estimate(
        name=routes.name,
        markets=pairs.markets,
        pairs=len(flown),
        flown=int(flown.sum()),
        terms=fit.coefficients,
        errors=fit.errors,
        relative_one=model.one,
        link=model.link,
        link_errors=link_errors,
        base_rate=float(flown.mean()),
        scores=scores,
        calibration=() if told is None else calibration(told - np.log(model.one), flown, model.link),
        hubs=_hubs(routes, model),
    )


def _fitted(name: str, x: np.ndarray, count: np.ndarray) -> tuple[demand.Fit, demand.Model, tuple[float, float]]:
    """Terms, then the chance of a link over the demand they tell, with its standard errors."""
    try:
        fit = demand.ppml(x, count)
        one = float(np.median(fit.fitted[count > 0]))
        at, errors = (pair.tolist() for pair in link_chance(np.log(fit.fitted / one), (count > 0).astype(float)))
    except (BadInput, np.linalg.LinAlgError) as fault:
        raise BadInput(
            f"{name} holds pairs too much alike to estimate from ({fault}). Give routes of more countries."
        ) from fault
    return fit, demand.Model(coefficients=fit.coefficients, one=one, link=(at[0], at[1])), (errors[0], errors[1])


def candidates(routes: Routes) -> Candidates:
    """Pairs of markets that are large enough, served, and neither too near nor too far from each other."""
    found = catchment.markets()
    use = np.flatnonzero(_served(routes) & (found.towns.population >= catchment.assumed("least_population")))
    a, b = (use[side] for side in np.triu_indices(len(use), 1))
    near = _in_reach(a, b)
    a, b = a[near], b[near]
    airlines = _by_market(routes)
    count = np.array([airlines[pair] for pair in zip(a.tolist(), b.tolist(), strict=True)], float)
    return Candidates(a=a, b=b, count=count, markets=len(use))


def _served(routes: Routes) -> np.ndarray:
    """Markets with a scheduled service, bool[n_markets]."""
    found = catchment.markets()
    flown = np.zeros(len(found.people), bool)
    flown[[found.of_airport[code] for code in routes.served if code in found.of_airport]] = True
    return flown


def _in_reach(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    km = demand.distances_km(a, b)
    return (km >= catchment.assumed("least_distance")) & (km <= catchment.assumed("most_distance"))


def _by_market(routes: Routes) -> Counter[tuple[int, int]]:
    """Airlines and directions of each two markets that are flown, by their rows, the lower first."""
    of_airport, found = catchment.markets().of_airport, Counter[tuple[int, int]]()
    for ends, airlines in routes.listed.items():
        one, other = sorted(of_airport.get(code, -1) for code in ends)
        if one >= 0:
            found[one, other] += max(airlines, 1)
    return found


def _told_apart(name: str, x: np.ndarray, flown: np.ndarray) -> None:
    """Raises BadInput where no route is of a kind that a term is told from."""
    seen = x[flown > 0]
    lacking = [
        words for (term, value), words in NEEDED.items() if not (seen[:, demand.TERMS.index(term)] == value).any()
    ]
    if lacking:
        raise BadInput(f"{name} has no route {' or '.join(lacking)}, and the model is told from such too. Add some.")


def link_chance(log_relative: np.ndarray, flown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Intercept and slope of a logistic regression of being flown, with their standard errors, by Newton's method.

    log_relative : float64[n]; flown : float64[n], 0 or 1. Raises BadInput where it does not settle.
    """
    x, at = np.c_[np.ones(len(flown)), log_relative], np.zeros(2)
    for _ in range(STEPS):
        chance = _logistic(x @ at)
        cover = np.linalg.inv(x.T @ (x * (chance * (1 - chance))[:, None]))
        step = cover @ (x.T @ (flown - chance))
        at = at + step
    if not np.abs(step).max() < SETTLED * (1 + np.abs(at).max()):
        raise BadInput("the chance of a link did not settle; demand may part the pairs flown from all others.")
    return at, np.sqrt(np.diag(cover))


def _logistic(odds: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-odds))


# --- pairs held out --------------------------------------------------------------------------------------------------------


def by_pairs(x: np.ndarray, count: np.ndarray) -> np.ndarray:
    """ln(mean) of each pair from the other parts, float64[n]. Arguments as those of `demand.ppml`."""
    part = np.random.default_rng(SEED).integers(0, PARTS, len(count))
    told = np.empty(len(count))
    for n in range(PARTS):
        told[part == n] = x[part == n] @ demand.ppml(x[part != n], count[part != n]).coefficients
    return told


def by_countries(x: np.ndarray, count: np.ndarray, origin: np.ndarray, destination: np.ndarray) -> np.ndarray:
    """ln(mean) of each pair from pairs that touch no country of either end's group, float64[n].

    origin, destination : country of each end, [n]; the others as those of `demand.ppml`
    """
    names = np.unique(np.r_[origin, destination])
    group = dict(zip(names.tolist(), np.random.default_rng(SEED).integers(0, PARTS, len(names)), strict=True))
    a, b = (np.array([group[code] for code in side]) for side in (origin, destination))
    told = np.empty(len(count))
    for one in range(PARTS):
        for other in range(one, PARTS):
            asked = ((a == one) & (b == other)) | ((a == other) & (b == one))
            seen = ~np.isin(a, (one, other)) & ~np.isin(b, (one, other))
            if asked.any():
                told[asked] = x[asked] @ demand.ppml(x[seen], count[seen]).coefficients
    return told


def _scores(x: np.ndarray, pairs: Candidates) -> tuple[tuple[Score, ...], np.ndarray | None]:
    """Scores by HELD_OUT, without those that too few pairs or countries are left for; ln(mean) of all terms, by pairs."""
    country = catchment.markets().towns.country
    ends, told = (country[pairs.a], country[pairs.b]), {}
    for name in HELD_OUT:
        columns = x[:, [demand.TERMS.index(term) for term in demand.SIMPLE_TERMS]] if name.startswith("simple") else x
        try:
            told[name] = (
                by_pairs(columns, pairs.count) if name.endswith("pairs") else by_countries(columns, pairs.count, *ends)
            )
        except (
            ValueError,
            np.linalg.LinAlgError,
        ):  # BadInput too: what is left when a part is out tells some term no more
            continue
    scores = tuple(_score(name, pairs.count > 0, mean) for name, mean in told.items())
    return scores, told.get("pairs")


def _score(name: str, flown: np.ndarray, told: np.ndarray) -> Score:
    return Score(name=name, auc=demand.auc(flown, told), average_precision=demand.average_precision(flown, told))


def calibration(log_relative: np.ndarray, flown: np.ndarray, link: tuple[float, float]) -> tuple[Bin, ...]:
    """The chance of a link as said and as found, by what was said. Arguments as those of `link_chance` and what it gives."""
    chance = _logistic(link[0] + link[1] * log_relative)
    found = []
    for low, high in zip(BINS[:-1], BINS[1:], strict=True):
        inside = (chance >= low) & (chance < high)
        if inside.any():
            said, seen = float(chance[inside].mean()), float(flown[inside].mean())
            found.append(Bin(low=low, high=high, pairs=int(inside.sum()), said=said, found=seen))
    return tuple(found)


# --- hubs --------------------------------------------------------------------------------------------------------------------


def boosts(hub: np.ndarray, far: np.ndarray, odds: np.ndarray, flown: np.ndarray, many: int) -> tuple[np.ndarray, ...]:
    """What each hub adds to the log-odds of its pairs: at HUB_KM, for each e-fold of distance, and the first's standard error.

    hub : int64[n], 0 to many - 1, whose pair it is; far : float64[n], ln(km / HUB_KM); odds : float64[n], the model's
    log-odds; flown : float64[n], 0 or 1. Returns three of float64[many].
    A logistic regression with an offset, one intercept and one slope a hub, by Newton's method. Both are held by a wide
    normal prior about 0 (PRIOR_SD), so that a hub that all or none of its pairs are flown from has a finite answer. A resort
    that many near towns fly to has a steep slope and is no hub of far ones.
    """
    at = np.zeros((many, 2))
    prior = np.eye(2) / PRIOR_SD**2
    for _ in range(STEPS):
        chance = _logistic(odds + at[hub, 0] + at[hub, 1] * far)
        lack, weight = flown - chance, chance * (1 - chance)
        slope = np.stack([np.bincount(hub, lack, many), np.bincount(hub, lack * far, many)], axis=1) - at / PRIOR_SD**2
        cross = np.bincount(hub, weight * far, many)
        bend = np.stack([np.bincount(hub, weight, many), cross, cross, np.bincount(hub, weight * far**2, many)], axis=1)
        cover = np.linalg.inv(bend.reshape(-1, 2, 2) + prior)
        step = np.clip(np.einsum("nij,nj->ni", cover, slope), -LONGEST_STEP, LONGEST_STEP)
        at = at + step
        if np.abs(step).max(initial=0) < SETTLED:
            break
    return at[:, 0], at[:, 1], np.sqrt(cover[:, 0, 0])


def _hubs(routes: Routes, model: demand.Model) -> tuple[Hub, ...]:
    """Markets with many links abroad and more than the model says, those that matter most first.

    An airline must be at home there with many of them: airlines that each fly to their own home make a resort, and nobody
    changes there. A hub may be smaller than the markets of the estimate, Geneva or Palma; its pairs are with these.
    """
    found, abroad = catchment.markets(), _abroad(routes)
    links = {row: len(set().union(*(abroad.get(code, ()) for code in found.airports[row]))) for row in _rows_of(abroad)}
    large = _served(routes) & (found.towns.population >= catchment.assumed("least_population"))
    own = {row: max(routes.home.get(code, 0) for code in found.airports[row]) for row in links}
    busy = np.array([row for row, many in links.items() if many >= HUB_LINKS and own[row] >= HOME_LINKS], np.int64)
    a, b = (side.ravel() for side in np.meshgrid(busy, np.flatnonzero(large), indexing="ij"))
    kept = (found.towns.country[a] != found.towns.country[b]) & _in_reach(a, b)
    a, b = a[kept], b[kept]
    rows, hub = np.unique(a, return_inverse=True)
    airlines = _by_market(routes)
    flown = [(min(pair), max(pair)) in airlines for pair in zip(a.tolist(), b.tolist(), strict=True)]
    far = np.log(demand.distances_km(a, b) / HUB_KM)
    boost, slope, errors = boosts(hub, far, demand.link_odds(model, a, b), np.array(flown, float), len(rows))
    made = [
        _hub(row, links[row], boost[n], slope[n], errors[n], abroad)
        for n, row in enumerate(rows.tolist())
        if boost[n] > 0
    ]
    return tuple(sorted(made, key=lambda one: (-one.boost * one.links, one.hub)))


def _abroad(routes: Routes) -> dict[str, set[int]]:
    """Rows of the markets abroad that each airport has a direct flight to."""
    found: dict[str, set[int]] = {}
    markets = catchment.markets()
    rows, country = markets.of_airport, markets.towns.country
    for one, other in routes.listed:
        if one in rows and other in rows and country[rows[one]] != country[rows[other]]:
            found.setdefault(one, set()).add(rows[other])
            found.setdefault(other, set()).add(rows[one])
    return found


def _rows_of(codes: Iterable[str]) -> list[int]:
    return sorted({catchment.markets().of_airport[code] for code in codes})


def _hub(row: int, links: int, boost: float, slope: float, error: float, abroad: Mapping[str, set[int]]) -> Hub:
    """The hub of a market, by the airport of most links abroad: the one that draws most people may be a small one near by."""
    found = catchment.markets()
    many = {code: len(abroad.get(code, ())) for code in found.airports[row]}
    best = tuple(code for code in many if many[code] == max(many.values()))
    code = best[0] if len(best) == 1 else main_airport(best)
    return Hub(
        hub=code,
        name=town_of(code),
        country=str(found.towns.country[row]),
        links=links,
        boost=float(boost),
        low=float(boost - NORMAL_95 * error),
        high=float(boost + NORMAL_95 * error),
        slope=float(slope),
    )


def hubs() -> tuple[Hub, ...]:
    """The hubs of the user's own estimate where it has any, else the shipped ones, those that matter most first.

    Raises BadInput where the user's estimate is broken or older.
    """
    own = demand.kept()
    try:
        rows = own["hubs"] if own and own["hubs"] else facts.rows("air_hubs")  # a region's routes may show no hub
        return tuple(Hub(**{name: row[name] for name in Hub.__slots__}) for row in rows)
    except (LookupError, TypeError) as fault:
        raise demand.unusable(fault) from fault


def as_json(found: Estimate) -> str:
    """The estimate as the air folder keeps it, for `demand.model` and `hubs`."""
    model = {
        "schema": demand.KEPT_AS,
        "name": found.name,
        "pairs": found.pairs,
        "flown": found.flown,
        "base_rate": found.base_rate,
        "terms": dict(zip(demand.TERMS, found.terms.tolist(), strict=True)),
        "errors": dict(zip(demand.TERMS, found.errors.tolist(), strict=True)),
        "relative_one": found.relative_one,
        "link": found.link,
        "link_errors": found.link_errors,
        "scores": [asdict(score) for score in found.scores],
        "hubs": [asdict(hub) for hub in found.hubs],
    }
    return json.dumps(model, indent=1, allow_nan=False)
