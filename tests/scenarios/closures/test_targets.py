"""Keys of what can shut: every gate of the world has the right ones, and a key alone tells what it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from comity import facts
from comity.errors import BadInput
from comity.routing.states import out_of_season
from comity.scenarios.closures.targets import (
    calendars,
    keys_of,
    members,
    nations,
    parts_of,
    target,
    targets,
    watched_since,
)


def gate(network, id, mode_from):
    return next(gate for gate in network.gates if (gate.id, gate.mode_from) == (id, mode_from))


@pytest.mark.parametrize(
    "id, mode_from, keys",
    [
        ("torkham", "road", ("torkham/road", "AFG-PAK/land", "AFG/land", "PAK/land")),
        ("alashankou-dostyk", "rail", ("alashankou-dostyk/rail", "CHN-KAZ/land", "CHN/land", "KAZ/land")),
        ("kuryk-alat-ferry", "road", ("kuryk-alat-ferry/ferry", "AZE-KAZ/land", "AZE/land", "KAZ/land")),
        ("INNSA", "road", ("INNSA/sea", "IND/ports")),
        ("hormuz", "sea", ("hormuz/sea",)),
        ("hairatan-mazar", "rail", ("hairatan-mazar/rail",)),
        ("salang", "road", ("salang/road", "season/salang")),
    ],
)
def test_a_gate_has_its_own_key_first_then_what_strikes_many(network, id, mode_from, keys):
    found = next(
        gate for gate in network.gates if gate.id == id and gate.kind != "terminal" and mode_from in gate.mode_from
    )
    assert keys_of(found)[: len(keys)] == keys


def test_gates_that_never_shut_by_themselves_have_no_keys(network):
    for item in network.gates:
        assert bool(keys_of(item)) == (item.passable and item.kind not in ("terminal", "gauge")), item


def test_a_key_alone_tells_the_same_as_the_gate(network):
    for item in network.gates:
        if keys := keys_of(item):
            told = target(keys[0])
            assert keys[1 : 1 + len(told.groups)] == told.groups
            assert told.kind in ("strait", "pass", "port") or set(told.countries) == {
                item.country_from,
                item.country_to,
            }


def test_both_directions_share_their_keys(network):
    one = gate(network, "torkham", "road")
    assert keys_of(one) == keys_of(replace(one, country_from=one.country_to, country_to=one.country_from))


def test_calendars_are_those_that_the_day_applies():
    days = [row["closes_month"] for row in facts.rows("seasons")]
    applied = {
        place for month in {*days, 1, 8} for item in out_of_season(date(2026, month, 28)) for place in item.targets
    }
    assert set(calendars()) == applied


def test_members_of_a_border_are_its_listed_crossings():
    listed = {row["id"] for row in facts.rows("crossings") if {row["country_a"], row["country_b"]} == {"AFG", "PAK"}}
    assert {key.partition("/")[0] for key in members("AFG-PAK/land")} == listed
    assert members("DEU-FRA/land") == ()


def test_a_border_is_watched_from_either_side_and_straits_all_over_the_world():
    assert watched_since(targets()["torkham/road"]) and watched_since(targets()["panama/sea"])
    assert watched_since("CHN/land") and not watched_since("DEU/land")
    assert watched_since(targets()["NLRTM/sea"]) is None
    assert watched_since(target("kaz-rus-road-1/road")) is None  # nobody writes of a post that no table lists


@pytest.mark.parametrize("key", ["nowhere/road", "torkham", "torkham/sea", "AFG-PAK/land", ""])
def test_a_key_of_nothing_is_refused(key):
    with pytest.raises(BadInput, match="keys_of"):
        target(key)


@pytest.mark.parametrize(
    "key, countries",
    [
        ("IRN/land", ("IRN",)),
        ("IRN/ports", ("IRN",)),
        ("hormuz/sea", ("IRN", "OMN")),
        ("bosporus/sea", ("TUR",)),
        ("cape_of_good_hope/sea", ()),
        ("AFG/land", ()),  # landlocked: its borders are all there is
        ("AFG-PAK/land", ()),
        ("IRBND/sea", ()),
        ("torkham/road", ()),
    ],
)
def test_a_country_as_a_whole_has_land_borders_ports_and_straits(key, countries):
    assert nations(key) == countries


def test_parts_of_a_country_are_those_that_were_watched():
    assert set(parts_of("IRN")) == {"IRN/land", "IRN/ports", "hormuz/sea"}
    assert set(parts_of("OMN")) == {"hormuz/sea"}  # straits were searched all over the world
    assert parts_of("AFG") == ()


def test_both_tables_tell_the_same_shores():
    shores = {row["id"]: row["countries"] for row in facts.rows("passages")}
    told = {row["id"]: row["countries"] for row in facts.rows("choke_points") if row["kind"] == "strait"}
    assert told and {id: set(shores[id]) for id in told} == {id: set(codes) for id, codes in told.items()}


def test_a_border_that_a_laid_line_crosses_by_itself_is_known_by_its_countries():
    told = target("own-sgr-extension-ken-uga/rail")
    assert (told.kind, told.countries, told.listed) == ("rail", ("KEN", "UGA"), False)
    assert "KEN-UGA/land" in told.groups
