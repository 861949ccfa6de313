"""The least way between two places under thousands of states at once, exactly.

What shuts, slows or costs more in a scenario is always a gate. So the network between two places is cut down once to
the gates that can matter, joined by the least ways that pass no gate at all; one state of the world is then a vector of
weights on a few hundred gates, and thousands of states are solved side by side by label correcting over arrays.

Cutting down keeps every gate g with  least(origin, g) + weight(g) + least(g, destination) <= within,  all three with
everything open. Closing or slowing only adds weight, so a least way that costs no more than `within` is the network's
own; a dearer one is sought again on the whole network. The idea of a graph over boundary nodes is that of customizable
route planning (Delling, Goldberg, Pajor & Werneck 2017, Transportation Science 51); the pruning by lower bounds is
A*'s, applied once for all states.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from comity.network import Network
from comity.routing.engine import SHUT, UNITS_PER_USD, Metric
from comity.routing.planner import Planner

FAR = np.int64(1) << 40  # no way; sums of it stay far from overflow
COLUMNS = 512  # states that are solved together: as many as stay in the processor's cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """Gates between two places with the least ways between them. Weights are the search engine's whole numbers.

    arc, gate, weight : int64[n], each gate arc in the network, its gate's row, its weight when open as usual
    into              : int64[n + 1], least way from each gate (last: the origin) to the destination past no other gate
    first, to, way    : int64[n + 2], int64[m], int64[m]; gates reached from each gate (last: the origin) past no other
    order             : int64[n + 1], those nearest to the destination first; the origin last
    before            : for each gate, the rows (gates, or n for the origin) whose ways lead to it
    rows_by_gate      : rows of each of the network's gates that is here
    head, tail        : int64[n + 1], node behind each gate (last: the origin), before each gate (last: the destination)
    within            : answers up to this weight are those of the whole network
    """

    arc: np.ndarray
    gate: np.ndarray
    weight: np.ndarray
    into: np.ndarray
    first: np.ndarray
    to: np.ndarray
    way: np.ndarray
    order: np.ndarray
    before: tuple[np.ndarray, ...]
    rows_by_gate: dict[int, np.ndarray]
    head: np.ndarray
    tail: np.ndarray
    within: int

    @property
    def origin(self) -> int:
        """Row of the origin, after those of all gates."""
        return len(self.arc)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Two ends, the least weight between them, and for each gate arc the least from the origin through it, and on."""

    origin: int
    destination: int
    least: int
    start: np.ndarray
    rest: np.ndarray


