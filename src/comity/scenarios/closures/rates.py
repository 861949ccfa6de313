"""How often things shut: few events each, so each is drawn towards its family, its kind and all (empirical Bayes).

The rate of one thing is a product of three, each gamma distributed around one: what is usual for its kind (road
crossings, ports ...), how restless its family is (the border or the country it lies on), and its own temper. How far
each may stray is found by the greatest marginal likelihood, which for counts with gamma rates is negative binomial.
Source of the method: Robbins (1956), An empirical Bayes approach to statistics; Hauer (1997), Observational
Before-After Studies in Road Safety, ch. 11 (gamma-Poisson shrinkage of counts at sites).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

SHAPES = np.exp(np.linspace(np.log(0.05), np.log(50), 81))  # tried: from wild to all alike
SHAPE_SPREAD = 1.5  # of the log of a shape, around one: a prior so weak that it only keeps shapes finite


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One thing that was watched: events `count` in `exposure_y` years (both may be discounted, so need not be whole).

    `shared` marks a common cause, a whole group's shock: those stray in their own way, most never come and a few often.
    """

    key: str
    kind: str
    family: str
    count: float
    exposure_y: float
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """What all units together tell. Rates are events a year."""

    overall: float
    of_kind: Mapping[str, float]
    family_shape: float
    own_shape: Mapping[bool, float]  # by `shared`
    family_count: Mapping[str, float]
    family_expected: Mapping[str, float]

    def prior(self, unit: Unit) -> tuple[float, float]:
        """Gamma (shape, rate) of a unit before its own record: what its kind and the rest of its family tell.

        Its own record is taken out of its family's, so that nothing counts twice: the pool was fitted to it too, unless
        it was never watched.
        """
        usual = self.of_kind.get(unit.kind, self.overall)
        shape = self.family_shape + self.family_count.get(unit.family, 0.0) - unit.count
        years = self.family_shape + self.family_expected.get(unit.family, 0.0) - usual * unit.exposure_y
        spread = (1 + 1 / self.own_shape[unit.shared]) * (1 + 1 / shape) - 1  # squared, of a product of two gammas
        return 1 / spread, years / (spread * usual * shape)

    def posterior(self, unit: Unit) -> tuple[float, float]:
        """Gamma (shape, rate in years) of the events a year of a unit that the pool was fitted to, its own record counted."""
        shape, rate = self.prior(unit)
        return shape + unit.count, rate + unit.exposure_y


def pool(units: Sequence[Unit]) -> Pool:
    """Fit the hierarchy to units under watch, those without an event included."""
    count = np.array([unit.count for unit in units])
    exposure_y = np.array([unit.exposure_y for unit in units])
    overall = (count.sum() + 0.5) / max(exposure_y.sum(), 1e-9)  # half an event: nothing seen is not never
    of_kind = _kinds(units, count, exposure_y, overall)
    expected = exposure_y * np.array([of_kind[unit.kind] for unit in units])
    families = [unit.family for unit in units]
    shared = np.array([unit.shared for unit in units])
    family_count, family_expected = _sums(families, count), _sums(families, expected)
    told = np.array([[family_count[name], family_expected[name]] for name in sorted(family_count)])
    family_shape = likeliest_shape(told[:, 0], told[:, 1])
    others = np.array([[family_count[name], family_expected[name]] for name in families]) - np.c_[count, expected]
    return Pool(
        overall=float(overall),
        of_kind=of_kind,
        family_shape=family_shape,
        own_shape={
            some: _own_shape(count[chosen], expected[chosen], others[chosen], family_shape)
            for some, chosen in ((False, ~shared), (True, shared))
        },
        family_count=family_count,
        family_expected=family_expected,
    )


def _kinds(units: Sequence[Unit], count: np.ndarray, exposure_y: np.ndarray, overall: float) -> dict[str, float]:
    """Mean rate of each kind, drawn towards the mean of all."""
    names = [unit.kind for unit in units]
    counts, years = _sums(names, count), _sums(names, exposure_y)
    shape = likeliest_shape(np.array(list(counts.values())), overall * np.array(list(years.values())))
    return {name: float((counts[name] + shape) / (years[name] + shape / overall)) for name in counts}


def _sums(names: Sequence[str], values: np.ndarray) -> dict[str, float]:
    sums: dict[str, float] = {}
    for name, value in zip(names, values.tolist(), strict=True):
        sums[name] = sums.get(name, 0.0) + value
    return sums


def negative_binomial(count: np.ndarray, expected: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Log likelihood of counts whose rates are gamma with mean one times `expected`; arrays broadcast.

    The factorial of the count is left out: it is the same for every shape.
    """
    return (
        gammaln(count + shape)
        - gammaln(shape)
        - shape * np.log1p(expected / shape)
        - count * np.log((shape + expected) / np.maximum(expected, 1e-12))
    )


def likeliest_shape(count: np.ndarray, expected: np.ndarray) -> float:
    """Shape of the gamma around one under which counts are likeliest, of SHAPES. count, expected : float[n]"""
    likelihood = negative_binomial(count, expected, SHAPES[:, None]).sum(1)
    return float(SHAPES[np.argmax(likelihood + _weak(SHAPES))])


def _own_shape(count: np.ndarray, expected: np.ndarray, others: np.ndarray, family_shape: float) -> float:
    """Likeliest shape of the units' own temper, given what the rest of each family tells. others : float[n, 2]"""
    shape = family_shape + np.maximum(others[:, 0], 0)
    mean = expected * shape / (family_shape + np.maximum(others[:, 1], 0))
    spread = (1 + 1 / SHAPES[:, None]) * (1 + 1 / shape) - 1
    return float(SHAPES[np.argmax(negative_binomial(count, mean, 1 / spread).sum(1) + _weak(SHAPES))])


def _weak(shape: np.ndarray) -> np.ndarray:
    return -0.5 * (np.log(shape) / SHAPE_SPREAD) ** 2


def hits(struck: Sequence[int], of: Sequence[int], whole: bool = False) -> float:
    """Chance that a shock which strikes a group strikes one member. Binomial failure rate model.

    struck, of : int[n], members struck in each event and members there were; 2 <= struck < of, or struck <= of where
    `whole` says that a shock which strikes all is no other kind of shock. Fewer than two struck do not show as a common
    event, so the likelihood is that of a binomial cut off below, and above too unless `whole`, after a uniform prior.
    The mean of the posterior is returned.
    Source: Atwood (1986), The binomial failure rate common cause model, Technometrics 28.
    """
    chance = np.linspace(0.01, 0.99, 99)
    log = np.zeros(99)
    for k, m in zip(struck, of, strict=True):
        log += k * np.log(chance) + (m - k) * np.log1p(-chance) - np.log(seen(m, chance, whole))
    weight = np.exp(log - log.max())
    return float((chance * weight).sum() / weight.sum())


def seen(of: int, chance: float | np.ndarray, whole: bool = False) -> float | np.ndarray:
    """Probability that a shock strikes at least two members, and unless `whole` not all."""
    two = 1 - (1 - chance) ** of - of * chance * (1 - chance) ** (of - 1)
    return two if whole else two - chance**of
