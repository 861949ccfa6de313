"""Days to come, simulated: for each key and scenario, what is open, slow, partly or wholly shut on each day.

Histories are made key by key when asked for. Each shock draws from a stream of random numbers of its own, named after
(seed, block, shock), so a history does not depend on what was asked before, on the order, or on the process.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from hashlib import blake2b
from itertools import accumulate

import numpy as np
from scipy.special import ndtri

from comity import facts
from comity.errors import BadInput
from comity.scenarios.closures import lengths
from comity.scenarios.closures.hazard import YEAR_D, Hazard, Ongoing, Shock
from comity.scenarios.closures.targets import calendars

LEAST_PER_YEAR = 2e-4  # a shock rarer than once in five thousand years is left out
MOST_EVENTS = 60  # in one scenario, of one shock
QUANTILES = (np.arange(16) + 0.5) / 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """Events of one shock in all scenarios, in the order of their drawing.

    scenario : int64[n]; first_day : int64[n], from 0; level : int64[n], 1-3; days : int64[n], 1 or more
    """

    scenario: np.ndarray
    first_day: np.ndarray
    level: np.ndarray
    days: np.ndarray

    def only(self, keep: np.ndarray) -> Struck:
        """Some of the events. keep : bool[n] or rows"""
        return Struck(
            scenario=self.scenario[keep],
            first_day=self.first_day[keep],
            level=self.level[keep],
            days=self.days[keep],
        )


@dataclass
class Years:
    """`scenarios` histories of `days` days from `on`. Blocks hold scenarios of their own: block 1 goes on after block 0.

    Raises BadInput, all faults at once, where a number is out of range.
    """

    hazard: Hazard
    on: date
    days: int
    seed: int = 0
    block: int = 0
    scenarios: int = 1000
    _levels: dict[str, np.ndarray] = field(default_factory=dict, repr=False)
    _struck: dict[str, Struck] = field(default_factory=dict, repr=False)

    def __post_init__(self):
        if self.on < self.hazard.on:
            raise BadInput(
                f"The years begin on {self.on}, before the {self.hazard.on} of the hazard. Begin them later."
            )
        wrong = [f"{name} is {getattr(self, name)}" for name in ("days", "scenarios") if getattr(self, name) < 1]
        wrong += [f"{name} is {getattr(self, name)}" for name in ("seed", "block") if getattr(self, name) < 0]
        if wrong:
            raise BadInput(f"No years can be drawn: {', '.join(wrong)}. Take whole numbers, days and scenarios from 1.")

    def levels(self, key: str) -> np.ndarray:
        """int8[scenarios, days], read-only: 0 as usual, 1 slow, 2 partial, 3 shut; the greatest of what strikes at once.

        A gate is as its worst key is: take the greatest over `keys_of(gate)`.

        key : one that `keys_of` gives. An own key bears its own shocks and the strikes it took from those of its groups
        that strike by chance; a group's key (AFG-PAK/land) only what strikes the whole group. A calendar's key
        (season/salang) is the same in all scenarios. Raises BadInput for a key of nothing.
        """
        if key not in self._levels:
            made = self._calendar(key) if key.startswith("season/") else self._drawn(key)
            made.setflags(write=False)
            self._levels[key] = made
        return self._levels[key]

    def at(self, key: str, day: np.ndarray) -> np.ndarray:
        """The same levels on some days only, int8[n, k]. day : int[n, k], days from 0 of the first n scenarios."""
        if key.startswith("season/"):
            return self.levels(key)[0][day]
        found = np.zeros(day.shape, np.int8)
        for struck in self._all_struck(key):
            mine = struck.only(struck.scenario < len(day))
            on = day[mine.scenario]
            covers = (on >= mine.first_day[:, None]) & (on < (mine.first_day + mine.days)[:, None])
            event, column = np.nonzero(covers)
            np.maximum.at(found, (mine.scenario[event], column), mine.level[event].astype(np.int8))
        return found

    def _drawn(self, key: str) -> np.ndarray:
        return laid_out(self._all_struck(key), self.scenarios, self.days)

    def _all_struck(self, key: str) -> list[Struck]:
        shocks = [shock for shock in self.hazard.shocks(key) if shock.per_year * shock.hits >= LEAST_PER_YEAR]
        struck = [self._remaining(item) for item in self.hazard.ongoing_at(key)]
        struck += [self._events(shock) if shock.hits == 1.0 else self._strikes(shock, key) for shock in shocks]
        return struck

    def stream(self, *name: str) -> np.random.Generator:
        told = "|".join((str(self.seed), str(self.block), *name)).encode()
        return np.random.Generator(np.random.Philox(key=int.from_bytes(blake2b(told, digest_size=16).digest())))

    def _events(self, shock: Shock) -> Struck:
        """Events of a shock to one thing or to a group: drawn once, whoever asks."""
        if shock.id not in self._struck:
            self._struck[shock.id] = self._new(shock, self.stream(shock.id))
        return self._struck[shock.id]

    def _new(self, shock: Shock, random: np.random.Generator) -> Struck:
        """Poisson events at a rate drawn anew in each scenario, by the weights of the months, with lognormal lengths."""
        weight = _day_weights(self.on, self.days, shock.months)
        scenario = _struck_scenarios(shock, weight[-1] / YEAR_D, self.scenarios, random)
        first_day = np.searchsorted(weight, random.random(len(scenario)) * weight[-1], side="right")
        level = _levels_of(shock, len(scenario), random)
        days = _lengths(shock, scenario, level, random)
        return Struck(scenario=scenario, first_day=first_day, level=level, days=days)

    def _strikes(self, shock: Shock, key: str) -> Struck:
        """The events of a group's shock that hit one member.

        A pandemic lasts at each border for a time of its own. What strikes a country as a whole strikes each part at a
        level and for a time of its own, but where one part stays shut for long the others tend to.
        """
        told = self._events(shock)
        if not len(told.scenario):
            return told
        random = self.stream(shock.id, key)
        struck = random.random(len(told.scenario)) < shock.hits
        hit = told.only(struck)
        if shock.kind == "world":
            return replace(hit, days=_lengths(shock, hit.scenario, hit.level, random))
        if shock.kind != "nation":
            return hit
        level = _levels_of(shock, len(hit.scenario), random)
        shared = self.stream(shock.id, "length").standard_normal(len(told.scenario))[struck]
        return replace(hit, level=level, days=_lengths(shock, hit.scenario, level, random, shared))

    def _remaining(self, item: Ongoing) -> Struck:
        """What is in force on the day, in every scenario, for the rest of its length: T given T > age."""
        random = self.stream("ongoing", item.id)
        log_mean = item.log_mean + item.log_mean_sd * random.standard_normal(self.scenarios)
        uniform = 1 - random.random(self.scenarios)
        left = lengths.remaining_d(item.age_days, log_mean, item.log_sd, uniform)
        nobody = np.zeros(self.scenarios, int)
        return Struck(
            scenario=np.arange(self.scenarios),
            first_day=nobody,
            level=nobody + item.level,
            days=_whole_days(left),
        )

    def _calendar(self, key: str) -> np.ndarray:
        place = key.partition("/")[2]
        if place not in calendars():
            raise BadInput(f"No calendar goes by {key!r}. Those that hold: {', '.join(sorted(calendars()))}.")
        each = [max(_out_of_season(row, day) for row in calendars()[place]) for day in _dates(self.on, self.days)]
        return np.broadcast_to(np.array(each, np.int8), (self.scenarios, self.days)).copy()

    def typical_h(self, key: str) -> float:
        """Hours that a driver who meets a shut gate still waits, the median; 0 where nothing ever shuts it.

        All days on which something that strikes `key` shuts it count alike, so long closures are met more often than
        short ones. Lengths are cut at the end of the days simulated. The figure is exact to a few per cent and the same
        for every seed and block.
        """
        if key.startswith("season/"):
            return _calendar_h(self.levels(key)[0])
        often: dict[tuple[float, float], float] = {}  # events a year that shut it, by how their lengths are distributed
        for shock in self.hazard.shocks(key):
            alike = (shock.log_mean[2], float(np.hypot(shock.log_sd, shock.log_mean_sd[2])))
            often[alike] = often.get(alike, 0.0) + shock.per_year * shock.hits * shock.levels[2]
        met = [_met(*alike, per_year, self.days) for alike, per_year in often.items()]
        met += [_met_ongoing(item, self.days) for item in self.hazard.ongoing_at(key) if item.level == 3]
        left, weight = (np.concatenate(part) for part in zip(*met, strict=True))
        order = np.argsort(left, kind="stable")
        total = np.cumsum(weight[order])
        return float(24 * left[order][np.searchsorted(total, total[-1] / 2)]) if total[-1] > 0 else 0.0


def laid_out(struck: list[Struck], scenarios: int, days: int) -> np.ndarray:
    """int8[scenarios, days]: on each day the greatest level of the events that cover it, 0 where none does."""
    found = np.zeros((scenarios, days), np.int8)
    together = [np.concatenate([getattr(item, name) for item in struck]) for name in Struck.__slots__] if struck else []
    for level in (1, 2, 3) if struck else ():
        scenario, first, _, length = (part[together[2] == level] for part in together)
        if len(scenario):
            rows, row = np.unique(scenario, return_inverse=True)  # most scenarios hold no event of most keys
            open_ = found[rows]
            open_[_covered(row, first, length, len(rows), days)] = level
            found[rows] = open_
    return found


def _covered(row: np.ndarray, first: np.ndarray, length: np.ndarray, rows: int, days: int) -> np.ndarray:
    """bool[rows, days]: whether any event covers a day, by adding up starts and ends."""
    width = days + 1
    after = np.minimum(first + length, days)
    size = rows * width
    steps = np.bincount(row * width + first, minlength=size) - np.bincount(row * width + after, minlength=size)
    return steps.reshape(rows, width).astype(np.int16).cumsum(1)[:, :days] > 0


def _levels_of(shock: Shock, n: int, random: np.random.Generator) -> np.ndarray:
    """Level of each of n events, int64[n], by the shares of the shock."""
    return 1 + np.searchsorted(np.cumsum(shock.levels)[:2], random.random(n), side="right")


def _lengths(shock: Shock, scenario: np.ndarray, level: np.ndarray, random, shared=None) -> np.ndarray:
    """Whole days of each event, int64[n]; the unknown mean is drawn once for each scenario.

    scenario : int64[n], ascending; shared : None or float64[n], normal draws that parts struck by one event have in common
    """
    nth = np.cumsum(np.diff(scenario, prepend=-1) > 0) - 1  # scenarios without an event need no draw
    off = random.standard_normal(nth[-1] + 1 if len(nth) else 0)[nth]
    z = random.standard_normal(len(scenario))
    if shared is not None:
        akin = facts.figure("hazard.nation", "length_correlation").value
        z = np.sqrt(akin) * shared + np.sqrt(1 - akin) * z
    mean, sd = np.array(shock.log_mean)[level - 1], np.array(shock.log_mean_sd)[level - 1]
    return _whole_days(np.exp(mean + sd * off + shock.log_sd * z))


def _struck_scenarios(shock: Shock, years: float, scenarios: int, random: np.random.Generator) -> np.ndarray:
    """Scenario of each event, ascending, int64[n]: Poisson counts at a rate drawn from its gamma in each scenario.

    Such counts are negative binomial (Greenwood & Yule 1920), so only the scenarios that have any are drawn.
    """
    q = years / (shock.rate + years)
    number = np.arange(1, MOST_EVENTS + 1)
    none = (1 - q) ** shock.shape
    several = none * np.cumprod((number - 1 + shock.shape) / number * q)  # chance of 1, 2, ... events
    struck = random.binomial(scenarios, 1 - none)
    scenario = np.sort(random.choice(scenarios, struck, replace=False, shuffle=False))
    up_to = np.cumsum(several) / several.sum()
    return np.repeat(scenario, 1 + np.searchsorted(up_to, random.random(struck)))


def _whole_days(length_d: np.ndarray) -> np.ndarray:
    """Days touched: both the first and the last count, so an hour is a day; a century is as good as for ever."""
    return np.clip(np.rint(length_d), 1, 36_525).astype(np.int64)


def _dates(on: date, days: int) -> list[date]:
    return [on + timedelta(days=n) for n in range(days)]


@cache
def _day_weights(on: date, days: int, months: tuple[float, ...]) -> np.ndarray:
    """Weights of the days added up, float64[days], not to be written to; the last is how many usual days all are worth."""
    if len(set(months)) == 1:
        return np.arange(1, days + 1, dtype=float)
    return np.array(list(accumulate(months[day.month - 1] for day in _dates(on, days))))


def _out_of_season(row: dict, day: date) -> int:
    """Level that a calendar holds on a day: 0 in its good season, else 1 slow or 3 shut."""
    opens, closes = (row["opens_month"], row["opens_day"]), (row["closes_month"], row["closes_day"])
    today = (day.month, day.day)
    inside = opens <= today <= closes if opens <= closes else today >= opens or today <= closes
    return 0 if inside else 3 if row["effect"] == "shut" else 1


def _calendar_h(levels: np.ndarray) -> float:
    """Median hours from a shut day to the first open one. levels : int8[days]"""
    shut = levels == 3
    opens = np.append(np.where(~shut)[0], len(levels))
    left = opens[np.searchsorted(opens, np.where(shut)[0])] - np.where(shut)[0]
    return float(24 * np.median(left)) if len(left) else 0.0


def _met(log_mean: float, log_sd: float, per_year: float, days: int) -> tuple[np.ndarray, np.ndarray]:
    """(days left, weight) as a driver meets the shut days of closures: begun on any day, met at any point."""
    length = np.maximum(np.exp(log_mean + log_sd * _normal_quantiles()), 1.0)
    within = np.minimum(length[:, None], days * (1 - QUANTILES)).ravel()  # the days end before some closures do
    each = per_year * days / YEAR_D / len(within)
    return np.outer(within, QUANTILES).ravel(), np.repeat(each * within / len(QUANTILES), len(QUANTILES))


def _met_ongoing(item: Ongoing, days: int) -> tuple[np.ndarray, np.ndarray]:
    left = lengths.remaining_d(item.age_days, np.array(item.log_mean), item.log_sd, QUANTILES)
    left = np.clip(left, 1, days)
    return np.outer(left, QUANTILES).ravel(), np.repeat(left / len(QUANTILES) ** 2, len(QUANTILES))


@cache
def _normal_quantiles() -> np.ndarray:
    """Fine where lengths are long, since few closures bring most of the shut days."""
    return ndtri((np.arange(64) + 0.5) / 64)
