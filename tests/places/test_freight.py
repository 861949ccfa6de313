"""The places that stand for a country."""

from __future__ import annotations

from itertools import combinations

import pytest

from comity import facts, places
from comity.errors import PlaceUnknown
from comity.network.geo import great_circle_km


def test_freight_places_of_the_table_are_cities_or_ports_of_their_country():
    for row in facts.rows("freight_places"):
        found = places.find(f"{row['place']}, {row['country']}")
        assert found.kind in ("city", "port") and found.country == row["country"]


def test_the_places_of_the_table_come_first_and_in_its_order():
    for alpha3 in ("PAK", "KAZ"):
        rows = sorted(
            (row for row in facts.rows("freight_places") if row["country"] == alpha3), key=lambda row: row["rank"]
        )
        wanted = [places.find(f"{row['place']}, {alpha3}").id for row in rows]
        assert len(wanted) > 1
        assert places.freight_places(alpha3, 1)[0].id == wanted[0]
        found = [place.id for place in places.freight_places(alpha3, len(wanted))]
        assert [id for id in wanted if id in found] == found[: len([id for id in wanted if id in found])]


def test_freight_places_without_a_row_begin_with_the_port():
    assert not [row for row in facts.rows("freight_places") if row["country"] in ("GHA", "COL", "NPL")]
    assert [place.name for place in places.freight_places("GHA", 2)] == [
        "Accra",
        "Kumasi",
    ]  # Kumasi is the larger
    assert places.freight_places("NPL", 1)[0].name == "Kathmandu"
    assert places.freight_places("COL", 1)[0].name != "Bogotá"


def test_every_country_with_people_has_a_freight_place():
    empty = {"ATA", "BVT", "HMD", "IOT", "UMI"}
    for country in places.countries():
        if country.alpha3 not in empty:
            assert places.freight_places(country.alpha3, 1)[0].country == country.alpha3


def test_no_suburb_counts_twice():
    for alpha3 in ("PAK", "KAZ", "DEU", "USA", "JPN"):
        found = places.freight_places(alpha3, 8)
        assert len(found) == 8
        for a, b in combinations(found, 2):
            assert great_circle_km(a.lon, a.lat, b.lon, b.lat) > 60, (a.name, b.name)


def test_asking_for_more_only_adds():
    for alpha3 in ("PAK", "GHA"):
        assert places.freight_places(alpha3, 6)[:2] == places.freight_places(alpha3, 2)


def test_a_land_without_people_says_what_to_give():
    with pytest.raises(PlaceUnknown, match="Give a point as lat,lon"):
        places.freight_places("BVT")
