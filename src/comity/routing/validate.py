"""Documented journeys beside the model's: how far off are its kilometres and days?

A trip is planned through its named `via` places and by its modes, with everything open, and measured as the document
measures it: from departure to arrival, without the loading before or the delivery after.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO
from itertools import pairwise
from pathlib import Path

import numpy as np

from comity import places
from comity.errors import BadInput, NoRoute, PlaceUnknown, TableFaults
from comity.network import Network, open_network
from comity.network.geo import great_circle_km
from comity.routing.cargo import cargo
from comity.routing.ends import ends
from comity.routing.engine import SHUT, Metric
from comity.routing.itinerary import Itinerary, Reader
from comity.routing.planner import Planner, planner
from comity.routing.states import State, local_posts, targets_of

COLUMNS = (
    "id",
    "origin",
    "origin_lat",
    "origin_lon",
    "destination",
    "dest_lat",
    "dest_lon",
    "via",
    "modes",
    "distance_km",
    "days",
)
NUMBERS = ("origin_lat", "origin_lon", "dest_lat", "dest_lon", "distance_km", "days", "days_min", "days_max")
MODES = ("road", "rail", "sea", "air", "ferry")
POST_KM = 15.0  # a trip's end this near to a border post is at the post
QUAY_KM = 90.0
NAMED = 0.85  # likeness from which a place counts as the one named
NOT_SCORED = ("not be scored", "do not score", "not scored")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One row of a trips file."""

    id: str
    origin: places.Place | None  # None when the file gives no coordinates
    destination: places.Place | None
    via: tuple[str, ...]
    modes: tuple[str, ...]
    distance_km: float | None
    days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What a trip passes next: one of some nodes, or one of some arcs. All arrays have one row for each."""

    reach: np.ndarray  # int64[n], nodes to come to
    leave: np.ndarray  # int64[n], nodes to go on from
    weight: np.ndarray  # int64[n], what passing costs
    arcs: np.ndarray  # int64[n] when it passes arcs, else empty

    @classmethod
    def at(cls, nodes: np.ndarray) -> Stage:
        return cls(reach=nodes, leave=nodes, weight=np.zeros(len(nodes), np.int64), arcs=np.empty(0, np.int64))

    @classmethod
    def over(cls, network: Network, metric: Metric, arcs: np.ndarray) -> Stage:
        tail, head = network.arc_tail[arcs].astype(np.int64), network.arc_head[arcs].astype(np.int64)
        return cls(reach=tail, leave=head, weight=metric.weight(arcs), arcs=arcs)


def validate(path: str | Path, network: Network | None = None) -> dict:
    """Plan every trip of a CSV and compare. Raises TableFaults with every fault of the file, by line and column."""
    trips = read_trips(path)
    network = network or open_network()
    warm = planner(network, cargo("40ft", 20.0))
    results = [_compared(warm, trip) for trip in trips]
    return {
        "schema": "comity.validate/1",
        "n": len(results),
        "distance": _errors(results, "distance_km", "model_km"),
        "time": _errors(results, "days", "model_days") | {"inside_p10_p90_pct": _inside(results)},
        "trips": results,
    }


def read_trips(path: str | Path) -> list[Trip]:
    """Rows of a trips file. Raises BadInput when it cannot be read, TableFaults with every fault by line and column."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise BadInput(f"{path}: cannot be read ({fault.strerror}).") from fault
    except UnicodeDecodeError as fault:
        raise BadInput(f"{path}: is not UTF-8 text (byte {fault.start}). Save it as CSV UTF-8.") from fault
    if not text.strip():
        raise BadInput(f"{path}: is empty. Its first line must name the columns {', '.join(COLUMNS)}.")
    reader = csv.DictReader(StringIO(text))
    faults = _header_faults(list(reader.fieldnames or ()))
    if faults:
        raise TableFaults(str(path), faults)
    seen: dict[str, int] = {}
    trips = [trip for row in reader if (trip := _trip(row, reader.line_num, seen, faults)) is not None]
    if faults:
        raise TableFaults(str(path), faults)
    return trips


def _header_faults(names: list[str]) -> list[str]:
    if len(names) == 1 and ";" in names[0]:
        return ["line 1: cells are separated by semicolons; save the file as CSV with commas"]
    twice = sorted({name for name in names if names.count(name) > 1})
    missing = [name for name in COLUMNS if name not in names]
    return [f"line 1: column {name} stands there twice" for name in twice] + [
        f"line 1: column {name} is missing" for name in missing
    ]


