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
from comity.routing.plan import Planner, planner
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
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise BadInput(f"{path}: cannot be read ({fault.strerror}).") from fault
    except UnicodeDecodeError as fault:
        raise BadInput(f"{path}: is not UTF-8 text (byte {fault.start}). Save it as CSV UTF-8.") from fault
    reader = csv.DictReader(StringIO(text))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise TableFaults(str(path), [f"line 1: column {name} is missing" for name in missing])
    faults: list[str] = []
    trips = [trip for row in reader if (trip := _trip(row, reader.line_num, faults)) is not None]
    if faults:
        raise TableFaults(str(path), faults)
    return trips


def _trip(row: dict, line: int, faults: list[str]) -> Trip | None:
    known = len(faults)
    if None in row:  # DictReader's name for cells beyond the header's
        faults.append(f"line {line}: has {len(row) - 1 + len(row[None])} cells, the header {len(row) - 1}")
    numbers = {name: _number(row.get(name), line, name, faults) for name in NUMBERS}
    for end, lat in (("origin_lat", 90), ("dest_lat", 90), ("origin_lon", 180), ("dest_lon", 180)):
        value = numbers[end]
        if value is not None and abs(value) > lat:
            faults.append(f"line {line}, column {end}: {value} is outside +-{lat}")
    for name in ("distance_km", "days"):
        value = numbers[name]
        if value is not None and value <= 0:
            faults.append(f"line {line}, column {name}: {value} must be above 0")
    modes = tuple(part.strip() for part in (row.get("modes") or "").replace("+", ";").split(";") if part.strip())
    for mode in modes:
        if mode not in MODES:
            faults.append(f"line {line}, column modes: {mode!r} is not one of {', '.join(MODES)}")
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
    """The quickest way through a trip's places in order, by its modes alone, and the vias no place was found for.

    Raises NoRoute.
    """
    modes = tuple(mode for mode in ("road", "rail", "sea") if mode in trip.modes)
    reader = Reader(warm.network, warm.tariff, State(on=date.min, closed=(), shut={}, slow={}, barred={}))
    off = [*_keep_ferries(warm, warm.off_modes(modes)), *targets_of(warm.network).gates_of(local_posts())]
    metric = warm.lay("overall" if "rail" in modes else "truck", off, reader)
    stages = [_nodes(warm, trip.origin, modes)]
    left_out: list[str] = []
    for name in trip.via:
        try:
            stages.append(_stage(warm, trip, name, modes, stages[-1]))
        except PlaceUnknown:
            left_out.append(name)
    stages.append(_nodes(warm, trip.destination, modes, arriving=True))
    arcs, weight = _through(metric, stages, trip)
    way = reader.read(arcs, weight, trip.origin, trip.destination)
    return replace(way, dwells=tuple(dwell for dwell in way.dwells if dwell.after_leg >= 0)), tuple(left_out)


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
    a, b = trip.origin, trip.destination
    assert a is not None and b is not None  # _compared has looked
    straight = float(great_circle_km(a.lon, a.lat, b.lon, b.lat))
    found: list[int] = []
    for place, score in places.search(name, limit=40):
        around = great_circle_km(a.lon, a.lat, place.lon, place.lat) + great_circle_km(
            place.lon, place.lat, b.lon, b.lat
        )
        if score >= NAMED and place.kind != "country" and float(around) <= 1.8 * straight + 800:
            here = replace(place, country="")
            with suppress(NoRoute):
                found += _nodes(warm, here, modes).tolist() + _nodes(warm, here, modes, arriving=True).tolist()
    if not found:
        raise PlaceUnknown(
            f"{trip.id}: no place called {name!r} lies near the way on the networks of {', '.join(modes)}."
        )
    return np.unique(found)


def _through(metric: Metric, stages: list[np.ndarray], trip: Trip) -> tuple[np.ndarray, int]:
    """Least path that visits one node of each stage in order (dynamic programming over the stages)."""
    cost = np.zeros(len(stages[0]))
    back: list[np.ndarray] = []
    for before, after in zip(stages, stages[1:], strict=False):
        table = metric.distances(before, after).astype(float)
        table[table >= SHUT] = np.inf
        table[before[:, None] == after[None, :]] = 0.0
        whole = cost[:, None] + table
        back.append(whole.argmin(axis=0))
        cost = whole.min(axis=0)
    if not len(cost) or not np.isfinite(cost.min()):
        raise NoRoute(f"{trip.id}: no way by {', '.join(trip.modes)} through {', '.join(trip.via) or 'any place'}.")
    row = int(cost.argmin())
    nodes = [int(stages[-1][row])]
    for choice, stage in zip(reversed(back), reversed(stages[:-1]), strict=True):
        row = int(choice[row])
        nodes.append(int(stage[row]))
    nodes.reverse()
    parts = [metric.path(a, b) for a, b in zip(nodes, nodes[1:], strict=False) if a != b]
    return np.concatenate([part[1] for part in parts if part]), int(cost.min())


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
