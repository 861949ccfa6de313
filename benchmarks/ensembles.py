"""Ensembles beside the obvious ways, in one run, on the same arrays with the same whole-number weights.

    python benchmarks/ensembles.py [ORIGIN DESTINATION [scenarios]]

Takes the states of the world that shipments of the simulated years leave in (a shipment a month), solves all of them by
Comity's ensemble, and some of them by each peer as a fresh search of the whole network with all that is shut or slow on
the ways between. Every answer must be equal. Prints CPU milliseconds for a state and the ratio to Comity.
Peers: pyroutingkit with partial re-customisation, SciPy, python-igraph and scgraph (extra `bench`).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
from scipy.sparse import csgraph, csr_matrix

from comity.network import open_network
from comity.routing.engine import SHUT
from comity.scenarios.ensembles.study import Study, Years, study

ASKED = 24  # states that each peer is asked about
ON = "2026-11-24"


def main(origin: str, destination: str, scenarios: int) -> None:
    network = open_network()
    warm_up = study(origin, destination, on=ON, network=network)
    warm_up.ensemble.cutter.inner.path(0, 1)  # a warm process: the network's own metrics are ready, nothing of the pair
    start = time.process_time()
    of = study(origin, destination, on=ON, network=network)
    sample = of.sample(Years(scenarios=scenarios))
    rest, settled = of.settled(sample)
    drawn = time.process_time()
    of.outcome_of(sample, (rest, settled))
    done = time.process_time()
    ours = 1000 * (done - start) / sample.rows
    print(f"{origin} - {destination}: {scenarios:,} scenarios, {sample.rows:,} shipments, {of.ensemble.searches:,} searches, "
          f"{len(of.ensemble.ways)} ways; {done - start:.2f} s of CPU ({drawn - start:.2f} s to find the ways)")  # fmt: skip
    rows = np.random.default_rng(1).choice(sample.rows, ASKED, replace=False)
    states = [_raised(of, sample, int(row)) for row in rows]
    expected = [_weight(settled[rest[row]][1]) for row in rows]
    print(f"{'comity, all shipments':<44}{ours:>10.4f} ms a shipment   {1:>9.0f} x")
    for name, ask in peers(of).items():
        begun = time.process_time()
        answers = [ask(*_changes(of, raised)) for raised in states]
        each = 1000 * (time.process_time() - begun) / ASKED
        told = (
            "equal"
            if answers == expected
            else f"NOT EQUAL ({sum(a != b for a, b in zip(answers, expected, strict=True))})"
        )
        print(f"{name:<44}{each:>10.2f} ms a state      {each / ours:>9.0f} x   {told}")


def _raised(of: Study, sample, row: int) -> frozenset[tuple[str, int]]:
    """Everything that is raised for a shipment among what any search has asked about."""
    met = {key for way in of.ensemble.ways for key in of.ensemble.keys_on(way.gates)}
    levels = ((key, int(sample.levels(key)[row])) for key in sorted(met))
    return frozenset((key, level) for key, level in levels if level)


def _changes(of: Study, raised) -> tuple[np.ndarray, np.ndarray]:
    """Arcs that differ from the usual in a state, and their weights in the search's units (SHUT where they are shut)."""
    of.ensemble.fresh(raised)  # lays the state over the metric that is shared
    metric = of.ensemble.cutter.open
    arcs = np.flatnonzero(metric.now != metric.whole)
    return arcs, metric.now[arcs].copy()


def _weight(found) -> int:
    return SHUT if found is None else found.weight


def peers(of: Study) -> dict[str, Callable[[np.ndarray, np.ndarray], int]]:
    """How each peer answers: arcs and weights that differ -> least weight, SHUT where there is no way."""
    network, whole = of.network, of.ensemble.cutter.whole
    found = {"pyroutingkit, partial re-customisation": _pyroutingkit(of, whole)}
    tail, head = network.arc_tail.astype(np.int64), network.arc_head.astype(np.int64)
    a, b = of.nodes
    order = np.lexsort((head, tail))
    pair = tail[order] * len(network.node_lon) + head[order]
    first = np.flatnonzero(np.r_[True, np.diff(pair) != 0])

    def least_of_parallels(arcs: np.ndarray, weights: np.ndarray) -> np.ndarray:
        now = whole.astype(np.int64)
        now[arcs] = weights
        return np.minimum.reduceat(now[order], first)

    shape = (len(network.node_lon),) * 2
    rows, columns = tail[order][first], head[order][first]

    def scipy(arcs: np.ndarray, weights: np.ndarray) -> int:
        now = least_of_parallels(arcs, weights)
        kept = now < SHUT
        matrix = csr_matrix((now[kept].astype(float), (rows[kept], columns[kept])), shape)
        return _whole(csgraph.dijkstra(matrix, indices=a)[b])

    found["SciPy, Dijkstra"] = scipy
    try:
        import igraph

        graph = igraph.Graph(n=shape[0], edges=np.c_[rows, columns], directed=True)

        def by_igraph(arcs: np.ndarray, weights: np.ndarray) -> int:
            now = least_of_parallels(arcs, weights).astype(float)
            now[now >= SHUT] = np.inf
            return _whole(graph.distances(a, b, weights=now)[0][0])

        found["python-igraph, Dijkstra"] = by_igraph
    except ImportError:
        print("python-igraph is not installed (pip install comity[bench])")
    try:
        from scgraph import Graph

        def by_scgraph(arcs: np.ndarray, weights: np.ndarray) -> int:
            now = least_of_parallels(arcs, weights)
            links: list[dict[int, int]] = [{} for _ in range(shape[0])]
            open_ = now < SHUT
            for one, other, weight in zip(
                rows[open_].tolist(), columns[open_].tolist(), now[open_].tolist(), strict=True
            ):
                links[one][other] = weight
            begun = time.process_time()  # its graph is made anew: a search after links are removed may still use them
            try:
                return _whole(Graph(links).dijkstra(origin_id=a, destination_id=b)["length"])
            except Exception:  # it raises where there is no path
                return SHUT
            finally:
                spent.append(time.process_time() - begun)

        spent: list[float] = []
        found["scgraph, Dijkstra on a graph made anew"] = by_scgraph
    except ImportError:
        print("scgraph is not installed (pip install comity[bench])")
    return found


def _pyroutingkit(of: Study, whole: np.ndarray):
    """The library that Comity stands on, called directly: what differs is laid, asked about, and taken away again."""
    from pyroutingkit import CCHMetric

    inner = CCHMetric(of.planner.engine.topology)
    inner.customize(whole)

    def ask(arcs: np.ndarray, weights: np.ndarray) -> int:
        inner.update_weights(arcs.astype(np.uint32), weights)
        distance = inner.query(*of.nodes)[0]
        inner.update_weights(arcs.astype(np.uint32), whole[arcs])
        return SHUT if distance is None else int(distance)

    return ask


def _whole(distance: float) -> int:
    return int(round(distance)) if np.isfinite(distance) else SHUT


if __name__ == "__main__":
    asked = sys.argv[1:] or ["Almaty", "Karachi"]
    main(asked[0], asked[1], int(asked[2]) if len(asked) > 2 else 10_000)
