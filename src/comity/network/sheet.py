"""What a network is gathered on while it is compiled: one land mode, mended and labelled, and columns of arcs and gates."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from comity.network import borders
from comity.network.links import Links
from comity.network.model import Cell, Gate, Mode


@dataclass(slots=True)
class Sheet:
    """Columns of arcs and gates while they are being gathered: arrays of int64 and, of km, float64, added one by one."""

    tail: list[np.ndarray] = field(default_factory=list)
    head: list[np.ndarray] = field(default_factory=list)
    km: list[np.ndarray] = field(default_factory=list)
    cell: list[np.ndarray] = field(default_factory=list)
    gate: list[np.ndarray] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    cells: dict[Cell, int] = field(default_factory=dict)

    def cell_of(self, mode: Mode, country: str, gauge_mm: int = 0, line_class: str = "") -> int:
        key = Cell(mode=mode, country=country, gauge_mm=gauge_mm, line_class=line_class)
        return self.cells.setdefault(key, len(self.cells))

    def add(self, tail, head, km, cell, gate=None) -> None:
        """Add arcs. tail, head : int[n] or one number · km, cell, gate : one for each arc or one for all; no gate is -1."""
        tail = np.atleast_1d(np.asarray(tail, np.int64))
        n = len(tail)
        self.tail.append(tail)
        self.head.append(np.atleast_1d(np.asarray(head, np.int64)))
        self.km.append(np.broadcast_to(np.asarray(km, float), n))
        self.cell.append(np.broadcast_to(np.asarray(cell, np.int64), n))
        self.gate.append(np.full(n, -1) if gate is None else np.broadcast_to(np.asarray(gate, np.int64), n))

    def add_gate(self, gate: Gate) -> int:
        self.gates.append(gate)
        return len(self.gates) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One land mode, mended and labelled, before it becomes arcs. `offset` is the number of its first node.

    country : str[n], alpha-3 · gauge_mm : int32[n], 0 for roads · main : bool[n], nodes of pieces that lead somewhere
    point_of_link : int64[m], row of `points`, -1 for none
    """

    mode: Mode
    links: Links
    country: np.ndarray
    gauge_mm: np.ndarray
    points: tuple[borders.BorderPoint, ...]
    point_of_link: np.ndarray
    main: np.ndarray
    offset: int
