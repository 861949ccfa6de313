"""The places that stand for a country in a question about countries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from comity import facts
from comity.errors import PlaceUnknown
from comity.places.country import country
from comity.places.index import connection
from comity.places.place import Place
from comity.places.search import COLUMNS, SAME_PLACE_KM, _apart_km, find, place_of

PORT_TIERS = ("hub", "main")  # a Caspian port leads to no ocean


@cache
def freight_places(alpha3: str, n: int = 3) -> tuple[Place, ...]:
    """A country's main freight places, at most `n`, the one that stands for the country first.

    The rows of freight_places.csv by rank, and then the largest cities by population. A country without a
    row there begins with the city of its main ocean port. Two places lie at least 60 km apart, so that no
    suburb counts twice. Raises PlaceUnknown when the country has neither a city of 5,000 people nor a port.
    """
    land = country(alpha3)
    found: list[Place] = []
    for place in _wanted(land.alpha3, n):
        if all(_apart_km(place, other) > SAME_PLACE_KM for other in found):
            found.append(place)
        if len(found) == n:
            break
    if not found:
        raise PlaceUnknown(f"{land.name} has no city of 5,000 people in the gazetteer. Give a point as lat,lon.")
    return tuple(found)


def _wanted(alpha3: str, n: int) -> Iterator[Place]:
    named = [row for row in facts.rows("freight_places") if row["country"] == alpha3]
    for row in sorted(named, key=lambda row: row["rank"]):
        yield find(f"{row['place']}, {alpha3}")
    cities = _cities(alpha3, 20 * n)
    if not named:
        yield from _port_cities(alpha3, cities)
    yield from cities


def _cities(alpha3: str, limit: int) -> list[Place]:
    query = (
        f"SELECT {COLUMNS} FROM place p WHERE p.kind = 'city' AND p.country = ? "
        "ORDER BY p.population DESC, p.id LIMIT ?"
    )
    return [place_of(row) for row in connection().execute(query, [alpha3, limit])]


def _port_cities(alpha3: str, cities: list[Place]) -> list[Place]:
    """The largest city beside the main ocean port, or the port where no large city is near; [] without one.

    Hubs go before other ports, and of ports alike the one with the larger city.
    """
    choices = []
    for row in facts.rows("container_ports"):
        if row["country"] == alpha3 and row["tier"] in PORT_TIERS:
            port = find(row["locode"])
            city = next((city for city in cities if _apart_km(city, port) <= SAME_PLACE_KM), None)
            people = city.population if city else 0
            choices.append((PORT_TIERS.index(row["tier"]), -people, row["locode"], city or port))
    return [min(choices, key=lambda choice: choice[:3])[3]] if choices else []
