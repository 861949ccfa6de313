"""Simulated years: the same bytes for the same name, the rates that were put in, and borders that shut as one."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import numpy as np
import pytest

from comity import facts
from comity.errors import BadInput
from comity.routing.states import out_of_season
from comity.scenarios.closures import years
from comity.scenarios.closures.hazard import Hazard, hazard
from comity.scenarios.closures.targets import calendars
from comity.scenarios.closures.years import Struck, Years, laid_out

ON, DAYS, N = date(2026, 7, 1), 400, 1000
KEYS = ("torkham/road", "chaman-spinboldak/road", "AFG-PAK/land", "CHN-KAZ/land", "salang/road", "IRBND/sea")


@pytest.fixture(scope="module")
def now() -> Hazard:
    return hazard(ON)


@pytest.fixture(scope="module")
def quiet(now) -> Hazard:
    """The same, with nothing in force on the day."""
    return replace(now, ongoing=(), _made={})


def drawn(of: Hazard, block: int = 0, seed: int = 1, **told) -> Years:
    return Years(of, ON, told.pop("days", DAYS), seed, block, told.pop("scenarios", N))


def digest(year: Years, keys=KEYS) -> dict[str, str]:
    return {key: sha256(year.levels(key).tobytes()).hexdigest() for key in keys}


def test_the_same_seed_gives_the_same_bytes_whatever_was_asked_before(now):
    assert digest(drawn(now)) == digest(drawn(now), KEYS[::-1]) == digest(drawn(now))


def test_another_process_gives_the_same_bytes(now):
    code = (
        "from datetime import date; from hashlib import sha256; from comity.scenarios.closures.hazard import hazard;"
        "from comity.scenarios.closures.years import Years; y = Years(hazard(date(2026, 7, 1)), date(2026, 7, 1), 400, 1, 3, 1000);"
        "print(sha256(y.levels('torkham/road').tobytes()).hexdigest())"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert told == digest(drawn(now, block=3), ["torkham/road"])["torkham/road"]


def test_blocks_and_seeds_hold_histories_of_their_own(now):
    told = [digest(drawn(now, block, seed))["torkham/road"] for block, seed in ((0, 1), (1, 1), (0, 2))]
    assert len(set(told)) == 3


def test_levels_are_read_only_and_of_four_kinds(now):
    levels = drawn(now).levels("torkham/road")
    assert levels.shape == (N, DAYS) and levels.dtype == np.int8 and set(np.unique(levels)) <= {0, 1, 2, 3}
    with pytest.raises(ValueError):
        levels[0, 0] = 1


def test_events_come_as_often_as_the_hazard_says(quiet):
    year = drawn(quiet, scenarios=4000)
    for shock in [*quiet.shocks("torkham/road")[:5], *quiet.shocks("AFG-PAK/land")[:3]]:
        found = len(year._events(shock).scenario) / (4000 * DAYS / 365.25)
        spread = np.sqrt(shock.per_year / (4000 * DAYS / 365.25) + (shock.shape / shock.rate**2) / 4000)
        months = (
            1
            if len(set(shock.months)) == 1
            else np.mean([shock.months[(ON + timedelta(n)).month - 1] for n in range(DAYS)])
        )
        assert abs(found - shock.per_year * months) < 4 * spread, shock.id


def test_lengths_are_those_of_the_hazard(quiet):
    shock = max(quiet.shocks("torkham/road"), key=lambda shock: shock.per_year)
    told = drawn(quiet, scenarios=5000)._events(shock)
    shut = told.days[told.level == 3]
    spread = np.hypot(shock.log_sd, shock.log_mean_sd[2])
    assert abs(np.median(np.log(shut)) - shock.log_mean[2]) < 4 * 1.25 * spread / np.sqrt(len(shut)) + 0.03
    assert np.mean(told.level == 3) == pytest.approx(shock.levels[2], abs=4 * np.sqrt(0.25 / len(told.level)))


def test_a_border_shuts_as_one_far_more_often_than_by_chance(quiet):
    year = drawn(quiet, scenarios=3000)
    border = year.levels("AFG-PAK/land") == 3
    each = [(year.levels(f"{id}/road") == 3) | border for id in ("torkham", "chaman-spinboldak", "ghulamkhan")]
    all_at_once = np.logical_and.reduce(each).mean()
    by_chance = np.prod([one.mean() for one in each])
    assert all_at_once > 10 * by_chance
    assert all_at_once >= border.mean()


def test_members_struck_by_one_shock_share_its_dates(quiet):
    """A shock that strikes the pair by chance leaves Torkham and Chaman with the same first days, not with others'."""
    shock = max((s for s in quiet.shocks("torkham/road") if s.target == "AFG-PAK/land"), key=lambda s: s.per_year)
    year = drawn(quiet, scenarios=20_000)
    every = {(s, d) for s, d in zip(*year_dates(year._events(shock)), strict=True)}
    one, other = (set(zip(*year_dates(year._strikes(shock, key)), strict=True)) for key in KEYS[:2])
    assert one <= every and other <= every and one & other
    assert len(one) / len(every) == pytest.approx(shock.hits, abs=4 * np.sqrt(0.25 / len(every)))
    both = len(one & other) / len(every)
    assert both == pytest.approx(shock.hits**2, abs=4 * np.sqrt(0.1 / len(every)))  # each is hit for itself


