"""Passengers for a relative demand: counted visits between two countries, the user's counts, else the general level."""

from __future__ import annotations

import numpy as np
import pytest

from comity import facts
from comity.air import demand, level, own
from comity.air.viability import economics


@pytest.fixture(autouse=True)
def nothing_imported(tmp_path, monkeypatch):
    monkeypatch.setenv("COMITY_AIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def visits(monkeypatch):
    """Visits of our own in place of the table's."""
    rows, made = facts.rows, []
    monkeypatch.setattr(level.facts, "rows", lambda name: tuple(made) if name == "air_visits" else rows(name))
    for cached in (level._visits, level._counted):
        cached.cache_clear()
    yield made
    for cached in (level._visits, level._counted):
        cached.cache_clear()


def row(origin: str, destination: str, a_year: int | None, year: int = 2024) -> dict:
    return {"origin": origin, "destination": destination, "year": year, "a_year": a_year, "source": "comity"}


def test_without_counts_it_is_the_general_one(visits):
    assert level.between("KAZ", "PAK") == demand.assumed_level()
    visits.append(row("KAZ", "PAK", None))  # a count of a part of a year
    level._visits.cache_clear()
    assert level.between("KAZ", "PAK") == demand.assumed_level()


def test_who_is_counted_fills_the_pairs_of_towns(visits):
    """All pairs together carry what was counted, each by its demand and its chance to be flown."""
    visits.extend([row("IND", "KAZ", 100_000), row("KAZ", "IND", 50_000)])
    pairs = demand.ranked(["IND"], ["KAZ"])
    weight = np.array([one.relative * one.link_probability for one in pairs])
    spread_on = weight.sum() ** 2 / (weight @ [one.link_probability for one in pairs])
    (found,) = level.counted().values()
    assert found.raw * spread_on == pytest.approx(2 * 150_000)


def test_the_level_is_that_of_the_frequency_it_is_defined_for(visits):
    """At the flights that carry them, the largest pair has again the passengers that were counted on it."""
    visits.extend([row("IND", "KAZ", 100_000), row("KAZ", "IND", 50_000)])
    (found,) = level.counted().values()
    top = demand.ranked(["IND"], ["KAZ"])[0].relative
    weekly = found.raw * top / (2 * 52 * economics("passengers_a_flight")["value"])
    at_that = (
        found.value
        * top
        * (weekly / economics("frequency_level")["value"]) ** economics("frequency_elasticity")["value"]
    )
    assert at_that == pytest.approx(found.raw * top)


def test_more_visits_higher_level_and_the_newest_year_counts(visits):
    visits.extend([row("IND", "KAZ", 10_000, 2019), row("IND", "KAZ", 80_000, 2025)])
    new = level.between("KAZ", "IND")
    visits.pop()
    for cached in (level._visits, level._counted):
        cached.cache_clear()
    old = level.between("KAZ", "IND")
    assert new.value > old.value and "2025" in new.note and "2019" in old.note
    assert new.low < new.value < new.high and new.standing == "estimate"


def test_neighbours_are_not_counted_who_come_by_road(visits):
    visits.append(row("AFG", "PAK", 1_000_000))
    assert level.counted() == {} and level.between("PAK", "AFG") == demand.assumed_level()


def test_the_users_counts_come_first(visits, nothing_imported):
    visits.append(row("IND", "KAZ", 100_000))
    (nothing_imported / own.COUNTS).write_text("origin,destination,passengers\nALA,DEL,200000\n")
    assert level.between("IND", "KAZ") == demand.level() != demand.assumed_level()


def test_the_model_goes_with_who_was_counted():
    """Over country pairs 500 to 4,500 km apart travellers go with the demand the model says, to a power near 1."""
    told = []
    for (a, b), found in level.counted().items():
        pairs = demand.ranked([a], [b])
        weight = np.array([one.relative * one.link_probability for one in pairs])
        if len(pairs) and 500 < weight @ [one.distance_km for one in pairs] / weight.sum() < 4500:
            told.append((weight.sum() ** 2 / (weight @ [one.link_probability for one in pairs]), found.raw))
    spread_on, raw = np.array(told).T
    x, y = np.log(spread_on), np.log(raw * spread_on)
    assert len(told) > 40 and np.polyfit(x, y, 1)[0] == pytest.approx(1, abs=0.15) and np.corrcoef(x, y)[0, 1] > 0.75
