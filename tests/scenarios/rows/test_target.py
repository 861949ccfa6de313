"""Names of targets as gates of the real network."""

from __future__ import annotations

import pytest

from comity.errors import BadInput
from comity.routing.states import local_posts
from comity.scenarios.rows.change import Change
from comity.scenarios.rows.target import touched

BOX = "POLYGON ((70 33, 72.5 33, 72.5 35, 70 35, 70 33))"  # around Torkham


def gates(network, **told):
    return [network.gates[row] for row in touched(network, Change(**{"action": "close"} | told)).rows]


@pytest.mark.parametrize(
    ("target", "kind", "id"),
    [
        ("torkham", "", "torkham"),
        ("Torkham", "crossing", "torkham"),
        ("salang", "pass", "salang"),
        ("hairatan-mazar", "line", "hairatan-mazar"),
        ("Bandar Abbas", "port", "IRBND"),
        ("Strait of Hormuz", "strait", "hormuz"),
        ("Suez Canal", "passage", "suez"),
    ],
)
def test_each_kind_of_target_is_found(network, target, kind, id):
    assert {gate.id for gate in gates(network, target=target, target_kind=kind)} == {id}


def test_a_kind_tells_apart_what_shares_a_name(network):
    country = gates(network, target="Panama", target_kind="country")
    assert country and all("PAN" in (gate.country_from, gate.country_to) for gate in country)
    assert {gate.id for gate in gates(network, target="Panama", target_kind="passage")} == {"panama"}


def test_a_country_and_a_pair_are_their_borders(network):
    pair = gates(network, target="AFG-PAK", target_kind="pair")
    assert pair and all({gate.country_from, gate.country_to} == {"AFG", "PAK"} for gate in pair)
    country = gates(network, target="Afghanistan", target_kind="country")
    assert {gate.id for gate in pair} < {gate.id for gate in country}


@pytest.mark.parametrize(
    ("target", "name"),
    [("hormuz", "Strait of Hormuz"), ("AFG", "Afghanistan"), ("PAK-AFG", "Afghanistan - Pakistan"), ("rail", "rail")],
)
def test_a_target_is_told_by_the_name_of_what_it_is(network, target, name):
    assert touched(network, Change(action="close", target=target)).name == name


def test_a_mode_is_every_gate_that_leads_onto_it(network):
    found = gates(network, target="rail")
    wanted = [g for g in network.gates if "rail" in (g.mode_from, g.mode_to) and g.passable]
    assert found == wanted


def test_modes_narrow_a_target(network):
    found = gates(network, target="Iran", modes=("sea",))
    assert found and all("sea" in (gate.mode_from, gate.mode_to) for gate in found)


def test_a_polygon_is_the_gates_inside_it(network):
    found = gates(network, target="a box", polygon=BOX)
    assert "torkham" in {gate.id for gate in found}
    assert found == [g for g in network.gates if 70 < g.lon < 72.5 and 33 < g.lat < 35 and g.passable]


def test_reopening_a_country_leaves_posts_of_local_trade_shut(network):
    local = set(local_posts().targets)
    shut = {gate.id for gate in gates(network, target="AFG", target_kind="country")}
    opened = {gate.id for gate in gates(network, target="AFG", target_kind="country", action="reopen")}
    assert shut - opened == shut & local != set()
    post = sorted(shut & local)[0]
    assert {gate.id for gate in gates(network, target=post, action="reopen")} == {post}


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"target": "torkam"}, "torkham"),
        ({"target": "torkham", "target_kind": "port"}, "'torkham' is a crossing, no port"),
        ({"target": "zeppelin", "target_kind": "mode"}, "no mode"),
        ({"target": "Atlantis", "target_kind": "country"}, "Atlantis"),
        ({"target": "PAK", "target_kind": "pair"}, "no pair"),
        ({"target": "torkham", "modes": ("sea",)}, "no gate by sea"),
    ],
)
def test_a_name_that_cannot_be_meant_says_why(network, told, says):
    with pytest.raises(BadInput, match=says):
        gates(network, **told)
