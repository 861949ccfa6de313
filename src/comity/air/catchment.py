"""People within reach of an airport: each town counted less the farther it lies, and shared among airports.

A town's people are counted with the weight exp(-distance / decay) and parted among the sites within reach in
proportion to each site's pull times that same weight (Huff 1963, A probabilistic analysis of shopping center trade
areas, Land Economics 39). The pull of a market is the people it would count if it stood alone. Decay, reach and
the rest are rows of air_demand.csv; towns and airports are those of `comity.places`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from comity import facts
from comity.errors import FactMissing, PlaceUnknown
from comity.places.index import connection
from comity.places.sphere import unit
from comity.units import EARTH_RADIUS_KM

APART = 10.0  # set between countries along a fourth axis; the globe of radius 1 is 2 wide


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """Towns or airports as arrays of one length: id, name, alpha-3, degrees, people living there (0 for airports)."""

    id: np.ndarray
    name: np.ndarray
    country: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    population: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Markets:
    """Towns with an airport, none near a larger one of its country, and the people within their reach."""

    towns: Sites
    people: np.ndarray  # float64[n], each person counted once at most
    rank: np.ndarray  # int64[n], 0 for the market with most people of its country
    airports: tuple[tuple[str, ...], ...]  # IATA codes that serve each
    of_airport: dict[str, int]  # IATA code -> row


def assumed(parameter: str) -> float:
    """The value of a row of air_demand.csv. Raises FactMissing."""
    row = facts.keyed("air_demand", ("parameter",)).get((parameter,))
    if row is None:
        raise FactMissing(f"air_demand.csv has no row {parameter!r}; scripts/prepare/air_demand.py writes them.")
    return row["value"]


def shared(people, town, site, distance_km, pull, decay_km: float) -> np.ndarray:
    """People that each site counts for its own, float64[n_sites]; their sum is never more than `people`'s.

    people : float64[n_towns]; pull : float64[n_sites], above 0, of any unit
    town, site, distance_km : [n], every town and site within reach of each other, and how far apart
    decay_km : distance that cuts a town's weight to 1/e
    Source: Huff (1963), with a weight that also lets the far stay at home.
    """
    near = np.exp(-np.asarray(distance_km) / decay_km)
    drawn = pull[site] * near
    total = np.bincount(town, drawn, len(people))
    return np.bincount(site, people[town] * near * drawn / total[town], len(pull))


def alone(people, town, site, distance_km, n_sites: int, decay_km: float) -> np.ndarray:
    """People that each site would count if no other stood near, float64[n_sites]. Arguments as those of `shared`."""
    return np.bincount(site, people[town] * np.exp(-np.asarray(distance_km) / decay_km), n_sites)


def within_reach(towns: Sites, sites: Sites, reach_km: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of towns, rows of sites and great-circle km of every two that lie within `reach_km` of each other."""
    from scipy.spatial import cKDTree

    ends = [cKDTree(unit(side.lon, side.lat)) for side in (towns, sites)]
    met = ends[0].sparse_distance_matrix(ends[1], _chord(reach_km), output_type="ndarray")
    return met["i"], met["j"], _arc_km(met["v"])


def catchments(towns: Sites, sites: Sites, pull: np.ndarray | None = None) -> np.ndarray:
    """People within reach of each site, float64[n_sites], shared among all of `sites`.

    pull : float64[n_sites]; where it is not given, the people a site would count alone.
    """
    decay_km = assumed("decay")
    town, site, km = within_reach(towns, sites, assumed("reach"))
    if pull is None:  # a site that nobody lives near still needs a pull to divide by
        pull = np.maximum(alone(towns.population, town, site, km, len(sites.id), decay_km), 1.0)
    return shared(towns.population, town, site, km, pull, decay_km)


@cache
def towns() -> Sites:
    """Every town of 5,000 people and more."""
    return _sites("kind = 'city' AND population >= 5000 ORDER BY population DESC, id")


@cache
def airports() -> Sites:
    """Every airport with an IATA code, with scheduled flights or without: the shipped list does not tell."""
    return _sites("kind = 'airport' ORDER BY id")


@cache
def known_as(iata: str) -> str:
    """The code that an airport goes by now: BSZ for FRU. Any other code stays as it is."""
    marks = {row["iata"]: row["other"] for row in facts.rows("airport_marks") if row["mark"] == "renamed"}
    return marks.get(iata, iata)


