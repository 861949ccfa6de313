"""Places where cargo changes mode: ports, rail terminals and dry ports, and the ends of ferries.

A hub has one node per mode that reaches it, joined to the nearest node of that mode's network by a connector.
Nothing changes mode anywhere else on a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comity.network.geo import Nearest, great_circle_km
from comity.network.links import Links

REACH_KM = {"road": 90.0, "rail": 15.0, "sea": 400.0}  # beyond these a hub is not on that mode's network
CITY_WITH_TERMINAL, TERMINAL_SPACING_KM = 300_000, 40.0  # larger cities have a terminal even where no row names one
CONNECTOR_WINDING = {"road": 1.3, "rail": 1.2, "sea": 1.05}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A place where modes meet. `ocean` is False on the Caspian, which no ship reaches from the sea."""

    id: str
    name: str
    kind: str  # port | terminal | ferry_end
    country: str
    lon: float
    lat: float
    ocean: bool = False
    listed: bool = True  # False for the estimated terminal of a large city


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """`hub` row and `node` of its mode's network, with the length between."""

    hub: int
    node: int
    km: float


def connect(hubs: Sequence[Hub], mode: str, links: Links, country: np.ndarray, main: np.ndarray) -> list[Connector]:
    """Connector of each hub that lies on this mode's network.

    country : str[n] of each node ("" by sea: any) · main : bool[n], nodes of pieces large enough to lead anywhere
    A land hub is joined within its own country only. Raises nothing.
    """
    wanted = [row for row, hub in enumerate(hubs) if mode != "sea" or hub.ocean]
    usable = np.flatnonzero(main)
    if not wanted or not len(usable):
        return []
    near = Nearest(links.lon[usable], links.lat[usable])
    away, index = near([hubs[r].lon for r in wanted], [hubs[r].lat for r in wanted], k=min(16, len(usable)))
    away, index = (np.reshape(table, (len(wanted), -1)) for table in (away, index))  # flat where one node is all
    found = []
    for row, distances, nodes in zip(wanted, away, usable[index], strict=True):
        fits = (distances <= REACH_KM[mode]) & ((mode == "sea") | (country[nodes] == hubs[row].country))
        if fits.any():
            best = int(np.argmax(fits))  # neighbours come nearest first
            km = max(float(distances[best]) * CONNECTOR_WINDING[mode], 0.1)
            found.append(Connector(hub=row, node=int(nodes[best]), km=km))
    return found


def port_hubs(rows: Sequence[dict]) -> list[Hub]:
    """A hub for each row of container_ports.csv; those on the Caspian are no ocean's."""
    return [
        Hub(
            id=row["locode"],
            name=row["name"],
            kind="port",
            country=row["country"],
            lon=row["lon"],
            lat=row["lat"],
            ocean=row["tier"] != "caspian",
        )
        for row in rows
    ]


def terminal_hubs(rows: Sequence[dict]) -> list[Hub]:
    """A hub for each row of rail_terminals.csv."""
    return [
        Hub(id=row["id"], name=row["name"], kind="terminal", country=row["country"], lon=row["lon"], lat=row["lat"])
        for row in rows
    ]


def estimated_terminals(known: Sequence[Hub]) -> list[Hub]:
    """A terminal for each large city that has none of the table's nearby: an estimate, so that rail works worldwide."""
    from comity import places

    found = [hub for hub in known if hub.kind == "terminal"]
    listed = len(found)
    for id, name, country, lon, lat in places.cities(CITY_WITH_TERMINAL):
        near = [hub for hub in found if abs(hub.lat - lat) < 0.6]
        if all(great_circle_km(hub.lon, hub.lat, lon, lat) > TERMINAL_SPACING_KM for hub in near):
            found.append(
                Hub(id=id, name=f"{name} terminal", kind="terminal", country=country, lon=lon, lat=lat, listed=False)
            )
    return found[listed:]


def ferry_ends(rows: Sequence[dict]) -> list[Hub]:
    """Two hubs for each row of ferries.csv, ID:a and ID:b."""
    return [
        Hub(
            id=f"{row['id']}:{side}",
            name=row[f"name_{side}"],
            kind="ferry_end",
            country=row[f"country_{side}"],
            lon=row[f"lon_{side}"],
            lat=row[f"lat_{side}"],
        )
        for row in rows
        for side in ("a", "b")
    ]