def _trip(row: dict, line: int, seen: dict[str, int], faults: list[str]) -> Trip | None:
    known = len(faults)
    _shape_faults(row, line, seen, faults)
    numbers = {name: _number(row.get(name), line, name, faults) for name in NUMBERS}
    _number_faults(numbers, line, faults)
    modes = tuple(part.strip() for part in (row.get("modes") or "").replace("+", ";").split(";") if part.strip())
    strange = [mode for mode in modes if mode not in MODES]
    faults += [f"line {line}, column modes: {mode!r} is not one of {', '.join(MODES)}" for mode in strange]
    if not modes:
        faults.append(f"line {line}, column modes: is empty")
    if len(faults) > known:
        return None
    note = f"{row.get('notes') or ''} {row.get('note') or ''}".lower()
    skip = {what: any(word in note for word in NOT_SCORED) and _about(note, what) for what in ("distance", "time")}
    return Trip(
        id=row["id"],
        origin=_end(row["origin"], numbers["origin_lon"], numbers["origin_lat"]),
        destination=_end(row["destination"], numbers["dest_lon"], numbers["dest_lat"]),
        via=tuple(part.strip() for part in (row.get("via") or "").split(";") if part.strip()),
        modes=modes,
        distance_km=None if skip["distance"] else numbers["distance_km"],
        days=None if skip["time"] else numbers["days"],
    )


def _shape_faults(row: dict, line: int, seen: dict[str, int], faults: list[str]) -> None:
    """An id told before, and cells too few or too many. `seen` : id -> its line."""
    if seen.setdefault(row["id"], line) != line:
        faults.append(f"line {line}, column id: {row['id']!r} is also that of line {seen[row['id']]}")
    if None in row.values():
        cells = sum(value is not None for value in row.values())
        faults.append(f"line {line}: has {cells} cells, the header {len(row)}")
    if None in row:  # DictReader's name for cells beyond the header's
        faults.append(f"line {line}: has {len(row) - 1 + len(row[None])} cells, the header {len(row) - 1}")


def _number_faults(numbers: dict[str, float | None], line: int, faults: list[str]) -> None:
    """Degrees off the globe, lengths and times of nothing."""
    for end, lat in (("origin_lat", 90), ("dest_lat", 90), ("origin_lon", 180), ("dest_lon", 180)):
        value = numbers[end]
        if value is not None and abs(value) > lat:
            faults.append(f"line {line}, column {end}: {value} is outside +-{lat}")
    for name in ("distance_km", "days"):
        value = numbers[name]
        if value is not None and value <= 0:
            faults.append(f"line {line}, column {name}: {value} must be above 0")


def _about(note: str, what: str) -> bool:
    """Whether a note that forbids scoring speaks of this quantity; one that names neither forbids both."""
    named = {
        "distance": "distance" in note or " km" in note,
        "time": "time" in note or "day" in note or "duration" in note,
    }
    return named[what] or not any(named.values())


def _number(text, line: int, column: str, faults: list[str]) -> float | None:
    if text is None or not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        faults.append(f"line {line}, column {column}: {text!r} is not a number")
        return None
    if not math.isfinite(value):
        faults.append(f"line {line}, column {column}: {text!r} is not a finite number")
        return None
    return value


def _end(name: str, lon: float | None, lat: float | None) -> places.Place | None:
    if lon is None or lat is None:
        return None
    return places.Place(id=name, name=name, kind="point", country="", lon=lon, lat=lat)


def _compared(warm: Planner, trip: Trip) -> dict:
    told: dict[str, object] = {"id": trip.id, "distance_km": trip.distance_km, "days": trip.days}
    if trip.origin is None or trip.destination is None:
        return told | {"skipped": "an end has no coordinates"}
    if "air" in trip.modes:
        return told | {"skipped": "air is not a freight mode of this network"}
    try:
        way, left_out = travel(warm, trip)
    except NoRoute as fault:
        return told | {"skipped": str(fault)}
    told |= {"via_left_out": list(left_out)} if left_out else {}
    return told | {
        "model_km": round(way.distance_km, 1),
        "model_days": round(way.time_h.p50 / 24, 2),
        "model_days_p10": round(way.time_h.p10 / 24, 2),
        "model_days_p90": round(way.time_h.p90 / 24, 2),
        "countries": list(way.countries),
        "crossings": [gate.id for gate in way.crossings],
    }


