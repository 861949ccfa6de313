"""How long things stay shut: lognormal lengths by cause, read from ranges, since many an end was never reported.

The log of a length is normal around what is usual for its cause, longer or shorter where traffic is only slowed and
where a whole border is struck. Causes are drawn towards each other. A length known only as a range counts with the
probability of that range; one that nobody saw end, with the probability of lasting at least so long.
Source of the method: Gelman & Hill (2007), Data Analysis Using Regression and Multilevel Models, ch. 12 (partial
pooling); Klein & Moeschberger (2003), Survival Analysis, ch. 3 (censoring).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri_exp

CAUSES = ("security", "political", "strike", "technical", "weather", "natural hazard", "holiday", "pandemic")
BRIEF = frozenset(["weather", "natural hazard", "holiday"])  # their lengths scatter less, so have a spread of their own
SHIFT_SD = 1.0  # prior spread of what a milder level, or a whole border, adds to the log of a length
LEVEL_SD = 5.0  # prior spread of the log of a usual length around ten days: next to nothing is assumed
START = np.log(10.0)
NARROWEST = 1.001  # of a range's ends; narrower ones have no probability that a computer could tell from zero


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One closure's length: between `low_d` and `high_d` days (inf: not seen to end)."""

    cause: str
    level: int
    wide: bool  # a whole border, country or coast was struck
    low_d: float
    high_d: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """What the samples tell: coefficients of the log of a length in days, their covariance, and the two spreads."""

    mean: np.ndarray  # float64[3 + n_causes]
    covariance: np.ndarray
    spread: tuple[float, float]  # of causes that may drag on, and of BRIEF ones
    between: float  # spread of the causes' means

    def of(self, cause: str, level: int, wide: bool) -> tuple[float, float, float]:
        """(log_mean, its standard error, log_sd) of a length in days."""
        x = _row(cause, level, wide)
        return float(x @ self.mean), float(np.sqrt(x @ self.covariance @ x)), self.spread[cause in BRIEF]


def _row(cause: str, level: int, wide: bool) -> np.ndarray:
    return np.array([1.0, level < 3, wide, *(cause == name for name in CAUSES)])


def fit(samples: Sequence[Sample]) -> Lengths:
    """Fit by greatest marginal likelihood (Laplace's approximation) of the three spreads; the rest follows by Newton."""
    x = np.array([_row(item.cause, item.level, item.wide) for item in samples]).reshape(-1, 3 + len(CAUSES))
    low = np.log([item.low_d for item in samples])
    high = np.log([max(item.high_d, NARROWEST * item.low_d) for item in samples])
    brief = np.array([item.cause in BRIEF for item in samples], int)

    def missed(theta: np.ndarray) -> float:
        between, *spread = np.exp(theta)
        *_, evidence = _mode(x, low, high, np.array(spread)[brief], between)
        return -evidence + 0.5 * float(theta @ theta)  # spreads near one are usual: keeps them off zero and infinity

    between, slow, quick = (float(value) for value in np.exp(_least(missed, np.zeros(3))))
    mean, covariance, _ = _mode(x, low, high, np.array([slow, quick])[brief], between)
    return Lengths(mean=mean, covariance=covariance, spread=(slow, quick), between=between)


def _least(missed: Callable[[np.ndarray], float], theta: np.ndarray) -> np.ndarray:
    """Where a smooth function of few numbers is least: steps along each, halved when none helps (Hooke & Jeeves 1961).

    Importing a general optimizer takes ten times as long as this search.
    """
    best, step = missed(theta), 0.5
    while step > 0.01:
        tried = [theta + sign * step * axis for axis in np.eye(len(theta)) for sign in (1, -1)]
        values = [missed(point) for point in tried]
        nearest = int(np.argmin(values))
        if values[nearest] < best:
            best, theta = values[nearest], tried[nearest]
        else:
            step /= 2
    return theta


HALVED = (1.0, 0.5, 0.25, 0.125, 0.06, 0.03, 0.01)


def _mode(x, low, high, spread, between):
    """Likeliest coefficients under normal priors, their covariance, and the log of the evidence. Newton's method.

    x : float64[n, k]; low, high, spread : float64[n], logs of days; between : float. The problem is concave.
    """
    precision = np.r_[LEVEL_SD**-2, SHIFT_SD**-2, SHIFT_SD**-2, np.full(len(CAUSES), between**-2)]
    centre = np.r_[START, np.zeros(x.shape[1] - 1)]

    def at(beta):
        value, slope, bend = interval_likelihood((low - x @ beta) / spread, (high - x @ beta) / spread)
        curve = (x * (bend / spread**2)[:, None]).T @ x + np.diag(precision)
        gradient = x.T @ (slope / spread) - precision * (beta - centre)
        return value.sum() - 0.5 * (precision * (beta - centre) ** 2).sum(), gradient, curve

    beta, (now, gradient, curve) = centre, at(centre)
    for _ in range(40):
        step, before = np.linalg.solve(curve, gradient), now
        scale = next((s for s in HALVED if at(beta + s * step)[0] >= now), 0.0)  # far from the mode it may overshoot
        beta = beta + scale * step
        now, gradient, curve = at(beta)
        if now - before < 1e-8:
            break
    evidence = now + 0.5 * np.log(precision).sum() - 0.5 * np.linalg.slogdet(curve)[1]
    return beta, np.linalg.inv(curve), evidence


def interval_likelihood(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log of the normal probability between a and b, its slope in the mean, and minus its bend. float64[n], a < b"""
    flip = a > 0  # the left tail holds more digits than the right one
    lower, upper = np.where(flip, -b, a), np.where(flip, -a, b)
    log_p = log_ndtr(upper) + np.log1p(-np.exp(log_ndtr(lower) - log_ndtr(upper)))
    at_a, at_b = _density(a, log_p), _density(b, log_p)
    slope = at_a - at_b
    inner = np.where(np.isfinite(b), b, 0) * at_b - np.where(np.isfinite(a), a, 0) * at_a
    return log_p, slope, np.maximum(inner + slope**2, 1e-9)


def _density(z: np.ndarray, log_p: np.ndarray) -> np.ndarray:
    """Normal density at z over a probability given by its log."""
    return np.exp(-0.5 * z**2 - 0.5 * np.log(2 * np.pi) - log_p)


def remaining_d(age_d: float, log_mean: np.ndarray, log_sd: float, uniform: np.ndarray) -> np.ndarray:
    """Days that a closure of a given age still lasts, for uniform draws in (0, 1): from T given that T > age.

    The longer it has stood, the longer it is likely to stand: the hazard of a lognormal length falls with age.
    """
    z = (np.log(max(age_d, 0.5)) - log_mean) / log_sd
    beyond = ndtri_exp(log_ndtr(-z) + np.log(uniform))  # minus the quantile, by the tail's log: exact for great ages
    return np.maximum(np.exp(log_mean - log_sd * beyond) - age_d, 0.0)


def mean_d(log_mean: np.ndarray, log_sd: float, most_d: float) -> np.ndarray:
    """Mean of a lognormal length in days that counts `most_d` at most: E[min(T, most_d)]."""
    z = (np.log(most_d) - log_mean) / log_sd
    return np.exp(log_mean + log_sd**2 / 2) * ndtr(z - log_sd) + most_d * ndtr(-z)