def year_dates(told: Struck):
    return told.scenario.tolist(), told.first_day.tolist()


def test_borders_that_a_pandemic_strikes_share_its_first_day_but_not_its_last(quiet):
    year = drawn(quiet, scenarios=20_000)
    shocks = [next(s for s in quiet.shocks(key) if s.kind == "world") for key in ("AFG-PAK/land", "CHN-KAZ/land")]
    one, other = (
        {
            s: (d, length)
            for s, d, length in zip(t.scenario.tolist(), t.first_day.tolist(), t.days.tolist(), strict=True)
        }
        for t in (
            year._strikes(shock, key) for shock, key in zip(shocks, ("AFG-PAK/land", "CHN-KAZ/land"), strict=True)
        )
    )
    shared = set(one) & set(other)
    assert len(shared) > 20
    assert np.mean([one[s][0] == other[s][0] for s in shared]) > 0.9  # a scenario may hold two pandemics
    assert np.mean([one[s][1] == other[s][1] for s in shared]) < 0.2


IRAN = ("IRN/land", "IRN/ports", "hormuz/sea")


def test_a_war_shuts_land_ports_and_strait_at_once_far_more_often_than_by_chance(quiet):
    year = drawn(quiet, scenarios=10_000, days=365)
    each = [year.levels(key) >= 2 for key in IRAN]
    assert np.logical_and.reduce(each).mean() > 100 * np.prod([one.mean() for one in each])


def test_parts_struck_by_one_war_begin_together_and_last_each_for_a_time_of_its_own(quiet):
    of = {key: next(s for s in quiet.shocks(key) if s.id == "IRN#nation#security") for key in IRAN}
    year = drawn(quiet, scenarios=100_000, days=365)
    told = {key: year._strikes(of[key], key) for key in IRAN}
    wars = len(year._events(of["IRN/land"]).scenario)
    for key, struck in told.items():
        assert len(struck.scenario) / wars == pytest.approx(of[key].hits, abs=4 * np.sqrt(0.25 / wars))
        shut = struck.level == 3
        spread = np.hypot(of[key].log_sd, of[key].log_mean_sd[2])
        error = 1.25 * spread / np.sqrt(shut.sum())
        assert abs(np.median(np.log(struck.days[shut])) - of[key].log_mean[2]) < 4 * error + 0.03, key
        assert shut.mean() == pytest.approx(of[key].levels[2], abs=4 * np.sqrt(0.25 / len(shut)))
    land, ports = (
        {
            at: np.log(days)
            for at, days, level in zip(zip(*year_dates(t), strict=True), t.days, t.level, strict=True)
            if level == 3
        }
        for t in (told["IRN/land"], told["IRN/ports"])
    )
    both = sorted(land.keys() & ports.keys())
    assert len(both) > 300
    akin = np.corrcoef([land[at] for at in both], [ports[at] for at in both])[0, 1]
    correlation = facts.figure("hazard.nation", "length_correlation").value
    assert akin == pytest.approx(correlation, abs=0.15)  # a little less: the unknown mean is drawn for each part


def test_a_part_of_a_country_has_the_same_history_whoever_asks_first(quiet):
    assert (
        digest(drawn(quiet), IRAN)
        == digest(drawn(quiet), IRAN[::-1])
        == {key: digest(drawn(quiet), [key])[key] for key in IRAN}
    )


