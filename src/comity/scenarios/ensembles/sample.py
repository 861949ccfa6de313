"""Shipments that leave in each month of many simulated years, and the level of every key on the day each leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np

from comity.scenarios.closures.hazard import Hazard
from comity.scenarios.closures.years import Years

BLOCK = 10_000  # scenarios that share streams of random numbers: the smallest piece of work
MONTH_D = 365.25 / 12
AFTER_D = 150  # days that are simulated after the last departure, for what happens on the road
MOST_SD = 3.0  # a journey's own luck is cut off there


@lru_cache(maxsize=8)
def _years(hazard: Hazard, on: date, days: int, seed: int, block: int) -> Years:
    """The years of one block, kept for the next question: two networks are compared on the same years."""
    return Years(hazard=hazard, on=on, days=days, seed=seed, block=block, scenarios=BLOCK)


class Sample:
    """One shipment a month in each of some scenarios. Scenario i is the same whatever else is asked for.

    Row s * months + m of any array is the shipment of month m in scenario s of `blocks`. Raises BadInput through Years.
    """

    def __init__(self, hazard: Hazard, on: date, months: int, seed: int, scenarios: int, blocks: Sequence[int]):
        self.on, self.months, self.seed = on, months, seed
        self.days_simulated = int(np.ceil(months * MONTH_D)) + AFTER_D
        self.counts = [min(BLOCK, scenarios - block * BLOCK) for block in blocks]
        self.years = [_years(hazard, on, self.days_simulated, seed, block) for block in blocks]
        streams = [years.stream("journeys") for years in self.years]
        each = [(stream.random((BLOCK, months)), stream.standard_normal((2, BLOCK, months))) for stream in streams]
        kept = [(day[:n], z[:, :n]) for (day, z), n in zip(each, self.counts, strict=True)]
        self.day = np.concatenate([((np.arange(months) + day) * MONTH_D).astype(np.int16) for day, _ in kept])
        luck = np.clip(np.concatenate([z for _, z in kept], axis=1), -MOST_SD, MOST_SD)
        self.luck_time, self.luck_cost = luck.reshape(2, -1)
        self._levels: dict[str, np.ndarray] = {}

    @property
    def scenarios(self) -> int:
        return len(self.day)

    @property
    def rows(self) -> int:
        return self.day.size

    def levels(self, key: str) -> np.ndarray:
        """Level of a key on the day each shipment leaves, int8[rows]."""
        if key not in self._levels:
            self._levels[key] = self.at(key, self.day).ravel()
        return self._levels[key]

    def at(self, key: str, day: np.ndarray) -> np.ndarray:
        """Level of a key on some days of each scenario, int8[scenarios, k]. day : int[scenarios, k], from 0."""
        parts = np.split(day, np.cumsum(self.counts)[:-1])
        return np.concatenate([years.at(key, part) for years, part in zip(self.years, parts, strict=True)])
