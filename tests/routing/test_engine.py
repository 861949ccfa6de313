"""Exactness: the contraction hierarchy against SciPy's plain Dijkstra on the very same weights."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csgraph, csr_matrix

from comity.routing.cargo import cargo
from comity.routing.engine import SHUT
from comity.routing.planner import planner


@pytest.fixture(scope="module")
def warm(network):
    return planner(network, cargo("40ft", 20.0))


def dijkstra(network, weights: np.ndarray, sources) -> np.ndarray:
    """Least sums of integer weights from each source, inf where nothing leads."""
    kept = weights < SHUT
    n = len(network.node_lon)
    tail, head, weight = network.arc_tail[kept], network.arc_head[kept], weights[kept].astype(float)
    order = np.lexsort((weight, head, tail))
    tail, head, weight = tail[order], head[order], weight[order]
    first = np.r_[True, (np.diff(tail.astype(np.int64)) != 0) | (np.diff(head.astype(np.int64)) != 0)]
    return csgraph.dijkstra(csr_matrix((weight[first], (tail[first], head[first])), (n, n)), indices=sources)


def test_distances_equal_dijkstra_all_modes(network, warm):
    metric = warm.metric("overall")
    metric.lay_over(np.empty(0, np.int64), np.empty(0))
    rng = np.random.default_rng(3)
    sources, targets = rng.choice(network.end_nodes["road"], (2, 12))
    plain = dijkstra(network, metric.now, sources)[:, targets]
    found = metric.distances(sources, targets).astype(float)
    found[found >= SHUT] = np.inf
    assert np.array_equal(found, plain)


def test_after_random_closures_too(network, warm):
    rng = np.random.default_rng(11)
    metric = warm.metric("overall")
    crossings = np.array(
        [row for row, gate in enumerate(network.gates) if gate.kind in ("crossing", "port", "passage")]
    )
    for _ in range(3):
        shut = rng.choice(crossings, len(crossings) // 3, replace=False)
        arcs = np.concatenate([warm.gate_arcs(int(row)) for row in shut])
        metric.lay_over(arcs, np.full(len(arcs), np.inf))
        sources, targets = rng.choice(network.end_nodes["road"], (2, 5))
        plain = dijkstra(network, metric.now, sources)[:, targets]
        found = metric.distances(sources, targets).astype(float)
        found[found >= SHUT] = np.inf
        assert np.array_equal(found, plain)
    metric.lay_over(np.empty(0, np.int64), np.empty(0))
    assert np.array_equal(metric.now, metric.whole)


def test_a_path_adds_up_to_its_weight(network, warm):
    metric = warm.metric("overall")
    nodes = np.random.default_rng(5).choice(network.end_nodes["road"], (20, 2))
    for a, b in nodes:
        found = metric.path(int(a), int(b))
        if found:
            weight, arcs = found
            assert metric.weight(arcs).sum() == weight
            assert network.arc_tail[arcs[0]] == a
            assert network.arc_head[arcs[-1]] == b
            assert (network.arc_head[arcs[:-1]] == network.arc_tail[arcs[1:]]).all()
