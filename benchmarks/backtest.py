"""Forecasts of closures beside what came: fitted on what was known before a day, scored on the years after it.

    python benchmarks/backtest.py           the table of docs/methods/closures.md
    python benchmarks/backtest.py --choose  the settings tried, on years before the test

For every watched crossing, ferry, port, strait and pass the number of days shut in the period is forecast as a
distribution and scored by the continuous ranked probability score, in days: the mean distance of the forecast from what
came, less half its distance from itself (Gneiting & Raftery 2007, Strictly proper scoring rules, JASA 102, eq. 21).
Smaller is better. Naive forecasts stand beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from comity import facts
from comity.scenarios.closures import history
from comity.scenarios.closures.hazard import Hazard, fitted
from comity.scenarios.closures.targets import Target, targets, watched_since
from comity.scenarios.closures.years import Years

FROM, TO = date(2023, 1, 1), date(2026, 6, 30)
CHOSEN_FROM, CHOSEN_TO = date(2019, 1, 1), date(2022, 12, 31)
HALF_LIVES_Y = (5.0, 10.0, 20.0, 1000.0)
SCENARIOS = 1000
BORDER = ("torkham/road", "chaman-spinboldak/road", "ghulamkhan/road", "kharlachi/road", "angoorada/road")
IRAN = ("taftan-mirjaveh/road", "IRBND/sea", "hormuz/sea")


def crps(sample: np.ndarray, came: float) -> float:
    """Continuous ranked probability score of a forecast given as a sample, in the sample's unit; 0 is perfect."""
    ordered = np.sort(np.asarray(sample, float))
    n = len(ordered)
    within = 2 * (ordered * (2 * np.arange(1, n + 1) - n - 1)).sum() / n**2  # mean distance of two draws
    return float(np.abs(ordered - came).mean() - within / 2)


@dataclass(frozen=True, kw_only=True)
class Test:
    """A period and the watched targets in it, each with its own past and what came."""

    start: date
    end: date
    level: int  # days at this level or above count

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def watched() -> list[Target]:
    return [item for _, item in sorted(targets().items()) if watched_since(item)]


def days_at(parts: Sequence[history.Part], item: Target, start: date, days: int, level: int) -> np.ndarray:
    """bool[days]: days on which the table has a target at a level or above."""
    keys, found = {item.key, *item.groups}, np.zeros(days, bool)
    for part in parts:
        if part.level >= level and keys & set(part.keys):
            last = days - 1 if part.until is None else (part.until - start).days
            found[max((part.start - start).days, 0) : max(last + 1, 0)] = True
    return found


def forecast(hazard: Hazard, test: Test) -> Callable[[Target], np.ndarray]:
    """Days at the level or above in each scenario, int[scenarios]."""
    years = Years(hazard=hazard, on=test.start, days=test.days, seed=7, scenarios=SCENARIOS)

    def of(item: Target) -> np.ndarray:
        together = np.max([years.levels(key) for key in (item.key, *item.groups)], axis=0)
        return (together >= test.level).sum(1)

    return of


def naive_own(known: Sequence[history.Part], test: Test) -> Callable[[Target], np.ndarray]:
    """Each target's own past events a year and own mean length; Poisson events of exponential lengths."""
    return lambda item: _compound(test, item, *_past(known, [item], test), known)


def naive_pooled(known: Sequence[history.Part], test: Test) -> Callable[[Target], np.ndarray]:
    """One rate and one mean length for all targets."""
    all_of_it = _past(known, watched(), test)
    return lambda item: _compound(test, item, *all_of_it, known)


def naive_share(known: Sequence[history.Part], test: Test) -> Callable[[Target], np.ndarray]:
    """Each target's own share of days in the past, taken as certain."""

    def of(item: Target) -> np.ndarray:
        since = watched_since(item)
        past = days_at(known, item, since, (test.start - since).days, test.level)
        return np.array([past.mean() * test.days])

    return of


def _past(known: Sequence[history.Part], items: Sequence[Target], test: Test) -> tuple[float, float]:
    """(events a year, mean days) of targets before the test, counted without any model."""
    count, total, years = 0, 0.0, 0.0
    for item in items:
        since = watched_since(item)
        years += (test.start - since).days / 365.25
        for part in known:
            if part.level >= test.level and part.start >= since and {item.key, *item.groups} & set(part.keys):
                last = test.start if part.until is None else part.until
                count, total = count + 1, total + (last - part.start).days + 1
    return count / years, total / max(count, 1)


def _compound(test: Test, item: Target, rate: float, mean_d: float, known: Sequence[history.Part]) -> np.ndarray:
    """Poisson events of exponential lengths, and the rest of what is in force at the start: memoryless, so as long."""
    random = np.random.Generator(np.random.Philox(key=sum(item.key.encode())))
    found = np.zeros((SCENARIOS, test.days), bool)
    keys = {item.key, *item.groups}
    standing = [part for part in known if part.level >= test.level and keys & set(part.keys) and part.holds(test.start)]
    for row, count in enumerate(random.poisson(rate * test.days / 365.25, SCENARIOS)):
        for first in random.integers(0, test.days, count):
            found[row, first : first + 1 + int(random.exponential(mean_d))] = True
        for _ in standing:
            found[row, : 1 + int(random.exponential(mean_d))] = True
    return found.sum(1)


