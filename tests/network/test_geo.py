"""Distances on the sphere against published great circles and laws of the metric."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.network.geo import Nearest, great_circle_km

POINT = st.tuples(st.floats(-180, 180), st.floats(-89.9, 89.9))


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [((0, 0), (0, 90), 10007.56), ((0, 0), (180, 0), 20015.11), ((76.91, 43.25), (67.01, 24.86), 2232)],
)
def test_known_great_circles(a, b, km):
    assert great_circle_km(*a, *b) == pytest.approx(km, rel=5e-3)


@given(POINT, POINT)
def test_distance_is_symmetric_and_bounded(a, b):
    there, back = float(great_circle_km(*a, *b)), float(great_circle_km(*b, *a))
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= 20016


def test_nearest_sees_across_the_antimeridian():
    away, index = Nearest(np.array([179.9, 0.0]), np.array([10.0, 0.0]))([-179.9], [10.0])
    assert index[0] == 0
    assert away[0] < 25
