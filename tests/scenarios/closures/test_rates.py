"""Rates from few events: known ones are found again, and each is drawn towards its family, its kind and all."""

from __future__ import annotations

from math import lgamma

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gammaincinv
from scipy.stats import binom, gamma, poisson

from comity.scenarios.closures import rates
from comity.scenarios.closures.rates import Unit

FAMILIES, EACH, YEARS, MEAN, FAMILY_SHAPE, OWN_SHAPE = 80, 5, 15.0, 0.15, 1.0, 3.0


@pytest.fixture(scope="module")
def world():
    """400 things in 80 families with rates that are known: the true rates, the units, and what the fit makes of them."""
    random = np.random.default_rng(11)
    restless = np.repeat(random.gamma(FAMILY_SHAPE, 1 / FAMILY_SHAPE, FAMILIES), EACH)
    true = MEAN * restless * random.gamma(OWN_SHAPE, 1 / OWN_SHAPE, FAMILIES * EACH)
    count = random.poisson(true * YEARS)
    units = [
        Unit(key=str(n), kind="road", family=str(n // EACH), count=float(count[n]), exposure_y=YEARS)
        for n in range(FAMILIES * EACH)
    ]
    return true, units, rates.pool(units)


def test_the_mean_rate_is_found_again(world):
    true, _, pool = world
    error = np.sqrt(MEAN**2 * (1 / FAMILY_SHAPE / FAMILIES) + MEAN / (FAMILIES * EACH * YEARS)) * 1.2
    assert abs(pool.of_kind["road"] - MEAN) < 3 * error
    assert abs(pool.of_kind["road"] - true.mean()) < 3 * np.sqrt(MEAN / (FAMILIES * EACH * YEARS))


def test_how_far_families_and_things_stray_is_found_again(world):
    *_, pool = world
    assert FAMILY_SHAPE / 1.8 < pool.family_shape < FAMILY_SHAPE * 1.8
    assert OWN_SHAPE / 2.5 < pool.own_shape[False] < OWN_SHAPE * 2.5


def test_four_in_five_true_rates_lie_between_p10_and_p90(world):
    true, units, pool = world
    told = np.array([pool.posterior(unit) for unit in units])
    low, high = (gammaincinv(told[:, 0], p) / told[:, 1] for p in (0.1, 0.9))
    covered = ((low <= true) & (true <= high)).mean()
    assert abs(covered - 0.8) < 4 * np.sqrt(0.8 * 0.2 / FAMILIES)  # things of a family are not independent


def test_drawn_rates_are_nearer_the_truth_than_own_and_than_pooled_ones(world):
    true, units, pool = world
    drawn = np.array([shape / rate for shape, rate in map(pool.posterior, units)])
    own = np.array([unit.count / unit.exposure_y for unit in units])
    wrong = [np.mean((guess - true) ** 2) for guess in (drawn, own, np.full_like(own, own.mean()))]
    assert wrong[0] < 0.8 * min(wrong[1:])


def test_a_rate_lies_between_its_own_record_and_its_prior(world):
    _, units, pool = world
    for unit in units:
        shape, rate = pool.prior(unit)
        ends = sorted([unit.count / unit.exposure_y, shape / rate])
        posterior = pool.posterior(unit)
        assert ends[0] - 1e-12 <= posterior[0] / posterior[1] <= ends[1] + 1e-12


def test_its_own_record_does_not_count_twice(world):
    """Alone in its family it has nobody to learn from but its kind, however often it shut."""
    _, units, _ = world
    alone = Unit(key="n", kind="road", family="new", count=9.0, exposure_y=YEARS)
    pool = rates.pool([*units, alone])
    shape, rate = pool.prior(alone)
    assert shape / rate == pytest.approx(pool.of_kind["road"])


def test_nothing_seen_is_not_never(world):
    _, units, pool = world
    quiet = next(unit for unit in units if unit.count == 0)
    assert pool.posterior(quiet)[0] / pool.posterior(quiet)[1] > 0
    nothing = rates.pool([Unit(key="a", kind="road", family="a", count=0.0, exposure_y=10.0)])
    shape, rate = nothing.prior(Unit(key="b", kind="port", family="b", count=0.0, exposure_y=0.0))
    assert 0 < shape / rate < 1


def test_longer_watch_narrows_the_interval(world):
    _, units, _ = world
    spread = []
    for years in (5.0, 10.0, 20.0, 40.0):
        new = Unit(key="n", kind="road", family="new", count=0.2 * years, exposure_y=years)
        spread.append(1 / np.sqrt(rates.pool([*units, new]).posterior(new)[0]))
    assert spread == sorted(spread, reverse=True)


def test_a_restless_family_makes_its_quiet_members_suspect(world):
    _, units, pool = world
    by_count = sorted(pool.family_count, key=pool.family_count.get)
    ends = (by_count[0], by_count[-1])
    new = [Unit(key="new", kind="road", family=family, count=0.0, exposure_y=0.0) for family in ends]
    calm, restless = map(pool.prior, new)
    assert restless[0] / restless[1] > 3 * calm[0] / calm[1]


def test_common_causes_stray_in_their_own_way(world):
    """One border that shuts every year among many that never do is no error of chance, however alike the posts are."""
    _, units, _ = world
    common = [
        Unit(key=f"{n}#all", kind="all", family=str(n), count=0.0, exposure_y=YEARS, shared=True) for n in range(40)
    ]
    one = Unit(key="x#all", kind="all", family="x", count=15.0, exposure_y=YEARS, shared=True)
    shape, rate = rates.pool([*units, *common, one]).posterior(one)
    assert 0.7 < shape / rate < 1.0


@pytest.mark.parametrize("count, expected, shape", [(0, 1.5, 0.7), (3, 1.5, 0.7), (7, 2.0, 4.0)])
def test_the_likelihood_is_that_of_counts_with_gamma_rates(count, expected, shape):
    """Against the integral of the Poisson over the gamma; the factorial, left out, is put back."""
    whole = quad(lambda r: poisson.pmf(count, r * expected) * gamma.pdf(r, shape, scale=1 / shape), 0, 60)[0]
    told = rates.negative_binomial(np.array(float(count)), np.array(expected), np.array(shape))
    assert told - lgamma(count + 1) == pytest.approx(np.log(whole), abs=1e-6)


def test_counts_that_scatter_no_more_than_chance_give_a_high_shape():
    count = np.random.default_rng(3).poisson(4.0, 300).astype(float)
    assert rates.likeliest_shape(count, np.full(300, 4.0)) > 10


@pytest.mark.parametrize("chance", [0.2, 0.5, 0.8])
def test_the_chance_to_be_hit_is_found_again_though_few_hits_are_never_seen(chance):
    random = np.random.default_rng(5)
    of = random.integers(4, 9, 400)
    struck = random.binomial(of, chance)
    shown = (struck >= 2) & (struck < of)
    found = rates.hits(struck[shown].tolist(), of[shown].tolist())
    assert abs(found - chance) < 4 * np.sqrt(chance * (1 - chance) / of[shown].sum()) * 2
    if chance == 0.2:
        assert (struck[shown] / of[shown]).mean() > chance + 0.1  # what the plain share would have told


@pytest.mark.parametrize("of, chance", [(3, 0.3), (7, 0.1), (5, 0.9)])
def test_a_shock_is_seen_when_it_strikes_two_or_more_but_not_all(of, chance):
    assert rates.seen(of, chance) == pytest.approx(binom.pmf(range(2, of), of, chance).sum())


@pytest.mark.parametrize("chance", [0.3, 0.6, 0.9])
def test_where_all_may_be_struck_the_chance_to_be_hit_is_found_again(chance):
    random = np.random.default_rng(6)
    of = random.integers(2, 4, 600)
    struck = random.binomial(of, chance)
    shown = struck >= 2
    found = rates.hits(struck[shown].tolist(), of[shown].tolist(), whole=True)
    assert abs(found - chance) < 4 * np.sqrt(chance * (1 - chance) / shown.sum()) * 2
    assert rates.hits([3], [3], whole=True) == pytest.approx(0.72, abs=0.01)  # by hand: mean of p under p / (3 - 2 p)


@pytest.mark.parametrize("of, chance", [(2, 0.3), (3, 0.7)])
def test_where_all_may_be_struck_two_or_more_are_seen(of, chance):
    assert rates.seen(of, chance, whole=True) == pytest.approx(binom.pmf(range(2, of + 1), of, chance).sum())
