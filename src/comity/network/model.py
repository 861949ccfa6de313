"""What a compiled network is made of: modes, cells, gates, and the arrays that hold them together.

A *cell* is the part of one mode's network in one country (of one class, and of one gauge by rail): inside it speed, rate
and emission per kilometre are the same everywhere, so the shortest way is also the quickest, cheapest and cleanest.
A *gate* is anything that cargo passes from one cell to another: a border crossing point, a port, a terminal, a
change of gauge, a ferry; named sea passages are gates too, since they can shut. Everything that waits, costs a
fee, shuts or opens is a gate; everything else is kilometres in a cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from comity.facts import Figure
from comity.network import runs


class Mode(IntEnum):
    """How cargo moves along an arc. TRANSFER arcs stand still: they only lead through a gate."""

    ROAD = 0
    RAIL = 1
    SEA = 2
    FERRY = 3
    TRANSFER = 4

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Kilometres of one kind: `country` is alpha-3 ("" at sea), `gauge_mm` is 0 off the rails.

    `line_class` is the class of road or line where it is not the country's usual one ("mountain"), else "".
    """

    mode: Mode
    country: str
    gauge_mm: int = 0
    line_class: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One way through a gate, in one direction. Both directions of a crossing share `id`."""

    id: str
    kind: str  # crossing | port | terminal | gauge | ferry | passage | pass | line
    name: str
    mode_from: str
    mode_to: str
    country_from: str
    country_to: str
    lon: float
    lat: float
    rule: str  # listed | default | no_crossing | shut | place
    reason: str = ""
    gauge_from: int = 0
    gauge_to: int = 0
    wanted_km: float = 0.0  # length of a ferry's sailing

    @property
    def passable(self) -> bool:
        """False where no freight ever crosses: no closure and no date changes that."""
        return self.rule not in ("no_crossing", "shut")


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A compiled network, opened read-only. Nodes and arcs are numbered from 0.

    node_lon, node_lat : float32[n_nodes], degrees      node_cell : uint16[n_nodes]
    arc_tail, arc_head : uint32[n_arcs]                 arc_km    : float32[n_arcs], corrected length
    arc_cell : uint16[n_arcs], row of `cells`           arc_gate  : int32[n_arcs], row of `gates`, -1 for none
    shape_first : int32[n_arcs + 1]                     shape_lon, shape_lat : float32[n_points], degrees

    An arc of road or rail may stand for a chain of links (see `chains`). Its bends between tail and head, in the order
    of travel, are points shape_first[arc] up to shape_first[arc + 1]; its arc_km is the length along them.
    """

    folder: str
    id: str
    cells: tuple[Cell, ...]
    gates: tuple[Gate, ...]
    node_lon: np.ndarray
    node_lat: np.ndarray
    node_cell: np.ndarray
    arc_tail: np.ndarray
    arc_head: np.ndarray
    arc_km: np.ndarray
    arc_cell: np.ndarray
    arc_gate: np.ndarray
    shape_first: np.ndarray
    shape_lon: np.ndarray
    shape_lat: np.ndarray
    gate_arcs: np.ndarray  # int32[n_gate_arcs], arcs with a gate, sorted by gate
    end_nodes: dict[str, np.ndarray]  # road, rail, sea_out, sea_in: nodes where a journey may begin or end
    figures: tuple[Figure, ...] = ()  # of its own, looked up before the tables: a user's line, an improved crossing

    def line(self, arcs: np.ndarray) -> np.ndarray:
        """Points along a run of arcs with all their bends, float64[n, 2], lon and lat. `arcs` : int[k], k > 0."""
        first = self.shape_first[arcs]
        count = self.shape_first[arcs + 1] - first
        bends = runs.places(first, count)
        before = np.repeat(np.arange(1, len(arcs) + 1), count)  # bends of an arc come before its head
        nodes = np.r_[self.arc_tail[arcs[0]], self.arc_head[arcs]]
        lon = np.insert(self.node_lon[nodes], before, self.shape_lon[bends])
        return np.c_[lon, np.insert(self.node_lat[nodes], before, self.shape_lat[bends])].astype(float)
