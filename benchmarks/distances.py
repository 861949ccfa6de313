"""Published road and rail distances beside the network's, and the factors that fit them best.

    python benchmarks/distances.py [--fit]

Each published distance is searched as the shortest way by its mode alone through its `via` places, with every
crossing open. A pair inside one country is searched without leaving it. `--fit` prints by how much each country's
factor in distance_factors.csv is off.
"""

from __future__ import annotations

import sys
from collections import defaultdict

import numpy as np

from comity import facts, places
from comity.errors import NoRoute
from comity.network import Mode, Network, open_network
from comity.network.geo import great_circle_km
from comity.routing.ends import ends
from comity.routing.engine import Engine

NEAR_KM = 20.0


def main(fit: bool) -> None:
    for mode, results in compared(open_network()).items():
        errors = np.array([100 * (r["km"] / r["told"] - 1) for r in results if r["km"]])
        for r in sorted(results, key=lambda r: -abs((r["km"] or 9e9) / r["told"] - 1)):
            print(
                f"{r['id']:<45} told {r['told']:>6.0f}  model {r['km'] or float('nan'):>7.0f}  {100 * ((r['km'] or float('nan')) / r['told'] - 1):+6.1f} %"
            )
        print(
            f"{mode}: n {len(errors)}, median absolute error {np.median(np.abs(errors)):.1f} %, nine in ten within "
            f"{np.quantile(np.abs(errors), 0.9):.1f} %, bias {np.median(errors):+.1f} %\n"
        )
        if fit:
            factors(mode, results)


def compared(network: Network) -> dict[str, list[dict]]:
    """For road and rail, every published length that counts beside the model's: id, told, km (None: no way), countries."""
    rows = [row for row in facts.rows("distances") if row["use"]]
    return {
        mode: [measured(network, domestic if at_home(row) else anywhere, row) for row in rows if row["mode"] == mode]
        for mode, (anywhere, domestic) in metrics(network).items()
    }


def at_home(row: dict) -> bool:
    return row["origin_country"] == row["destination_country"]


def metrics(network: Network) -> dict:
    """Kilometres as weights for each mode alone: over every known crossing, and over none."""
    engine = Engine(network)
    modes = np.array([cell.mode for cell in network.cells])[network.arc_cell]
    arcs = network.gate_arcs
    found = {}
    for mode in (Mode.ROAD, Mode.RAIL):
        pair = []
        for borders in (True, False):
            shut = np.array([not gate.passable or (not borders and gate.kind == "crossing") for gate in network.gates])
            weights = np.where(modes == mode, network.arc_km.astype(float), np.inf)
            weights[arcs[shut[network.arc_gate[arcs]]]] = np.inf
            pair.append(engine.metric(weights))
        found[mode.word] = tuple(pair)
    return found


def measured(network: Network, metric, row: dict) -> dict:
    start, stop = (
        places.Place(
            id=end,
            name=row[end],
            kind="point",
            country=row[f"{end}_country"],
            lon=row[f"{end}_lon"],
            lat=row[f"{end}_lat"],
        )
        for end in ("origin", "destination")
    )
    arcs = through(network, metric, row["mode"], start, [p for name in row["via"] if (p := via(name, row))], stop)
    if arcs is None:
        return {"id": row["id"], "told": row["distance_km"], "km": None, "countries": {}}
    km = network.arc_km[arcs].astype(float)
    by_country: dict[str, float] = defaultdict(float)
    for cell, length in zip(network.arc_cell[arcs], km, strict=True):
        by_country[network.cells[int(cell)].country] += float(length)
    return {"id": row["id"], "told": row["distance_km"], "km": float(km.sum()), "countries": dict(by_country)}


def through(network: Network, metric, mode: str, start, asked: list[places.Place], stop) -> np.ndarray | None:
    """Arcs of the shortest way that passes the asked places; only those it would miss are driven into."""
    forced: list[places.Place] = []
    while True:
        arcs = travelled(network, metric, mode, [start, *(place for place in asked if place in forced), stop])
        missed = [place for place in asked if arcs is None or not passes(network, arcs, place)]
        if not set(missed) - set(forced):
            return arcs
        forced += missed


def travelled(network: Network, metric, mode: str, stations: list[places.Place]) -> np.ndarray | None:
    """Arcs of the shortest way through places in order; None where there is none."""
    try:
        nodes = [ends(network, place, (mode,))[0].node for place in stations]
    except NoRoute:
        return None
    parts = [metric.path(a, b) for a, b in zip(nodes, nodes[1:], strict=False) if a != b]
    return None if any(part is None for part in parts) else np.concatenate([part[1] for part in parts if part])


def passes(network: Network, arcs: np.ndarray, place: places.Place) -> bool:
    """Whether a way passes a place within `NEAR_KM`: then its bypass need not be forced into the centre."""
    return float(great_circle_km(*network.line(arcs).T, place.lon, place.lat).min()) < NEAR_KM


def via(name: str, row: dict) -> places.Place | None:
    """The largest town of that name near the straight line; None where there is none."""

    def around(place: places.Place) -> float:
        both = [(row[f"{end}_lon"], row[f"{end}_lat"]) for end in ("origin", "destination")]
        return sum(float(great_circle_km(lon, lat, place.lon, place.lat)) for lon, lat in both)

    straight = float(great_circle_km(*(row[f"{end}_{c}"] for end in ("origin", "destination") for c in ("lon", "lat"))))
    near = [
        place for place, score in places.search(name, limit=20) if score > 0.9 and place.kind in ("city", "crossing")
    ]
    near = [place for place in near if around(place) <= 1.5 * straight + 60]
    return max(near, key=lambda place: place.population or 0, default=None)


def factors(mode: str, results: list[dict]) -> None:
    """Median of published over modelled length by country, where one country holds nine tenths of the way."""
    ratios: dict[str, list[float]] = defaultdict(list)
    for r in results:
        if r["km"]:
            ratios["*"].append(r["told"] / r["km"])
            main_country, km = max(r["countries"].items(), key=lambda item: item[1])
            if km > 0.9 * r["km"]:
                ratios[main_country].append(r["told"] / r["km"])
    for code, values in sorted(ratios.items()):
        print(
            f"  {mode} {code}: multiply the present factor by {np.median(values):.3f} (of {len(values)}, {min(values):.2f}-{max(values):.2f})"
        )


if __name__ == "__main__":
    main("--fit" in sys.argv)
