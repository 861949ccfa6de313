"""Mending maps that fall into pieces, by stated rules and never across a border.

OpenStreetMap extracts break where a bridge, a yard or a mapper's habit leaves a gap of a few hundred metres. Two
rules, both limited to one country: a dead end is joined to the nearest node of another piece within reach; two dead
ends within reach whose way round is more than `DETOUR` times their gap are joined to each other. Wider gaps are
closed by the named rows of `facts/tables/rail_links.csv`, each with its source.
"""

from __future__ import annotations

import heapq

import numpy as np
from scipy.sparse import csgraph, csr_matrix

from comity.network.geo import Nearest
from comity.network.links import Links

DETOUR = 12.0  # a way round longer than this many gaps says that the gap is a hole in the map
WINDING = 1.2  # length of a mended gap over its straight line


def pieces(links: Links, kept: np.ndarray | None = None) -> np.ndarray:
    """Number of the connected piece of each node, int32[n]; `kept` : bool[m] leaves links out."""
    tail, head = (links.tail, links.head) if kept is None else (links.tail[kept], links.head[kept])
    shape = (len(links.lon), len(links.lon))
    matrix = csr_matrix((np.ones(len(tail), np.int8), (tail, head)), shape=shape)
    return csgraph.connected_components(matrix, directed=False)[1]


def join_pieces(links: Links, country: np.ndarray, reach_km: float) -> Links:
    """Join dead ends to the nearest node of another piece of the same country within `reach_km`.

    Shortest gaps first, each only while it still joins two pieces (Kruskal), so no loop is made.
    """
    home = pieces(links, country[links.tail] == country[links.head])
    ends = _dead_ends(links)
    near = Nearest(links.lon, links.lat)
    gap, other = near(links.lon[ends], links.lat[ends], k=min(24, len(links.lon)))
    start = np.repeat(ends, gap.shape[1])
    gap, other = gap.ravel(), other.ravel()
    fits = (gap <= reach_km) & (home[start] != home[other]) & (country[start] == country[other])
    chosen = _spanning(start[fits], other[fits], gap[fits], home)
    return links.joined(*(column[chosen] for column in (start[fits], other[fits], gap[fits] * WINDING)))


def join_dead_ends(links: Links, country: np.ndarray, reach_km: float) -> Links:
    """Join dead ends of one piece that face each other within `reach_km` but lie far apart along the line."""
    ends = _dead_ends(links)
    near = Nearest(links.lon[ends], links.lat[ends])
    gap, other = near(links.lon[ends], links.lat[ends], k=min(4, len(ends)))
    a, b = np.repeat(ends, gap.shape[1]), ends[other.ravel()]
    gap = gap.ravel()
    fits = (a < b) & (gap <= reach_km) & (gap > 0) & (country[a] == country[b])
    a, b, gap = a[fits], b[fits], gap[fits]
    round_km = _way_round(links, a, b, limit=DETOUR * reach_km)
    hole = round_km > DETOUR * np.maximum(gap, 0.3)
    return links.joined(a[hole], b[hole], gap[hole] * WINDING)


def _dead_ends(links: Links) -> np.ndarray:
    degree = np.bincount(np.r_[links.tail, links.head], minlength=len(links.lon))
    return np.flatnonzero(degree <= 1)


def _spanning(a, b, gap, home) -> list[int]:
    parent: dict[int, int] = {}

    def root(x: int) -> int:
        while parent.get(x, x) != x:
            parent[x] = parent.get(parent[x], parent[x])
            x = parent[x]
        return x

    chosen = []
    for row in np.argsort(gap, kind="stable"):
        left, right = root(int(home[a[row]])), root(int(home[b[row]]))
        if left != right:
            parent[left] = right
            chosen.append(int(row))
    return chosen


def _way_round(links: Links, a: np.ndarray, b: np.ndarray, limit: float) -> np.ndarray:
    """Distance along the links from each a to its b, inf beyond `limit` km; searched one start at a time."""
    ball = Ball(links)
    found = np.full(len(a), np.inf)
    for start in np.unique(a):
        mine = a == start
        distance = ball(int(start), limit)
        found[mine] = [distance.get(int(node), np.inf) for node in b[mine]]
    return found


class Ball:
    """Distances of all nodes near a node; a plain heap search, since the ball is small."""

    def __init__(self, links: Links, kept: np.ndarray | None = None):
        tail, head, km = links.tail, links.head, links.km
        if kept is not None:
            tail, head, km = tail[kept], head[kept], km[kept]
        both = np.r_[tail, head]
        order = np.argsort(both, kind="stable")
        self.ends, self.km = np.r_[head, tail][order], np.r_[km, km][order]
        self.first = np.searchsorted(both[order], np.arange(len(links.lon) + 1))

    def __call__(self, start: int, limit: float) -> dict[int, float]:
        """Km along the links to every node within `limit` km of `start`."""
        done: dict[int, float] = {}
        heap = [(0.0, int(start))]
        while heap:
            distance, node = heapq.heappop(heap)
            if node in done:
                continue
            done[node] = distance
            for slot in range(self.first[node], self.first[node + 1]):
                further = distance + float(self.km[slot])
                if further <= limit and int(self.ends[slot]) not in done:
                    heapq.heappush(heap, (further, int(self.ends[slot])))
        return done


def way_km(ball: Ball, start: int, end: int, limit: float) -> float | None:
    """Length of the way from one node to another, None when longer than `limit` km."""
    return ball(start, limit).get(end)
