"""Where freight may change country: known crossings, estimated ones, and lines that nothing passes."""

from __future__ import annotations

import numpy as np
import pytest

from comity import facts
from comity.network.borders import DEFAULT_REACH_KM, LISTED_REACH_KM, along, assign, rules, smooth
from comity.network.geo import great_circle_km
from comity.network.links import Links

DEGREE = 111.195  # km of one degree along a great circle


def links(points, pairs, km=None) -> Links:
    """Nodes at lon, lat and links between them, as long as a straight line unless told."""
    lon, lat = np.array(points, float).T
    tail, head = np.array(pairs, np.int64).T
    straight = np.hypot(lon[tail] - lon[head], lat[tail] - lat[head]) * DEGREE
    return Links(
        lon=lon, lat=lat, tail=tail, head=head, km=straight if km is None else np.array(km, float),
        label=np.full(len(tail), "", "U24"),
    )  # fmt: skip


def crossing(id: str, lon: float, lat: float, modes=("road",)) -> dict:
    return {
        "id": id,
        "name": id.title(),
        "country_a": "AAA",
        "country_b": "BBB",
        "modes": modes,
        "lon": lon,
        "lat": lat,
    }


def ladder(*lats: float) -> tuple[Links, np.ndarray]:
    """Two roads north along a border at longitude 0, in AAA and BBB, with a rung over it at each latitude."""
    points = [(lon, lat) for lon in (-0.02, 0.02) for lat in lats]
    n = len(lats)
    up = [(side * n + k, side * n + k + 1) for side in (0, 1) for k in range(n - 1)]
    rungs = [(k, n + k) for k in range(n)]
    return links(points, up + rungs), np.array(["AAA"] * n + ["BBB"] * n)


def given(net, country, crossings, rule, reason=""):
    borders = assign(
        net, country, "road", crossings, lambda *_: (rule, reason), lambda lon, lat, _: ["Town"] * len(lon)
    )
    over = borders.country[borders.links.tail] != borders.country[borders.links.head]
    assert ((borders.point_of_link >= 0) == over).all()  # every link over a border has its point, no other has
    return borders, [borders.points[row] for row in borders.point_of_link[over]]


def test_between_listed_countries_only_known_crossings_carry_freight():
    net, country = ladder(0.0, 0.1, 1.0)
    _, points = given(net, country, [crossing("gate", 0.0, 0.0)], "listed")
    assert [point.id for point in points[:2]] == ["gate", "gate"]  # the post, and a road 11 km beside it
    assert (points[2].rule, points[2].reason) == ("no_crossing", "no known freight crossing")


def test_the_nearest_of_two_known_crossings_has_a_link():
    net, country = ladder(0.0, 0.1, 0.2)
    _, points = given(net, country, [crossing("south", 0.0, 0.0), crossing("north", 0.0, 0.19)], "listed")
    assert [point.id for point in points] == ["south", "north", "north"]


@pytest.mark.parametrize(("rule", "reach"), [("listed", LISTED_REACH_KM), ("default", DEFAULT_REACH_KM)])
def test_a_known_crossing_reaches_so_far_and_no_further(rule, reach):
    for share, known in ((0.95, True), (1.05, False)):
        net, country = ladder(0.0, share * reach / DEGREE)
        _, points = given(net, country, [crossing("gate", 0.0, 0.0)], rule)
        assert (points[1].id == "gate") is known


def test_elsewhere_links_close_together_are_one_estimated_crossing():
    net, country = ladder(0.0, 0.05, 1.0)
    _, points = given(net, country, [], "default")
    assert points[0].id == points[1].id != points[2].id
    assert points[0].name == "AAA-BBB border near Town"
    assert points[0].rule == "default"
    assert (points[0].lon, points[0].lat) == (pytest.approx(0.0), pytest.approx(0.025))


def test_a_shut_border_carries_nothing_and_says_why():
    net, country = ladder(0.0, 1.0)
    _, points = given(net, country, [crossing("gate", 0.0, 0.0)], "shut", "front line")
    assert {(point.rule, point.reason) for point in points} == {("shut", "front line")}


def test_a_known_crossing_without_a_road_gets_one():
    net = links([(-0.5, 0.0), (-0.4, 0.0), (0.4, 0.0), (0.5, 0.0)], [(0, 1), (2, 3)])
    borders, points = given(net, np.array(["AAA", "AAA", "BBB", "BBB"]), [crossing("pass", 0.0, 0.0)], "listed")
    assert [point.id for point in points] == ["pass"]
    assert len(borders.links.tail) == 4
    assert borders.links.km[2:] == pytest.approx([0.4 * DEGREE * 1.3] * 2, rel=0.01)  # mountain roads wind