class Cutter:
    """Cuts overlays out of one network for one kind of cargo; what they have in common is made once.

    switchable : bool[n_gates], gates that can shut · always : bool[n_gates], gates that no cargo ever passes
    """

    def __init__(self, planner: Planner, switchable: np.ndarray, always: np.ndarray):
        self.network = planner.network
        gates = self.network.arc_gate[self.network.gate_arcs]
        self.arcs = np.asarray(self.network.gate_arcs[switchable[gates]], np.int64)
        self.never = np.asarray(self.network.gate_arcs[always[gates]], np.int64)
        self.open = planner.metric("overall")  # shared with plans: whoever searches lays first
        self.whole = self.open.whole
        self.land = _lands(self.network)
        threads = ThreadPoolExecutor(1)
        self._inner = threads.submit(self._sheltered, planner)
        threads.shutdown(wait=False)

    def _sheltered(self, planner: Planner) -> Metric:
        """The metric of ways that pass no gate that can shut."""
        weights = self.whole / UNITS_PER_USD
        weights[self.whole >= SHUT] = np.inf
        weights[np.r_[self.never, self.arcs]] = np.inf
        return planner.engine.metric(weights)

    @property
    def inner(self) -> Metric:
        """The metric of ways that pass no gate that can shut, waited for when it is not ready yet."""
        return self._inner.result()

    def lay(self, arcs: np.ndarray, weights: np.ndarray) -> None:
        """Give arcs of the open network other weights, USD, inf to shut them; what cargo never passes stays shut."""
        shut = np.full(len(self.never), np.inf)
        self.open.lay_over(np.concatenate([self.never, arcs]), np.concatenate([shut, weights]))

    def reach(self, origin: int, destination: int) -> Reach | None:
        """How far each gate arc lies from both ends with everything open; None when no way joins them."""
        self.lay(np.empty(0, np.int64), np.empty(0))
        least = self.open.path(origin, destination)
        if least is None:
            return None
        tail, head = (np.asarray(ends[self.arcs], np.int64) for ends in (self.network.arc_tail, self.network.arc_head))
        weight = self.whole[self.arcs].astype(np.int64)
        return Reach(
            origin=origin,
            destination=destination,
            least=least[0],
            start=self.open.distances([origin], tail)[0] + weight,
            rest=self.open.distances(head, [destination])[:, 0],
        )

    def cut(self, reach: Reach, stretch: float, most: int) -> Overlay | None:
        """The overlay that is exact up to `stretch` times the least way; None when it would take `most` entries or more."""
        within = int(stretch * reach.least)
        kept = np.flatnonzero(reach.start + reach.rest <= within)
        tails, heads = (
            np.bincount(self.land[ends[self.arcs[kept]]], minlength=int(self.land.max()) + 1)
            for ends in (self.network.arc_tail, self.network.arc_head)
        )
        if int((tails * heads).sum()) >= most:
            return None
        return self._joined(kept, reach, within)

    def _joined(self, kept: np.ndarray, reach: Reach, within: int) -> Overlay:
        """Least ways past no gate: from each kept gate, and the origin, to each kept gate and the destination."""
        tail = np.asarray(self.network.arc_tail[self.arcs[kept]], np.int64)
        head = np.r_[np.asarray(self.network.arc_head[self.arcs[kept]], np.int64), reach.origin]
        weight = self.whole[self.arcs[kept]].astype(np.int64)
        so_far, to_go = np.r_[reach.start[kept], 0], weight + reach.rest[kept]
        rows: list[np.ndarray] = []
        columns: list[np.ndarray] = []
        ways: list[np.ndarray] = []
        for land in np.unique(self.land[head]):  # past no gate, nobody leaves the country or the sea
            mine, theirs = np.flatnonzero(self.land[head] == land), np.flatnonzero(self.land[tail] == land)
            table = self.inner.distances(head[mine], tail[theirs]) if len(theirs) else np.empty((len(mine), 0))
            fits = (table < SHUT) & (so_far[mine][:, None] + table + to_go[theirs] <= within)
            row, column = np.nonzero(fits)
            rows.append(mine[row])
            columns.append(theirs[column])
            ways.append(table[row, column])
        row, column, way = (np.concatenate(part).astype(np.int64) for part in (rows, columns, ways))
        into = self.inner.distances(head, [reach.destination])[:, 0]
        by_row = np.argsort(row, kind="stable")
        by_column = np.split(
            row[np.argsort(column, kind="stable")], np.cumsum(np.bincount(column, minlength=len(kept)))
        )
        gate = self.network.arc_gate[self.arcs[kept]].astype(np.int64)
        return Overlay(
            arc=self.arcs[kept],
            gate=gate,
            rows_by_gate={int(row): np.flatnonzero(gate == row) for row in np.unique(gate)},
            weight=weight,
            into=np.where(into < SHUT, into, FAR),
            first=np.r_[0, np.cumsum(np.bincount(row, minlength=len(head)))].astype(np.int64),
            to=column[by_row],
            way=way[by_row],
            order=np.r_[np.argsort(reach.rest[kept], kind="stable"), len(kept)],
            before=tuple(by_column[: len(kept)]),
            head=head,
            tail=np.r_[tail, reach.destination],
            within=within,
        )

    def arcs_of(self, overlay: Overlay, path: tuple[int, ...]) -> np.ndarray:
        """The network's arcs along a way that is told as rows of an overlay, int64[k]."""
        steps = zip((overlay.origin, *path), (*path, overlay.origin), strict=True)
        parts: list[np.ndarray] = []
        for row, following in steps:
            between = self.inner.path(int(overlay.head[row]), int(overlay.tail[following]))
            parts.append(between[1] if between else np.empty(0, np.int64))
            parts.append(overlay.arc[following : following + 1])  # past the last gate: nothing
        return np.concatenate(parts)


