"""The nearest town of a point, by trying all."""

from __future__ import annotations

import numpy as np
import pytest

from comity.network.geo import great_circle_km
from comity.places.near import cities, near_names

POINTS = [(66.0, 30.9), (75.4, 36.8), (179.9, -16.6), (-179.9, 68.9), (0.0, 89.9), (71.0, 34.1)]


def test_the_nearest_town_is_the_nearest_of_all():
    towns = cities(5000)
    lon, lat = np.array([(town[3], town[4]) for town in towns]).T
    for point, name in zip(POINTS, near_names(*np.array(POINTS).T), strict=True):
        away = great_circle_km(lon, lat, *point)
        nearest = {towns[row][1] for row in np.flatnonzero(away <= away.min() + 0.01)}
        assert name in nearest


@pytest.mark.parametrize("at_least", [1_000_000, 10_000_000])
def test_large_cities_come_first_and_small_ones_not_at_all(at_least):
    found = cities(at_least)
    assert found
    assert len(found) < len(cities(at_least // 2))
    assert len({city[0] for city in found}) == len(found)


def test_one_point_may_be_asked_alone():
    assert near_names(74.34, 31.55) == ["Lahore"]
