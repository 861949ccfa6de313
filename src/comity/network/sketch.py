"""A line of a user's own: drawn in a GeoJSON file, or from one place to another, with the gauge, speed and tariff given."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np

from comity import facts, places
from comity.errors import BadInput
from comity.facts import Figure
from comity.network.compile import countries_of
from comity.network.geo import great_circle_km
from comity.network.lines import Line, Station, slug
from comity.network.model import Mode
from comity.network.runs import bounds
from comity.places.sphere import unit

STEP_KM = 10.0  # between points where a line between two places is asked for its country
CORNER_KM = 30.0  # a country that the line cuts a corner of for less than this is not passed
BEND_KM = 5.0  # bends of a drawn line nearer than this to one another are one
PROPERTIES = ("name", "mode", "gauge_mm", "speed_kmh", "tariff_usd_per_km", "length_km", "opens_year",
              "capacity_mt_per_year", "cost_usd_bn")  # fmt: skip
LIMITS = {  # what a person may give: least (above), most
    "speed_kmh": (0.0, 400.0),
    "tariff_usd_per_km": (0.0, 50.0),  # of a TEU by rail, of a truck by road
    "length_km": (0.0, 20_000.0),
    "opens_year": (1990, 2200),
    "capacity_mt_per_year": (0.0, 2_000.0),
    "cost_usd_bn": (0.0, 10_000.0),
}


def between(origin, destination, **told) -> Line:
    """A line from one place to another by the great circle, through the countries that it crosses.

    origin, destination : a place, its name or code, or "lat,lon" · told : any of PROPERTIES; gauge_mm is the origin
    country's main gauge where none is given. Raises BadInput with every fault at once, PlaceUnknown, PlaceAmbiguous.
    """
    _check("the new line", told)
    a, b = (end if isinstance(end, places.Place) else places.find(end) for end in (origin, destination))
    straight = float(great_circle_km(a.lon, a.lat, b.lon, b.lat))
    if straight < 1.0:
        raise BadInput(f"A line from {a.name} to {b.name} has no length. Name two places that lie apart.")
    lon, lat = _great_circle(a, b, max(2, math.ceil(straight / STEP_KM) + 1))
    told = {"name": f"{a.name} - {b.name}", **told}
    return _line(told, lon, lat, _names(a.name, b.name, len(lon)), keep_bends=False)


def from_file(path: str | Path, **told) -> list[Line]:
    """The lines of a GeoJSON file, each with its own properties (PROPERTIES), over which those `told` go.

    Raises BadInput for a file that holds no line, or with every fault of the properties at once.
    """
    path = Path(path)
    found = []
    for number, (shape, own) in enumerate(_features(path)):
        given = {name: own[name] for name in PROPERTIES if own.get(name) is not None} | told
        name = str(given.get("name") or path.stem + (f" {number + 1}" if number else ""))
        _check(f"{path.name}, {name}", given)
        lon, lat = _dense(shape).T
        ends = str(own.get("from") or f"{name} (start)"), str(own.get("to") or f"{name} (end)")
        found.append(_line(given | {"name": name}, lon, lat, _names(*ends, len(lon)), keep_bends=True))
    return found


def _features(path: Path) -> Iterator[tuple[np.ndarray, dict]]:
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        features = whole["features"] if whole.get("type") == "FeatureCollection" else [whole]
        shapes = [feature["geometry"] if feature.get("type") == "Feature" else feature for feature in features]
        kinds = {str(shape.get("type")) for shape in shapes}
        if kinds - {"LineString"} or not shapes:
            raise BadInput(
                f"{path.name} holds {', '.join(sorted(kinds)) or 'nothing'}: draw each line as one LineString."
            )
        lines = [np.asarray([point[:2] for point in shape["coordinates"]], float) for shape in shapes]
    except OSError as fault:
        raise BadInput(f"{path} cannot be read: {fault.strerror}. Name a GeoJSON file or a planned line.") from fault
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as fault:
        if isinstance(fault, BadInput):
            raise
        raise BadInput(f"{path.name} is no GeoJSON with a LineString ({fault}).") from fault
    for line, feature in zip(lines, features, strict=True):
        off = not len(line) or not np.isfinite(line).all() or (np.abs(line) > (180.0, 90.0)).any()
        if len(line) < 2 or off:
            raise BadInput(f"{path.name}: a line needs two points or more, each longitude, latitude in degrees.")
        yield line, dict(feature.get("properties") or {})


def _dense(shape: np.ndarray) -> np.ndarray:
    """A drawn line with a point every `STEP_KM` at least, so that no country between two bends is missed."""
    km = great_circle_km(*shape[:-1].T, *shape[1:].T)
    pieces = np.maximum(np.ceil(km / STEP_KM), 1).astype(int)
    parts = [a + (b - a) * np.arange(n)[:, None] / n for a, b, n in zip(shape, shape[1:], pieces, strict=False)]
    return np.vstack([*parts, shape[-1:]])


def _check(what: str, told: dict) -> None:
    """Raise BadInput with every property that cannot be."""
    faults = [f"{what}: {name} is no property of a line." for name in told if name not in PROPERTIES]
    mode = str(told.get("mode") or "rail").lower()
    if mode not in ("rail", "road"):
        faults.append(f"{what}: mode {mode!r} is not rail or road.")
    faults += gauge_faults(what, told.get("gauge_mm"), mode)
    for name, (least, most) in LIMITS.items():
        given = told.get(name)
        if given is not None and not (_is_number(given) and least < float(given) <= most):
            faults.append(f"{what}: {name} {given!r} is not a number above {least:g}, {most:g} at most.")
    if faults:
        raise BadInput("\n".join(faults))


def gauge_faults(what: str, gauge_mm, mode: str = "rail") -> list[str]:
    """A sentence when no railway has this gauge; the gauges in use are those of gauges.csv and gauge_exceptions.csv."""
    if gauge_mm is None or mode == "road":
        return []
    used = sorted({int(row["gauge_mm"]) for name in ("gauges", "gauge_exceptions") for row in facts.rows(name)})
    if _is_number(gauge_mm) and float(gauge_mm) in used:
        return []
    return [f"{what}: no railway has a gauge of {gauge_mm} mm. In use are {', '.join(map(str, used))}."]


def _is_number(given) -> bool:
    try:
        return math.isfinite(float(given)) and not isinstance(given, bool)
    except (TypeError, ValueError):
        return False


def _names(first: str, last: str, n: int) -> list[str]:
    return [first, *("" for _ in range(n - 2)), last]


def _great_circle(a, b, n: int) -> tuple[np.ndarray, np.ndarray]:
    """n points from a to b, evenly spaced: degrees of longitude and latitude."""
    ends = unit([a.lon, b.lon], [a.lat, b.lat])
    angle = math.acos(float(np.clip(ends[0] @ ends[1], -1, 1)))
    along = np.linspace(0, 1, n)[:, None]
    x, y, z = ((np.sin((1 - along) * angle) * ends[0] + np.sin(along * angle) * ends[1]) / math.sin(angle)).T
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arcsin(np.clip(z, -1, 1)))


def _line(told: dict, lon: np.ndarray, lat: np.ndarray, names: Sequence[str], keep_bends: bool) -> Line:
    mode = Mode[str(told.get("mode") or "rail").upper()]
    country = _without_corners(lon, lat, countries_of(lon, lat))
    gauge = 0 if mode is Mode.ROAD else int(float(told.get("gauge_mm") or _main_gauge(str(country[0]))))
    kept = _kept(lon, lat, country, keep_bends)
    last = len(lon) - 1
    stations = tuple(
        Station(
            name=names[n] or f"{told['name']}, km {km:.0f}", lon=float(lon[n]), lat=float(lat[n]), country=str(country[n]),
            gauge_mm=gauge, joins=n in (0, last), terminal=False,
        )
        for n, km in kept
    )  # fmt: skip
    id = f"own-{slug(str(told['name']))}"
    numbers = {name: float(told[name]) for name in LIMITS if told.get(name) is not None}
    line = Line(
        id=id, name=str(told["name"]), stations=stations, length_km=numbers.get("length_km", float(kept[-1][1])),
        line_class="new", mode=mode, capacity_mt_per_year=numbers.get("capacity_mt_per_year"),
        opens_year=int(numbers["opens_year"]) if "opens_year" in numbers else None,
        cost_usd_bn=numbers.get("cost_usd_bn"), state="own",
    )  # fmt: skip
    return _with_figures(line, numbers)


def _with_figures(line: Line, numbers: dict[str, float]) -> Line:
    """The line with the user's own speed and rate, on a class of its own so that no other line takes them.

    What was not given is that of other new lines of the country.
    """
    if not {"speed_kmh", "tariff_usd_per_km"} & set(numbers):
        return line
    rate = "rate_usd_per_teu_km" if line.mode is Mode.RAIL else "rate_usd_per_km"
    given = {"speed_kmh": numbers.get("speed_kmh"), rate: numbers.get("tariff_usd_per_km")}
    countries = dict.fromkeys(station.country for station in line.stations)
    figures = tuple(_figure(line, country, name, value) for country in countries for name, value in given.items())
    return replace(line, line_class=line.id, figures=figures)


def _figure(line: Line, country: str, parameter: str, value: float | None) -> Figure:
    subject = f"{line.mode.word}.{country}"
    usual = replace(facts.figure(f"{subject}.new", parameter), subject=f"{subject}.{line.id}")
    if value is None:
        return usual
    note = "the user's own figure"
    return replace(usual, value=value, low=None, high=None, year=None, source="user", standing="assumption", note=note)


def _main_gauge(country: str) -> int:
    row = facts.keyed("gauges", ("country", "role")).get((country, "main"))
    if row is None:
        raise BadInput(f"{country} has no railway gauge of its own in gauges.csv. Give one with --gauge.")
    return int(row["gauge_mm"])


def _without_corners(lon: np.ndarray, lat: np.ndarray, country: np.ndarray) -> np.ndarray:
    """The countries along a line without those that it only cuts a corner of; its two ends keep theirs."""
    at_km = np.r_[0.0, np.cumsum(great_circle_km(lon[:-1], lat[:-1], lon[1:], lat[1:]))]
    sizes = [len(list(group)) for _, group in groupby(country.tolist())]
    first = bounds(np.array(sizes))
    found = country.copy()
    for number, (start, stop) in enumerate(zip(first, first[1:], strict=False)):
        inner = 0 < number < len(sizes) - 1
        if inner and at_km[min(stop, len(lon) - 1)] - at_km[start] < CORNER_KM:
            found[start:stop] = found[start - 1]
    return found


def _kept(lon: np.ndarray, lat: np.ndarray, country: np.ndarray, keep_bends: bool) -> list[tuple[int, float]]:
    """Points that become stations, with the km to each: ends, the points on either side of a border, and bends if wanted."""
    at_km = np.r_[0.0, np.cumsum(great_circle_km(lon[:-1], lat[:-1], lon[1:], lat[1:]))]
    border = np.flatnonzero(country[1:] != country[:-1])
    wanted = {0, len(lon) - 1, *border.tolist(), *(border + 1).tolist()}
    found, since = [], -math.inf
    for n in range(len(lon)):
        if n in wanted or keep_bends and at_km[n] - since >= BEND_KM:
            found.append((n, float(at_km[n])))
            since = at_km[n]
    return found
