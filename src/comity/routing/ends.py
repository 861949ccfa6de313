"""Where a journey can begin and end: a place as nodes of the network."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from comity.errors import NoRoute
from comity.network import Network
from comity.network.geo import great_circle_km

NEIGHBOUR_KM = 30.0
REACH_KM = {"road": 60.0, "rail": 80.0, "sea": 60.0}  # further away a place is not on that mode's network


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """A node to start from or arrive at, and how far it is from the place itself."""

    node: int
    mode: str
    access_km: float


def ends(network: Network, place, modes: tuple[str, ...], arriving: bool = False) -> tuple[End, ...]:
    """Nodes that stand for a place: the nearest road; without roads the nearest railway and port.

    A city or state too small for a road of its own on the map uses its neighbour's, within `NEIGHBOUR_KM`.

    Raises NoRoute with the distance when nothing lies within reach (a point at sea, an island without a road).
    """
    order = ["road"] if "road" in modes else [mode for mode in ("rail", "sea") if mode in modes]
    found = [end for mode in order if (end := _nearest(network, place, mode, arriving)) is not None]
    if not found and place.country and "road" in modes:
        near = _nearest(network, replace(place, country=""), "road", arriving)
        found = [near] if near is not None and near.access_km <= NEIGHBOUR_KM else []
    if not found and "road" in modes and "sea" in modes:
        order = ["road", "sea"]
        found = [end for end in (_nearest(network, place, "sea", arriving),) if end is not None]
    if not found:
        words = " or ".join({"road": "road", "rail": "railway", "sea": "port"}[mode] for mode in order)
        raise NoRoute(
            f"{place.name} ({place.lat:.2f}, {place.lon:.2f}) has no {words} of the freight network within "
            f"{max(REACH_KM[mode] for mode in order):.0f} km. Choose a place on land nearer to a town or a port."
        )
    return tuple(found)


def _nearest(network: Network, place, mode: str, arriving: bool) -> End | None:
    nodes = network.end_nodes[("sea_in" if arriving else "sea_out") if mode == "sea" else mode]
    reach = REACH_KM[mode]
    span = reach / 111.0
    wide = span / max(0.05, np.cos(np.radians(min(abs(place.lat) + span, 89.0))))
    nodes = nodes[np.abs(network.node_lat[nodes] - place.lat) < span]
    nodes = nodes[np.abs((network.node_lon[nodes] - place.lon + 180) % 360 - 180) < wide]
    if place.country and mode != "sea":
        nodes = nodes[_in_country(network, nodes, place.country)]
    if not len(nodes):
        return None
    km = great_circle_km(network.node_lon[nodes], network.node_lat[nodes], place.lon, place.lat)
    best = int(km.argmin())
    return End(node=int(nodes[best]), mode=mode, access_km=float(km[best])) if km[best] <= reach else None


def _in_country(network: Network, nodes: np.ndarray, country: str) -> np.ndarray:
    same = np.array([cell.country == country for cell in network.cells])
    return same[network.node_cell[nodes]]
