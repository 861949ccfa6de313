"""Lengths from ranges: known ones are found again, ends that nobody saw do not shorten them, and old closures last."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from comity.scenarios.closures import lengths
from comity.scenarios.closures.lengths import CAUSES, Sample

TRUE = dict(zip(CAUSES, (3.0, 2.6, 3.3, 2.0, 1.0, 1.4, 1.1, 4.6), strict=True))
SLOW_SD, BRIEF_SD, MILDER = 1.6, 0.7, 0.8


def simulated(each, seed=2, censored=0.3):
    """Closures of known distribution; a share of them is lost from sight at a random part of their length."""
    random = np.random.default_rng(seed)
    found = []
    for cause in CAUSES:
        sd = BRIEF_SD if cause in lengths.BRIEF else SLOW_SD
        for n in range(each):
            level = 3 if n % 3 else 2
            length = float(np.exp(TRUE[cause] + MILDER * (level < 3) + sd * random.standard_normal()))
            seen = length * random.random()
            ends = (seen, np.inf) if random.random() < censored else (0.98 * length, 1.02 * length)
            found.append(Sample(cause=cause, level=level, wide=False, low_d=ends[0], high_d=ends[1]))
    return found


@pytest.fixture(scope="module")
def fitted():
    return lengths.fit(simulated(80))


def test_known_lengths_are_found_again_though_many_ends_were_not_seen(fitted):
    for cause, true in TRUE.items():
        log_mean, error, _ = fitted.of(cause, 3, False)
        assert abs(log_mean - true) < 3.5 * error, cause
        assert error < 0.5
    assert fitted.of("strike", 2, False)[0] - fitted.of("strike", 3, False)[0] == pytest.approx(MILDER, abs=0.5)


def test_known_spreads_are_found_again(fitted):
    assert fitted.spread == pytest.approx((SLOW_SD, BRIEF_SD), rel=0.12)


def test_to_take_unseen_ends_for_ends_makes_closures_too_short(fitted):
    as_ends = [
        Sample(cause=s.cause, level=s.level, wide=s.wide, low_d=0.98 * s.low_d, high_d=min(s.high_d, 1.02 * s.low_d))
        for s in simulated(80)
    ]
    wrong = lengths.fit(as_ends)
    for cause in CAUSES:
        assert wrong.of(cause, 3, False)[0] < fitted.of(cause, 3, False)[0]


def test_a_cause_with_few_events_is_drawn_towards_the_others():
    few = [s for s in simulated(40) if s.cause != "strike"]
    few.append(Sample(cause="strike", level=3, wide=False, low_d=700, high_d=701))
    fit = lengths.fit(few)
    middle = np.mean([fit.of(cause, 3, False)[0] for cause in CAUSES if cause != "strike"])
    assert middle < fit.of("strike", 3, False)[0] < np.log(700)
    assert fit.of("strike", 3, False)[1] > 2 * fit.of("political", 3, False)[1]


def test_more_events_narrow_what_is_known():
    assert (
        lengths.fit(simulated(80)).of("security", 3, False)[1] < lengths.fit(simulated(20)).of("security", 3, False)[1]
    )


def test_a_whole_border_may_stay_shut_longer():
    more = [Sample(cause="security", level=3, wide=True, low_d=90, high_d=91) for _ in range(12)]
    fit = lengths.fit([*simulated(40), *more])
    assert fit.of("security", 3, True)[0] > fit.of("security", 3, False)[0] + 0.5


ENDS = [(-1.0, 0.5), (2.0, np.inf), (-np.inf, -1.5), (6.0, 6.5), (-9.0, -8.9), (0.2, 0.21)]


@pytest.mark.parametrize("a, b", ENDS)
def test_likelihood_slope_and_bend_are_those_of_the_normal_distribution(a, b):
    def log_p(shift):
        low, high = (-(b - shift), -(a - shift)) if a > 0 else (a - shift, b - shift)
        return np.log(norm.cdf(high) - norm.cdf(low))

    value, slope, bend = (float(part[0]) for part in lengths.interval_likelihood(np.array([a]), np.array([b])))
    step = 1e-4
    assert value == pytest.approx(log_p(0), rel=1e-6)
    assert slope == pytest.approx((log_p(step) - log_p(-step)) / (2 * step), rel=1e-3)
    second = (log_p(step * 20) - 2 * log_p(0) + log_p(-step * 20)) / (step * 20) ** 2
    assert bend == pytest.approx(-second, rel=2e-2, abs=2e-3)


def test_the_remaining_length_is_that_of_what_has_lasted_so_long():
    """Against plain simulation: draw lengths, keep those longer than the age."""
    random = np.random.default_rng(9)
    whole = np.exp(3.0 + 1.5 * random.standard_normal(400_000))
    left = whole[whole > 60] - 60
    told = lengths.remaining_d(60.0, np.array(3.0), 1.5, np.linspace(0.001, 0.999, 999))
    for p in (0.1, 0.5, 0.9):
        assert np.quantile(told, p) == pytest.approx(np.quantile(left, p), rel=0.06)


def test_the_longer_it_has_stood_the_longer_it_will():
    uniform = np.linspace(0.01, 0.99, 99)
    medians = [
        np.median(lengths.remaining_d(age, np.array(3.0), 1.5, uniform)) for age in (1, 10, 100, 400, 3000, 26_000)
    ]
    assert medians == sorted(medians) and medians[-1] > 1000
    assert np.isfinite(lengths.remaining_d(26_000, np.array(1.0), 0.5, uniform)).all()


@pytest.mark.parametrize("log_mean, log_sd, most_d", [(1.0, 0.5, 1e6), (3.0, 1.7, 365.0), (5.0, 1.0, 30.0)])
def test_the_mean_of_lengths_that_are_cut(log_mean, log_sd, most_d):
    drawn = np.exp(log_mean + log_sd * norm.ppf((np.arange(200_000) + 0.5) / 200_000))
    assert lengths.mean_d(np.array(log_mean), log_sd, most_d) == pytest.approx(
        np.minimum(drawn, most_d).mean(), rel=2e-3
    )
