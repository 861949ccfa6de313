"""Laws of the compiled world."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csgraph, csr_matrix

from comity import facts, places
from comity.network import Mode


def cells_of(network, attribute):
    return np.array([getattr(cell, attribute) for cell in network.cells])


def test_every_arc_with_a_change_of_country_has_a_gate(network):
    country = cells_of(network, "country")
    mode = cells_of(network, "mode")
    a, b = network.node_cell[network.arc_tail], network.node_cell[network.arc_head]
    land = (mode[a] <= Mode.RAIL) & (mode[b] <= Mode.RAIL) & (mode[a] == mode[b])
    over = land & (country[a] != country[b])
    assert over.sum() > 1000
    assert (network.arc_gate[over] >= 0).all()


def test_cars_change_mode_only_through_gates(network):
    mode = cells_of(network, "mode")
    a, b = mode[network.node_cell[network.arc_tail]], mode[network.node_cell[network.arc_head]]
    changes = np.flatnonzero(a != b)
    kinds = {network.gates[row].kind for row in network.arc_gate[changes]}
    assert kinds == {"port", "terminal"}


def test_a_change_of_gauge_is_a_gate(network):
    gauge = cells_of(network, "gauge_mm")
    mode = cells_of(network, "mode")
    a, b = network.node_cell[network.arc_tail], network.node_cell[network.arc_head]
    change = (mode[a] == Mode.RAIL) & (mode[b] == Mode.RAIL) & (gauge[a] != gauge[b])
    assert change.sum() > 50
    assert all(network.gates[row].kind in ("crossing", "gauge") for row in network.arc_gate[change])


def test_every_known_crossing_is_on_the_map(network):
    there = {gate.id for gate in network.gates}
    missing = {row["id"] for row in facts.rows("crossings")} - there
    # the map has no railway in southern Kyrgyzstan, and one road for three posts west of Tashkent
    assert missing <= {"savay-karasu-rail", "kaplanbek-navoi"}


def test_no_road_crosses_the_line_of_control_or_the_wakhan(network):
    pairs = {("IND", "PAK"): {"wagah-attari"}, ("AFG", "CHN"): set(), ("CHN", "IND"): set(), ("ARM", "AZE"): set()}
    for pair, known in pairs.items():
        open_gates = {
            gate.id
            for gate in network.gates
            if gate.kind == "crossing" and gate.passable and tuple(sorted((gate.country_from, gate.country_to))) == pair
        }
        assert open_gates <= known, pair


def test_lengths_are_never_shorter_than_the_great_circle(network):
    from comity.network.geo import great_circle_km

    sample = np.random.default_rng(1).integers(0, len(network.arc_km), 20000)
    tail, head = network.arc_tail[sample], network.arc_head[sample]
    straight = great_circle_km(
        network.node_lon[tail], network.node_lat[tail], network.node_lon[head], network.node_lat[head]
    )
    assert (network.arc_km[sample] > 0.93 * straight - 0.25).all()


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((67.01, 24.86), (74.34, 31.55)),
        ((67.01, 24.86), (66.99, 30.19)),
        ((76.9, 43.3), (71.43, 51.17)),
        ((69.24, 41.3), (67.28, 37.22)),
        ((56.2, 27.2), (61.16, 36.54)),
        ((37.6, 55.8), (131.9, 43.1)),
        ((66.99, 30.19), (61.57, 28.98)),
    ],
)
def test_healed_railways_lead_from_end_to_end(network, a, b):
    mode = cells_of(network, "mode")
    rail = (mode[network.node_cell[network.arc_tail]] == Mode.RAIL) & (
        mode[network.node_cell[network.arc_head]] == Mode.RAIL
    )
    n = len(network.node_lon)
    graph = csr_matrix((np.ones(rail.sum(), np.int8), (network.arc_tail[rail], network.arc_head[rail])), (n, n))
    piece = csgraph.connected_components(graph, directed=False)[1]
    nodes = network.end_nodes["rail"]
    near = [
        nodes[np.hypot(network.node_lon[nodes] - lon, network.node_lat[nodes] - lat).argmin()] for lon, lat in (a, b)
    ]
    assert piece[near[0]] == piece[near[1]]


def test_gauges_of_known_places(network):
    told = {
        (69.24, 41.3): 1520,
        (51.4, 35.66): 1435,
        (67.0, 24.86): 1676,
        (61.2, 29.2): 1676,
        (67.3, 36.9): 1520,
        (116.4, 39.9): 1435,
    }
    nodes = network.end_nodes["rail"]
    for (lon, lat), gauge in told.items():
        node = nodes[np.hypot(network.node_lon[nodes] - lon, network.node_lat[nodes] - lat).argmin()]
        assert network.cells[network.node_cell[node]].gauge_mm == gauge, (lon, lat)


def test_most_countries_have_a_road(network):
    with_road = {cell.country for cell in network.cells if cell.mode is Mode.ROAD}
    assert len(with_road & {land.alpha3 for land in places.countries()}) > 170
