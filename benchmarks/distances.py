"""Published road and rail distances beside the network's, and the factors that fit them best.

    python benchmarks/distances.py [--fit]

Each published distance is searched as the shortest way by its mode alone through its `via` places, with every
crossing open. `--fit` prints the median of published over plain map length by country (three rows or more) and for
the world, with the present factors taken out: what distance_factors.csv should say.
"""

from __future__ import annotations

import sys
from collections import defaultdict

import numpy as np

from comity import facts, places
from comity.network import Mode, Network, open_network
from comity.routing.engine import Engine
from comity.routing.ends import ends


def main(fit: bool) -> None:
    network = open_network()
    rows = [row for row in facts.rows("distances") if row["use"]]
    found = {mode: [measured(network, metric, row) for row in rows if row["mode"] == mode] for mode, metric in metrics(network).items()}
    for mode, results in found.items():
        errors = np.array([100 * (r["km"] / r["told"] - 1) for r in results if r["km"]])
        for r in sorted(results, key=lambda r: -abs((r["km"] or 9e9) / r["told"] - 1)):
            print(f"{r['id']:<45} told {r['told']:>6.0f}  model {r['km'] or float('nan'):>7.0f}  {100 * ((r['km'] or float('nan')) / r['told'] - 1):+6.1f} %")
        print(f"{mode}: n {len(errors)}, median absolute error {np.median(np.abs(errors)):.1f} %, nine in ten within "
              f"{np.quantile(np.abs(errors), 0.9):.1f} %, bias {np.median(errors):+.1f} %\n")  # fmt: skip
        if fit:
            factors(mode, results)


def metrics(network: Network) -> dict:
    """Kilometres as weights, each mode alone."""
    engine = Engine(network)
    modes = np.array([cell.mode for cell in network.cells])[network.arc_cell]
    never = np.zeros(len(network.arc_km), bool)
    shut = np.array([not gate.passable for gate in network.gates])
    arcs = network.gate_arcs
    never[arcs] = shut[network.arc_gate[arcs]]
    return {
        mode.word: engine.metric(np.where((modes == mode) & ~never, network.arc_km.astype(float), np.inf)) for mode in (Mode.ROAD, Mode.RAIL)
    }


def measured(network: Network, metric, row: dict) -> dict:
    start = places.Place(id="a", name=row["origin"], kind="point", country="", lon=row["origin_lon"], lat=row["origin_lat"])
    stop = places.Place(id="b", name=row["destination"], kind="point", country="", lon=row["destination_lon"], lat=row["destination_lat"])
    stations = [start, *(via(name, row) for name in row["via"]), stop]
    nodes = [ends(network, place, (row["mode"],))[0].node for place in stations]
    parts = [metric.path(a, b) for a, b in zip(nodes, nodes[1:], strict=False)]
    if any(part is None for part in parts):
        return {"id": row["id"], "told": row["distance_km"], "km": None, "countries": {}}
    arcs = np.concatenate([part[1] for part in parts])
    km = network.arc_km[arcs].astype(float)
    by_country: dict[str, float] = defaultdict(float)
    for cell, length in zip(network.arc_cell[arcs], km, strict=True):
        by_country[network.cells[int(cell)].country] += float(length)
    return {"id": row["id"], "told": row["distance_km"], "km": float(km.sum()), "countries": dict(by_country)}


def via(name: str, row: dict) -> places.Place:
    near = [place for place, score in places.search(name, limit=20) if score > 0.9]
    return min(near, key=lambda p: abs(p.lon - (row["origin_lon"] + row["destination_lon"]) / 2) + abs(p.lat - (row["origin_lat"] + row["destination_lat"]) / 2))


def factors(mode: str, results: list[dict]) -> None:
    known = {row["country"]: row["value"] for row in facts.rows("distance_factors") if row["mode"] == mode}
    ratios: dict[str, list[float]] = defaultdict(list)
    for r in results:
        if not r["km"]:
            continue
        plain = sum(km / known.get(code, known["*"]) for code, km in r["countries"].items())
        ratios["*"].append(r["told"] / plain)
        main_country, km = max(r["countries"].items(), key=lambda item: item[1])
        if km > 0.9 * r["km"]:
            ratios[main_country].append(r["told"] / plain)
    for code, values in sorted(ratios.items()):
        print(f"  factor {mode} {code}: median {np.median(values):.3f} of {len(values)} ({min(values):.2f}-{max(values):.2f})")


if __name__ == "__main__":
    main("--fit" in sys.argv)
