"""Days of flight: the most even ones, the wait they leave and the stays they allow."""

from __future__ import annotations

from itertools import combinations

import pytest

from comity.air.week import LONGEST_STAY, WEEK, week


def mean_wait(days: tuple[int, ...], steps: int = 7 * 480) -> float:
    """By looking at every moment of a week in turn."""
    moments = [WEEK * (n + 0.5) / steps for n in range(steps)]
    return sum(min(min(abs(at - day), WEEK - abs(at - day)) for day in days) for at in moments) / steps


@pytest.mark.parametrize("weekly", range(1, 8))
def test_wait_is_that_of_every_moment_looked_at(weekly):
    found = week(weekly)
    assert len(found.days) == weekly
    assert found.wait_days == pytest.approx(mean_wait(found.days), rel=1e-4)


@pytest.mark.parametrize("weekly", range(1, 7))
def test_no_other_days_leave_a_shorter_wait(weekly):
    assert week(weekly).wait_days <= min(mean_wait(days) for days in combinations(range(WEEK), weekly)) + 1e-6


def test_a_pair_of_days_a_week():
    two = week(2)
    assert two.names == ("Monday", "Thursday") and two.stays == (3, 4, 7, 10, 11, 14)
    assert two.wait_days == pytest.approx((9 + 16) / 28)


def test_once_a_week_and_every_day():
    assert week(1).stays == (7, 14) and week(1).wait_days == pytest.approx(7 / 4)
    assert week(7).stays == tuple(range(1, LONGEST_STAY + 1))
    assert week(14).wait_days == pytest.approx(week(7).wait_days / 2)
