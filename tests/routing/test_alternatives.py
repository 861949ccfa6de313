"""The definitions of docs/methods/alternatives.md, held on real corridors."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest

from comity.routing import alternatives as alt
from comity.routing.plan import PORTAGE_KM, WORTH_OPENING, odd

DAY = date(2026, 11, 24)
PAIRS = [("KAZ", "PAK"), ("DEU", "CHN"), ("UZB", "IND"), ("NGA", "BRA"), ("MNG", "KOR"), ("CHE", "ZMB"), ("BOL", "JPN")]


def ways(plan, pair, wanted=6, **told):
    return [item.way for item in plan(*pair, on=DAY, alternatives=wanted, **told).alternatives if item.open]


def cost(way):
    return way.cost_usd.p50 + 20.8 * way.time_h.p50  # the search's own value of an hour for a 40 ft box, about


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_every_way_is_sensible(plan, pair):
    found = ways(plan, pair)
    assert len(found) >= 3
    assert not any(odd(way) for way in found)
    assert all(cost(way) <= 1.02 * alt.STRETCH * min(map(cost, found)) for way in found)


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_no_two_ways_by_the_same_modes_are_nearly_one(plan, network, pair):
    km = network.arc_km
    at_sea = {row for row, cell in enumerate(network.cells) if cell.mode.word == "sea"}

    def length(arcs):
        return sum(float(km[arc]) * (0.1 if int(network.arc_cell[arc]) in at_sea else 1.0) for arc in arcs)

    for a, b in combinations(ways(plan, pair), 2):
        assert a.gate_rows != b.gate_rows
        if set(a.modes) == set(b.modes):
            both = set(a.arcs.tolist()) & set(b.arcs.tolist())
            assert length(both) <= 0.86 * max(length(a.arcs), length(b.arcs))


@pytest.mark.parametrize("pair", [("KAZ", "PAK"), ("CHE", "ZMB")], ids="-".join)
def test_more_ways_wanted_only_add(plan, pair):
    lists = [{way.gate_rows for way in ways(plan, pair, wanted)} for wanted in (1, 3, 6, 12)]
    assert all(few <= many for few, many in zip(lists, lists[1:], strict=False))


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_no_way_is_worse_than_another_through_the_same_countries_and_gate(plan, pair):
    for a, b in combinations(ways(plan, pair), 2):
        if (
            set(a.countries) == set(b.countries)
            and set(a.modes) == set(b.modes)
            and alt.last_gate(a) == alt.last_gate(b)
        ):
            merits = [(w.time_h.p50, w.cost_usd.p50, w.co2e_kg) for w in (a, b)]
            assert not all(x * 1.03 < y for x, y in zip(*merits, strict=True))
            assert not all(y * 1.03 < x for x, y in zip(*merits, strict=True))


def test_six_ways_come_through_several_doors(plan):
    assert len({alt.door(way) for way in ways(plan, ("KAZ", "PAK"))}) >= 5
    assert len({alt.door(way) for way in ways(plan, ("BOL", "JPN"))}) >= 4


def test_likeness_is_whole_with_itself_and_smaller_with_others(plan):
    found = ways(plan, ("KAZ", "PAK"))
    for way in found:
        assert alt.likeness(way, way) == pytest.approx(1.0)
    for a, b in combinations(found, 2):
        assert 0 <= alt.likeness(a, b) == alt.likeness(b, a) < 1


def test_a_landing_only_to_sail_again_is_odd(plan):
    for way in ways(plan, ("IRN", "PAK"), 12):
        afloat = [n for n, leg in enumerate(way.legs) if leg.mode in ("sea", "ferry")]
        for a, b in zip(afloat, afloat[1:], strict=False):
            ashore = sum(leg.distance_km for leg in way.legs[a + 1 : b])
            assert ashore == 0 or ashore >= PORTAGE_KM  # a strait divides a voyage into legs without a landing


def test_a_shut_way_is_shown_only_where_it_would_be_worth_opening(plan):
    for pair in PAIRS:
        answer = plan(*pair, on=DAY)
        best = min(cost(item.way) for item in answer.alternatives if item.open)
        for item in answer.alternatives:
            assert item.open or cost(item.way) <= 1.02 * WORTH_OPENING * best
            assert item.open or item.closures


def test_a_ban_on_trade_shuts_voyages_and_every_way_between_the_two(plan):
    banned = plan("PAK", "IND", on=DAY).alternatives
    assert banned
    assert not any(item.open for item in banned)
    transit = plan("UZB", "IND", on=DAY)
    for item in transit.alternatives:
        called = [gate.country_from for gate in item.way.ports]
        assert not (item.open and called[:1] == ["PAK"])
    assert any(item.open for item in plan("PAK", "IND", on=DAY, open_=("IND-PAK",)).alternatives)
    for pair in (("ISR", "LBN"), ("KOR", "PRK")):
        assert not any(item.open for item in plan(*pair, on=DAY).alternatives)
    before = plan("PAK", "IND", on=date(2018, 6, 1)).alternatives
    assert any(item.open and "sea" in item.way.modes for item in before)


def test_small_ports_cost_a_change_of_ship(network):
    from comity.routing.cargo import cargo
    from comity.routing.planner import planner

    tariff = planner(network, cargo("40ft", 20.0)).tariff
    parts = {gate.id: tariff.part(gate) for gate in network.gates if gate.kind == "port" and gate.mode_to == "sea"}
    assert parts["PEMRI"].time_h.p50 > parts["CLARI"].time_h.p50 > parts["PECLL"].time_h.p50
    assert parts["IRZBR"].cost_usd.p50 > parts["IRBND"].cost_usd.p50


def test_shut_ways_are_told_apart_by_the_gate_that_would_open(plan):
    """Torkham and Ghulam Khan share most of their road; opening one does not open the other."""
    shut = [item for item in plan("Almaty", "Karachi", on=DAY).alternatives if not item.open]
    gates = [{gate.id for gate in item.way.crossings} for item in shut]
    for id in ("torkham", "chaman-spinboldak"):
        assert any(id in mine for mine in gates)
