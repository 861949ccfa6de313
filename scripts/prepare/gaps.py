"""Find holes in the road or rail map: neighbouring towns with a long way round that one short link would spare.

python scripts/prepare/gaps.py road|rail [least population] [widest gap, km]

Prints candidate rows for road_links.csv or rail_links.csv. Every one is to be looked at: across a strait or a front
line there is no road. A hole is reported where two towns of one country less than 260 km apart lie more than 1.9 times
their straight distance and 40 km apart on the map, and one link of at most the widest gap would bring that below 1.65
times and 15 km, sparing at least 40 km and a third of the way.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from comity import places
from comity.network import Mode, Network, store
from comity.network.compile import compile_network
from comity.network.geo import Nearest
from comity.places.words import plain
from comity.routing.engine import Engine

NEIGHBOURS, NEAREST_KM, FURTHEST_KM = 9, 25.0, 260.0
LARGEST_BOX = 30_000  # nodes; where towns stand closer the map has no such holes
WINDING = 1.25
EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Town:
    name: str
    country: str
    lon: float
    lat: float
    node: int


def main(word: str, population: int, widest_km: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _look(_whole(Path(folder)), word, population, widest_km)


def _whole(folder: Path) -> Network:
    """The network with every node of the map: dead ends of track, which the search does without, are what is looked for."""
    store._write(folder, compile_network(*store._plain(()), lambda *told: None, whole=True), {})
    return store._open(folder)


def _look(network: Network, word: str, population: int, widest_km: float) -> None:
    mode = {"road": Mode.ROAD, "rail": Mode.RAIL}[word]
    of_mode = np.array([cell.mode is mode for cell in network.cells])
    country = np.array([cell.country for cell in network.cells])[network.node_cell]
    metric = _at_home(network, of_mode)
    out = csv.writer(sys.stdout, lineterminator="\n")
    seen = set()
    for a, b, straight in _neighbours(_towns(network, word, country, population)):
        path = metric.path(a.node, b.node)
        km = np.inf if path is None else float(network.arc_km[path[1]].sum())
        if km <= 1.9 * straight + 40:
            continue
        hole = _hole(network, of_mode, country, a, b, widest_km)
        if hole is None:
            continue
        ends, gap, spared = hole
        if spared <= 1.65 * straight + 15 and km - spared >= 40 and km >= 1.45 * spared and ends not in seen:
            seen.add(ends)
            out.writerow(_row(network, word, a, b, ends, gap))


def _at_home(network: Network, of_mode: np.ndarray):
    """Kilometres as weights on one mode inside countries."""
    borders = np.array([not gate.passable or gate.kind == "crossing" for gate in network.gates])
    weights = np.where(of_mode[network.arc_cell], network.arc_km.astype(float), np.inf)
    weights[network.gate_arcs[borders[network.arc_gate[network.gate_arcs]]]] = np.inf
    return Engine(network).metric(weights)


def _towns(network: Network, word: str, country: np.ndarray, population: int) -> list[Town]:
    nodes = network.end_nodes[word]
    near = Nearest(np.asarray(network.node_lon[nodes], float), np.asarray(network.node_lat[nodes], float))
    found = []
    for _, name, code, lon, lat in places.cities(population):
        away, rows = near([lon], [lat], k=30)
        fits = (country[nodes[rows[0]]] == code) & (away[0] < 15)
        if fits.any():
            found.append(Town(name, code, lon, lat, int(nodes[rows[0][int(np.argmax(fits))]])))
    return found


def _neighbours(towns: list[Town]):
    lon, lat = np.array([town.lon for town in towns]), np.array([town.lat for town in towns])
    away, rows = Nearest(lon, lat)(lon, lat, k=NEIGHBOURS)
    for i, (km, others) in enumerate(zip(away, rows, strict=True)):
        for straight, j in zip(km, others, strict=True):
            if j > i and towns[i].country == towns[j].country and NEAREST_KM < straight < FURTHEST_KM:
                yield towns[i], towns[j], float(straight)


def _hole(network: Network, of_mode, country, a: Town, b: Town, widest_km: float):
    """Ends of the one link that would shorten the way most, its length, and the way with it, km."""
    lon, lat = network.node_lon, network.node_lat
    wide = 0.6 + abs(a.lon - b.lon) / 2 + abs(a.lat - b.lat) / 2
    box = np.flatnonzero(
        (lon > min(a.lon, b.lon) - wide)
        & (lon < max(a.lon, b.lon) + wide)
        & (lat > min(a.lat, b.lat) - wide)
        & (lat < max(a.lat, b.lat) + wide)
        & of_mode[network.node_cell]
        & (country == a.country)
    )
    if not 4 <= len(box) <= LARGEST_BOX:
        return None
    number = np.full(len(lon), -1)
    number[box] = np.arange(len(box))
    tail, head = number[network.arc_tail], number[network.arc_head]
    kept = (tail >= 0) & (head >= 0) & of_mode[network.arc_cell]
    graph = csr_matrix((network.arc_km[kept] + 1e-6, (tail[kept], head[kept])), shape=(len(box), len(box)))
    from_a, from_b = dijkstra(graph, directed=False, indices=[number[a.node], number[b.node]])
    x, y = np.radians(lon[box].astype(float)), np.radians(lat[box].astype(float))
    points = EARTH_KM * np.c_[np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)]
    pairs = cKDTree(points).query_pairs(widest_km if len(box) < 6000 else min(widest_km, 4), output_type="ndarray")
    if not len(pairs):
        return None
    gap = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1)
    with_it = np.minimum(from_a[pairs[:, 0]] + from_b[pairs[:, 1]], from_a[pairs[:, 1]] + from_b[pairs[:, 0]])
    best = int(np.argmin(with_it + 4 * gap))
    ends = tuple(sorted(int(box[end]) for end in pairs[best]))
    return ends, float(gap[best]), float(with_it[best] + WINDING * gap[best])


def _row(network: Network, word: str, a: Town, b: Town, ends: tuple[int, int], gap: float) -> list:
    where = [
        (round(float(network.node_lon[end]), 3), round(float(network.node_lat[end]), 3), network.node_cell[end])
        for end in ends
    ]
    slug = "-".join(plain(town.name).replace(" ", "-") for town in (a, b))
    gauge = [network.cells[int(where[0][2])].gauge_mm] if word == "rail" else []
    length = (round(WINDING * gap, 1), round(gap, 1), round(1.8 * gap + 1, 1))
    note = "hole in the map between the two towns; the line is known to go on"
    ids = [f"hole-{slug}", f"{a.name} - {b.name}", a.country]
    return [*ids, "one side", *where[0][:2], "other side", *where[1][:2], *length, *gauge, "comity", "assumption", note]


if __name__ == "__main__":
    main(sys.argv[1], int((sys.argv[2:] or ["100000"])[0]), float((sys.argv[3:] or ["10"])[0]))
