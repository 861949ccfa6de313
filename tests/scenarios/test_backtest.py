"""The score of the back-test: closed forms of it, and that an honest forecast scores best."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.stats import norm

import backtest
from comity import facts
from comity.scenarios.closures import history
from comity.scenarios.closures.targets import targets


@pytest.mark.parametrize("came", [-1.0, 0.0, 2.5])
def test_the_score_of_a_normal_forecast_is_the_closed_form(came):
    """Gneiting & Raftery (2007), eq. 5 of section 4.2, with mean 1 and standard deviation 2."""
    sample = 1 + 2 * norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    z = (came - 1) / 2
    closed = 2 * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
    assert backtest.crps(sample, came) == pytest.approx(closed, rel=1e-3)


def test_the_score_of_two_points_and_of_one():
    assert backtest.crps(np.array([0.0, 1.0]), 0.0) == pytest.approx(0.25)
    assert backtest.crps(np.array([3.0]), 5.0) == backtest.crps(np.array([3.0, 3.0]), 5.0) == 2.0


def test_the_true_distribution_scores_better_than_one_moved_or_too_sure():
    random = np.random.default_rng(8)
    came, sample = random.exponential(10, 400), random.exponential(10, 1000)
    score = [np.mean([backtest.crps(guess, y) for y in came]) for guess in (sample, sample + 8, sample / 3, [10.0])]
    assert score[0] < min(score[1:])


def test_days_that_came_are_those_of_the_table():
    parts = history.parts(facts.rows("closures"))
    found = backtest.days_at(parts, targets()["torkham/road"], date(2025, 1, 1), 365, 3)
    assert found.sum() == 27 + 81  # 21 February to 19 March, and from 12 October on, both days counted
    assert backtest.days_at(parts, targets()["sarakhs/road"], date(2025, 6, 1), 60, 2).sum() == 12  # Iran in June
