"""Regions of the air, and which of them are shut on a day for whose flights.

A region is named by its ICAO code or by a country. Without polygons of a user's own (`comity air import firs`),
the borders of the country stand for a region that covers it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from comity import facts, places
from comity.air.own import FIRS, kept_by, own_file
from comity.errors import BadInput, PlaceUnknown
from comity.places.outline import border_lines, outlines

if TYPE_CHECKING:
    from shapely import Geometry

EVERYONE = "all"
TOP_FL = 999
WALL_DEG, GATE_DEG = 0.04, 0.2  # half the width of a border that is a wall, and of the slit at a gate: 4 and 20 km
BEND_DEG = 0.12  # finer bends of such a border are left out: a gate is known no better


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A dated rule of airspace. `kind` : closed, restricted, advisory or contingency; `airways` stay usable in it.

    from_fl, to_fl : flight levels it covers, None where the row does not tell: then it covers all
    """

    id: str
    area: tuple[str, ...]
    kind: str
    start: date
    end: date | None
    end_status: str
    applies_to: tuple[str, ...]
    from_fl: int | None
    to_fl: int | None
    airways: tuple[str, ...]
    summary: str
    source: str
    standing: str

    def told(self, on: date) -> str:
        """The rule in words on a day, with what is doubtful of it."""
        late = self.end is not None and self.end < on
        return self.summary + (f" (Last told to hold to {self.end}; ask before you rely on it.)" if late else "")

    @property
    def by_level(self) -> bool:
        """Whether it covers some levels alone."""
        return bool(self.from_fl) or (self.to_fl is not None and self.to_fl < TOP_FL)

    def holds_at(self, level: int) -> bool:
        """Whether it covers a flight level. A flight at the upper bound is above it: "not below FL320" leaves 320 free."""
        return (self.from_fl or 0) <= level < (TOP_FL if self.to_fl is None else self.to_fl)


def closures(on: date, operators: Iterable[str] = ()) -> tuple[Closure, ...]:
    """Rules in force on a day for flights of these countries (alpha-3), those for everybody first.

    One that its row calls open counts as in force, even past the day to which it was last set: such rules are put off
    month by month. One whose end is unknown counts until the last day that was told, and not at all where none was.
    """
    flying = {EVERYONE, *operators}
    found = [
        one
        for one in map(_closure, facts.rows("airspace_closures"))
        if one.start <= on
        and (one.end_status == "open" or (one.end is not None and one.end >= on))
        and not flying.isdisjoint(one.applies_to)
    ]
    return tuple(sorted(found, key=lambda one: (EVERYONE not in one.applies_to, one.start)))


def _closure(row: dict) -> Closure:
    return Closure(**{name: row[name] for name in Closure.__slots__})


def regions(names: Sequence[str]) -> tuple[Geometry, ...]:
    """Polygons of regions named by ICAO code, alpha-3 or a country's name.

    Raises BadInput for a part of a country whose polygon nobody gave, and for a name that is none.
    """
    asked = frozenset(name.upper() for name in names)
    return tuple(part for name in names for part in _region(name, asked))


def drawable(names: Sequence[str]) -> tuple[str, ...]:
    """Those of the names that `regions` can draw: a rule on a part of a country without a polygon can only be told."""
    asked = frozenset(name.upper() for name in names)
    found = []
    for name in dict.fromkeys(names):
        try:
            _region(name, asked)
        except BadInput:
            continue
        found.append(name)
    return tuple(found)


def _region(name: str, asked: frozenset[str]) -> tuple[Geometry, ...]:
    given, faults = _given()
    code = name.upper()
    if code in faults:
        raise BadInput(f"The polygon of {code} cannot be gone round: {faults[code]}. Mend it and import it again.")
    if code in given:
        return given[code]
    known = {row["region"]: row for row in facts.rows("flight_regions")}
    return _bordered(known[code], asked, known) if code in known else _country(name)


