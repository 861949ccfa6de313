"""Ranges that add up: from low, middle and high of each part to P10, P50 and P90 of the whole.

Waiting is skewed: a border that usually takes a day may take a week and never takes less than hours. Each part is
therefore a shifted lognormal whose P10, P50 and P90 are exactly its low, middle and high. Parts of one *group* (all
driving, say) go up and down together, since one cause makes them slow: their quantiles add. Groups are independent,
so their first three cumulants add, and the sum is read off the shifted lognormal with those cumulants (the method of
moments of Fenton 1960, *The sum of log-normal probability distributions in scatter transmission systems*, IRE Trans.
Commun. Syst. 8, with a third moment for the shift).
tests/routing/test_spread.py holds the answer beside a simulation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log, sqrt

Z90 = 1.2815515655446004  # standard normal quantile of 0.9
MOST_SIGMA = 1.1  # a wider spread than this has moments that the far tail alone decides


@dataclass(frozen=True, slots=True)
class Spread:
    """P10, P50 and P90 of a quantity."""

    p10: float
    p50: float
    p90: float

    def __add__(self, other: Spread) -> Spread:
        """Quantiles of two parts that move together."""
        return Spread(self.p10 + other.p10, self.p50 + other.p50, self.p90 + other.p90)

    def times(self, factor: float) -> Spread:
        return Spread(self.p10 * factor, self.p50 * factor, self.p90 * factor)

    @property
    def mean(self) -> float:
        """Expected value, which adds up over parts as medians do not."""
        return cumulants(self)[0]

    def json(self, digits: int = 2) -> dict[str, float]:
        return {"p10": round(self.p10, digits), "p50": round(self.p50, digits), "p90": round(self.p90, digits)}


NOTHING = Spread(0.0, 0.0, 0.0)


def total(groups: Iterable[Spread]) -> Spread:
    """P10, P50 and P90 of the sum of independent groups."""
    groups = list(groups)
    if len(groups) == 1:
        return groups[0]
    known = [cumulants(group) for group in groups if group.p90 > group.p10 or group.p50 > 0]
    if not known:
        return NOTHING
    mean, variance, third = (sum(column) for column in zip(*known, strict=True))
    return quantiles(mean, variance, third)


def cumulants(part: Spread) -> tuple[float, float, float]:
    """Mean, variance and third central moment of the shifted lognormal with these three quantiles."""
    below, above = part.p50 - part.p10, part.p90 - part.p50
    if above <= 0 or below <= 0:
        return part.p50, ((above + below) / (2 * Z90)) ** 2, 0.0
    ratio = above / below
    if ratio <= 1.001:  # symmetric, or skewed the other way: normal is near enough
        return part.p50, ((above + below) / (2 * Z90)) ** 2, 0.0
    sigma = min(log(ratio) / Z90, MOST_SIGMA)
    scale = above / (exp(sigma * Z90) - 1)
    growth = exp(sigma * sigma)
    variance = scale * scale * growth * (growth - 1)
    return part.p50 + scale * (sqrt(growth) - 1), variance, variance**1.5 * (growth + 2) * sqrt(growth - 1)


def quantiles(mean: float, variance: float, third: float) -> Spread:
    """P10, P50 and P90 of the shifted lognormal with these cumulants; normal where it is not skewed to the right."""
    if variance <= 0:
        return Spread(mean, mean, mean)
    deviation = sqrt(variance)
    skewness = third / variance**1.5
    if skewness < 1e-3:
        return Spread(mean - Z90 * deviation, mean, mean + Z90 * deviation)
    # the real root x of (x - 1)(x + 2)^2 = skewness^2 gives x = exp(sigma^2)
    half = skewness * skewness / 2
    root = (1 + half + sqrt(half * (2 + half))) ** (1 / 3)
    growth = root + 1 / root - 1
    sigma = sqrt(log(growth))
    scale = deviation / sqrt(growth * (growth - 1))
    shift = mean - scale * sqrt(growth)
    return Spread(*(shift + scale * exp(sigma * z) for z in (-Z90, 0.0, Z90)))
