"""How many passengers a relative demand of 1 stands for between two countries.

The gravity model tells which pair of towns carries more. Between countries whose visitors are counted (rows of
air_visits with a whole year) the level is theirs: each visit is two flights, and the pairs of towns of both countries
share them as the model parts them. Elsewhere it is what such country pairs have on average, with the wide spread they
show: visas, custom and history move it by a factor of ten, and no term of the model sees them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from comity import facts
from comity.air import demand
from comity.air.demand import Level
from comity.air.ends import SMALL_TOWN
from comity.air.own import ESTIMATE, kept_by
from comity.air.viability import WEEKS, economics
from comity.places import border_lines

FLIGHTS_A_VISIT = 2


def between(a: str, b: str) -> Level:
    """The level of two countries (alpha-3): of the user's counts, else of counted visits, else the general one."""
    general = demand.level()
    if general.standing == "measured":
        return general
    found = _counted(min(a, b), max(a, b))
    if found is None:
        return general
    width = economics("visits_level_width")["value"]
    return replace(
        general,
        value=found.value,
        low=found.value / width,
        high=found.value * width,
        source=found.source,
        standing="estimate",
        note=f"from visits between the two countries, {found.year}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The level between two countries whose visitors were counted, and the newest year of it.

    raw : passengers a year for each unit of relative demand that they are spread over, at the flights they have
    """

    value: float
    raw: float
    source: str
    year: int


def counted() -> dict[tuple[str, str], Counted]:
    """Every two countries whose visitors were counted and that do not touch, alpha-3 in order."""
    pairs = {(min(key), max(key)) for key in _visits()}
    return {pair: found for pair in sorted(pairs) if (found := _counted(*pair))}


@kept_by(ESTIMATE, maxsize=1024)
def _counted(a: str, b: str) -> Counted | None:
    rows = [_visits()[key] for key in ((a, b), (b, a)) if key in _visits()]
    if not rows or frozenset((a, b)) in _touching():
        return None
    visits = sum(row["a_year"] for row in rows)
    if len(rows) == 1:  # who goes the other way is not counted
        visits *= 1 + economics("visits_other_way")["value"]
    told = _levels(a, b, FLIGHTS_A_VISIT * visits)
    larger = max(rows, key=lambda row: row["a_year"])
    return Counted(value=told[0], raw=told[1], source=larger["source"], year=larger["year"]) if told else None


@cache
def _visits() -> dict[tuple[str, str], dict]:
    """The newest row that tells a whole year, by where from and where to."""
    newest: dict[tuple[str, str], dict] = {}
    for row in facts.rows("air_visits"):
        key = row["origin"], row["destination"]
        if row["a_year"] and row["year"] >= newest.get(key, row)["year"]:
            newest[key] = row
    return newest


@cache
def _touching() -> frozenset[frozenset[str]]:
    return frozenset(frozenset((one, other)) for one, other, _, _ in border_lines())


def _levels(a: str, b: str, passengers: float) -> tuple[float, float] | None:
    """The level at which two countries have so many passengers a year, and the raw one; None where no pair of towns is known.

    Who lives in a town without a flight goes to one that has it, so a pair of towns counts by its relative demand r and its
    chance p to be flown: they share sum(r p)^2 / sum(r p^2), one pair's demand where one is flown and all where all are.
    What is counted is carried by as many flights as that takes; the level is that of the frequency it is defined for.
    """
    pairs = demand.ranked([a], [b]) or demand.ranked([a], [b], at_least=SMALL_TOWN)
    relative = np.array([one.relative for one in pairs])
    chance = np.array([one.link_probability for one in pairs])
    if not len(pairs) or not relative @ chance:
        return None
    raw = passengers / (float(relative @ chance) ** 2 / float(relative @ chance**2))
    carried = 2 * WEEKS * economics("frequency_level")["value"] * economics("passengers_a_flight")["value"]
    return raw * (carried / (raw * float(relative.max()))) ** economics("frequency_elasticity")["value"], raw


def spread_of_counted() -> tuple[float, float, float]:
    """P10, P50 and P90 of the levels of counted country pairs, to hold the general row of air_demand against.

    They lie higher than it: who is counted, and told of, is who travels much.
    """
    low, middle, high = np.quantile([found.value for found in counted().values()], (0.1, 0.5, 0.9))
    return float(low), float(middle), float(high)
