"""Finding a place by what a person types. Nothing is guessed: unclear names get a list to choose from.

A name that several cities bear means the largest one only when it clearly stands out: with ten times the
weight of the next (`CLEAR_LEAD`). Below that, people do mean the smaller one: Hyderabad in Pakistan has a
quarter of the people of its namesake in India, Birmingham in Alabama a sixth of the one in England; the
tenth keeps Paris, London and Lima a matter of one word. A city's weight is its people,
- times ten when it is a main freight place of its country (a row of freight_places.csv), or a port,
  terminal or crossing of that very name lies there (`FREIGHT_WEIGHT`): a planner who types Barcelona or Poti
  means the one with the port, and Islamabad is the capital before it is an old name of Chattogram;
- times 0.03 when it is only called so in another language or age, while another city bears the name today
  (`ALIAS_WEIGHT`).
A crossing has no people and cannot be weighed against a city of the same alias: both are listed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from comity import facts
from comity.errors import BadInput, PlaceAmbiguous, PlaceUnknown
from comity.places.country import checked, country, country_named, is_code
from comity.places.index import connection
from comity.places.place import Place
from comity.places.words import plain
from comity.units import EARTH_RADIUS_KM

CLEAR_LEAD = 10.0
FREIGHT_WEIGHT = 10.0
ALIAS_WEIGHT = 0.03
SAME_PLACE_KM = 60.0  # a port this near to a city of its name is that city's port
LEAST_LIKENESS = 0.5
KIND_ORDER = ("city", "port", "dry_port", "rail_terminal", "gauge_terminal", "crossing", "airport", "country")
KIND_WORDS = {
    "port": "port", "seaport": "port", "dry port": "dry_port", "terminal": "rail_terminal",
    "rail terminal": "rail_terminal", "station": "rail_terminal", "crossing": "crossing",
    "border": "crossing",
    "border crossing": "crossing", "airport": "airport", "city": "city",
}  # fmt: skip
MEND = "Give a name, a UN/LOCODE, an IATA code, a country or lat,lon such as 43.25,76.91."
POINT = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*[,;\s]\s*([+-]?\d+(?:\.\d+)?)")
NUMBERS = re.compile(r"[\s.,;+-]*\d[\d\s.,;+-]*")
LOCODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")
COLUMNS = "p.id, p.name, p.kind, p.country, p.lon, p.lat, p.population, p.region, p.aliases, p.note, p.admin"


class Hit(NamedTuple):
    """A place that a name fits. `main`: it bears the name; otherwise it is also called so."""

    place: Place
    main: bool
    admin: str  # code of the first-order division


def find(text: str) -> Place:
    """The one place that a text names: a name or alias, UN/LOCODE, IATA code, "lat,lon", or a country.

    "Hyderabad, Pakistan", "Paris, TX" and "port of Karachi" narrow it. A name that is both a country and a
    city means the country, one that is both a city and a port means the city. Three letters are a country's
    code before they are an airport's: ALA is the Åland Islands. Raises PlaceUnknown with the nearest names
    in `candidates`, PlaceAmbiguous with the list, BadInput for coordinates outside the world and for what
    cannot be a name.
    """
    text = checked(text, "A place", MEND)
    certain = _certain(text)
    if certain:
        return certain
    found = _exact(text)
    if found:
        return _clear(text, found)
    land = country_named(text)
    if land:  # a code in mixed case, when no city bears it
        return _country_place(land)
    airport = _by_id(text.upper()) if len(text) == 3 else None
    if airport:
        return airport
    raise _unknown(text)


def search(text: str, limit: int = 10) -> list[tuple[Place, float]]:
    """Places by likeness of name, best first, each with a score up to 1, the very name. Raises BadInput."""
    text = checked(text, "A place", MEND)
    certain = _certain(text)
    exact = _exact(text)
    near_port = _freight_hubs(exact)
    exact.sort(key=lambda hit: (KIND_ORDER.index(hit.place.kind), -_weight(hit, near_port, True), hit.place.id))
    found = [(certain, 1.0)] if certain else []
    found += [(hit.place, 1.0 if hit.main else 0.95) for hit in exact]
    if len(found) < limit and not (certain and certain.kind == "point"):
        found += _like(text)
    best: dict[str, tuple[Place, float]] = {}
    for place, score in found:
        best.setdefault(place.id, (place, score))
    return list(best.values())[:limit]


def _certain(text: str) -> Place | None:
    """What needs no search: a point, a country's code or name, a place's own code."""
    point = _point(text)
    if point:
        return point
    land = country_named(text)
    if land and (is_code(text) or len(plain(text)) > 3):
        return _country_place(land)
    return _by_id(text) or (_by_id(text.upper()) if len(text) == 5 else None)


def _by_id(id: str) -> Place | None:
    hit = next(_hits("SELECT {columns}, 1 FROM place p WHERE p.id = ?", id), None)
    return hit.place if hit else None


def _point(text: str) -> Place | None:
    match = POINT.fullmatch(text)
    if not match:
        if NUMBERS.fullmatch(text) and country_named(text) is None:
            raise BadInput(f"{text!r} looks like coordinates but is no pair. Write lat,lon such as 43.25,76.91.")
        return None
    lat, lon = float(match[1]), float(match[2])
    if abs(lat) > 90 or abs(lon) > 180:
        swapped = abs(lon) <= 90 and abs(lat) <= 180
        hint = f" Did you mean {match[2]},{match[1]}? Latitude comes first." if swapped else ""
        raise BadInput(f"{text!r} is no point on Earth: latitude is within +-90, longitude within +-180.{hint}")
    return Place(id=f"{lat:g},{lon:g}", name=f"{lat:g},{lon:g}", kind="point", country="", lon=lon, lat=lat)


def _country_place(land) -> Place:
    """A country as a place. It stands where its main freight place is, or midst its largest part."""
    from comity.places.freight import freight_places

    try:
        centre = freight_places(land.alpha3, 1)[0]
        lon, lat = centre.lon, centre.lat
    except PlaceUnknown:
        from comity.places.outline import midst

        lon, lat = midst(land.alpha3)
    return Place(
        id=land.alpha3, name=land.name, kind="country", country=land.alpha3, lon=lon, lat=lat,
        aliases=land.aliases, note=land.note,
    )  # fmt: skip


def _exact(text: str) -> list[Hit]:
    """Places with this very name or alias, narrowed by a country, region or kind in the text."""
    found = _named(plain(text))
    if not found and "," in text:
        name, *parts = [part.strip() for part in text.split(",")]
        found = _fitting(_named(plain(name)) or _of_kind(name), parts)
    if not found:
        found = _of_kind(text)
    words = text.split()
    for last in range(1, min(4, len(words))):  # "Hyderabad Pakistan", "Georgetown South Carolina"
        if not found:
            found = _fitting(_named(plain(" ".join(words[:-last]))), [" ".join(words[-last:])])
    return found


def _fitting(found: Sequence[Hit], parts: Iterable[str]) -> list[Hit]:
    """Places whose country or region is each of the parts."""
    kept = list(found)
    for part in parts:
        land, word = country_named(part), plain(part)
        kept = [
            hit
            for hit in kept
            if (land and land.alpha3 == hit.place.country)
            or (word and word in (plain(hit.place.region), plain(hit.admin)) and not word.isdigit())
        ]
    return kept


def _of_kind(text: str) -> list[Hit]:
    """Places of a kind that is part of the text: "Karachi port", "Khorgos crossing", "airport of Almaty"."""
    word = plain(text)
    for named, kind in sorted(KIND_WORDS.items(), key=lambda item: -len(item[0])):
        for pattern in (f"{named} of ", f"{named} "):
            if word.startswith(pattern):
                return [hit for hit in _named(word.removeprefix(pattern)) if hit.place.kind == kind]
        if word.endswith(f" {named}"):
            return [hit for hit in _named(word.removesuffix(f" {named}")) if hit.place.kind == kind]
    return []


def _named(word: str) -> list[Hit]:
    query = "SELECT {columns}, k.main FROM key k JOIN place p USING (n) WHERE k.word = ?"
    return list(_hits(query, word)) if word else []


def _hits(query: str, *values: str) -> Iterator[Hit]:
    for row in connection().execute(query.format(columns=COLUMNS), values):
        yield Hit(place_of(row), bool(row[11]), row[10])


def place_of(row: Sequence) -> Place:
    """A place from a row of COLUMNS."""
    return Place(
        id=row[0], name=row[1], kind=row[2], country=row[3], lon=row[4], lat=row[5],
        population=row[6], region=row[7], aliases=tuple(row[8].split(";")) if row[8] else (), note=row[9],
    )  # fmt: skip


def _clear(text: str, found: Sequence[Hit]) -> Place:
    """The one place meant. Raises PlaceAmbiguous with the list."""
    rivals = _rivals(found)
    if len(rivals) == 1:
        return rivals[0].place
    near_port = _freight_hubs(found)
    borne = any(hit.main and hit.place.kind == "city" for hit in rivals)
    weighed = sorted(rivals, key=lambda hit: (-_weight(hit, near_port, borne), hit.place.id))
    first = _weight(weighed[0], near_port, borne)
    comparable = all(hit.place.kind == weighed[0].place.kind for hit in weighed)
    if comparable and first >= CLEAR_LEAD * max(_weight(weighed[1], near_port, borne), 1.0):
        return weighed[0].place
    places = [hit.place for hit in weighed]
    advice = _advice(places)
    listed = "".join(f"\n  {place}" + f"  {place.id}" * advice.startswith("Give its id") for place in places[:12])
    more = f"\n  and {len(places) - 12} more" if len(places) > 12 else ""
    raise PlaceAmbiguous(f"{text!r} can mean {len(places)} places. {advice}:{listed}{more}", places)


def _advice(places: Sequence[Place]) -> str:
    first, *others = places
    if all(place.country != first.country for place in others):
        return f'Add the country, such as "{first.name}, {first.country}", or give lat,lon'
    if first.region and all(place.region != first.region for place in others):
        return f'Add the region, such as "{first.name}, {first.region}", or give lat,lon'
    return f'Give its id, such as "{first.id}", or lat,lon'


def _rivals(found: Sequence[Hit]) -> list[Hit]:
    """The places between which a name must decide.

    A city stands before a port or terminal of the same name. A city that is only also called so does not
    stand before a crossing that bears the name: Khorgos is first of all the crossing.
    """
    cities = [hit for hit in found if hit.place.kind == "city"]
    others = [hit for hit in found if hit.place.kind not in ("city", "airport")]
    if any(hit.main for hit in cities) or not others:
        return cities or list(found)
    crossings = [hit for hit in others if hit.place.kind == "crossing" and hit.main]
    away = [hit for hit in others if not any(_apart_km(hit.place, city.place) <= SAME_PLACE_KM for city in cities)]
    rivals = cities + list(dict.fromkeys(crossings + away))
    first = min(rivals, key=lambda hit: KIND_ORDER.index(hit.place.kind))
    alike = [hit for hit in rivals if hit.place.kind == first.place.kind]
    one_spot = all(_apart_km(first.place, hit.place) <= SAME_PLACE_KM for hit in rivals)
    return alike if one_spot and not cities else rivals


def _freight_hubs(found: Sequence[Hit]) -> list[Place]:
    """Those of the places that freight goes to by this name."""
    listed = {(row["country"], plain(row["place"])) for row in facts.rows("freight_places")}
    hubs = [hit.place for hit in found if hit.main and hit.place.kind not in ("city", "airport", "country")]
    return hubs + [hit.place for hit in found if hit.main and (hit.place.country, plain(hit.place.name)) in listed]


def _weight(hit: Hit, near_port: Sequence[Place], borne: bool) -> float:
    weight = float(hit.place.population)
    if not hit.main and borne:
        weight *= ALIAS_WEIGHT
    if any(_apart_km(hit.place, port) <= SAME_PLACE_KM for port in near_port):
        weight *= FREIGHT_WEIGHT
    return weight


def _apart_km(a: Place, b: Place) -> float:
    north, east = math.radians(a.lat), math.radians(b.lat)
    arc = math.sin((east - north) / 2) ** 2
    arc += math.cos(north) * math.cos(east) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(arc)))


def _unknown(text: str) -> PlaceUnknown:
    if "," in text:
        name, *parts = [part.strip() for part in text.split(",")]
        elsewhere = [hit.place for hit in sorted(_named(plain(name)), key=lambda hit: -hit.place.population)]
        strange = [part for part in parts if country_named(part) is None]
        if elsewhere:
            listed = "".join(f"\n  {place}" for place in elsewhere[:6])
            why = f"{strange[0]!r} is no country or region known here" if strange else "not in that country"
            return PlaceUnknown(f"No place is called {text!r}: {why}. {name} is:{listed}", elsewhere)
    near = [*_lands_like(text), *(place for place, _ in _like(text))][:6]
    listed = "".join(f"\n  {place}" for place in near)
    hint = f" The nearest names are:{listed}" if near else f" {MEND}"
    if LOCODE.fullmatch(text):
        hint = " Of UN/LOCODE, the container ports of the tables are known. Give the name or lat,lon instead."
    return PlaceUnknown(f"No place is called {text!r}.{hint}", near)


def _lands_like(text: str) -> list[Place]:
    """Countries with a name of nearly the same letters."""
    try:
        country(text)
    except PlaceUnknown as unknown:
        return [_country_place(land) for land in unknown.candidates[:2]]
    return []


def _like(text: str) -> list[tuple[Place, float]]:
    """Places with a name of much the same letters, or one that begins so."""
    word = plain(text)
    best: dict[str, tuple[Place, float]] = {}
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(word)
    for row in [*_sharing_trigrams(word), *_beginning_alike(word)]:
        matcher.set_seq1(row[11])
        score = 0.9 * matcher.ratio()
        if len(word) >= 3 and row[11].startswith(word):
            score = max(score, 0.85)
        if score >= LEAST_LIKENESS and score > best.get(row[0], (None, 0.0))[1]:
            best[row[0]] = place_of(row), score
    return sorted(best.values(), key=lambda item: (-round(item[1], 1), *_rank(item[0])))


def _sharing_trigrams(word: str) -> list[tuple]:
    if len(word) < 3:
        return []
    parts = {word[at : at + 3] for at in range(len(word) - 2)}
    query = " OR ".join('"' + part.replace('"', '""') + '"' for part in sorted(parts))
    statement = (
        f"SELECT {COLUMNS}, l.word FROM likeness l JOIN place p ON p.n = l.n "
        "WHERE likeness MATCH ? ORDER BY rank LIMIT 300"
    )
    return connection().execute(statement, [query]).fetchall()


def _beginning_alike(word: str) -> list[tuple]:
    """Names that begin with the same letters, of the largest places; in every script."""
    if len(word) < 2:
        return []
    start = word[: max(2, min(4, len(word) // 2))] if word.isascii() else word[:2]
    beyond = start[:-1] + chr(min(ord(start[-1]) + 1, 0xFFFF))
    statement = (
        f"SELECT {COLUMNS}, k.word FROM key k JOIN place p USING (n) WHERE k.word >= ? AND k.word < ? "
        "AND p.population >= 15000 ORDER BY p.population DESC LIMIT 600"
    )
    return connection().execute(statement, [start, beyond]).fetchall()


def _rank(place: Place) -> tuple:
    return KIND_ORDER.index(place.kind), -place.population, place.id
