"""A queue before a gate that lets fewer through than come, as a fluid that flows in and out."""

from __future__ import annotations

from comity.units import HOURS_PER_DAY


def wait_h(arriving_per_day: float, passing_per_day: float, days: float, queued: float = 0.0) -> float:
    """Hours that a truck arriving now will wait.

    arriving_per_day, passing_per_day : trucks a day, the second above 0 · days : since the limit began
    queued : trucks that stood there when it began
    The queue is Q = max(0, queued + (arriving - passing) x days) trucks, and the last of them waits Q / passing days.
    Source: Newell (1982), Applications of Queueing Theory, 2nd ed., ch. 2 (fluid approximation).
    """
    queue = max(0.0, queued + (arriving_per_day - passing_per_day) * days)
    return HOURS_PER_DAY * queue / passing_per_day
