"""Finding a place by what a person types. Nothing is guessed: unclear names get a list to choose from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from comity.errors import BadInput, PlaceAmbiguous, PlaceUnknown
from comity.places.country import country, is_country
from comity.places.index import connection
from comity.places.place import Place
from comity.places.words import plain

LONGEST = 100
CLEAR_LEAD = 10.0  # a name goes to its largest city only when that has ten times the people of the next
ALIAS_WEIGHT = 0.3  # a city known by this name in another language counts less than one that bears it
KIND_ORDER = ("city", "port", "dry_port", "rail_terminal", "gauge_terminal", "crossing", "airport")
POINT = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*[,;]\s*([+-]?\d+(?:\.\d+)?)\s*")
COLUMNS = "p.id, p.name, p.kind, p.country, p.lon, p.lat, p.population, p.region"


def find(text: str) -> Place:
    """The place a text names: a name or alias, UN/LOCODE, IATA code, "lat,lon", or a country.

    "Hyderabad, Pakistan" and "port of Karachi" narrow it. Raises PlaceUnknown with the nearest names, PlaceAmbiguous
    with the list, BadInput for coordinates outside the world.
    """
    text = _checked(text)
    point = _point(text)
    if point:
        return point
    if is_country(text) and not (len(text) == 2 and text.islower()):
        land = country(text)
        return Place(id=land.alpha3, name=land.name, kind="country", country=land.alpha3, lon=0.0, lat=0.0)
    found = _exact(text)
    if not found:
        near = [place for place, _ in search(text, limit=6)]
        listed = "".join(f"\n  {place}" for place in near)
        raise PlaceUnknown(f"No place is called {text!r}." + (f" The nearest names are:{listed}" if near else ""), near)
    return _clear(text, found)


def search(text: str, limit: int = 10) -> list[tuple[Place, float]]:
    """Places by likeness of name, best first, each with a score from 0 to 1 (1: the very name)."""
    text = _checked(text)
    exact = [(place, 1.0 if main else 0.95) for place, main in _exact(text)]
    exact.sort(key=lambda item: (-item[1], _rank(item[0])))
    seen = {place.id for place, _ in exact}
    like = [(place, score) for place, score in _like(text) if place.id not in seen] if len(exact) < limit else []
    return (exact + like)[:limit]


def _checked(text: str) -> str:
    text = str(text).strip()
    if not text:
        raise BadInput("A place is empty. Give a name, a code, a country or lat,lon.")
    if len(text) > LONGEST:
        raise BadInput(f"A place of {len(text)} letters is too long; up to {LONGEST} are read.")
    return text


def _point(text: str) -> Place | None:
    match = POINT.fullmatch(text)
    if not match:
        return None
    lat, lon = float(match[1]), float(match[2])
    if abs(lat) > 90 or abs(lon) > 180:
        swapped = abs(lon) <= 90 and abs(lat) <= 180
        hint = f" Is it {lon},{lat}? Latitude comes first." if swapped else ""
        raise BadInput(f"{text!r} is no point on Earth: latitude is within +-90, longitude within +-180.{hint}")
    return Place(id=f"{lat:g},{lon:g}", name=f"{lat:g},{lon:g}", kind="point", country="", lon=lon, lat=lat)


def _exact(text: str) -> list[tuple[Place, bool]]:
    """Places with this very name (True) or alias (False); a part after a comma names the country."""
    found = _named(plain(text))
    if not found and "," in text:
        name, _, land = text.rpartition(",")
        if is_country(land):
            found = [(place, main) for place, main in _named(plain(name)) if place.country == country(land).alpha3]
    return found


def _named(word: str) -> list[tuple[Place, bool]]:
    rows = connection().execute(f"SELECT {COLUMNS}, k.main FROM key k JOIN place p USING (n) WHERE k.word = ?", [word])
    return [(_place(row), bool(row[8])) for row in rows]


def _clear(text: str, found: Sequence[tuple[Place, bool]]) -> Place:
    """The one place meant, or PlaceAmbiguous. A city stands before a port or crossing of the same name."""
    first = min(KIND_ORDER.index(place.kind) for place, _ in found)
    same = [(place, main) for place, main in found if KIND_ORDER.index(place.kind) == first]
    weighed = sorted(((place.population * (1.0 if main else ALIAS_WEIGHT), place) for place, main in same), key=lambda w: -w[0])
    if len(weighed) == 1 or weighed[0][0] >= CLEAR_LEAD * max(weighed[1][0], 1.0):
        return weighed[0][1]
    places = [place for _, place in weighed][:12]
    listed = "".join(f"\n  {place}" for place in places)
    raise PlaceAmbiguous(
        f"{text!r} can mean {len(weighed)} places; add the country ({places[0].name}, {places[0].country}) or give lat,lon:{listed}",
        places,
    )


def _like(text: str) -> list[tuple[Place, float]]:
    word = plain(text)
    if len(word) < 3:
        return []
    parts = {word[i : i + 3] for i in range(len(word) - 2)}
    query = " OR ".join('"' + part.replace('"', '""') + '"' for part in sorted(parts))
    rows = connection().execute(
        f"SELECT {COLUMNS}, l.word FROM likeness l JOIN place p ON p.n = l.n WHERE likeness MATCH ? ORDER BY rank LIMIT 400", [query]
    )
    best: dict[str, tuple[Place, float]] = {}
    for row in rows:
        place, score = _place(row), 0.9 * SequenceMatcher(None, word, row[8]).ratio()
        if score > best.get(place.id, (place, 0.0))[1]:
            best[place.id] = (place, score)
    kept = [item for item in best.values() if item[1] >= 0.5]
    return sorted(kept, key=lambda item: (-round(item[1], 1), _rank(item[0])))


def _rank(place: Place) -> tuple:
    return KIND_ORDER.index(place.kind), -place.population, place.id


def _place(row: Sequence) -> Place:
    return Place(id=row[0], name=row[1], kind=row[2], country=row[3], lon=row[4], lat=row[5], population=row[6], region=row[7])
