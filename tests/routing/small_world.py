"""A world of one road, or a road that changes to rail or ship, for journeys counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from comity.network import Cell, Gate, Mode, Network
from comity.places import Place
from comity.routing.cargo import Cargo, cargo
from comity.routing.impedance import Tariff
from comity.routing.itinerary import Itinerary, Reader
from comity.routing.states import State

OPEN = State(on=date(2026, 11, 24), closed=(), shut={}, slow={}, barred={})
FIGURES = "subject,parameter,value,low,high,unit,source,standing\n"


def certain(*rows: str) -> str:
    """A file of figures without a range: "road speed_kmh 50" gives 50 as low, middle and high."""
    cells = (row.split() for row in rows)
    return FIGURES + "".join(f"{s},{p},{v},{v},{v},x,comity,assumption\n" for s, p, v in cells)


def post(a: str, b: str, id: str = "", mode: str = "road", kind: str = "crossing") -> Gate:
    """A gate from country a to country b by one mode."""
    id = id or f"{a}-{b}".lower()
    return Gate(
        id=id, kind=kind, name=id.title(), mode_from=mode, mode_to=mode, country_from=a, country_to=b, lon=0.0,
        lat=0.0, rule="listed",
    )  # fmt: skip


def change(id: str, country: str, one: str, other: str) -> Gate:
    """A port or terminal where cargo changes mode."""
    kind = "port" if "sea" in (one, other) else "terminal"
    return Gate(
        id=id, kind=kind, name=id.title(), mode_from=one, mode_to=other, country_from=country, country_to=country,
        lon=0.0, lat=0.0, rule="place",
    )  # fmt: skip


def travel(network: Network, *steps, state: State = OPEN, of: Cargo | None = None) -> Itinerary:
    """The itinerary of runs and gates in turn: ("road", "KAZ", 500), post("KAZ", "UZB"), ("road", "UZB", 300).

    network : any, for what a small world does not need
    """
    runs = [step for step in steps if isinstance(step, tuple)]
    gates = tuple(step for step in steps if isinstance(step, Gate))
    before = [steps[n - 1] if n else None for n, step in enumerate(steps) if isinstance(step, tuple)]
    passed = np.array([gates.index(step) if isinstance(step, Gate) else -1 for step in before], np.int32)
    cells_of = [Cell(mode=Mode[mode.upper()], country=country) for mode, country, _ in runs]
    cells = tuple(dict.fromkeys(cells_of))
    n = len(runs)
    world = replace(
        network,
        cells=cells,
        gates=gates,
        node_lon=np.linspace(60, 70, n + 1, dtype=np.float32),
        node_lat=np.full(n + 1, 40, np.float32),
        node_cell=np.zeros(n + 1, np.uint16),
        arc_tail=np.arange(n, dtype=np.uint32),
        arc_head=np.arange(1, n + 1, dtype=np.uint32),
        arc_km=np.array([km for _, _, km in runs], np.float32),
        arc_cell=np.array([cells.index(cell) for cell in cells_of], np.uint16),
        arc_gate=passed,
        gate_arcs=np.flatnonzero(passed >= 0).astype(np.int32),
    )
    reader = Reader(world, Tariff(world, of or cargo("40ft", 20.0)), state)
    start, stop = (Place(id=name, name=name, kind="city", country="", lon=0.0, lat=0.0) for name in ("Start", "Stop"))
    return reader.read(np.arange(n), 0, start, stop)
