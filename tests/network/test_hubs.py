"""Ports and terminals joined to the network of each mode that reaches them."""

from __future__ import annotations

import numpy as np
import pytest

from comity.network.geo import great_circle_km
from comity.network.hubs import CONNECTOR_WINDING, REACH_KM, Hub, connect
from comity.network.links import Links


def links(*points: tuple[float, float]) -> Links:
    """Nodes at lon, lat; what joins them does not matter here."""
    lon, lat = np.array(points, float).T
    none = np.empty(0, np.int64)
    return Links(lon=lon, lat=lat, tail=none, head=none, km=np.empty(0), label=np.empty(0, "U24"))


def hub(lon: float, lat: float, country: str = "AAA", **more) -> Hub:
    return Hub(id="h", name="h", kind="port", country=country, lon=lon, lat=lat, **more)


def joined(hubs, mode, net, countries, main=None):
    main = np.ones(len(net.lon), bool) if main is None else np.array(main)
    return [(c.hub, c.node, c.km) for c in connect(hubs, mode, net, np.array(countries), main)]


def test_a_hub_is_joined_to_the_nearest_node_of_its_own_country():
    net = links((0.05, 0.0), (0.2, 0.0), (0.3, 0.0))
    ((row, node, km),) = joined([hub(0.0, 0.0)], "road", net, ["BBB", "AAA", "AAA"])
    assert (row, node) == (0, 1)
    assert km == pytest.approx(float(great_circle_km(0.2, 0.0, 0.0, 0.0)) * CONNECTOR_WINDING["road"], rel=1e-3)


def test_a_ship_asks_no_country_but_an_ocean():
    net = links((0.1, 0.0))
    assert joined([hub(0.0, 0.0, ocean=True)], "sea", net, [""])
    assert not joined([hub(0.0, 0.0, ocean=False)], "sea", net, [""])  # on the Caspian


@pytest.mark.parametrize("mode", ["road", "rail", "sea"])
def test_beyond_its_reach_a_hub_is_not_on_a_network(mode):
    degree = 111.195
    here = [hub(0.0, 0.0, ocean=True)]
    assert joined(here, mode, links((0.98 * REACH_KM[mode] / degree, 0.0)), ["AAA"])
    assert not joined(here, mode, links((1.02 * REACH_KM[mode] / degree, 0.0)), ["AAA"])


def test_a_piece_that_leads_nowhere_is_passed_over():
    net = links((0.01, 0.0), (0.5, 0.0))
    ((_, node, _),) = joined([hub(0.0, 0.0)], "road", net, ["AAA", "AAA"], [False, True])
    assert node == 1
    assert joined([hub(0.0, 0.0)], "road", net, ["AAA", "AAA"], [False, False]) == []


def test_no_connector_is_free_and_each_hub_has_one():
    net = links((0.0, 0.0), (20.0, 0.0))
    found = joined([hub(0.0, 0.0), hub(90.0, 0.0), hub(20.0, 0.0)], "road", net, ["AAA", "AAA"])
    assert found == [(0, 0, 0.1), (2, 1, 0.1)]


def test_large_ports_are_on_the_sea_and_on_the_road(network):
    meets = {}
    for gate in network.gates:
        if gate.kind == "port":
            meets.setdefault(gate.id, set()).update((gate.mode_from, gate.mode_to))
    for port in ("SGSIN", "CNSHA", "DEHAM", "NLRTM", "PKKHI", "INNSA", "IRBND", "BRSSZ", "USLAX"):
        assert {"road", "sea"} <= meets[port], port
    assert not {"AZBAK", "KZAAU"} & {id for id, modes in meets.items() if "sea" in modes}  # no ocean there