def region_name(name: str) -> str:
    """What to call a region in a sentence: Kabul (OAKX), Afghanistan."""
    row = next((row for row in facts.rows("flight_regions") if row["region"] == name.upper()), None)
    return f"{row['name']} ({row['region']})" if row else places.country(name).short


def lands_of(area: Sequence[str]) -> frozenset[str]:
    """Countries (alpha-3) that the regions of a rule lie over."""
    known = {row["region"]: row["country"] for row in facts.rows("flight_regions")}
    return frozenset(known.get(name, name) for name in area)


def _bordered(row: dict, asked: frozenset[str], known: dict[str, dict]) -> tuple[Geometry, ...]:
    shares = {code for code, one in known.items() if one["country"] == row["country"] and one["extent"] == "share"}
    if row["extent"] == "part" or (row["extent"] == "share" and not shares <= asked):
        raise BadInput(
            f"{row['region']} is only a part of {places.country(row['country']).name}, and no border stands for it. "
            "Give its polygon: comity air import firs FILE.geojson."
        )
    return _country(row["country"])


@lru_cache(maxsize=64)
def _outline(alpha3: str) -> tuple[Geometry, ...]:
    return tuple(shape for code, shape in outlines() if code == alpha3)


def _country(name: str) -> tuple[Geometry, ...]:
    try:
        return _outline(places.country(name).alpha3)
    except PlaceUnknown as fault:
        raise BadInput(f"{name!r} is no flight region we know and no country. Name one like OAKX or AFG.") from fault


@kept_by(FIRS)
def _given() -> tuple[dict[str, tuple[Geometry, ...]], dict[str, str]]:
    path = own_file(FIRS)
    return read_regions(path) if path else ({}, {})


def read_regions(path: Path) -> tuple[dict[str, tuple[Geometry, ...]], dict[str, str]]:
    """Polygons of a GeoJSON file, gzipped or not, by the property `id` (or `icao`, `name`) of each feature in capitals.

    The second part tells what is wrong with those that cross themselves or reach a pole, by the same names.
    Raises BadInput for a file that is none, or holds no good polygon.
    """
    import shapely
    from shapely.geometry import shape

    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            features = json.load(file)["features"]
        drawn = [(_id(row["properties"]).upper(), shape(row["geometry"])) for row in features if row["geometry"]]
    except (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, StopIteration) as fault:
        told = f"{type(fault).__name__}: {fault}"
        raise BadInput(f"{path.name} is no GeoJSON of polygons with an id each ({told}).") from fault
    faults = {
        name: "it reaches a pole" if one.is_valid else f"it crosses itself ({shapely.is_valid_reason(one)})"
        for name, one in drawn
        if not one.is_valid or max(abs(one.bounds[1]), abs(one.bounds[3])) > 89.9
    }
    found: dict[str, list[Geometry]] = {}
    for name, one in drawn:
        if name not in faults:
            found.setdefault(name, []).extend(getattr(one, "geoms", [one]))
    if not found:
        first = " ".join(next(iter(faults.items()), ("it holds none",)))
        raise BadInput(f"{path.name} has no region that can be gone round: {first}.")
    return {name: tuple(parts) for name, parts in found.items()}, faults


@cache
def walls() -> tuple[Geometry, ...]:
    """Borders that airways cross only at gates, as thin polygons with a slit at each: what a way meets where no airway is known."""
    import shapely

    rows = {frozenset((row["country_a"], row["country_b"])): row["gates"] for row in facts.rows("airway_borders")}
    lines = [shapely.LineString(line) for a, b, _, line in border_lines() if frozenset((a, b)) in rows]
    gates = [shapely.Point(*map(float, gate.split())) for points in rows.values() for gate in points]
    thin = shapely.union_all([line.simplify(BEND_DEG) for line in lines]).buffer(WALL_DEG, quad_segs=1)
    open_ = thin.difference(shapely.union_all([gate.buffer(GATE_DEG, quad_segs=2) for gate in gates]))
    return tuple(getattr(open_, "geoms", [open_]))


def _id(properties: dict) -> str:
    return str(next(properties[key] for key in ("id", "icao", "ident", "name") if properties.get(key)))
