"""One small answer of the shape comity.routes/1, for what is printed and exported of it."""

from __future__ import annotations

import copy

import pytest

SPAN = {"p10": 24.0, "p50": 48.0, "p90": 120.0}


def way(id: str, title: str, *, is_open: bool, crossing: str) -> dict:
    leg = {"mode": "road", "distance_km": 500.0, "time_h": 20.0, "cost_usd": 900.0, "co2e_kg": 1000.0}
    leg |= {"sources": ["comity"], "standing": "assumption"}
    post = {"kind": "crossing", "at": crossing.title(), "id": crossing, "after_leg": 0, "shut": not is_open}
    return {
        "id": id,
        "title": title,
        "open": is_open,
        "closures": [] if is_open else ["C1"],
        "distance_km": 1000.0,
        "time_h": SPAN,
        "cost_usd": {"p10": 1500.0, "p50": 1800.0, "p90": 2500.0},
        "co2e_kg": 2000.0,
        "modes": ["road"],
        "countries": ["UZB", "AFG"],
        "crossings": [crossing],
        "regimes": ["tir"],
        "truck_changes": [],
        "labels": ["fastest"] if is_open else [],
        "legs": [
            leg | {"from": "Termez", "to": crossing.title(), "country": "UZB"},
            leg | {"from": crossing.title(), "to": "Kabul", "country": "AFG"},
        ],
        "dwells": [post | {"time_h": SPAN, "cost_usd": 0.0, "sources": ["comity"], "standing": "measured"}],
        "geometry": {
            "type": "MultiLineString",
            "coordinates": [[[67.3, 37.2], [67.4, 37.2]], [[67.4, 37.2], [69.2, 34.5]]],
        },
        "sources": ["comity"],
    }


ANSWER = {
    "schema": "comity.routes/1",
    "origin": {"id": "a", "name": "Termez", "kind": "city", "country": "UZB", "lon": 67.28, "lat": 37.22},
    "destination": {"id": "b", "name": "Kabul", "kind": "city", "country": "AFG", "lon": 69.17, "lat": 34.53},
    "conditions": {
        "on": "2026-11-24",
        "closed": [
            {
                "id": "C1",
                "name": "Bridge",
                "kind": "crossing",
                "reason": "repairs [west lane]",
                "since": "2026-10-01",
                "confirmed": "2026-11-01",
                "severity": "shut",
                "source": "comity",
            }
        ],
        "cargo": {"kind": "40ft", "tonnes": 20.0, "value_usd_per_t": None, "teu": 2},
        "modes": ["road"],
        "close": [],
        "open": [],
    },
    "alternatives": [
        way("a1", "Truck over Hairatan", is_open=True, crossing="hairatan"),
        way("a2", "Truck over the Bridge", is_open=False, crossing="bridge"),
    ],
    "version": {"comity": "0.1.0", "network": "0", "facts": "0"},
}


@pytest.fixture
def answer() -> dict:
    return copy.deepcopy(ANSWER)
