"""A plan as the one JSON object that command line, API, page and brief read: comity.routes/1."""

from __future__ import annotations

import numpy as np

from comity import facts
from comity.routing.itinerary import Dwell, Leg
from comity.routing.plan import Alternative, Plan
from comity.routing.request import Request

LINE_TOLERANCE_DEG = 0.02  # bends finer than this cannot be seen on a map of two countries


def as_json(plan: Plan) -> dict:
    """The whole plan; money and CO2e are for all units of the cargo."""
    from comity import __version__

    request = plan.request
    return {
        "schema": "comity.routes/1",
        "origin": place(request.origin),
        "destination": place(request.destination),
        "conditions": asked(request)
        | {"closed": [item.json() for item in plan.state.closed]}
        | ({"scenario": plan.state.scenario} if plan.state.scenario else {}),
        "alternatives": [alternative(item, plan) for item in plan.alternatives],
        "version": {"comity": __version__, "network": plan.network.id, "facts": facts.digest()},
    }


def asked(request: Request) -> dict:
    """The question as the conditions of any answer tell it: its day, its cargo, and what it shuts and opens."""
    return {
        "on": request.on.isoformat(),
        "cargo": request.cargo.json(),
        "modes": list(request.modes),
        "close": list(request.close),
        "open": list(request.open_),
    }


def place(of) -> dict:
    return {"id": of.id, "name": of.name, "kind": of.kind, "country": of.country, "lon": of.lon, "lat": of.lat}


def alternative(item: Alternative, plan: Plan) -> dict:
    """One way: hours, USD and kg CO2e for all units, its parts, and a line of lon, lat for each leg."""
    way, units = item.way, plan.request.cargo.units
    parts: list[Leg | Dwell] = [*way.legs, *way.dwells]
    return {
        "id": item.id,
        "title": item.title,
        "open": item.open,
        "closures": list(item.closures),
        "distance_km": round(way.distance_km, 1),
        "time_h": way.time_h.json(),
        "cost_usd": way.cost_usd.times(units).json(),
        "co2e_kg": round(way.co2e_kg * units, 1),
        "modes": list(way.modes),
        "countries": list(way.countries),
        "crossings": [gate.id for gate in way.crossings],
        "regimes": list(item.regimes),
        "truck_changes": list(item.truck_changes),
        "labels": list(item.labels),
        "legs": [leg(part, units) for part in way.legs],
        "dwells": [dwell(part, plan) for part in way.dwells],
        "geometry": {
            "type": "MultiLineString",
            "coordinates": [simplified(plan.network.line(part.arcs)) for part in way.legs],
        },
        "sources": sorted({source for part in parts for source in part.sources}),
    }


def leg(part: Leg, units: int) -> dict:
    """One leg with its middle figures: hours, USD and kg CO2e for all units."""
    return {
        "mode": part.mode,
        "from": part.origin,
        "to": part.destination,
        "country": part.country,
        "distance_km": round(part.distance_km, 1),
        "time_h": round(part.time_h.p50, 2),
        "cost_usd": round(part.cost_usd.p50 * units, 2),
        "co2e_kg": round(part.co2e_kg * units, 2),
        "sources": list(part.sources),
        "standing": part.standing,
    }


def dwell(part: Dwell, plan: Plan) -> dict:
    """One wait with its range of hours; where it is a gate, also where that lies and whether it is shut on the day."""
    gate = part.gate
    told = {
        "kind": part.kind,
        "at": part.at,
        "id": part.id,
        "after_leg": part.after_leg,
        "time_h": part.time_h.json(),
        "cost_usd": round(part.cost_usd.p50 * plan.request.cargo.units, 2),
        "sources": list(part.sources),
        "standing": part.standing,
    }
    if gate is not None:
        shut = any(gate.id == plan.network.gates[row].id for row in plan.state.shut)
        told |= {"lon": round(gate.lon, 3), "lat": round(gate.lat, 3), "shut": shut}
    return told


def simplified(line: np.ndarray) -> list[list[float]]:
    """A line of lon, lat with the bends that a map can show (Douglas & Peucker 1973), to three decimals."""
    from shapely import LineString

    thin = LineString(line).simplify(LINE_TOLERANCE_DEG).coords if len(line) > 2 else line
    return [[round(float(lon), 3), round(float(lat), 3)] for lon, lat in thin]
