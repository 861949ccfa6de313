"""Definitions against others that must agree with them."""

from __future__ import annotations

import math

import pytest

from comity.units import EARTH_RADIUS_KM, HOURS_PER_DAY, KM_PER_NAUTICAL_MILE, TEU_PER_CONTAINER


def test_a_nautical_mile_is_about_a_minute_of_a_great_circle():
    assert math.radians(1 / 60) * EARTH_RADIUS_KM == pytest.approx(KM_PER_NAUTICAL_MILE, rel=0.001)


def test_the_radius_is_the_mean_of_the_axes_of_wgs_84():
    a, b = 6378.137, 6356.752314245
    assert EARTH_RADIUS_KM == pytest.approx((2 * a + b) / 3, abs=1e-4)


def test_a_day_and_a_box():
    assert HOURS_PER_DAY * 60 * 60 == 86_400
    assert TEU_PER_CONTAINER["40ft"] == TEU_PER_CONTAINER["reefer"] == 2 * TEU_PER_CONTAINER["20ft"]
