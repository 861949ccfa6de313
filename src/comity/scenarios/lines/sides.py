"""One side of a comparison: a network on a day, with what a question shuts, opens and builds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from comity.network import Network
from comity.routing import alternatives as alt
from comity.routing.ends import ends
from comity.routing.itinerary import Itinerary, Reader
from comity.routing.plan import Plan, odd, plan
from comity.routing.planner import Planner, planner
from comity.routing.request import Request
from comity.routing.states import State, state

WAYS = 10  # open ways asked of each side; the quickest and the cheapest are looked for among them


@dataclass(frozen=True)
class Side:
    """A network, an improved one or not, on one day, with what a question shuts and opens."""

    network: Network
    request: Request
    built: tuple[str, ...]  # ids of lines that are open

    @cached_property
    def planner(self) -> Planner:
        return planner(self.network, self.request.cargo)

    @cached_property
    def day(self) -> State:
        open_ = (*self.request.open_, *self.built)
        return state(self.network, self.request.on, self.request.close, open_)

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.network, self.planner.tariff, self.day)

    @cached_property
    def shut(self) -> tuple[int, ...]:
        return (*self.day.shut, *self.planner.off_modes(self.request.modes))

    def metric(self, shut: Iterable[int] = (), added: dict[int, float] | None = None):
        """The metric of money and time with further gates shut or made dearer; it holds until the next is asked for."""
        return self.planner.lay("overall", [*self.shut, *shut], self.reader, added or {})

    def cost(self, way: Itinerary) -> float:
        """Money and the value of the cargo's time on a way, USD for one unit."""
        return float(self.planner.generalized_cost(way, self.reader))

    def read(self, arcs: np.ndarray) -> Itinerary:
        """A path of arcs with this side's figures."""
        return self.reader.read(arcs, 0, self.request.origin, self.request.destination)

    def best(self, shut: Iterable[int] = ()) -> Itinerary | None:
        """The least way of all, with some gates shut as well; None where there is none."""
        metric = self.metric(shut)
        found = [metric.path(a, b) for a, b in self.pairs]
        least = min((path for path in found if path is not None), key=lambda path: path[0], default=None)
        return None if least is None else self.read(least[1])

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        starts = ends(self.network, self.request.origin, self.request.modes)
        stops = ends(self.network, self.request.destination, self.request.modes, arriving=True)
        return [(a.node, b.node) for a in starts for b in stops]

    def through(self, rows: Iterable[int], shut: Iterable[int]) -> Itinerary | None:
        """The best sensible way through one of some gates, with just these gates `shut`; None where there is none."""
        wanted = set(rows)
        metric = self.planner.lay("overall", [*shut, *self.planner.off_modes(self.request.modes)], self.reader)
        arcs = [self.planner.gate_arcs(row) for row in sorted(wanted)]
        via = np.concatenate(arcs).astype(np.int64) if arcs else np.empty(0, np.int64)
        paths = [path for pair in self.pairs for path in alt.candidates(self.network, metric, via, *pair)]
        for path in sorted(paths, key=lambda path: path.weight):
            way = self.read(path.arcs)
            if set(way.gate_rows) & wanted and not odd(way):
                return way
        return None

    def plan(self) -> Plan:
        """The plan for the question on this side."""
        asked = self.request
        return plan(
            asked.origin, asked.destination, cargo=asked.cargo.kind, tonnes=asked.cargo.tonnes,
            value_usd_per_t=asked.cargo.value_usd_per_t, on=asked.on, modes=asked.modes, close=asked.close,
            open_=(*asked.open_, *self.built), alternatives=WAYS, network=self.network,
        )  # fmt: skip
