"""Flights as data (comity.flights/1), as GeoJSON for a map, and as CSV."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict

from comity.air.pair import Flights, Option, Pair
from comity.air.stopover import Journeys

SCHEMA = "comity.flights/1"


def as_data(found: Flights, top: int | None = None) -> dict:
    """One object; `top` pairs, all of them by default."""
    return {
        "schema": SCHEMA,
        "on": found.on.isoformat(),
        "ends": list(found.ends),
        "types": list(found.types),
        "states": [{"name": one.name, "shut": list(one.shut), "why": list(one.why)} for one in found.states],
        "left_out": list(found.left_out),
        "level": asdict(found.level),
        "visits": [_plain(row) for row in found.visits],
        "total": len(found.pairs),
        "pairs": [_pair(one) for one in found.pairs[:top]],
    }


def _pair(one: Pair) -> dict:
    best = one.best
    return {
        "origin": one.origin, "destination": one.destination,
        "origin_name": one.origin_name, "destination_name": one.destination_name,
        "great_circle_km": one.great_circle_km, "route_km": one.route_km, "least_km": one.least_km,
        "route_km_by_closure": one.route_km_by_closure,
        "block_h": round(best.block_h, 2) if best else None,
        "relative_demand": round(one.relative_demand, 4), "link_probability": round(one.link_probability, 4),
        "best": _option(best) if best else None,
        "options": [_option(option) for option in one.options],
        "score": round(one.score, 4), "rank": one.rank,
        "overflown_km": {code or "sea": round(km) for code, km in one.over.items()},
        "rights": [asdict(right) for right in one.rights],
        "high_ground": [asdict(leg) for leg in one.high_ground],
        "journeys": _journeys(one.journeys) if one.journeys else None,
        "services": [_plain(row) for row in one.services],
        "reasons": list(one.reasons),
        "geometry": {"type": "LineString", "coordinates": [list(point) for point in one.geometry]} if one.geometry else None,
        "sources": list(one.sources),
    }  # fmt: skip


def _plain(row: dict) -> dict:
    """A row of a table as JSON holds it."""
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}


def _journeys(one: Journeys) -> dict:
    whole = asdict(one)
    whole["stopovers"] = [
        {**asdict(way), "hours": round(way.hours, 1), "share": round(way.share, 3), "chance": round(way.chance, 3)}
        for way in one.stopovers
    ]
    return (
        whole
        | {name: round(whole[name], 2) for name in ("direct_h", "wait_h")}
        | {name: round(whole[name]) for name in ("now", "won", "new")}
    )


def _option(one: Option) -> dict:
    whole = asdict(one)
    whole["load_factor_expected"] = {key: round(value, 4) for key, value in whole["load_factor_expected"].items()}
    whole["result_usd_per_year"] = {key: round(value) for key, value in whole["result_usd_per_year"].items()}
    for name, digits in (("load_factor_needed", 4), ("chance", 3), ("subsidy_usd_per_seat", 2), ("passengers_per_year", 0),
                         ("fuel_kg", 0), ("block_h", 2), ("co2_kg_per_passenger", 1), ("co2e_kg_per_passenger", 1),
                         ("summer_usd", 0), ("winter_usd", 0)):  # fmt: skip
        whole[name] = round(whole[name], digits)
    whole["load_factor_by_month"] = list(one.load_factor_by_month)
    whole["needed_by_closure"] = {
        name: round(value, 4) if value else None for name, value in whole["needed_by_closure"].items()
    }
    return whole


def as_geojson(found: Flights, top: int | None = None) -> str:
    """Today's ways and those round each closure as lines."""
    features = []
    for one in found.pairs[:top]:
        for name, line in {"today": one.geometry, **one.detours}.items():
            if line:
                told = {
                    "pair": f"{one.origin}-{one.destination}",
                    "rank": one.rank,
                    "airspace": name,
                    "km": one.route_km_by_closure[name],
                }
                features.append(
                    {"type": "Feature", "properties": told, "geometry": {"type": "LineString", "coordinates": line}}
                )
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def as_csv(found: Flights, top: int | None = None) -> str:
    """A row each pair with its best option."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    states = [state.name for state in found.states]
    writer.writerow(["rank", "origin", "destination", "great_circle_km", *(f"km, {name}" for name in states), "type", "weekly", "block_h",
                     "load_needed", "load_p10", "load_p50", "load_p90", "result_usd_p10", "result_usd_p50", "result_usd_p90", "score"])  # fmt: skip
    for one in found.pairs[:top]:
        best = one.best
        row = [
            one.rank,
            one.origin,
            one.destination,
            one.great_circle_km,
            *(one.route_km_by_closure[name] or "" for name in states),
        ]
        if best:
            load, result = best.load_factor_expected, best.result_usd_per_year
            row += [best.type, best.weekly, round(best.block_h, 2), round(best.load_factor_needed, 3), round(load.p10, 3), round(load.p50, 3),
                    round(load.p90, 3), round(result.p10), round(result.p50), round(result.p90)]  # fmt: skip
        else:
            row += [""] * 10
        writer.writerow([*row, round(one.score, 3)])
    return out.getvalue()
