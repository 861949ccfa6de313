"""Plain chains of road and track become one arc each; their bends stay behind as the shape of that arc.

A quarter of the map's nodes have no choice to offer: a bend of a road, a halt on a line, a siding. The search structure
holds them all the same, and reading it, laying weights over it and filling a matrix take as much longer. So they leave
the graph, by rules that change no distance between the nodes that stay:

- *Plain* is an arc of road or rail without a gate, between two nodes of its own cell. Every other arc stays, with its ends.
- A chain of plain arcs through nodes where nothing else joins is one arc with the sum of their kilometres.
- Nodes asked for (where towns and terminals attach) stay, and one about every `SPACING_KM` of a long chain.
- Track that ends in nothing is pruned; a road that ends stays, for people live there.
- Of chains side by side only the shortest stays, of chains back to where they began none.
- A piece of the map without a gate or a node to start from leads nowhere and goes.

Pure functions over arrays. *Edges* are plain arcs taken without direction, each once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comity.network.geo import Nearest
from comity.network.model import Cell, Mode
from comity.network.runs import bounds, places

SPACING_KM = {Mode.ROAD: 10.0, Mode.RAIL: 25.0}  # a bare lat,lon finds a node about so near


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """a, b : int64[m], nodes with a < b · km : float64[m] · sorted by (a, b), each pair once."""

    a: np.ndarray
    b: np.ndarray
    km: np.ndarray

    def only(self, kept: np.ndarray) -> Edges:
        return Edges(a=self.a[kept], b=self.b[kept], km=self.km[kept])

    def km_between(self, one: np.ndarray, other: np.ndarray, n_nodes: int) -> np.ndarray:
        """Km of the edge between each pair of nodes, float64[len(one)]; every pair must have one."""
        known = self.a * n_nodes + self.b
        return self.km[np.searchsorted(known, np.minimum(one, other) * n_nodes + np.maximum(one, other))]

    def degree(self, n_nodes: int) -> np.ndarray:
        """How many edges meet at each node, int64[n_nodes]."""
        return np.bincount(self.a, minlength=n_nodes) + np.bincount(self.b, minlength=n_nodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chains:
    """Edges in a row. Chain c runs over nodes[first[c]:first[c + 1]], its two ends among them.

    first : int64[c + 1] · nodes : int64[...] · km : float64[c], whole length of each
    """

    first: np.ndarray
    nodes: np.ndarray
    km: np.ndarray

    @property
    def start(self) -> np.ndarray:
        return self.nodes[self.first[:-1]]

    @property
    def end(self) -> np.ndarray:
        return self.nodes[self.first[1:] - 1]

    def only(self, rows: np.ndarray) -> Chains:
        count = np.diff(self.first)[rows]
        return Chains(first=bounds(count), nodes=self.nodes[places(self.first[rows], count)], km=self.km[rows])

    def both_ways(self) -> Chains:
        """Each chain, then each from its end to its start."""
        return Chains(
            first=np.r_[self.first, 2 * self.first[-1] - self.first[-2::-1]],
            nodes=np.r_[self.nodes, self.nodes[::-1]],
            km=np.r_[self.km, self.km[::-1]],
        )


def contracted(arrays: dict[str, np.ndarray], cells: Sequence[Cell], wanted: np.ndarray) -> dict[str, np.ndarray]:
    """The arrays of a network (see model.Network) with its plain chains contracted, and their shapes beside them.

    arrays : without shapes; plain arcs come in pairs, one each way, of one length · wanted : int[k], nodes that stay
    Distances between nodes that stay are the same, to the rounding of float32. Raises nothing.
    """
    mode = np.array([cell.mode for cell in cells])[arrays["node_cell"]]
    plain = _plain(arrays, mode)
    kept = np.zeros(len(mode), bool)
    kept[wanted] = True
    kept[arrays["arc_tail"][~plain]] = kept[arrays["arc_head"][~plain]] = True
    edges = edges_of(arrays["arc_tail"][plain], arrays["arc_head"][plain], arrays["arc_km"][plain], len(mode))
    edges = leading_somewhere(edges, _marked(kept, arrays["end_road"], arrays["end_rail"]))
    edges = pruned(edges, kept | (mode != Mode.RAIL))
    spacing_km = np.array([SPACING_KM.get(of, np.inf) for of in Mode])[mode]
    return _rebuilt(arrays, ~plain, kept, chains(edges, kept, spacing_km))


def _plain(arrays: dict[str, np.ndarray], mode: np.ndarray) -> np.ndarray:
    """Whether each arc only adds kilometres of one cell of road or rail, bool[n_arcs]."""
    tail, cell = arrays["arc_tail"], arrays["node_cell"]
    same = (cell[tail] == arrays["arc_cell"]) & (cell[arrays["arc_head"]] == arrays["arc_cell"])
    return same & (arrays["arc_gate"] < 0) & np.isin(mode[tail], list(SPACING_KM))


def _marked(kept: np.ndarray, *more: np.ndarray) -> np.ndarray:
    found = kept.copy()
    found[np.concatenate(more)] = True
    return found


def edges_of(tail: np.ndarray, head: np.ndarray, km: np.ndarray, n_nodes: int) -> Edges:
    """Plain arcs as edges: one for each pair of nodes, the shortest; an arc from a node to itself is none."""
    a, b = np.minimum(tail, head).astype(np.int64), np.maximum(tail, head).astype(np.int64)
    order = np.lexsort((km, b, a))
    a, b, km = a[order], b[order], km[order].astype(float)
    new = np.diff(a * n_nodes + b, prepend=-1) != 0
    return Edges(a=a, b=b, km=km).only(new & (a != b))


def leading_somewhere(edges: Edges, kept: np.ndarray) -> Edges:
    """The edges of pieces with a kept node: without one nothing can begin or end on a piece, nor pass it."""
    piece = _pieces(edges, len(kept))
    return edges.only(np.isin(piece[edges.a], np.unique(piece[kept])))


def pruned(edges: Edges, kept: np.ndarray) -> Edges:
    """The edges without those that end in nothing: a dead end goes, and the next that this makes, up to a kept node."""
    while True:
        dead = (edges.degree(len(kept)) == 1) & ~kept
        live = ~(dead[edges.a] | dead[edges.b])
        if live.all():
            return edges
        edges = edges.only(live)


def chains(edges: Edges, kept: np.ndarray, spacing_km: np.ndarray) -> Chains:
    """The edges as chains between nodes that stay: kept ones, ends and junctions, one in each ring, some along the way.

    kept : bool[n_nodes] · spacing_km : float[n_nodes], how far apart nodes of a chain may stay
    Of chains between the same two nodes only the shortest is given, and none that ends where it begins.
    """
    stays = kept | (edges.degree(len(kept)) != 2)
    stays[_one_of_each_ring(edges, stays)] = True
    first, nodes = _in_order(edges, stays)
    return _shortest(_cut(edges, first, nodes, spacing_km), len(kept))


def _one_of_each_ring(edges: Edges, stays: np.ndarray) -> np.ndarray:
    """A node of each piece where nothing else would stay, which is a ring, for a line has ends."""
    piece = _pieces(edges, len(stays))
    nodes = np.unique(edges.a)
    whole, first = np.unique(piece[nodes], return_index=True)
    return nodes[first[~np.isin(whole, piece[stays])]]


def _in_order(edges: Edges, stays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each chain begins in the second array, int64[c + 1], and the nodes of all, each from end to end.

    Every inner node has two edges, so inner nodes that hang together are one chain, and just two edges leave it.
    A breadth-first walk that begins at one end of every chain at once meets the nodes of each in order.
    """
    a_stays, b_stays = stays[edges.a], stays[edges.b]
    within = edges.only(~a_stays & ~b_stays)
    chain = _pieces(within, len(stays))
    leaves = a_stays != b_stays
    inside, outside = np.where(a_stays, edges.b, edges.a)[leaves], np.where(a_stays, edges.a, edges.b)[leaves]
    by_chain = np.argsort(chain[inside], kind="stable")
    inside, outside = inside[by_chain].reshape(-1, 2), outside[by_chain].reshape(-1, 2)
    inner = _walk(within, inside[:, 0], len(stays))
    inner = inner[np.argsort(chain[inner], kind="stable")]
    first = bounds(np.unique(chain[inner], return_counts=True)[1] + 2)
    nodes = np.full(first[-1], -1)
    nodes[first[:-1]], nodes[first[1:] - 1] = outside.T
    nodes[nodes < 0] = inner
    short = edges.only(a_stays & b_stays)  # an edge between nodes that stay is a chain already
    ends = np.c_[short.a, short.b].ravel()
    return np.r_[first, first[-1] + np.arange(2, len(ends) + 2, 2)], np.r_[nodes, ends]


