"""The name of a way, as a person of the trade would say it."""

from __future__ import annotations

from datetime import date

import pytest

from comity.routing.titles import short, title
from tests.routing.small_world import change, post, travel

NAMES = {
    "KAZ": "Kazakhstan", "UZB": "Uzbekistan", "AFG": "Afghanistan", "PAK": "Pakistan", "IRN": "Iran", "CHN": "China",
    "ARE": "the Emirates", "TKM": "Turkmenistan",
}  # fmt: skip


def named(network, *steps, others=()) -> str:
    return title(travel(network, *steps), NAMES.__getitem__, others)


def test_a_truck_is_named_by_its_transit_countries_and_last_crossing(network):
    steps = (
        ("road", "KAZ", 700), post("KAZ", "UZB"), ("road", "UZB", 700), post("UZB", "AFG"), ("road", "AFG", 700),
        post("AFG", "PAK", "torkham"), ("road", "PAK", 1000),
    )  # fmt: skip
    assert named(network, *steps) == "Truck by Uzbekistan and Afghanistan, over Torkham"


def test_neighbours_have_no_transit_country(network):
    assert named(network, ("road", "KAZ", 100), post("KAZ", "UZB", "navoi"), ("road", "UZB", 100)) == (
        "Truck, over Navoi"
    )
    assert named(network, ("road", "KAZ", 100)) == "Truck"


def test_the_truck_to_the_station_is_not_worth_a_word_but_a_long_one_is(network):
    board, leave = change("almaty", "KAZ", "road", "rail"), change("tashkent", "UZB", "rail", "road")
    border = post("KAZ", "UZB", "saryagash", "rail")
    trains = ("rail", "KAZ", 700), border, ("rail", "UZB", 700)
    assert named(network, ("road", "KAZ", 20), board, *trains, leave, ("road", "UZB", 30)) == "Rail, over Saryagash"
    assert named(network, ("road", "KAZ", 20), board, *trains, leave, ("road", "UZB", 400)) == (
        "Rail and truck, over Saryagash"
    )


def test_a_truck_is_named_when_it_drives_far_or_carries_much_of_the_way(network):
    def by(train_km: float, truck_km: float) -> str:
        return named(network, ("rail", "KAZ", train_km), change("b", "KAZ", "rail", "road"), ("road", "KAZ", truck_km))

    assert by(6000, 400) == "Rail and truck"  # a day's drive is worth a word beside any train
    assert by(900, 200) == "Rail and truck"
    assert by(500, 100) == "Rail"  # drayage, though a sixth of the way


def test_a_train_is_named_from_an_eighth_of_the_way(network):
    def by(train_km: float) -> str:
        board, leave = change("a", "KAZ", "road", "rail"), change("b", "KAZ", "rail", "road")
        return named(network, ("road", "KAZ", 500), board, ("rail", "KAZ", train_km), leave, ("road", "KAZ", 500))

    assert by(200) == "Truck, rail and truck"
    assert by(20) == "Truck"


def test_a_direct_voyage_is_from_port_to_port(network):
    out, into = change("jebel ali", "ARE", "road", "sea"), change("karachi", "PAK", "sea", "road")
    steps = ("road", "ARE", 20), out, ("sea", "", 1200), into, ("road", "PAK", 20)
    assert named(network, *steps) == "Ship, from Jebel Ali to Karachi"


def test_a_voyage_from_a_third_country_is_through_its_port(network):
    out, into = change("bandar abbas", "IRN", "rail", "sea"), change("karachi", "PAK", "sea", "road")
    steps = (
        ("rail", "TKM", 900), post("TKM", "IRN", mode="rail"), ("rail", "IRN", 1500), out, ("sea", "", 1200), into,
        ("road", "PAK", 20),
    )  # fmt: skip
    assert named(network, *steps) == "Rail and ship by Iran, through Bandar Abbas"


def test_a_voyage_is_named_however_short_it_is_beside_the_land(network):
    line = post("KAZ", "IRN", "aktau-amirabad", kind="ferry")
    steps = ("road", "KAZ", 3000), line, ("ferry", "", 90), ("road", "IRN", 3000)
    assert named(network, *steps) == "Truck, ferry and truck, over Aktau-Amirabad"


def test_the_crossing_that_tells_two_ways_apart_is_named_too(network):
    def by(first: str):
        return (
            ("road", "KAZ", 700), post("KAZ", "UZB", first), ("road", "UZB", 700),
            post("UZB", "AFG", "hairatan"), ("road", "AFG", 700),
        )  # fmt: skip

    twin = travel(network, *by("navoi"))
    assert named(network, *by("saryagash")) == "Truck by Uzbekistan, over Hairatan"
    assert named(network, *by("saryagash"), others=(twin,)) == "Truck by Uzbekistan, over Saryagash and Hairatan"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Taftan - Mirjaveh", "Taftan"),
        ("CHN-RUS border near Zabaykalsk", "Zabaykalsk"),
        ("Khorgos (Nur Zholy)", "Khorgos"),
        ("Ak-Zhol / Korday", "Ak-Zhol"),
        ("Koh-i-Taftan", "Koh-i-Taftan"),
        ("Torkham", "Torkham"),
    ],
)
def test_a_crossing_is_called_by_its_first_name(name, said):
    assert short(name) == said


def test_titles_of_real_plans_are_plain(plan):
    for pair in (("Almaty", "Karachi"), ("Tashkent", "Mumbai"), ("Hamburg", "Shanghai")):
        for item in plan(*pair, on=date(2026, 11, 24)).alternatives:
            words = item.title.split()
            assert item.title[0].isupper()
            assert "  " not in item.title
            assert not any(a == b for a, b in zip(words, words[1:], strict=False))
            assert "()" not in item.title
