"""The search beside its peers, in one run, on the same arrays with the same integer weights.

    python benchmarks/search.py [pairs]

Asks random pairs of road nodes for the least generalized cost over all modes. Every peer's answer must equal SciPy's.
Peers: pyroutingkit, SciPy, python-igraph and scgraph (extra `bench`). Prints milliseconds a query and the ratio.
"""

from __future__ import annotations

import statistics
import sys
import time

import numpy as np
from scipy.sparse import csgraph, csr_matrix

from comity.network import open_network
from comity.routing import plan
from comity.routing.cargo import cargo
from comity.routing.engine import SHUT
from comity.routing.planner import planner


def main(count: int) -> None:
    network = open_network()
    warm = planner(network, cargo("40ft", 20.0))
    metric = warm.metric("overall")
    pairs = np.random.default_rng(1).choice(network.end_nodes["road"], (count, 2))
    told = {"comity": timed(lambda a, b: metric.distances([a], [b])[0, 0], pairs)}
    told["comity, with the path"] = timed(lambda a, b: (metric.path(a, b) or (SHUT,))[0], pairs)
    told["pyroutingkit"] = timed(bare(warm.engine.topology, metric.now), pairs)
    told |= {name: timed(ask, pairs) for name, ask in peers(network, metric.now).items()}
    reference = told["scipy"][1]
    for name, (ms, answers) in told.items():
        same = all(a == b for a, b in zip(answers, reference, strict=True))
        print(
            f"{name:<24} {ms:>9.2f} ms a query   {ms / told['comity, with the path'][0]:>8.1f} x   {'equal' if same else 'NOT EQUAL'}"
        )
    extras(network, warm, metric)


def bare(topology, weights: np.ndarray):
    """The library that Comity's search stands on, called directly: distance, nodes and arcs of a path."""
    from pyroutingkit import CCHMetric

    inner = CCHMetric(topology)
    inner.customize(weights)
    return lambda a, b: SHUT if (found := inner.query(a, b)[0]) is None else found


def timed(ask, pairs) -> tuple[float, list[int]]:
    times, answers = [], []
    for a, b in pairs:
        start = time.perf_counter()
        answer = ask(int(a), int(b))
        times.append(1000 * (time.perf_counter() - start))
        answers.append(int(answer) if np.isfinite(answer) else SHUT)
    return statistics.median(times), answers


def peers(network, weights: np.ndarray) -> dict:
    kept = weights < SHUT
    tail, head, weight = (
        network.arc_tail[kept].astype(np.int64),
        network.arc_head[kept].astype(np.int64),
        weights[kept].astype(float),
    )
    order = np.lexsort((weight, head, tail))
    tail, head, weight = tail[order], head[order], weight[order]
    first = np.r_[True, (np.diff(tail) != 0) | (np.diff(head) != 0)]
    tail, head, weight = tail[first], head[first], weight[first]
    n = len(network.node_lon)
    matrix = csr_matrix((weight, (tail, head)), (n, n))
    found = {"scipy": lambda a, b: csgraph.dijkstra(matrix, indices=a)[b]}
    try:
        import igraph

        graph = igraph.Graph(n=n, edges=np.c_[tail, head], directed=True)
        graph.es["weight"] = weight
        found["python-igraph"] = lambda a, b: graph.distances(a, b, weights="weight")[0][0]
    except ImportError:
        print("python-igraph is not installed (pip install comity[bench])")
    try:
        from scgraph import Graph

        rows: list[dict[int, float]] = [{} for _ in range(n)]
        for a, b, w in zip(tail.tolist(), head.tolist(), weight.tolist(), strict=True):
            rows[a][b] = w
        sc = Graph(rows)

        def scgraph(a: int, b: int) -> float:
            try:
                return sc.dijkstra(origin_id=a, destination_id=b)["length"]
            except Exception:  # it raises where there is no path
                return np.inf

        found["scgraph"] = scgraph
    except (ImportError, TypeError, AttributeError) as fault:
        print(f"scgraph left out: {fault}")
    return found


def extras(network, warm, metric) -> None:
    """A matrix, a closure, and whole plans."""
    rng = np.random.default_rng(2)
    ends = rng.choice(network.end_nodes["road"], (2, 200))
    times = []
    for _ in range(5):
        start = time.perf_counter()
        metric.distances(ends[0], ends[1])
        times.append(1000 * (time.perf_counter() - start))
    print(f"matrix 200 x 200: {statistics.median(times):.0f} ms")
    crossings = [row for row, gate in enumerate(network.gates) if gate.kind == "crossing" and gate.rule == "listed"]
    a, b = (int(node) for node in rng.choice(network.end_nodes["road"], 2))
    times = []
    for row in crossings[:60]:
        arcs = warm.gate_arcs(row)
        start = time.perf_counter()
        metric.lay_over(arcs, np.full(len(arcs), np.inf))
        metric.distances([a], [b])
        times.append(1000 * (time.perf_counter() - start))
    metric.lay_over(np.empty(0, np.int64), np.empty(0))
    print(f"after shutting a crossing: {statistics.median(times):.2f} ms")
    from comity import places
    from comity.errors import ComityError

    cities = places.cities(300_000)
    times = []
    while len(times) < 50:
        (_, _, _, lon_a, lat_a), (_, _, _, lon_b, lat_b) = (cities[i] for i in rng.integers(0, len(cities), 2))
        start = time.perf_counter()
        try:
            plan(f"{lat_a},{lon_a}", f"{lat_b},{lon_b}", network=network)
        except ComityError:
            continue
        times.append(1000 * (time.perf_counter() - start))
    print(
        f"plan, 50 random world pairs: median {statistics.median(times):.0f} ms, nine in ten within {np.quantile(times, 0.9):.0f} ms"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 12)