def _walk(edges: Edges, starts: np.ndarray, n_nodes: int) -> np.ndarray:
    """Nodes in the order of a breadth-first walk that begins at all the starts."""
    from scipy.sparse.csgraph import breadth_first_order

    root = np.full(len(starts), n_nodes)  # one node more, joined to every start
    graph = _graph(np.r_[edges.a, root], np.r_[edges.b, starts], n_nodes + 1)
    return breadth_first_order(graph, n_nodes, directed=False, return_predecessors=False)[1:].astype(np.int64)


def _cut(edges: Edges, first: np.ndarray, nodes: np.ndarray, spacing_km: np.ndarray) -> Chains:
    """Long chains cut into parts of about `spacing_km`, all alike, so that they keep some of their nodes."""
    chain = np.repeat(np.arange(len(first) - 1), np.diff(first))
    step_km = np.zeros(len(nodes))
    later = np.flatnonzero(np.diff(chain, prepend=-1) == 0)
    step_km[later] = edges.km_between(nodes[later - 1], nodes[later], len(spacing_km))
    at_km = np.cumsum(step_km)
    start_km, whole_km = at_km[first[:-1]], at_km[first[1:] - 1] - at_km[first[:-1]]
    part_km = whole_km / np.maximum(np.rint(whole_km / spacing_km[nodes[first[:-1] + 1]]), 1)
    part = (at_km - start_km[chain]) // np.maximum(part_km, 1e-9)[chain]
    stays = np.diff(part, prepend=0) != 0
    stays[first[:-1]] = stays[first[1:] - 1] = True
    at = np.flatnonzero(stays)
    start, end = at[:-1], at[1:]
    same = chain[start] == chain[end]
    start, end = start[same], end[same]
    count = end - start + 1
    return Chains(first=bounds(count), nodes=nodes[places(start, count)], km=at_km[end] - at_km[start])