@cache
def misplaced() -> frozenset[str]:
    """Airports that the shipped list has in a wrong place."""
    return frozenset(row["iata"] for row in facts.rows("airport_marks") if row["mark"] == "misplaced")


@cache
def _airport_people() -> dict[str, float]:
    ports = airports()
    named = np.char.find(np.char.lower(ports.name.astype(str)), "international") >= 0
    people = catchments(towns(), ports, np.where(named, assumed("pull_international"), 1.0))
    return dict(zip(ports.id.tolist(), people.tolist(), strict=True))


def airport_people(codes: Sequence[str]) -> np.ndarray:
    """People within reach of each airport, by IATA code, float64[n], shared with every other airport of the world.

    One that is called international pulls as many times harder as the row pull_international says, since the
    shipped list has no traffic. Raises PlaceUnknown with every code that is none.
    """
    known = _airport_people()
    strange = [code for code in codes if code not in known]
    if strange:
        raise PlaceUnknown(f"No airport has the IATA code {', '.join(strange)}. `comity places` finds codes.")
    return np.array([known[code] for code in codes])


@cache
def markets() -> Markets:
    """The markets of the world, largest town first. A market is a town and the airports near it, in its own country."""
    found = towns()
    kept = _thinned(found, airports(), assumed("near"), assumed("apart"))
    chosen = Sites(**{name: getattr(found, name)[kept] for name in Sites.__slots__})
    people = catchments(found, chosen)
    of_airport = _served(chosen, airports(), assumed("near"))
    codes: list[list[str]] = [[] for _ in kept]
    for code, row in of_airport.items():
        codes[row].append(code)
    return Markets(
        towns=chosen,
        people=people,
        rank=_ranks(chosen.country, people),
        airports=tuple(map(tuple, codes)),
        of_airport=of_airport,
    )


def _sites(condition: str) -> Sites:
    query = f"SELECT id, name, country, lon, lat, population FROM place WHERE {condition}"
    id, name, country, lon, lat, population = zip(*connection().execute(query).fetchall(), strict=True)
    return Sites(
        id=np.array(id),
        name=np.array(name),
        country=np.array(country),
        lon=np.array(lon, float),
        lat=np.array(lat, float),
        population=np.array(population, float),
    )


def _thinned(towns: Sites, ports: Sites, near_km: float, apart_km: float) -> np.ndarray:
    """Rows of towns with an airport of their country near, without those near a town kept before them."""
    from scipy.spatial import cKDTree

    points, ends = _by_country(towns, ports)
    rows = np.flatnonzero(cKDTree(ends).query(points)[0] <= _chord(near_km))
    tree, radius = cKDTree(points[rows]), _chord(apart_km)
    free, kept = np.ones(len(rows), bool), []
    for row in range(len(rows)):  # towns come largest first
        if free[row]:
            kept.append(row)
            free[tree.query_ball_point(points[rows[row]], radius)] = False
    return rows[kept]


def _served(towns: Sites, ports: Sites, near_km: float) -> dict[str, int]:
    """IATA code -> row of the nearest of `towns` in its country, for airports that lie near one."""
    from scipy.spatial import cKDTree

    points, ends = _by_country(towns, ports)
    far, rows = cKDTree(points).query(ends)
    near = far <= _chord(near_km)
    return dict(zip(ports.id[near].tolist(), rows[near].tolist(), strict=True))


def _by_country(*sides: Sites) -> list[np.ndarray]:
    """Points on the globe with a fourth axis that sets each country far from every other, float64[n, 4] each."""
    number = {code: n for n, code in enumerate(sorted(set().union(*(side.country.tolist() for side in sides))))}
    return [
        np.c_[unit(side.lon, side.lat), APART * np.array([number[code] for code in side.country])] for side in sides
    ]


def _ranks(country: np.ndarray, people: np.ndarray) -> np.ndarray:
    """0 for the largest of each country, 1 for the next, int64[n]."""
    order = np.lexsort((-people, country))
    starts = np.r_[True, country[order][1:] != country[order][:-1]]
    first = np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - first
    return rank


def _chord(km: float) -> float:
    return float(2 * np.sin(km / EARTH_RADIUS_KM / 2))


def _arc_km(chord: np.ndarray) -> np.ndarray:
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1.0))
