"""Which agreements cover a way: only those that bind every country passed, on that day, by those modes."""

from __future__ import annotations

from datetime import date

import pytest

from comity.routing.papers import regimes, truck_changes
from tests.routing.small_world import change, post, travel

DAY = date(2026, 11, 24)
REGIMES = "id,name,kind,members,modes,entry_into_force,state,covers,crossings,source,standing\n"


def road(network, *countries: str):
    """A truck's way through countries in order."""
    steps: list = [("road", countries[0], 100)]
    for a, b in zip(countries, countries[1:], strict=False):
        steps += [post(a, b), ("road", b, 100)]
    return travel(network, *steps)


def test_tir_covers_a_way_only_when_every_country_passed_is_a_party(network):
    assert "tir" in regimes(road(network, "KAZ", "KGZ", "CHN", "PAK"), DAY)
    assert "tir" not in regimes(road(network, "THA", "MMR", "IND"), DAY)  # India alone is a party
    assert "tir" not in regimes(road(network, "IND", "BGD"), DAY)


@pytest.mark.parametrize(
    ("countries", "day"),
    [
        (("AFG", "PAK"), date(2016, 1, 21)),  # Pakistan joined the TIR Convention
        (("URY", "BRA"), date(2026, 7, 30)),  # and Brazil
    ],
)
def test_tir_binds_a_country_from_the_day_it_joined(network, countries, day):
    way = road(network, *countries)
    assert "tir" in regimes(way, day)
    assert "tir" not in regimes(way, day.replace(day=day.day - 1))


def test_a_plan_of_an_earlier_year_has_the_papers_of_that_year(plan):
    papers = {on: [r for item in plan("Almaty", "Karachi", on=on).alternatives for r in item.regimes] for on in
              (date(2014, 1, 1), DAY)}  # fmt: skip
    assert "tir" not in papers[date(2014, 1, 1)]
    assert "tir" in papers[DAY]


@pytest.mark.parametrize(
    ("state", "force", "on", "covers"),
    [
        ("in_force", "2020-05-01", date(2020, 5, 1), True),
        ("in_force", "2020-05-01", date(2020, 4, 30), False),
        ("in_force", "2020", date(2020, 1, 1), True),
        ("in_force", "2020", date(2019, 12, 31), False),
        ("in_force", "", date(1999, 1, 1), True),
        ("signed", "2020-05-01", DAY, False),
        ("lapsed", "2020-05-01", DAY, False),
    ],
)
def test_only_a_regime_in_force_covers(network, mine, state, force, on, covers):
    mine("regimes.csv", f"{REGIMES}x,X,x,KAZ;UZB,road,{force},{state},all,,comity,assumption\n")
    assert ("x" in regimes(road(network, "KAZ", "UZB"), on)) is covers


def test_a_regime_is_for_its_modes_and_its_crossings(network, mine):
    mine(
        "regimes.csv",
        f"{REGIMES}trains,X,x,KAZ;UZB,rail,,in_force,all,,comity,assumption\n"
        "bridge,X,x,KAZ;UZB,,,in_force,all,saryagash-rail,comity,assumption\n"
        "anywhere,X,x,KAZ;UZB,,,in_force,all,,comity,assumption\n",
    )
    by_rail = travel(network, ("rail", "KAZ", 100), post("KAZ", "UZB", mode="rail"), ("rail", "UZB", 100))
    assert {"trains", "anywhere"} <= set(regimes(by_rail, DAY))
    assert not {"trains", "bridge"} & set(regimes(road(network, "KAZ", "UZB"), DAY))
    over = travel(network, ("road", "KAZ", 100), post("KAZ", "UZB", "saryagash-rail"), ("road", "UZB", 100))
    assert "bridge" in regimes(over, DAY)


def test_a_journey_at_home_needs_no_regime(network):
    assert regimes(travel(network, ("road", "KAZ", 100)), DAY) == ()


def test_cargo_changes_truck_where_the_table_says_so_and_never_a_train(network):
    def over(id: str, mode: str = "road"):
        return travel(network, (mode, "CHN", 100), post("CHN", "KAZ", id, mode), (mode, "KAZ", 100))

    assert truck_changes(over("khorgos-nurzholy")) == ("Khorgos-Nurzholy",)
    assert truck_changes(over("alashankou-dostyk")) == ("Alashankou-Dostyk",)
    assert truck_changes(over("alashankou-dostyk", "rail")) == ()
    assert truck_changes(over("karkara")) == ()
    assert (
        truck_changes(travel(network, ("road", "KAZ", 9), change("x", "KAZ", "road", "rail"), ("rail", "KAZ", 9))) == ()
    )


def test_papers_are_of_the_modes_that_cross_borders(plan):
    day = date(2026, 11, 24)
    by_rail = plan("KAZ", "RUS", on=day, modes=("road", "rail")).alternatives
    trains = [item for item in by_rail if {gate.mode_from for gate in item.way.crossings} == {"rail"}]
    assert trains
    for item in trains:  # the truck that brings the box to the train crosses no border
        assert "smgs" in item.regimes
        assert not {"tir", "cmr"} & set(item.regimes)
    voyage = plan("NGA", "BRA", on=day).best
    assert voyage.way.crossings == ()
    assert voyage.regimes == ()