def scores(test: Test, hazard: Hazard, rows: Sequence[dict]) -> dict[str, np.ndarray]:
    """CRPS of each forecast for each watched target, float[n_targets], in days."""
    known = history.parts(history.known_before(rows, test.start))
    came = history.parts(rows)
    makers = {
        "model": forecast(hazard, test),
        "own rate": naive_own(known, test),
        "pooled rate": naive_pooled(known, test),
        "own share": naive_share(known, test),
    }
    seen = {item.key: days_at(came, item, test.start, test.days, test.level).sum() for item in watched()}
    return {name: np.array([crps(make(item), seen[item.key]) for item in watched()]) for name, make in makers.items()}


def all_at_once(hazard: Hazard, test: Test, keys: Sequence[str], together: bool) -> np.ndarray:
    """Days on which all of some things are at the test's level, int[scenarios]; `together` False: drawn apart.

    Apart, each keeps how often it is shut, but has its common shocks from a history of its own.
    """
    shut = np.ones((SCENARIOS, test.days), bool)
    for n, key in enumerate(keys):
        years = Years(
            hazard=hazard, on=test.start, days=test.days, seed=7, block=0 if together else n, scenarios=SCENARIOS
        )
        shut &= np.max([years.levels(one) for one in (key, *targets()[key].groups)], axis=0) >= test.level
    return shut.sum(1)


def skill_range(model: np.ndarray, naive: np.ndarray, families: Sequence[str]) -> tuple[float, float, float]:
    """Skill 1 - model / naive with P10 and P90 from drawing families anew: things of one border share their luck."""
    random = np.random.Generator(np.random.Philox(key=3))
    names = sorted(set(families))
    sums = np.array([[part[np.array(families) == name].sum() for part in (model, naive)] for name in names])
    drawn = sums[random.integers(0, len(names), (2000, len(names)))].sum(1)
    low, high = np.quantile(1 - drawn[:, 0] / drawn[:, 1], (0.1, 0.9))
    return float(1 - model.sum() / naive.sum()), float(low), float(high)


def table(test: Test, hazard: Hazard, rows: Sequence[dict]) -> None:
    found = scores(test, hazard, rows)
    kinds = np.array([item.kind for item in watched()])
    families = [item.family for item in watched()]
    print(f"\nlevel {test.level} or above, {test.start} to {test.end}, {len(kinds)} targets; mean CRPS in days")
    print("| kind | n | " + " | ".join(found) + " |")
    for kind in [*dict.fromkeys(kinds), "all"]:
        chosen = (kinds == kind) | (kind == "all")
        print(
            f"| {kind} | {chosen.sum()} | " + " | ".join(f"{part[chosen].mean():.1f}" for part in found.values()) + " |"
        )
    for name in list(found)[1:]:
        skill, low, high = skill_range(found["model"], found[name], families)
        print(f"skill against {name}: {100 * skill:.0f} % ({100 * low:.0f} to {100 * high:.0f})")


def calibration(test: Test, hazard: Hazard, rows: Sequence[dict]) -> None:
    """How many targets were shut at all, forecast and seen, and in how many what came lay above the forecast's P90."""
    of, came = forecast(hazard, test), history.parts(rows)
    told = [(of(item), days_at(came, item, test.start, test.days, test.level).sum()) for item in watched()]
    expected = sum((sample > 0).mean() for sample, _ in told)
    print(
        f"targets shut at all: expected {expected:.1f}, came {sum(days > 0 for _, days in told)}; "
        f"days in all: expected {sum(sample.mean() for sample, _ in told):.0f}, came {sum(days for _, days in told)}; "
        f"above P90: {sum(days > np.quantile(sample, 0.9) for sample, days in told)}, "
        f"above P99: {sum(days > np.quantile(sample, 0.99) for sample, days in told)} of {len(told)}"
    )


def main(choose: bool) -> None:
    rows = facts.rows("closures")
    if choose:
        test = Test(start=CHOSEN_FROM, end=CHOSEN_TO, level=3)
        for half_life_y in HALF_LIVES_Y:
            found = scores(test, fitted(test.start, rows, half_life_y), rows)
            print(f"half-life {half_life_y:6.0f} years: " + ", ".join(f"{k} {v.mean():.2f}" for k, v in found.items()))
        return
    hazard = fitted(FROM, rows)
    for level in (3, 2):
        test = Test(start=FROM, end=TO, level=level)
        table(test, hazard, rows)
        calibration(test, hazard, rows)
    at_once("every AFG-PAK crossing shut", hazard, rows, BORDER, level=3)
    for level in (1, 2):
        at_once(f"Taftan, Bandar Abbas and Hormuz at level {level}", hazard, rows, IRAN, level)


def at_once(name: str, hazard: Hazard, rows: Sequence[dict], keys: Sequence[str], level: int) -> None:
    """Prints the forecast of the days on which all of some things are at a level, and what came."""
    test = Test(start=FROM, end=TO, level=level)
    came = history.parts(rows)
    seen = int(np.all([days_at(came, targets()[key], FROM, test.days, level) for key in keys], axis=0).sum())
    for together in (True, False):
        sample = all_at_once(hazard, test, keys, together)
        print(
            f"days with {name}, {'common cause' if together else 'drawn apart'}: "
            f"mean {sample.mean():.1f}, P50 {np.median(sample):.0f}, P90 {np.quantile(sample, 0.9):.0f}, "
            f"P99 {np.quantile(sample, 0.99):.0f}, P(any) {(sample > 0).mean():.3f}, P(>= {seen}) "
            f"{(sample >= seen).mean():.3f}, CRPS {crps(sample, seen):.1f}; came {seen}"
        )


if __name__ == "__main__":
    main("--choose" in sys.argv)
