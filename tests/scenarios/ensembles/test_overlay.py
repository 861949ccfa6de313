"""The network cut down to the gates that can matter: exact within its bound, and the kernel against brute force."""

from __future__ import annotations

import numpy as np
import pytest

from comity.scenarios.ensembles.overlay import FAR, Overlay, costs_to_go, ways


def small(seed: int, gates: int = 7) -> tuple[Overlay, np.ndarray]:
    """A made-up overlay, and its ways as a matrix: rows are gates and last the origin, columns gates and last the end."""
    rng = np.random.default_rng(seed)
    table = np.where(rng.random((gates + 1, gates + 1)) < 0.45, rng.integers(1, 100, (gates + 1, gates + 1)), FAR)
    np.fill_diagonal(table[:gates, :gates], FAR)
    row, column = np.nonzero(table[:, :gates] < FAR)
    order = np.argsort(row, kind="stable")
    before = tuple(np.flatnonzero(table[:, gate] < FAR) for gate in range(gates))
    overlay = Overlay(
        arc=np.arange(gates), gate=np.arange(gates), weight=rng.integers(1, 30, gates), into=table[:, gates],
        first=np.r_[0, np.cumsum(np.bincount(row, minlength=gates + 1))], to=column[order],
        way=table[row, column][order], order=np.r_[rng.permutation(gates), gates], before=before,
        rows_by_gate={gate: np.array([gate]) for gate in range(gates)}, head=np.arange(gates + 1),
        tail=np.arange(gates + 1), within=10**9,
    )  # fmt: skip
    return overlay, table


def slowly(overlay: Overlay, table: np.ndarray, more: np.ndarray) -> int:
    """Least weight from the origin by Bellman & Ford over the whole matrix."""
    gates = len(overlay.arc)
    togo = np.full(gates + 1, FAR)
    for _ in range(gates + 2):
        onward = np.minimum(table[:, gates], (table[:, :gates] + togo[:gates]).min(axis=1))
        togo = np.minimum(onward + np.r_[overlay.weight + more, 0], FAR)
    return int(togo[gates])


@pytest.mark.parametrize("seed", range(25))
def test_every_state_gets_the_least_weight_and_a_way_that_has_it(seed):
    overlay, table = small(seed)
    rng = np.random.default_rng(100 + seed)
    more = np.where(rng.random((7, 60)) < 0.3, np.where(rng.random((7, 60)) < 0.5, FAR, 40), 0)
    togo = costs_to_go(overlay, more)
    for state, path in enumerate(ways(overlay, togo)):
        least = slowly(overlay, table, more[:, state])
        assert togo[-1, state] == least
        assert (path is None) == (least >= FAR)
        if path is not None:
            steps = zip((7, *path), (*path, 7), strict=True)
            assert sum(table[a, b] for a, b in steps) + sum(overlay.weight[g] + more[g, state] for g in path) == least


def test_an_overlay_keeps_every_gate_of_a_way_within_its_bound(studies):
    of = studies("Almaty", "Karachi")
    cutter, reach = of.ensemble.cutter, of.ensemble.cutter.reach(*of.nodes)
    narrow, wide = (cutter.cut(reach, stretch, 10**7) for stretch in (1.1, 1.5))
    assert set(narrow.arc) < set(wide.arc)
    arcs = of.ensemble.ways[of.ensemble.least([frozenset()])[0].way].arcs
    gates = of.network.arc_gate[arcs]
    switchable = arcs[(gates >= 0) & of.keys.switchable[gates]]
    assert set(switchable.tolist()) <= set(narrow.arc.tolist())
    assert costs_to_go(narrow, np.zeros((len(narrow.arc), 1), np.int64))[-1, 0] == reach.least


def test_an_overlay_that_would_be_too_large_is_not_made(studies):
    of = studies("Almaty", "Karachi")
    reach = of.ensemble.cutter.reach(*of.nodes)
    assert of.ensemble.cutter.cut(reach, 1.5, 10) is None
