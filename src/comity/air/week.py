"""What so many flights a week mean to who travels: which days, how long one waits, which stays fit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEK = len(DAYS)
LONGEST_STAY = 14  # nights that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Days of flight, 0 for Monday, each once a week both ways.

    wait_days : from the moment a traveller would leave to the nearest flight before or after, mean over the week
    stays : nights away, up to LONGEST_STAY, that two flights of the days span
    """

    days: tuple[int, ...]
    wait_days: float
    stays: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The days in words."""
        return tuple(DAYS[day] for day in self.days)


@cache
def week(weekly: int) -> Week:
    """The most even days for so many flights a week, 1 to 7; more than 7 fly every day.

    Even days make the mean wait least: it is the sum of squared gaps over 4 weeks (each moment of a gap g waits g / 4 on average).
    """
    many = min(max(weekly, 1), WEEK)
    best = min((_week(days) for days in combinations(range(WEEK), many)), key=lambda one: (one.wait_days, one.days))
    return best if weekly <= WEEK else Week(days=best.days, wait_days=WEEK / weekly / 4, stays=best.stays)


def _week(days: tuple[int, ...]) -> Week:
    gaps = [(later - day) % WEEK or WEEK for day, later in zip(days, (*days[1:], days[0]), strict=True)]
    spans = {(other - day) % WEEK for day in days for other in days}
    return Week(
        days=days,
        wait_days=sum(gap * gap for gap in gaps) / 4 / WEEK,
        stays=tuple(night for night in range(1, LONGEST_STAY + 1) if night % WEEK in spans),
    )
