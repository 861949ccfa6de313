"""Shortest paths on the compiled network, under any weights, quickly.

The search stands on RoutingKit's customizable contraction hierarchies (Dibbelt, Strasser & Wagner 2016, *Customizable
Contraction Hierarchies*, ACM JEA 21) through pyroutingkit: the order of contraction depends on the map alone and is
made once at build time; a set of weights is laid over it in a tenth of a second; shutting or opening gates touches
only what lies above them. Answers equal plain Dijkstra on the same integer weights, which tests/routing checks.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np

from comity.network import Network

UNITS_PER_USD = 10_000  # weights are whole numbers; a path may cost up to USD 214,000
SHUT = 2_147_483_647  # RoutingKit's infinity


class Engine:
    """The search structure of one network. Metrics (sets of weights) are made from it."""

    def __init__(self, network: Network):
        self.network = network
        self._loading = ThreadPoolExecutor(1).submit(self._load)  # reading it takes longer than all else that starts

    def _load(self):
        from pyroutingkit import CCHTopology

        topology = CCHTopology()
        topology.load(f"{self.network.folder}/cch")
        return topology

    @cached_property
    def topology(self):
        return self._loading.result()

    def metric(self, weights: np.ndarray) -> Metric:
        """weights : float64[n_arcs] in USD (or any unit of that size), inf where nothing passes."""
        return Metric(self, weights)


class Metric:
    """One set of weights over the network: distances, paths, and changes to a few arcs at a time."""

    def __init__(self, engine: Engine, weights: np.ndarray):
        from pyroutingkit import CCHMetric

        self.engine = engine
        self.whole = as_integers(weights)
        self.now = self.whole.copy()
        self._inner = CCHMetric(engine.topology)
        self._inner.customize(self.whole)
        self._laid = np.empty(0, np.int64)

    def lay_over(self, arcs: np.ndarray, weights: np.ndarray) -> None:
        """Give `arcs` other weights (inf shuts them) and every other arc its own again."""
        touched = np.union1d(self._laid, arcs).astype(np.int64)
        before = self.now[touched]
        self.now[self._laid] = self.whole[self._laid]
        self.now[arcs] = as_integers(weights)
        differ = touched[before != self.now[touched]]
        if len(differ):
            self._inner.update_weights(differ.astype(np.uint32), self.now[differ])
        self._laid = np.asarray(arcs, np.int64)

    def weight(self, arcs: np.ndarray) -> np.ndarray:
        """Present weight of arcs, int64[n]."""
        return self.now[arcs].astype(np.int64)

    def path(self, origin: int, destination: int) -> tuple[int, np.ndarray] | None:
        """Weight and arcs (int64[n]) of the least path, None when there is none."""
        distance, _, arcs = self._inner.query(origin, destination)
        if distance is None or distance >= SHUT or distance < 0:
            return None
        return int(distance), np.asarray(arcs, np.int64)

    def distances(self, origins, destinations) -> np.ndarray:
        """Least weights, int64[len(origins), len(destinations)]; SHUT where there is no path."""
        rows, row_of = np.unique(np.asarray(origins, np.uint32), return_inverse=True)
        columns, column_of = np.unique(np.asarray(destinations, np.uint32), return_inverse=True)
        # nodes are numbered along a curve over the map: in order, one search finds the next one's memory warm
        table = np.asarray(self._inner.distances_many_to_many(rows, columns), np.int64)
        return table.reshape(len(rows), len(columns))[row_of[:, None], column_of]


def as_integers(weights: np.ndarray) -> np.ndarray:
    """Whole-number weights, uint32: at least 1, so that no arc is free and no search runs in circles."""
    units = np.multiply(weights, UNITS_PER_USD, dtype=float)
    np.rint(units, out=units)
    shut = ~np.isfinite(units)
    np.clip(units, 1, SHUT - 1, out=units)  # in place: a network has millions of arcs
    units[shut] = SHUT
    return units.astype(np.uint32)
