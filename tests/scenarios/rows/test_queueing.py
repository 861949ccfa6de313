"""The queue as a fluid, beside the same queue counted truck by truck."""

from __future__ import annotations

from collections import deque

import pytest

from comity.scenarios.rows.queueing import wait_h


def counted_h(arriving: int, passing: int, days: int, queued: int) -> float:
    """Wait of the truck that arrives at the end of `days`, every truck counted: one leaves each 24 / passing hours."""
    line = deque([0.0] * queued)
    free = 0.0
    wait = 0.0
    for number in range(arriving * days + 1):
        line.append(24.0 * number / arriving)
        while line:
            arrived = line[0]
            begins = max(free, arrived)
            if begins > 24.0 * number / arriving and len(line) > 1:
                break
            line.popleft()
            free, wait = begins + 24.0 / passing, begins - arrived
    while line:
        arrived = line.popleft()
        begins = max(free, arrived)
        free, wait = begins + 24.0 / passing, begins - arrived
    return wait


@pytest.mark.parametrize(
    ("arriving", "passing", "days", "queued"),
    [(800, 725, 12, 1500), (200, 50, 10, 0), (100, 120, 5, 400), (100, 120, 60, 400), (100, 100, 9, 0)],
)
def test_it_agrees_with_every_truck_counted(arriving, passing, days, queued):
    expected = counted_h(arriving, passing, days, queued)
    assert wait_h(arriving, passing, days, queued) == pytest.approx(expected, abs=2 * 24 / passing)


def test_after_t_days_the_wait_is_the_excess_over_what_passes():
    assert wait_h(300, 100, 5) == pytest.approx((300 - 100) / 100 * 5 * 24)


def test_nobody_waits_where_all_are_let_through():
    assert wait_h(100, 100, 30) == wait_h(80, 100, 30) == 0.0


def test_fewer_let_through_never_wait_less():
    waits = [wait_h(800, passing, 10, 500) for passing in range(1000, 100, -50)]
    assert waits == sorted(waits)
