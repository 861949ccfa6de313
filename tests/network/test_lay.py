"""Lines laid on a small world of two countries, and on the real one: gates, gauges, joins, lengths."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csgraph, csr_matrix

from comity import facts
from comity.errors import BadInput
from comity.network import Cell, Mode, Network
from comity.network.geo import great_circle_km
from comity.network.lay import compiled
from comity.network.lines import Line, Station
from comity.routing.cargo import cargo
from comity.routing.impedance import Tariff, spread

CELLS = (
    Cell(mode=Mode.RAIL, country="AFG", gauge_mm=1520),
    Cell(mode=Mode.RAIL, country="PAK", gauge_mm=1676),
    Cell(mode=Mode.ROAD, country="AFG"),
    Cell(mode=Mode.ROAD, country="PAK"),
)
NODES = [(67.0, 36.0, 0), (68.0, 36.0, 0), (71.4, 33.6, 1), (72.0, 33.6, 1), (67.1, 36.05, 2), (71.1, 33.7, 3)]
NODES += [(69.2, 34.55, 2), (73.5, 37.02, 2), (74.5, 36.95, 3)]  # roads where lines end
WEST = Station(name="West", lon=67.0, lat=36.0, country="AFG", gauge_mm=1520, joins=True)
KABUL = Station(name="Kabul", lon=69.2, lat=34.5, country="AFG", gauge_mm=1520)
EAST = Station(name="East", lon=71.42, lat=33.6, country="PAK", gauge_mm=1520, joins=True)
ROUTE = Line(id="route", name="Route", stations=(WEST, KABUL, EAST), length_km=700.0)


@pytest.fixture
def small(network) -> Network:
    """A railway of 1520 mm in Afghanistan and one of 1676 mm in Pakistan, each of one link, and road nodes."""
    lon, lat, cell = (np.array(column) for column in zip(*NODES, strict=True))
    tail, head = np.array([0, 1, 2, 3]), np.array([1, 0, 3, 2])
    empty = np.empty(0, np.float32)
    return replace(
        network,
        cells=CELLS, gates=(), figures=(),
        node_lon=lon.astype(np.float32), node_lat=lat.astype(np.float32), node_cell=cell.astype(np.uint16),
        arc_tail=tail.astype(np.uint32), arc_head=head.astype(np.uint32), arc_km=np.full(4, 95.0, np.float32),
        arc_cell=np.array([0, 0, 1, 1], np.uint16), arc_gate=np.full(4, -1, np.int32), gate_arcs=np.empty(0, np.int32),
        shape_first=np.zeros(5, np.int32), shape_lon=empty, shape_lat=empty,
        end_nodes={"road": np.arange(4, 9), "rail": np.arange(4), "sea_out": empty, "sea_in": empty},
    )  # fmt: skip


def laid(small: Network, *lines: Line):
    made, found = compiled(small, lines)
    names = ("node_lon", "node_lat", "node_cell", "arc_tail", "arc_head", "arc_km", "arc_cell", "arc_gate", "gate_arcs")
    shapes = {name: made.arrays[name] for name in ("shape_first", "shape_lon", "shape_lat")}
    arrays = {name: made.arrays[name] for name in names} | shapes
    return replace(small, cells=made.cells, gates=made.gates, **arrays), found


def kinds(network: Network) -> list[str]:
    return [network.gates[row].kind if row >= 0 else "" for row in network.arc_gate]


def least(network: Network, weight: np.ndarray, origin: int, destination: int) -> float:
    n = len(network.node_lon)
    kept = np.isfinite(weight)
    graph = csr_matrix((weight[kept] + 1e-9, (network.arc_tail[kept], network.arc_head[kept])), (n, n))
    return float(csgraph.dijkstra(graph, indices=origin)[destination])


def test_every_kilometre_of_a_line_passes_its_gate(small):
    network, _ = laid(small, ROUTE)
    new = np.arange(len(small.arc_tail), len(network.arc_tail))
    rail = np.array([network.cells[cell].mode is Mode.RAIL for cell in network.arc_cell])
    for arc in new[rail[new] & (network.arc_km[new] > 0)]:
        assert kinds(network)[arc] == "line"
        assert network.gates[network.arc_gate[arc]].id == "route"


def test_with_the_line_shut_nothing_that_was_there_is_joined(small):
    network, _ = laid(small, ROUTE)
    shut = np.array([kind == "line" for kind in kinds(network)])
    assert np.isfinite(least(network, network.arc_km.astype(float), 0, 3))
    assert not np.isfinite(least(network, np.where(shut, np.inf, network.arc_km.astype(float)), 0, 3))
    assert not np.isfinite(least(network, np.where(shut, np.inf, network.arc_km.astype(float)), 0, 5))


def test_a_line_has_the_length_told(small):
    network, (how,) = laid(small, ROUTE)
    gates = np.array(kinds(network))
    between = gates == "line"
    between &= (network.arc_tail >= len(NODES)) & (network.arc_head >= len(NODES))  # not what joins it to the rest
    assert network.arc_km[between].sum() / 2 == pytest.approx(700.0, rel=1e-5)
    assert how.km == 700.0


def test_a_kilometre_costs_the_rate_and_the_time_of_the_new_line(small):
    straight = Line(id="inland", name="Inland", stations=(WEST, replace(KABUL, terminal=True)), length_km=400.0)
    network, _ = laid(small, straight)
    weight = Tariff(network, cargo("40ft", 20.0)).weights(10.0)
    rate, speed = (facts.figure("rail.AFG.new", name) for name in ("rate_usd_per_teu_km", "speed_kmh"))
    hours = spread(replace(speed, value=1 / speed.value, low=1 / speed.high, high=1 / speed.low)).mean
    each = 2.0 * spread(rate).mean + 10.0 * hours
    arc = np.flatnonzero((network.arc_km == 400.0) & (network.arc_tail >= len(NODES)))
    assert weight[arc] == pytest.approx([400.0 * each] * 2, rel=1e-6)


def test_gauge_changes_only_where_the_gauges_differ(small):
    network, _ = laid(small, ROUTE)
    changes = [gate for gate in network.gates if gate.kind == "gauge"]
    assert {(gate.gauge_from, gate.gauge_to) for gate in changes} == {(1520, 1676), (1676, 1520)}
    assert {gate.country_from for gate in changes} == {"PAK"}


def test_the_border_is_passed_at_the_nearest_known_crossing(small):
    network, (how,) = laid(small, ROUTE)
    (id,) = how.crossings
    rows = [row for row in facts.rows("crossings") if {row["country_a"], row["country_b"]} == {"AFG", "PAK"}]
    along = np.linspace(0, 1, 200)
    lon, lat = (getattr(KABUL, a) + (getattr(EAST, a) - getattr(KABUL, a)) * along for a in ("lon", "lat"))
    nearest = min(rows, key=lambda row: great_circle_km(lon, lat, row["lon"], row["lat"]).min())
    assert id == nearest["id"]
    posts = [gate for gate in network.gates if gate.kind == "crossing"]
    assert {(gate.country_from, gate.country_to) for gate in posts} == {("AFG", "PAK"), ("PAK", "AFG")}
    border = np.array([kind == "crossing" for kind in kinds(network)])
    assert not np.isfinite(least(network, np.where(border, np.inf, network.arc_km.astype(float)), 0, 3))


def test_a_border_without_a_crossing_near_gets_one_of_the_line(small):
    north = replace(EAST, lon=74.5, lat=36.9)
    network, (how,) = laid(small, Line(id="pass", name="Pass", stations=(replace(WEST, lon=73.5, lat=37.0), north)))
    assert how.crossings == ("pass-afg-pak",)
    assert {gate.rule for gate in network.gates if gate.kind == "crossing"} == {"default"}


def test_a_station_on_a_link_joins_both_its_ends_as_far_as_the_way_along_it(small):
    middle = replace(WEST, name="Middle", lon=67.4)
    network, _ = laid(small, Line(id="fork", name="Fork", stations=(middle, replace(KABUL, terminal=True))))
    joins = (network.arc_head < 2) & (network.arc_tail >= len(NODES))
    km = dict(zip(network.arc_head[joins].tolist(), network.arc_km[joins].tolist(), strict=True))
    assert set(km) == {0, 1}
    assert sum(km.values()) == pytest.approx(95.0, abs=3.0)  # and twice what it lies off the link's marks
    assert km[0] / 95.0 == pytest.approx(0.4, abs=0.03)


def test_an_end_far_from_rails_gets_a_terminal_and_the_distance_is_told(small):
    far = replace(KABUL, lon=67.0, lat=35.4, joins=True)
    network, (how,) = laid(small, Line(id="stub", name="Stub", stations=(WEST, far)))
    told = next(note for note in how.notes if note.startswith("Kabul"))
    assert "67 km away" in told and "trucks" in told
    assert {gate.name for gate in network.gates if gate.kind == "terminal"} == {"Kabul terminal"}


def test_an_end_out_of_reach_of_everything_is_one_clear_message_with_all_faults(small):
    nowhere = replace(KABUL, lon=62.0, lat=31.0)
    lines = [Line(id=id, name=id.title(), stations=(WEST, nowhere)) for id in ("one", "two")]
    with pytest.raises(BadInput, match=r"One: its end at Kabul \(31.00, 62.00\)[^\n]*\nTwo: "):
        compiled(small, lines)


def test_two_lines_that_meet_are_joined_through_a_change_of_gauge(small):
    end = replace(KABUL, terminal=True)
    wide = replace(end, gauge_mm=1676, lon=end.lon + 0.02)
    first = Line(id="first", name="First", stations=(WEST, end))
    second = Line(id="second", name="Second", stations=(wide, replace(EAST, gauge_mm=1676)))
    network, (one, two) = laid(small, first, second)
    assert one.meets == (("second", "Kabul"),) and two.meets == (("first", "Kabul"),)
    assert np.isfinite(least(network, network.arc_km.astype(float), 0, 3))
    changes = {(gate.gauge_from, gate.gauge_to) for gate in network.gates if gate.kind == "gauge"}
    assert changes == {(1520, 1676), (1676, 1520)}


def test_a_road_has_no_gauge_and_no_terminal(small):
    ends = (replace(WEST, lon=67.1, lat=36.05, gauge_mm=0), replace(KABUL, gauge_mm=0, joins=False, lon=67.2, lat=35.5))
    road = Line(
        id="road", name="Road", stations=(ends[0], replace(ends[1], lon=62.0, lat=31.0, joins=True)), mode=Mode.ROAD
    )
    with pytest.raises(BadInput, match="out of reach"):
        compiled(small, [road])  # its far end has no road within reach
    near = replace(road, stations=(ends[0], replace(ends[1], lon=67.3, lat=36.1, joins=True)))
    cell = np.where(small.node_cell == 0, 2, small.node_cell).astype(np.uint16)  # the link in Afghanistan is a road
    network, _ = laid(replace(small, arc_cell=np.array([2, 2, 1, 1], np.uint16), node_cell=cell), near)
    assert {gate.kind for gate in network.gates} == {"line"}


def test_the_shipped_lines_lie_on_the_real_network(extended):
    from comity.network.extend import laid as how
    from comity.network.lines import planned

    found = {item.id: item for item in how(extended)}
    assert set(found) == {line.id for line in planned()}
    assert found["uap-trans-afghan-railway-termez"].crossings == ("kharlachi",)
    assert found["kandahar-spin-boldak-railway"].crossings == ("chaman-spinboldak",)
    assert found["china-kyrgyzstan-uzbekistan-railway"].crossings[0] == "torugart"
    assert ("kohat-kharlachi-railway", "Kharlachi") in found["uap-trans-afghan-railway-termez"].meets
    lost = [note for item in found.values() for note in item.notes if "joins no railway of today" in note]
    assert lost == []  # each station that is to join a railway finds it
