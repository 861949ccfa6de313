"""The sea, and what joins the modes: ports, terminals and ferries, as arcs and gates on the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations

import numpy as np

from comity import facts
from comity.network.geo import great_circle_km
from comity.network.hubs import Connector, Hub, connect, estimated_terminals, ferry_ends, port_hubs, terminal_hubs
from comity.network.links import Links
from comity.network.model import Gate, Mode
from comity.network.sheet import Ground, Sheet

FERRY_WINDING = 1.1


def add_sea(sheet: Sheet, sea: Links, offset: int) -> None:
    """Sea lanes as arcs both ways, nodes numbered from `offset`; the passages of passages.csv become their gates."""
    cell = sheet.cell_of(Mode.SEA, "")
    gate = np.full(len(sea.tail), -1, np.int64)
    for row in facts.rows("passages"):
        mine = np.flatnonzero(sea.label == row["id"])
        if len(mine):
            gate[_toll_links(sea, mine, row)] = sheet.add_gate(_passage_gate(sea, int(mine[0]), row))
    for tail, head in ((sea.tail, sea.head), (sea.head, sea.tail)):
        sheet.add(tail + offset, head + offset, sea.km, cell, gate)


def _toll_links(sea: Links, mine: np.ndarray, row: dict) -> np.ndarray:
    """A canal drawn as a chain of links waits once: its longest link bears the gate. Without a wait all of them do."""
    return mine[[sea.km[mine].argmax()]] if row["value"] > 0 else mine


def _passage_gate(sea: Links, link: int, row: dict) -> Gate:
    return Gate(
        id=row["id"],
        kind="passage",
        name=row["name"],
        mode_from="sea",
        mode_to="sea",
        country_from="",
        country_to="",
        lon=float(sea.lon[sea.tail[link]]),
        lat=float(sea.lat[sea.tail[link]]),
        reason=row["note"] or "",
        rule="place" if row["container_ships"] else "shut",
    )


@dataclass(slots=True)
class HubNodes:
    """Nodes of hubs while they are gathered, numbered from `first`. of : (row of the hub, mode) -> node."""

    first: int
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    cell: list[int] = field(default_factory=list)
    of: dict[tuple[int, str], int] = field(default_factory=dict)

    def add(self, row: int, mode: str, hub: Hub, cell: int) -> int:
        """The number of a new node where the hub is."""
        node = self.of[row, mode] = self.first + len(self.lon)
        self.lon.append(hub.lon)
        self.lat.append(hub.lat)
        self.cell.append(cell)
        return node


def add_hubs(sheet: Sheet, road: Ground, rail: Ground, sea: Links, sea_offset: int):
    """Hub nodes and their arcs. Returns lon, lat and cell of the new nodes, numbered after the sea's, and island ports.

    An island port lies on no road or railway of the map: it has a gate of its own, where a journey may begin or end.
    """
    ferries = facts.rows("ferries")
    hubs = [*port_hubs(facts.rows("container_ports")), *terminal_hubs(facts.rows("rail_terminals"))]
    hubs += [*estimated_terminals(hubs), *ferry_ends(ferries)]
    sea_main = np.ones(len(sea.lon), bool)
    nets = {
        "road": (connect(hubs, "road", road.links, road.country, road.main), road.offset),
        "rail": (connect(hubs, "rail", rail.links, rail.country, rail.main), rail.offset),
        "sea": (connect(hubs, "sea", sea, np.full(len(sea.lon), ""), sea_main), sea_offset),
    }
    nodes = HubNodes(first=sea_offset + len(sea.lon))
    for mode, (connectors, offset) in nets.items():
        for link in connectors:
            _add_connector(
                sheet, nodes, hubs[link.hub], mode, link, offset, _hub_cell(sheet, mode, hubs[link.hub], rail, link)
            )
    alone = [row for row, hub in enumerate(hubs) if hub.kind == "port" and _stands_alone(row, nodes.of)]
    islands = [nodes.add(row, "road", hubs[row], sheet.cell_of(Mode.ROAD, hubs[row].country)) for row in alone]
    _add_transfers(sheet, hubs, nodes.of)
    _add_ferries(sheet, hubs, nodes.of, ferries)
    return nodes.lon, nodes.lat, nodes.cell, islands


def _add_connector(sheet: Sheet, nodes: HubNodes, hub: Hub, mode: str, link: Connector, offset: int, cell: int) -> None:
    """The hub's node on one mode's network and the arcs that join it, out and back.

    By sea there is a quay for leaving and one for arriving, so that a port is no shortcut between trains and trucks.
    """
    node = nodes.add(link.hub, mode, hub, cell)
    back = nodes.add(link.hub, "from sea", hub, cell) if mode == "sea" else node
    for ends in ((node, link.node + offset), (link.node + offset, back)):
        sheet.add(*ends, link.km, cell)


def _stands_alone(row: int, nodes: dict[tuple[int, str], int]) -> bool:
    return (row, "sea") in nodes and (row, "road") not in nodes and (row, "rail") not in nodes


def _hub_cell(sheet: Sheet, mode: str, hub: Hub, rail: Ground, link: Connector) -> int:
    if mode == "sea":
        return sheet.cell_of(Mode.SEA, "")
    if mode == "road":
        return sheet.cell_of(Mode.ROAD, hub.country)
    return sheet.cell_of(Mode.RAIL, hub.country, int(rail.gauge_mm[link.node]))


def _add_transfers(sheet: Sheet, hubs: Sequence[Hub], nodes: dict[tuple[int, str], int]) -> None:
    still = sheet.cell_of(Mode.TRANSFER, "")
    for row, hub in enumerate(hubs):
        if hub.kind == "ferry_end":
            continue
        here = [mode for mode in ("road", "rail", "sea") if (row, mode) in nodes]
        for one, other in permutations(here, 2):
            gate = Gate(
                id=hub.id,
                kind="port" if "sea" in (one, other) else "terminal",
                name=hub.name,
                mode_from=one,
                mode_to=other,
                country_from=hub.country,
                country_to=hub.country,
                lon=hub.lon,
                lat=hub.lat,
                rule="place" if hub.listed else "default",
            )
            start = nodes[row, "from sea" if one == "sea" else one]
            sheet.add(start, nodes[row, other], 0.0, still, sheet.add_gate(gate))


def _add_ferries(sheet: Sheet, hubs: Sequence[Hub], nodes: dict[tuple[int, str], int], ferries: Sequence[dict]) -> None:
    cell = sheet.cell_of(Mode.FERRY, "")
    number = {hub.id: row for row, hub in enumerate(hubs)}
    for row in ferries:
        a, b = hubs[number[f"{row['id']}:a"]], hubs[number[f"{row['id']}:b"]]
        km = row["distance_km"] or float(great_circle_km(a.lon, a.lat, b.lon, b.lat)) * FERRY_WINDING
        for mode in row["carries"]:
            ends = [nodes.get((number[hub.id], mode)) for hub in (a, b)]
            if None in ends:
                continue
            for one, other, tail, head in ((a, b, ends[0], ends[1]), (b, a, ends[1], ends[0])):
                sheet.add(tail, head, km, cell, sheet.add_gate(_sailing_gate(row["id"], mode, one, other, km)))


def _sailing_gate(id: str, mode: str, one: Hub, other: Hub, km: float) -> Gate:
    return Gate(
        id=id,
        kind="ferry",
        name=f"{one.name} - {other.name}",
        mode_from=mode,
        mode_to=mode,
        country_from=one.country,
        country_to=other.country,
        lon=one.lon,
        lat=one.lat,
        rule="listed",
        wanted_km=km,
    )


def quays(sheet: Sheet) -> dict[str, np.ndarray]:
    """Nodes of ports on their sea side, int64[n], to leave from and to arrive at, where no truck is wanted at that end."""
    out = [row for row, gate in enumerate(sheet.gates) if gate.kind == "port" and gate.mode_to == "sea"]
    back = [row for row, gate in enumerate(sheet.gates) if gate.kind == "port" and gate.mode_from == "sea"]
    ends = {
        int(gate[0]): (int(tail[0]), int(head[0]))
        for tail, head, gate in zip(sheet.tail, sheet.head, sheet.gate, strict=True)
        if len(gate) == 1
    }
    return {
        "end_sea_out": np.unique([ends[row][1] for row in out]),
        "end_sea_in": np.unique([ends[row][0] for row in back]),
    }