def _shortest(found: Chains, n_nodes: int) -> Chains:
    """Of chains between the same two nodes the shortest, and none that ends where it begins."""
    pair = np.minimum(found.start, found.end) * n_nodes + np.maximum(found.start, found.end)
    order = np.lexsort((found.km, pair))
    best = order[np.diff(pair[order], prepend=-1) != 0]
    return found.only(best[found.start[best] != found.end[best]])


def _pieces(edges: Edges, n_nodes: int) -> np.ndarray:
    """Number of the connected piece of each node, int32[n_nodes]."""
    from scipy.sparse.csgraph import connected_components

    return connected_components(_graph(edges.a, edges.b, n_nodes), directed=False)[1]


def _graph(a: np.ndarray, b: np.ndarray, n_nodes: int):
    from scipy.sparse import csr_matrix

    return csr_matrix((np.ones(len(a), np.int8), (a, b)), (n_nodes, n_nodes))


def _rebuilt(
    arrays: dict[str, np.ndarray], other: np.ndarray, kept: np.ndarray, found: Chains
) -> dict[str, np.ndarray]:
    """The network of the `other` arcs as they were and of the chains, its nodes numbered anew in the old order."""
    both = found.both_ways()
    stays = _marked(kept, found.start, found.end)
    number = np.where(stays, np.cumsum(stays) - 1, -1)
    arcs = {
        "arc_tail": number[np.r_[arrays["arc_tail"][other], both.start]],
        "arc_head": number[np.r_[arrays["arc_head"][other], both.end]],
        "arc_km": np.r_[arrays["arc_km"][other], both.km],
        "arc_cell": np.r_[arrays["arc_cell"][other], arrays["node_cell"][both.start]],
        "arc_gate": np.r_[arrays["arc_gate"][other], np.full(len(both.km), -1)],
    }
    bare = np.zeros(other.sum(), np.int64)
    bends = np.r_[bare, both.first[:-1] + 1], np.r_[bare, np.diff(both.first) - 2]
    order = np.lexsort((arcs["arc_head"], arcs["arc_tail"]))
    first, count = bends[0][order], bends[1][order]
    shape = both.nodes[places(first, count)]
    made = {name: column[order].astype(arrays[name].dtype) for name, column in arcs.items()}
    made |= {name: arrays[name][stays] for name in ("node_lon", "node_lat", "node_cell")}
    made |= {name: _renumbered(nodes, number) for name, nodes in arrays.items() if name.startswith("end_")}
    made |= {"shape_lon": arrays["node_lon"][shape], "shape_lat": arrays["node_lat"][shape]}
    return made | {"shape_first": bounds(count).astype(np.int32), "gate_arcs": gate_arcs(made["arc_gate"])}


def _renumbered(nodes: np.ndarray, number: np.ndarray) -> np.ndarray:
    found = number[nodes]
    return found[found >= 0].astype(np.int32)


def gate_arcs(arc_gate: np.ndarray) -> np.ndarray:
    """Arcs that lead through a gate, sorted by gate, int32."""
    arcs = np.flatnonzero(arc_gate >= 0)
    return arcs[np.argsort(arc_gate[arcs], kind="stable")].astype(np.int32)


# --- nodes that stay because something begins there ------------------------------------------------------------


def attached(arrays: dict[str, np.ndarray], first_hub: int) -> np.ndarray:
    """Nodes of hubs (numbered from `first_hub`) and those of the map that their connectors lead to."""
    at_hub = np.maximum(arrays["arc_tail"], arrays["arc_head"]) >= first_hub
    return np.unique(np.r_[arrays["arc_tail"][at_hub], arrays["arc_head"][at_hub]])


def nearest_to(
    country: np.ndarray, lon: np.ndarray, lat: np.ndarray, arrays: dict[str, np.ndarray], cells: Sequence[Cell]
) -> np.ndarray:
    """Nodes of road and rail where journeys from towns begin: the nearest of the town's own country, as in routing.ends.

    country : str[n], alpha-3 code · lon, lat : float[n] of each town
    """
    code = np.array([cell.country for cell in cells])[arrays["node_cell"]]
    found = [np.empty(0, np.int64)]
    for nodes in (arrays["end_road"], arrays["end_rail"]):
        of_node = code[nodes]
        for own in np.unique(of_node):
            there, towns = nodes[of_node == own], country == own
            if towns.any():
                nearest = Nearest(arrays["node_lon"][there], arrays["node_lat"][there])
                found.append(there[nearest(lon[towns], lat[towns])[1]])
    return np.unique(np.concatenate(found))
