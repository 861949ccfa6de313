"""The places that stand for a country in a question about countries."""

from __future__ import annotations

from functools import cache

from comity import facts
from comity.errors import PlaceUnknown
from comity.places.country import country
from comity.places.index import connection
from comity.places.place import Place
from comity.places.search import COLUMNS, _place, find


@cache
def freight_places(alpha3: str, n: int = 3) -> tuple[Place, ...]:
    """A country's main freight places: those of freight_places.csv by rank, then its largest cities by population.

    Raises PlaceUnknown when the country has no city of 5,000 people.
    """
    land = country(alpha3)
    named = sorted((row for row in facts.rows("freight_places") if row["country"] == land.alpha3), key=lambda row: row["rank"])
    found = [find(f"{row['place']}, {land.alpha3}") for row in named[:n]]
    rows = connection().execute(
        f"SELECT {COLUMNS} FROM place p WHERE p.kind = 'city' AND p.country = ? ORDER BY p.population DESC LIMIT ?",
        [land.alpha3, 2 * n],
    )
    found += [place for place in map(_place, rows) if place.id not in {other.id for other in found}]
    if not found:
        raise PlaceUnknown(f"{land.name} has no city of 5,000 people in the gazetteer; give a point as lat,lon.")
    return tuple(found[:n])
