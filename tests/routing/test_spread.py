"""Ranges that add up: exact on single parts, near a simulation on sums."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.routing.spread import MOST_SIGMA, Z90, Spread, total

SKEWED = st.tuples(st.floats(0.5, 50), st.floats(1.05, 2.0), st.floats(1.1, 2.5)).map(
    lambda t: Spread(t[0], t[0] * t[1], t[0] * t[1] * (1 + (t[1] - 1) * t[2]))
)


@given(SKEWED)
def test_one_part_keeps_its_quantiles(part):
    whole = total([part])
    assert (whole.p10, whole.p50, whole.p90) == pytest.approx((part.p10, part.p50, part.p90), rel=0.02)


@given(st.lists(SKEWED, min_size=1, max_size=8))
def test_quantiles_are_ordered_and_narrower_than_their_sum(parts):
    whole = total(parts)
    assert whole.p10 <= whole.p50 <= whole.p90
    assert whole.p90 - whole.p10 <= sum(part.p90 - part.p10 for part in parts) * 1.001


def draw(part: Spread, rng, n: int) -> np.ndarray:
    """The shifted lognormal with these three quantiles, drawn at random."""
    ratio = (part.p90 - part.p50) / (part.p50 - part.p10)
    sigma = min(np.log(ratio) / Z90, MOST_SIGMA)
    scale = (part.p90 - part.p50) / (np.exp(sigma * Z90) - 1)
    return part.p50 - scale + scale * np.exp(sigma * rng.standard_normal(n))


def test_a_journey_of_dwells_agrees_with_a_simulation():
    parts = [Spread(12, 24, 60), Spread(20, 54, 110), Spread(8, 10, 15), Spread(40, 60, 100), Spread(24, 84, 168)]
    rng = np.random.default_rng(7)
    drawn = sum(draw(part, rng, 400_000) for part in parts)
    whole = total(parts)
    assert (whole.p10, whole.p50, whole.p90) == pytest.approx(tuple(np.quantile(drawn, [0.1, 0.5, 0.9])), rel=0.03)


def test_parts_that_move_together_add_their_quantiles():
    assert Spread(1, 2, 4) + Spread(2, 3, 5) == Spread(3, 5, 9)