def travel(warm: Planner, trip: Trip) -> tuple[Itinerary, tuple[str, ...]]:
    """The least way through a trip's places in order, by all its modes and no other, and the vias no place was found for.

    A trip by rail and sea crossed the water, even where a railway round it would weigh less. Raises NoRoute.
    """
    modes = tuple(mode for mode in ("road", "rail", "sea") if mode in trip.modes)
    reader = Reader(warm.network, warm.tariff, State(on=date.min, closed=(), shut={}, slow={}, barred={}))
    off = [*_keep_ferries(warm, warm.off_modes(modes)), *targets_of(warm.network).gates_of(local_posts())]
    metric = warm.lay("overall" if "rail" in modes else "truck", off, reader)
    stages = [Stage.at(_nodes(warm, trip.origin, modes))]
    left_out: list[str] = []
    for name in trip.via:
        try:
            stages.append(Stage.at(_stage(warm, trip, name, modes, stages[-1].leave)))
        except PlaceUnknown:
            left_out.append(name)
    stages.append(Stage.at(_nodes(warm, trip.destination, modes, arriving=True)))
    arcs, weight = _by_every_mode(warm, metric, stages, trip, [*modes, *(m for m in trip.modes if m == "ferry")])
    way = reader.read(arcs, weight, trip.origin, trip.destination)
    return _underway(way), tuple(left_out)


def _underway(way: Itinerary) -> Itinerary:
    """A journey from departure to arrival, as documents count it: without loading before and landing after."""
    last = len(way.legs) - 1
    kept = (d for d in way.dwells if d.after_leg >= 0 and not (d.kind == "landing" and d.after_leg == last))
    return replace(way, dwells=tuple(kept))


def _keep_ferries(warm: Planner, off: Sequence[int]) -> list[int]:
    return [row for row in off if warm.network.gates[row].kind != "ferry"]


def _nodes(warm: Planner, place, modes, arriving: bool = False) -> np.ndarray:
    """Nodes of a place on the networks of some modes; on the Caspian, where no ocean ship sails, the ferry's quay."""
    found = []
    for mode in modes:
        try:
            found += [end.node for end in ends(warm.network, place, (mode,), arriving)]
        except NoRoute:
            found += _quays(warm, place, arriving) if mode == "sea" else []
    if not found:
        raise NoRoute(f"{place.name} lies on no {' or '.join(modes)} network.")
    return np.unique([*found, *_both_sides(warm, place, modes)])


def _both_sides(warm: Planner, place, modes) -> list[int]:
    """Nodes of a border post that a point lies at: a trip that begins or ends there need not have crossed."""
    net = warm.network
    posts = [row for row, g in enumerate(net.gates) if g.kind == "crossing" and g.mode_from in modes and g.passable]
    at = np.array([(net.gates[row].lon, net.gates[row].lat) for row in posts]).reshape(-1, 2)
    near = np.asarray(posts, np.int64)[great_circle_km(at[:, 0], at[:, 1], place.lon, place.lat) <= POST_KM]
    arcs = np.concatenate([np.empty(0, np.int64), *(warm.gate_arcs(row) for row in near)])
    return np.unique(np.r_[net.arc_tail[arcs], net.arc_head[arcs]]).tolist()


def _quays(warm: Planner, place, arriving: bool) -> list[int]:
    net = warm.network
    ferries = [row for row, gate in enumerate(net.gates) if gate.kind == "ferry"]
    arcs = np.concatenate([warm.gate_arcs(row) for row in ferries])
    nodes = (net.arc_head if arriving else net.arc_tail)[arcs].astype(np.int64)
    away = great_circle_km(net.node_lon[nodes], net.node_lat[nodes], place.lon, place.lat)
    return np.unique(nodes[away <= QUAY_KM]).tolist()


def _stage(warm: Planner, trip: Trip, name: str, modes, before: np.ndarray) -> np.ndarray:
    """Nodes that satisfy a via: those of every place of that name near the way, or where a country is entered."""
    try:
        code = places.country(name).alpha3
    except PlaceUnknown:
        return _named_nodes(warm, trip, name, modes)
    net = warm.network
    entered = [row for row, g in enumerate(net.gates) if g.country_to == code and g.country_from != code and g.passable]
    arcs = np.concatenate([warm.gate_arcs(row) for row in entered]) if entered else np.empty(0, np.int64)
    there = [node for node in before.tolist() if net.cells[int(net.node_cell[node])].country == code]
    return np.unique(np.r_[net.arc_head[arcs].astype(np.int64), there]).astype(np.int64)


def _named_nodes(warm: Planner, trip: Trip, name: str, modes) -> np.ndarray:
    found: list[int] = []
    for place, score in places.search(name, limit=40):
        if score >= NAMED and place.kind != "country" and _near_the_way(trip, place.lon, place.lat):
            here = replace(place, country="")
            with suppress(NoRoute):
                found += _nodes(warm, here, modes).tolist() + _nodes(warm, here, modes, arriving=True).tolist()
    if not found:
        raise PlaceUnknown(
            f"{trip.id}: no place called {name!r} lies near the way on the networks of {', '.join(modes)}."
        )
    return np.unique(found)


