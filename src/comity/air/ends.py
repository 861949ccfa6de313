"""Which airports a flight is asked between: those of two countries, town by town, or two that are named."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from comity import facts, places
from comity.air import catchment, demand
from comity.air.airways import geodesic_km
from comity.air.own import RUNWAYS, kept_by
from comity.air.runways import Field, field_of
from comity.air.viability import economics
from comity.errors import BadInput, PlaceUnknown

SMALL_TOWN = 20_000.0  # people; asked for only where a country has no larger market, and the model is stretched there


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ends:
    """Pairs of airports to look at. names : of the two sides · codes : IATA, n pairs · rows : int64[n, 2], their markets

    straight_km : float64[n], geodesic · left_out : what was not looked at and why
    """

    names: tuple[str, str]
    codes: tuple[tuple[str, str], ...]
    rows: np.ndarray
    straight_km: np.ndarray
    left_out: tuple[str, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        """Alpha-3 of the airports, each once: whose airlines may fly."""
        return tuple(dict.fromkeys(country_of(code) for pair in self.codes for code in pair))


def ends_of(origin: str, destination: str) -> Ends:
    """Every pair of towns of two countries, or two airports or towns. Raises BadInput, PlaceUnknown."""
    names, codes = _asked(origin, destination)
    points = np.array([[point_of(a), point_of(b)] for a, b in codes])
    straight = geodesic_km(points[:, 0], points[:, 1])
    nearest, farthest = economics("nearest_km")["value"], economics("farthest_km")["value"]
    kept = np.flatnonzero((straight >= nearest) & (straight <= farthest))
    bounds = f"under {nearest:,.0f} or over {farthest:,.0f} km"
    if not len(kept):
        raise BadInput(f"{names[0]} and {names[1]} are no flight apart: {bounds}.")
    codes = tuple(codes[n] for n in kept)
    return Ends(
        names=names,
        codes=codes,
        rows=np.array([(demand.market(a), demand.market(b)) for a, b in codes], np.int64).reshape(-1, 2),
        straight_km=straight[kept],
        left_out=(f"{len(straight) - len(kept)} pairs {bounds}",) if len(kept) < len(straight) else (),
    )


def _asked(origin: str, destination: str) -> tuple[tuple[str, str], tuple[tuple[str, str], ...]]:
    lands = _land(origin), _land(destination)
    if not (lands[0] and lands[1]):
        pair = _airport(origin), _airport(destination)
        if pair[0] == pair[1]:
            raise BadInput(f"{pair[0]} twice: a flight needs two airports.")
        return pair, (pair,)
    if lands[0] == lands[1] and origin.strip().upper() in catchment.markets().of_airport:
        raise BadInput(f"{origin.strip().upper()} twice: a flight needs two airports, or two countries.")
    if lands[0] == lands[1]:
        raise BadInput(f"{places.country(lands[0]).name} twice: give two countries, or two airports.")
    ranking = demand.ranked([lands[0]], [lands[1]]) or demand.ranked([lands[0]], [lands[1]], at_least=SMALL_TOWN)
    names = places.country(lands[0]).name, places.country(lands[1]).name
    if not ranking:
        raise BadInput(
            f"No town of {SMALL_TOWN:,.0f} people with an airport is known in {names[0]} or {names[1]}. Name airports instead."
        )
    return names, tuple((main_airport(row.origin_airports), main_airport(row.destination_airports)) for row in ranking)


def _land(text: str) -> str | None:
    try:
        return places.country(text).alpha3
    except PlaceUnknown:
        return None


def _airport(text: str) -> str:
    """IATA code of an airport, or of the main one of a town."""
    code = catchment.known_as(text.strip().upper())
    if code in catchment.markets().of_airport:
        return code
    if len(code) == 3 and code.isascii() and code.isalpha() and places.find(text).name.upper() != code:
        raise BadInput(
            f"{code} is no airport's IATA code that is known here. Give an airport, such as ALA, or a town by its name."
        )
    return main_airport(catchment.markets().airports[demand.market(text)])


@kept_by(RUNWAYS, maxsize=4096)
def main_airport(codes: tuple[str, ...]) -> str:
    """The main airport of a market: a hub's, else a large one with scheduled flights and the longest runway.

    Between equals, the one that draws most people.
    """
    placed = [code for code in codes if code not in catchment.misplaced()] or list(codes)
    hubs = [row["hub"] for row in facts.rows("air_hubs") if row["hub"] in placed]
    return hubs[0] if hubs else max(placed, key=_rank) if len(placed) > 1 else placed[0]


def _rank(code: str) -> tuple[bool, bool, float, float]:
    field = field_of(code) or Field(icao="", elevation_m=0.0, runway_m=None, scheduled=False)
    return field.scheduled, field.large, field.runway_m or 0.0, float(catchment.airport_people([code])[0])


@lru_cache(maxsize=4096)
def _site(code: str) -> int:
    return int(np.flatnonzero(catchment.airports().id == code)[0])


def point_of(code: str) -> tuple[float, float]:
    """Longitude and latitude of an airport."""
    sites = catchment.airports()
    return float(sites.lon[_site(code)]), float(sites.lat[_site(code)])


def country_of(code: str) -> str:
    """Alpha-3 of an airport."""
    return str(catchment.airports().country[_site(code)])


def town_of(code: str) -> str:
    """The town that an airport serves: as a row names it, else as the airport's own data do, else its market's."""
    marked = facts.keyed("airport_marks", ("iata",)).get((code,))
    if marked and marked["mark"] == "town":
        return marked["other"]
    field, found = field_of(code), catchment.markets()
    if field and field.town:
        return field.town
    return str(found.towns.name[found.of_airport[code]])
