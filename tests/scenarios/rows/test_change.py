"""What a row says by itself: its faults, its days, its words."""

from __future__ import annotations

from datetime import date

import pytest

from comity.scenarios.rows.change import ACTIONS, Change

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"action": "shut"}, "action 'shut' is not known"),
        ({"action": "clos"}, "Did you mean close"),
        ({"target": " "}, "target is empty"),
        ({"target_kind": "crosing"}, "Did you mean crossing"),
        ({"target_kind": "polygon"}, "go only together"),
        ({"target_kind": "port", "polygon": "POLYGON ((0 0, 1 0, 1 1, 0 0))"}, "go only together"),
        ({"modes": ("zeppelin",)}, "mode 'zeppelin'"),
        ({"action": "delay", "hours": -1.0}, "hours -1 is negative"),
        ({"action": "delay", "factor": 0.0}, "factor 0 is zero"),
        ({"action": "delay"}, "delay needs hours or factor"),
        ({"action": "price"}, "price needs usd or factor"),
        ({"action": "price", "usd": -5.0}, "usd -5 is negative"),
        ({"action": "close", "hours": 3.0}, "hours means nothing for close. It belongs to delay, slow"),
        ({"action": "restrict", "start": DAY}, "needs trucks_per_day"),
        ({"action": "restrict", "trucks_per_day": 5.0}, "needs a start"),
        ({"action": "restrict", "trucks_per_day": 0.0, "start": DAY}, "or close it"),
        ({"start": date(2026, 12, 2), "end": date(2026, 12, 1)}, "end 2026-12-01 is before start 2026-12-02"),
        ({"end": date(1850, 1, 1)}, "outside 2000 to 2100"),
    ],
)
def test_what_cannot_be_meant_is_told_in_one_sentence(told, says):
    faults = list(Change(**{"action": "close", "target": "torkham"} | told).faults())
    assert len(faults) == 1
    assert says in faults[0]


def test_every_fault_of_a_row_is_told():
    row = Change(action="delay", target="", hours=-1.0, usd=3.0, start=date(2026, 2, 1), end=date(2026, 1, 1))
    assert len(list(row.faults())) == 4


@pytest.mark.parametrize("action", ACTIONS)
def test_a_sound_row_of_each_action_has_no_fault_and_words(action):
    figures = {"delay": {"hours": 0.0}, "price": {"usd": 0.0}, "restrict": {"trucks_per_day": 3.0, "start": DAY}}
    row = Change(action=action, target="torkham", **figures.get(action, {}))
    assert list(row.faults()) == []
    assert row.words


@pytest.mark.parametrize(
    ("start", "end", "held"),
    [
        (None, None, [True, True, True]),
        (date(2026, 11, 24), None, [False, True, True]),
        (None, date(2026, 11, 24), [True, True, False]),
        (date(2026, 11, 24), date(2026, 11, 24), [False, True, False]),
    ],
)
def test_both_days_are_within_it(start, end, held):
    row = Change(action="close", target="torkham", start=start, end=end)
    assert [row.holds(date(2026, 11, day)) for day in (23, 24, 25)] == held


def test_rows_meet_where_they_share_a_day():
    first = Change(action="close", target="x", end=date(2026, 1, 31))
    same_day = Change(action="reopen", target="x", start=date(2026, 1, 31))
    day_after = Change(action="reopen", target="x", start=date(2026, 2, 1))
    assert first.meets(same_day) and same_day.meets(first)
    assert not first.meets(day_after) and not day_after.meets(first)


def test_words_give_the_figures():
    row = Change(action="delay", target="x", hours=72.0, factor=1.5)
    assert row.words == "72 h more and the usual wait times 1.5, at each passage"
    assert Change(action="price", target="x", usd=1200.0).words == "USD 1,200 more for one unit, at each passage"
    queue = Change(
        action="restrict", target="x", trucks_per_day=725.0, usual_trucks_per_day=800.0, queued_trucks=1500.0
    )
    assert queue.words == "725 trucks a day let through of 800 that come, 1,500 waiting on the first day"
