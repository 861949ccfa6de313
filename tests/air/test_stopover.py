"""Ways over hubs share their travellers, and a direct flight takes from them: laws of it, and what is known of some."""

from __future__ import annotations

import pytest

from comity.air.stopover import before, journeys

DIRECT = {"block_h": 2.5, "weekly": 3, "wanted": 22_000.0, "passengers": 20_000.0}


@pytest.fixture(scope="module")
def found():
    return journeys("ALA", "LHE", **DIRECT)


def test_shares_are_shares(found):
    shares = [one.share for one in found.stopovers]
    assert shares == sorted(shares, reverse=True) and 0.7 < sum(shares) <= 1 + 1e-9
    assert all(0 < one.chance <= 1 and one.hours > found.direct_h for one in found.stopovers)


def test_travellers_are_counted_once(found):
    assert found.won + found.new == pytest.approx(DIRECT["passengers"])
    assert 0 < found.won <= found.now


def test_the_hubs_are_those_that_travellers_use(found):
    assert {"DXB", "TAS"} & {one.hub for one in found.stopovers[:3]}
    assert not {"ALA", "LHE"} & {one.hub for one in found.stopovers}


def test_more_flights_and_shorter_ones_win_more(found):
    daily = journeys("ALA", "LHE", **DIRECT | {"weekly": 7})
    slow = journeys("ALA", "LHE", **DIRECT | {"block_h": 9.0})
    assert slow.won < found.won < daily.won <= daily.now
    assert daily.wait_h < found.wait_h


def test_seats_do_not_change_who_travels_today(found):
    small = journeys("ALA", "LHE", **DIRECT | {"passengers": 500.0})
    assert small.now == found.now and small.won == 500 and small.new == 0


def test_direction_does_not_matter(found):
    back = journeys("LHE", "ALA", **DIRECT)
    assert [one.hub for one in back.stopovers] == [one.hub for one in found.stopovers]
    assert [one.hours for one in back.stopovers] == pytest.approx([one.hours for one in found.stopovers])


def test_markets_before_a_route_grow_as_measured():
    """SEO (2016): a market of 2,500 became 9.1 times as large, one of 50,000 1.3 times."""
    assert before(9.1 * 2500) == pytest.approx(2500)
    assert before(1.3 * 50_000) == pytest.approx(50_000)
    sizes = [before(passengers) for passengers in (100, 5_000, 20_000, 40_000, 60_000, 100_000, 1e6)]
    assert sizes == sorted(sizes) and all(size > 0 for size in sizes)


def test_a_hub_is_no_stopover_of_itself():
    assert "DXB" not in {one.hub for one in journeys("DXB", "LHE", **DIRECT).stopovers}