def test_a_crossing_for_trains_is_nothing_to_trucks():
    net, country = ladder(0.0)
    _, points = given(net, country, [crossing("rails", 0.0, 0.0, modes=("rail",))], "listed")
    assert points[0].rule == "no_crossing"


def test_rules_of_a_row_go_before_those_of_the_region():
    rows = [
        {
            "country_a": "IND",
            "country_b": "CHN",
            "modes": ("road", "rail"),
            "rule": "shut",
            "reason": "line of control",
        },
        {"country_a": "DEU", "country_b": "POL", "modes": ("road",), "rule": "listed", "reason": None},
    ]
    touch = frozenset({("CHN", "IND"), ("DEU", "POL"), ("IND", "PAK"), ("DEU", "FRA"), ("CHN", "MMR")})
    rule_of = rules(rows, frozenset({"IND", "PAK", "CHN"}), touch)
    assert rule_of("CHN", "IND", "road") == rule_of("IND", "CHN", "rail") == ("shut", "line of control")
    assert rule_of("POL", "DEU", "road") == ("listed", "")
    assert rule_of("POL", "DEU", "rail") == ("default", "")
    assert rule_of("PAK", "IND", "road") == ("listed", "")
    assert rule_of("DEU", "FRA", "road") == ("default", "")
    assert rule_of("CHN", "MMR", "road") == ("default", "")  # one of the two lies in the region
    assert rule_of("DEU", "ESP", "road") == ("shut", "the two countries have no common border")


def test_a_sliver_of_the_neighbours_land_is_taken_back_and_a_long_road_is_not():
    def bent(inside_km: float, last: str = "AAA") -> list[str]:
        """A long road of AAA that runs `inside_km` through BBB by the drawn line."""
        at = np.cumsum([0.0, 1.0, 0.1, inside_km / DEGREE, 0.1, 1.0])
        country = np.array(["AAA", "AAA", "BBB", "BBB", last, last])
        return smooth(links([(lon, 0.0) for lon in at], [(n, n + 1) for n in range(5)]), country).tolist()

    assert bent(6.0) == ["AAA"] * 6
    assert bent(30.0) == ["AAA", "AAA", "BBB", "BBB", "AAA", "AAA"]
    assert bent(6.0, last="CCC") == ["AAA", "AAA", "BBB", "BBB", "CCC", "CCC"]  # a corner between two others


def test_a_road_that_clips_a_border_is_its_own_countrys_where_no_other_way_is_near():
    points = [(0.0, 0.0), (0.05, 0.01), (0.1, 0.0)]
    country = np.array(["AAA", "BBB", "AAA"])
    mended = along(links(points, [(0, 1), (1, 2)]), country)
    assert (mended.tail[2:].tolist(), mended.head[2:].tolist()) in (([0], [2]), ([2], [0]))
    assert mended.km[2] == pytest.approx(mended.km[:2].sum())
    home = along(links(points, [(0, 1), (1, 2), (0, 2)]), country)  # with a road at home it is left as it is
    assert len(home.tail) == 3


def test_no_passable_gate_lies_far_from_a_known_crossing_between_listed_countries(network):
    """Nothing crosses the Line of Control, the Wakhan or the Durand Line but at a post of the tables."""
    posts = {row["id"]: row for row in facts.rows("crossings")}
    pairs = {("IND", "PAK"), ("AFG", "PAK"), ("AFG", "CHN"), ("CHN", "PAK"), ("AFG", "TJK"), ("IRN", "PAK")}
    seen = set()
    a, b = network.arc_tail[network.gate_arcs], network.arc_head[network.gate_arcs]
    for row, tail, head in zip(network.arc_gate[network.gate_arcs].tolist(), a.tolist(), b.tolist(), strict=True):
        gate = network.gates[row]
        if gate.kind == "crossing" and tuple(sorted((gate.country_from, gate.country_to))) in pairs:
            if not gate.passable:
                assert gate.reason
                continue
            assert gate.id in posts, gate
            lon, lat = network.node_lon[[tail, head]], network.node_lat[[tail, head]]
            away = great_circle_km(lon, lat, posts[gate.id]["lon"], posts[gate.id]["lat"])
            seen.add(gate.id)
            assert float(np.min(away)) < 60.0, gate.id
    assert {"wagah-attari", "torkham", "khunjerab"} <= seen