def test_what_is_in_force_is_so_on_the_first_day_and_wears_off(now):
    shut = drawn(now).levels("AFG-PAK/land") == 3
    assert shut[:, 0].all()
    assert 0.1 < shut[:, -1].mean() < shut[:, 100].mean() < 1
    assert (drawn(now).levels("hormuz/sea")[:, 0] == 2).all()


def test_what_has_stood_long_stands_longer(now):
    border = now.ongoing_at("AFG-PAK/land")[0]
    young, old = (replace(now, ongoing=(replace(border, age_days=age),), _made={}) for age in (5.0, 900.0))
    still = [(drawn(of).levels("AFG-PAK/land")[:, 200] == 3).mean() for of in (young, old)]
    assert still[1] > still[0] + 0.3


def test_storms_come_in_winter(quiet):
    shock = next(s for s in quiet.shocks("salang/road") if s.cause == "weather")
    first = drawn(quiet, scenarios=20_000, days=365)._events(shock).first_day
    month = np.array([(ON + timedelta(int(day))).month for day in first])
    assert np.isin(month, (1, 2)).mean() > 2 * np.isin(month, (7, 8)).mean()


def test_calendars_are_those_that_the_day_applies(now):
    year = drawn(now, scenarios=2)
    for place in calendars():
        for n in range(0, DAYS, 23):
            day = ON + timedelta(days=n)
            told = {item.severity for item in out_of_season(day) if item.targets == (place,)}
            assert year.levels(f"season/{place}")[1, n] == (3 if "shut" in told else 1 if told else 0), (place, day)


def test_laying_out_agrees_with_a_plain_loop():
    random = np.random.default_rng(6)
    told = [
        Struck(
            scenario=random.integers(0, 20, 60),
            first_day=random.integers(0, 50, 60),
            level=random.integers(1, 4, 60),
            days=random.integers(1, 30, 60),
        )
        for _ in range(3)
    ]
    plain = np.zeros((20, 50), int)
    for item in told:
        for s, first, level, days in zip(item.scenario, item.first_day, item.level, item.days, strict=True):
            plain[s, first : first + days] = np.maximum(plain[s, first : first + days], level)
    assert (laid_out(told, 20, 50) == plain).all()
    assert not laid_out([], 3, 4).any()


@pytest.mark.parametrize("key", ["torkham/road", "AFG-PAK/land"])
def test_the_usual_wait_is_that_of_drivers_who_meet_it_shut(quiet, key):
    """Against the simulated days: of all days shut, how many more until it opens or the days end."""
    year = drawn(quiet, scenarios=8000)
    shut = year.levels(key) == 3
    left = np.zeros(shut.shape, int)
    for day in reversed(range(DAYS)):
        left[:, day] = np.where(shut[:, day], 1 + (left[:, day + 1] if day + 1 < DAYS else 0), 0)
    assert year.typical_h(key) / 24 == pytest.approx(np.median(left[shut]), rel=0.2)
    assert year.typical_h(key) == drawn(quiet, block=5, seed=9).typical_h(key)


def test_a_border_that_is_shut_makes_drivers_wait_longer_than_a_pass(now):
    assert drawn(now).typical_h("AFG-PAK/land") > drawn(now).typical_h("salang/road") > 24
    assert drawn(now).typical_h("season/salang") == 0  # slow, never shut
    assert drawn(now).typical_h("season/karkara") > 24 * 20


def test_numbers_out_of_range_are_told_together(now):
    with pytest.raises(BadInput, match="days is 0, scenarios is -1, seed is -2, block is -1"):
        Years(now, ON, 0, -2, -1, -1)
    with pytest.raises(BadInput, match="Begin them later"):
        Years(now, ON - timedelta(days=1), 10)


@pytest.mark.parametrize("key", ["season/nowhere", "nowhere/road"])
def test_a_key_of_nothing_is_refused(now, key):
    with pytest.raises(BadInput):
        drawn(now).levels(key)


def test_rare_shocks_are_rare_enough_to_leave_out(now):
    left_out = sum(
        shock.per_year * shock.hits
        for key in KEYS
        for shock in now.shocks(key)
        if shock.per_year * shock.hits < years.LEAST_PER_YEAR
    )
    assert left_out < 0.01 * sum(shock.per_year * shock.hits for key in KEYS for shock in now.shocks(key))