def _lands(network: Network) -> np.ndarray:
    """Country of each node, one number each, and one for the sea; cargo leaves none of them but by a gate. int64[nodes]."""
    names = [cell.country or "sea" for cell in network.cells]
    _, number = np.unique(names, return_inverse=True)
    return number[network.node_cell]


def costs_to_go(overlay: Overlay, more: np.ndarray) -> np.ndarray:
    """Least weight from before each gate (last row: the origin) to the destination, int64[n + 1, states]; FAR where no way.

    more : int64[n, states], what each state adds to each gate's usual weight, 0 or more; FAR shuts it.
    Label correcting in the order of distance from the destination (Bertsekas 1998, *Network Optimization*, ch. 2): most
    states settle in one sweep, and only what a change can reach is looked at again. Raises nothing.
    """
    found = np.full((len(overlay.arc) + 1, more.shape[1]), FAR)
    for left in range(0, more.shape[1], COLUMNS):
        right = left + COLUMNS
        found[:, left:right] = _settled(overlay, more[:, left:right])
    return found


def _settled(overlay: Overlay, more: np.ndarray) -> np.ndarray:
    togo = np.full((len(overlay.arc) + 1, more.shape[1]), FAR)
    passing = np.concatenate([overlay.weight[:, None] + more, np.zeros((1, more.shape[1]), np.int64)])
    stale = np.ones(len(togo), bool)
    while stale.any():
        for row in overlay.order:
            if not stale[row]:
                continue
            stale[row] = False
            best = _onward(overlay, togo, row).min(axis=0)
            best += passing[row]
            np.minimum(best, FAR, out=best)
            if (best < togo[row]).any():
                togo[row] = best  # a label only falls: what it is made of has only fallen
                if row < overlay.origin:
                    stale[overlay.before[row]] = True
    return togo


def _onward(overlay: Overlay, togo: np.ndarray, row: int, columns=slice(None)) -> np.ndarray:
    """Weight of each way on from behind a gate, int64[k + 1, states]: to each gate it leads to; last, to the destination."""
    ahead = slice(overlay.first[row], overlay.first[row + 1])
    table = np.empty((ahead.stop - ahead.start + 1, togo[row, columns].shape[0]), np.int64)
    np.add(overlay.way[ahead, None], togo[overlay.to[ahead]][:, columns], out=table[:-1])
    table[-1] = overlay.into[row]
    return table


def ways(overlay: Overlay, togo: np.ndarray, start: int | None = None) -> list[tuple[int, ...] | None]:
    """The gates of the least way of each state, as rows of the overlay in order; None where there is no way.

    togo : what `costs_to_go` returned · start : a gate to begin before, in place of the origin
    """
    origin = overlay.origin if start is None else start
    states = togo.shape[1]
    paths: list[list[int]] = [[] if origin == overlay.origin else [origin] for _ in range(states)]
    at = np.where(togo[origin] < FAR, origin, -1)
    while (at >= 0).any():
        step = np.full(states, -1)
        for row in np.unique(at[at >= 0]):
            columns = np.flatnonzero(at == row)
            choice = _onward(overlay, togo, int(row), columns).argmin(axis=0)
            ahead = np.append(overlay.to[overlay.first[row] : overlay.first[row + 1]], -1)
            step[columns] = ahead[choice]
        for column in np.flatnonzero(step >= 0).tolist():
            paths[column].append(int(step[column]))
        at = step
    return [tuple(path) if togo[origin, column] < FAR else None for column, path in enumerate(paths)]
