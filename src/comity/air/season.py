"""How the travellers of a year are spread over its months, from the rows of air_seasons."""

from __future__ import annotations

from functools import cache

import numpy as np

from comity import facts

ELSEWHERE = "XXX"
MONTH_NAMES = ("January", "February", "March", "April", "May", "June",
               "July", "August", "September", "October", "November", "December")  # fmt: skip


@cache
def _known() -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    for row in facts.rows("air_seasons"):
        found.setdefault(row["country"], np.zeros(len(MONTH_NAMES)))[row["month"] - 1] = row["share"]
    return {country: shares * len(MONTH_NAMES) / shares.sum() for country, shares in found.items()}


@cache
def season(a: str, b: str) -> np.ndarray:
    """Travellers of each month over those of a mean month, float64[12], for two countries (alpha-3).

    The mean of both; a country without rows has the shares of the world.
    """
    known = _known()
    return (known.get(a, known[ELSEWHERE]) + known.get(b, known[ELSEWHERE])) / 2


def sources(a: str, b: str) -> tuple[str, ...]:
    """Rows of sources that `season` stands on."""
    known = {row["country"]: row["source"] for row in facts.rows("air_seasons")}
    return tuple(dict.fromkeys(known.get(code, known[ELSEWHERE]) for code in (a, b)))
