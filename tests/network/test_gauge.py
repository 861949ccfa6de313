"""Gauge of a place: its country's main one, unless it lies in a box of the exceptions."""

from __future__ import annotations

import numpy as np

from comity import facts
from comity.network import gauge

MAINS = [
    {"country": "AAA", "gauge_mm": 1520, "role": "main"},
    {"country": "AAA", "gauge_mm": 1000, "role": "other"},
]
BOX = {"country": "AAA", "gauge_mm": 1676, "lon_min": 0.0, "lat_min": 0.0, "lon_max": 10.0, "lat_max": 10.0}
SMALL = BOX | {"gauge_mm": 1067, "lon_min": 4.0, "lat_min": 4.0, "lon_max": 6.0, "lat_max": 6.0}


def of(points, countries, exceptions=()) -> list[int]:
    lon, lat = np.array(points, float).T
    return gauge.of_nodes(lon, lat, np.array(countries), MAINS, exceptions).tolist()


def test_the_main_gauge_of_a_country_and_standard_where_none_is_known():
    assert of([(1, 1), (1, 1)], ["AAA", "BBB"]) == [1520, 1435]


def test_a_box_changes_its_own_country_alone_and_ends_at_its_edge():
    assert of([(5, 5), (10, 10), (10.01, 5), (5, 5)], ["AAA", "AAA", "AAA", "BBB"], [BOX]) == [1676, 1676, 1520, 1435]


def test_a_small_box_may_lie_in_a_large_one():
    assert of([(5, 5), (1, 1)], ["AAA", "AAA"], [BOX, SMALL]) == [1067, 1676]


def test_a_country_has_one_main_gauge_and_every_exception_is_a_box():
    mains = [row["country"] for row in facts.rows("gauges") if row["role"] == "main"]
    assert len(mains) == len(set(mains))
    for row in facts.rows("gauge_exceptions"):
        assert row["lon_min"] < row["lon_max"], row
        assert row["lat_min"] < row["lat_max"], row
