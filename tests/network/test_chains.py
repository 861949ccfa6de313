"""Contracting plain chains changes no distance and loses no bend."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csgraph, csr_matrix

from comity.network import Cell, Mode, Network, chains
from comity.network.geo import great_circle_km

ROAD, RAIL = Cell(mode=Mode.ROAD, country="KAZ"), Cell(mode=Mode.RAIL, country="KAZ", gauge_mm=1520)
ABROAD = Cell(mode=Mode.ROAD, country="UZB")


def arrays(points, links, cell=None, gates=None, ends=()) -> dict[str, np.ndarray]:
    """A network by hand: lon, lat of its nodes, links (a, b, km); `gates` : {row of link: gate}."""
    lon, lat = np.array(points, float).T
    a, b, km = (np.array(column) for column in zip(*links, strict=True))
    of_node = np.zeros(len(lon), np.uint16) if cell is None else np.array(cell, np.uint16)
    gate = np.full(len(a), -1, np.int32)
    for row, number in (gates or {}).items():
        gate[row] = number
    return {
        "node_lon": lon.astype(np.float32),
        "node_lat": lat.astype(np.float32),
        "node_cell": of_node,
        "arc_tail": np.r_[a, b].astype(np.uint32),
        "arc_head": np.r_[b, a].astype(np.uint32),
        "arc_km": np.r_[km, km].astype(np.float32),
        "arc_cell": np.r_[of_node[b], of_node[a]],
        "arc_gate": np.r_[gate, gate],
        "end_road": np.array(ends, np.int32),
        "end_rail": np.empty(0, np.int32),
    }


def row_of(n: int, step_deg: float = 0.01):
    return [(step_deg * i, 50 + 0.005 * (i % 2)) for i in range(n)]


def along(n: int, km: float = 1.0):
    return [(i, i + 1, km) for i in range(n - 1)]


def contracted(whole, wanted=(), cells=(ROAD, RAIL, ABROAD)):
    return chains.contracted(whole, cells, np.array(wanted, int))


def kept_of(whole, made) -> np.ndarray:
    """Number in the whole network of each node that stayed; coordinates tell them apart."""
    where = {(x, y): node for node, (x, y) in enumerate(zip(whole["node_lon"], whole["node_lat"], strict=True))}
    return np.array([where[x, y] for x, y in zip(made["node_lon"], made["node_lat"], strict=True)], int)


def shortest(of) -> np.ndarray:
    n = len(of["node_lon"])
    best = np.full((n, n), np.inf)
    np.minimum.at(best, (of["arc_tail"], of["arc_head"]), of["arc_km"].astype(float))
    return csgraph.shortest_path(csr_matrix(np.where(np.isfinite(best), best, 0)), method="D")


def assert_same_distances(whole, made) -> None:
    old = kept_of(whole, made)
    assert np.allclose(shortest(made), shortest(whole)[np.ix_(old, old)], rtol=1e-6)


def as_network(made) -> Network:
    columns = {name: column for name, column in made.items() if not name.startswith("end_")}
    return Network(folder="", id="", cells=(ROAD,), gates=(), end_nodes={}, **columns)


def test_a_chain_becomes_one_arc_each_way_with_its_bends():
    whole = arrays(row_of(6), along(6), ends=range(6))
    made = contracted(whole)
    assert list(kept_of(whole, made)) == [0, 5]
    assert list(made["arc_km"]) == [5.0, 5.0]
    network = as_network(made)
    there, back = network.line(np.array([0])), network.line(np.array([1]))
    assert there == pytest.approx(np.array(row_of(6)), abs=1e-5)
    assert np.array_equal(there, back[::-1])


def test_a_parallel_chain_goes_when_it_is_longer():
    points = [(0, 50), (0.02, 50.01), (0.03, 49.99), (0.05, 50), (-0.01, 50), (0.06, 50)]
    links = [(0, 1, 2), (1, 3, 2), (0, 2, 1.5), (2, 3, 1.5), (4, 0, 1), (3, 5, 1)]
    whole = arrays(points, links, ends=range(6))
    made = contracted(whole)
    assert_same_distances(whole, made)
    assert sorted(made["arc_km"]) == [1, 1, 1, 1, 3, 3]


def test_a_loop_goes_unless_somebody_begins_in_it():
    points = [*row_of(3), (0.03, 50.02), (0.04, 50.0), (0.03, 49.98)]
    links = [*along(3), (2, 3, 1), (3, 4, 1), (4, 5, 1), (5, 2, 1)]
    whole = arrays(points, links, ends=range(6))
    assert list(kept_of(whole, contracted(whole))) == [0, 2]
    made = contracted(whole, wanted=[3])
    assert list(kept_of(whole, made)) == [0, 2, 3]
    assert_same_distances(whole, made)


def test_a_ring_on_an_island_keeps_nodes_to_start_from():
    ring = [(0.2 * np.sin(a), 50 + 0.2 * np.cos(a)) for a in np.linspace(0, 2 * np.pi, 40, endpoint=False)]
    whole = arrays(ring, [(i, (i + 1) % 40, 1.5) for i in range(40)], ends=range(40))
    made = contracted(whole)
    assert 3 <= len(made["node_lon"]) <= 8
    assert made["arc_km"].sum() == pytest.approx(2 * 60)
    assert_same_distances(whole, made)


def test_a_piece_that_leads_nowhere_goes():
    points = [*row_of(4), (5, 50), (5.01, 50), (5.02, 50)]
    whole = arrays(points, [*along(4), (4, 5, 1), (5, 6, 1)], ends=range(4))
    assert list(kept_of(whole, contracted(whole))) == [0, 3]


def test_a_gate_in_a_chain_stays_with_both_its_ends():
    whole = arrays(row_of(8), along(8), gates={3: 0}, ends=range(8))
    made = contracted(whole)
    assert list(kept_of(whole, made)) == [0, 3, 4, 7]
    assert list(made["arc_gate"][made["gate_arcs"]]) == [0, 0]
    assert np.diff(made["shape_first"])[made["gate_arcs"]].sum() == 0
    assert_same_distances(whole, made)


def test_a_change_of_cell_stays():
    whole = arrays(row_of(6), along(6), cell=[0, 0, 0, 2, 2, 2], gates={2: 0}, ends=range(6))
    made = contracted(whole)
    assert list(kept_of(whole, made)) == [0, 2, 3, 5]
    assert set(made["arc_cell"]) == {0, 2}


def test_a_siding_is_pruned_and_a_road_that_ends_is_not():
    points = [*row_of(5), (0.02, 50.1), (0.02, 50.2), (0.03, 50.2)]
    links = [*along(5), (2, 5, 3), (5, 6, 3), (5, 7, 4)]
    road = arrays(points, links, ends=range(8))
    rail = arrays(points, links, cell=[1] * 8, ends=range(8))
    assert list(kept_of(road, contracted(road, wanted=[0, 4]))) == [0, 2, 4, 5, 6, 7]
    assert list(kept_of(rail, contracted(rail, wanted=[0, 4]))) == [0, 4]
    made = contracted(rail, wanted=[0, 4, 7])  # a terminal at the end of one of the sidings
    assert list(kept_of(rail, made)) == [0, 2, 4, 7]
    assert_same_distances(rail, made)


@pytest.mark.parametrize(("cell", "apart_km"), [(0, 10), (1, 25)])
def test_a_long_chain_keeps_a_node_now_and_then(cell, apart_km):
    n = 201
    whole = arrays(row_of(n), along(n), cell=[cell] * n, ends=range(n))
    made = contracted(whole, wanted=[0, n - 1])
    assert len(made["node_lon"]) == 1 + 200 / apart_km
    assert made["arc_km"] == pytest.approx(apart_km, abs=1)
    assert_same_distances(whole, made)


def test_asked_for_all_nodes_nothing_is_contracted():
    whole = arrays(row_of(9), along(9), ends=range(9))
    made = contracted(whole, wanted=range(9))
    assert len(made["node_lon"]) == 9
    assert len(made["shape_lon"]) == 0


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_distances_between_nodes_that_stay_are_unchanged(data):
    n = data.draw(st.integers(2, 24))
    node = st.integers(0, n - 1)
    links = data.draw(st.lists(st.tuples(node, node, st.sampled_from([1.0, 2.0, 4.0, 9.0])), min_size=1, max_size=32))
    cell = [data.draw(st.sampled_from([0, 1]))] * n
    gated = data.draw(st.integers(0, 1))
    whole = arrays([(i, 0.0) for i in range(n)], links, cell, {0: 0} if gated else None, range(n))
    wanted = data.draw(st.lists(node, max_size=4, unique=True))
    made = contracted(whole, wanted)
    old = kept_of(whole, made)
    assert set(wanted) <= set(old)
    assert_same_distances(whole, made)
    network = as_network(made)
    for arc in np.flatnonzero(made["arc_gate"] < 0):
        drawn = network.line(np.array([arc]))[:, 0].astype(int)  # longitudes number the nodes
        assert (drawn[0], drawn[-1]) == (old[made["arc_tail"][arc]], old[made["arc_head"][arc]])
        steps = [{x, y} for x, y in zip(drawn, drawn[1:], strict=False)]
        assert sum(min(km for a, b, km in links[gated:] if {a, b} == step) for step in steps) == made["arc_km"][arc]


def test_drawn_shapes_are_as_long_as_their_arcs_say(network):
    """On the world map: no shape jumps, and length over drawn length is what distance factors and rounding allow."""
    shaped = np.flatnonzero(np.diff(network.shape_first) > 2)
    for arc in np.random.default_rng(7).choice(shaped, 400):
        line = network.line(np.array([arc]))
        assert len(line) == 2 + network.shape_first[arc + 1] - network.shape_first[arc]
        drawn = great_circle_km(*line[:-1].T, *line[1:].T)
        assert 0.85 * drawn.sum() - 1 < network.arc_km[arc] < 2.5 * drawn.sum() + 2


def test_a_town_begins_at_the_nearest_node_of_its_country():
    whole = arrays(row_of(12), along(12), cell=[0] * 6 + [2] * 6, gates={5: 0}, ends=range(12))
    town = np.array(["KAZ", "UZB"]), np.array([0.06, 0.084]), np.array([50.0, 50.0])
    assert list(chains.nearest_to(*town, whole, (ROAD, RAIL, ABROAD))) == [5, 8]