def _by_every_mode(warm: Planner, metric: Metric, stages: Sequence[Stage], trip: Trip, modes) -> tuple[np.ndarray, int]:
    """Least path through the stages in order that uses each mode; a mode it would leave out is entered between two stages."""
    arcs, weight = _through(metric, stages, trip)
    for mode in modes:
        if mode in _used(warm.network, arcs):
            continue
        gates = Stage.over(warm.network, metric, _leading_onto(warm, mode, trip))
        tries = [[*stages[:place], gates, *stages[place:]] for place in range(1, len(stages))]
        ways = [(way, tried) for tried in tries if (way := _attempt(metric, tried, trip)) is not None]
        if ways:
            (arcs, weight), stages = min(ways, key=lambda item: item[0][1])
    return arcs, weight


def _used(network: Network, arcs: np.ndarray) -> set[str]:
    modes = {network.cells[cell].mode.word for cell in np.unique(network.arc_cell[arcs]).tolist()}
    return modes | ({"sea"} if "ferry" in modes else set())


def _leading_onto(warm: Planner, mode: str, trip: Trip) -> np.ndarray:
    """Arcs of the gates near a trip's way that lead onto a mode; a ferry leads onto the sea."""
    net = warm.network
    rows = [
        row
        for row, gate in enumerate(net.gates)
        if (gate.mode_to == mode != gate.mode_from or mode in ("sea", "ferry") and gate.kind == "ferry")
        and _near_the_way(trip, gate.lon, gate.lat)
    ]
    return np.concatenate([np.empty(0, np.int64), *(warm.gate_arcs(row) for row in rows)])


def _near_the_way(trip: Trip, lon: float, lat: float) -> bool:
    a, b = trip.origin, trip.destination
    assert a is not None and b is not None  # _compared has looked
    around = float(great_circle_km(a.lon, a.lat, lon, lat) + great_circle_km(lon, lat, b.lon, b.lat))
    return around <= 1.8 * float(great_circle_km(a.lon, a.lat, b.lon, b.lat)) + 800


def _attempt(metric: Metric, stages: Sequence[Stage], trip: Trip) -> tuple[np.ndarray, int] | None:
    try:
        return _through(metric, stages, trip)
    except NoRoute:
        return None


def _through(metric: Metric, stages: Sequence[Stage], trip: Trip) -> tuple[np.ndarray, int]:
    """Least path that passes one item of each stage in order (dynamic programming over the stages)."""
    cost = stages[0].weight.astype(float)
    back: list[np.ndarray] = []
    for before, after in zip(stages, stages[1:], strict=False):
        table = metric.distances(before.leave, after.reach).astype(float)
        table[table >= SHUT] = np.inf
        table[before.leave[:, None] == after.reach[None, :]] = 0.0
        whole = cost[:, None] + table
        back.append(whole.argmin(axis=0) if len(cost) else np.empty(0, np.int64))
        cost = whole.min(axis=0, initial=np.inf) + after.weight
    if not len(cost) or not np.isfinite(cost.min()):
        raise NoRoute(f"{trip.id}: no way by {', '.join(trip.modes)} through {', '.join(trip.via) or 'any place'}.")
    row = int(cost.argmin())
    total = int(cost[row])
    items = [row]
    for choice in reversed(back):
        row = int(choice[row])
        items.append(row)
    return _walked(metric, stages, items[::-1]), total


def _walked(metric: Metric, stages: Sequence[Stage], items: Sequence[int]) -> np.ndarray:
    """Arcs of the path through one item of each stage."""
    pieces = [stages[0].arcs[items[0] : items[0] + 1]]
    for (before, i), (after, j) in pairwise(zip(stages, items, strict=True)):
        start, stop = int(before.leave[i]), int(after.reach[j])
        path = metric.path(start, stop) if start != stop else None
        pieces += [path[1]] if path else []
        pieces.append(after.arcs[j : j + 1])
    return np.concatenate(pieces)


def _errors(results: list[dict], told: str, model: str) -> dict:
    errors = np.array([100 * (r[model] - r[told]) / r[told] for r in results if r.get(told) and model in r])
    if not len(errors):
        return {"n": 0, "median_abs_pct_error": None, "p90_abs_pct_error": None, "bias_pct": None}
    return {
        "n": len(errors),
        "median_abs_pct_error": round(float(np.median(np.abs(errors))), 2),
        "p90_abs_pct_error": round(float(np.quantile(np.abs(errors), 0.9)), 2),
        "bias_pct": round(float(np.median(errors)), 2),
    }


def _inside(results: list[dict]) -> float | None:
    timed = [r for r in results if r.get("days") and "model_days" in r]
    inside = [r["model_days_p10"] <= r["days"] <= r["model_days_p90"] for r in timed]
    return round(100 * sum(inside) / len(inside), 1) if inside else None
