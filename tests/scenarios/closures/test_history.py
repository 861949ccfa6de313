"""The table of closures as events: one cause strikes at once, and an end that nobody saw stays open."""

from __future__ import annotations

from datetime import date
from math import inf

import pytest

from comity import facts
from comity.routing.states import in_force
from comity.scenarios.closures import history

ROWS = facts.rows("closures")
BLANK = dict.fromkeys(column.name for column in facts.schema("closures"))


def row(id="X1", targets=("torkham",), start=date(2020, 1, 1), **told):
    usual = {"target_kind": "crossing", "modes": ("road",), "severity": "shut", "cause": "security"}
    ended = {"ended": "known" if told.get("end") else "not_found", "confirmed": start, "assumed_days": 5.0}
    return BLANK | usual | ended | {"id": id, "targets": targets, "start": start} | told


def event_with(id, rows=ROWS):
    return next(event for event in history.events(rows) if any(id in part.ids for part in event.parts))


def bounds(*rows, id="X1"):
    event = event_with(id, rows)
    return event.low_d, event.high_d


def test_a_border_struck_in_four_rows_is_one_event():
    event = event_with("D001")
    assert {id for part in event.parts for id in part.ids} == {"C013", "C023", "C029", "D001"}
    assert (event.kind, event.key, event.whole, event.level) == ("pair", "AFG-PAK/land", True, 3)
    assert len(event.struck) == 5 and event.high_d == inf


def test_an_uprising_that_shuts_two_borders_is_one_event_of_the_country():
    event = event_with("C071")
    assert (event.kind, event.key, event.whole) == ("country", "KGZ/land", False)
    assert "dustlik-dostuk/road" in event.struck and "korday-akzhol/road" in event.struck


def test_two_borders_on_one_day_may_be_chance_but_three_things_are_not():
    two = [row(end=date(2020, 1, 9)), row("X2", ("taftan-mirjaveh",), end=date(2020, 1, 5))]
    assert {event.kind for event in history.events(two)} == {"own"}
    three = [*two, row("X3", ("khunjerab",), start=date(2020, 1, 2), end=date(2020, 1, 5))]
    assert [(event.kind, event.key) for event in history.events(three)] == [("country", "PAK/land")]
    week = [*two, row("X3", ("khunjerab",), start=date(2020, 1, 7), end=date(2020, 1, 9))]
    assert {event.kind for event in history.events(week)} == {"own"}


def test_a_war_that_strikes_land_ports_and_strait_is_one_event_of_the_country():
    together = [event for event in history.events(ROWS) if event.common]
    assert {event.common for event in together} == {("IRN", date(2026, 2, 28))}
    assert {event.key for event in together} == {"IRN/land", "hormuz/sea", "IRN/ports"}
    assert {event.kind for event in together} == {"nation"} and all(map(history.watched, together))
    assert [event.key for event in history.apart(together)] == ["IRN/land"]
    assert event_with("C055").kind == "country"  # in June 2025 the land alone was struck


STRAIT = row(
    "X2", ("hormuz",), date(2020, 1, 20), target_kind="strait", modes=("sea",), end=date(2020, 5, 1), severity="partial"
)


def land(**told):
    return row(targets=("IRN",), target_kind="country", modes=("road", "rail")) | {"ended": "known"} | told


@pytest.mark.parametrize(
    "first, one",
    [
        (land(end=date(2020, 1, 20)), True),
        (land(end=date(2020, 1, 19)), False),  # over when the strait shut
        (land(end=date(2020, 3, 1), cause="political"), False),
        (land(end=date(2020, 3, 1), targets=("OMN",)), False),  # nobody looked at its borders
        (land(end=date(2020, 3, 1), targets=("PAK",)), False),
        (land(start=date(2019, 6, 1), end=date(2020, 3, 1)), False),  # half a year before
        (land(end=date(2020, 3, 1), date_note="start known to the year"), False),
        (row(targets=("IRBND", "IRBKM", "IRZBR"), target_kind="port", modes=("sea",), end=date(2020, 3, 1)), True),
        (
            row(targets=("IRBND", "IRBKM"), target_kind="port", modes=("sea",), end=date(2020, 3, 1)),
            False,
        ),  # two of six
    ],
)
def test_parts_of_a_country_are_one_event_while_an_earlier_one_stands(first, one):
    assert all(bool(event.common) == one for event in history.events([first, STRAIT]))


def test_what_began_one_after_another_is_a_chain():
    ports = row("X3", ("IRBND", "IRBKM", "IRZBR"), date(2020, 3, 10), target_kind="port", modes=("sea",))
    chain = history.events([land(end=date(2020, 1, 25)), STRAIT, ports | {"end": date(2020, 3, 20), "ended": "known"}])
    assert {event.common for event in chain} == {("IRN", date(2020, 1, 1))} and len(chain) == 3


def test_a_pandemic_is_one_event_of_each_border_it_struck():
    world = [event for event in history.events(ROWS) if event.kind == "world"]
    assert {"AFG-PAK/land", "CHN-KGZ/land", "TKM-UZB/land"} <= {event.key for event in world}
    assert len({event.key for event in world}) == len(world)


def test_reports_that_follow_on_each_other_are_one_closure_and_its_milder_tail_no_new_one():
    strait = [event for event in history.events(ROWS) if event.key == "hormuz/sea"]
    assert [event.level for event in strait if not event.sequel] == [3]
    assert [event.level for event in strait if event.sequel] == [2]
    assert strait[0].low_d == pytest.approx((date(2026, 6, 23) - date(2026, 3, 2)).days + 0.5)


def test_what_a_calendar_shuts_each_year_is_left_to_the_calendar():
    told = {id for part in history.parts(ROWS) for id in part.ids}
    assert not told & {"C033", "C035", "D008", "C109"}  # winters
    assert {"C095", "C075"} <= told  # an avalanche and a holiday
    assert not told & {row["id"] for row in ROWS if row["target_kind"] == "airspace"}


def test_days_known_to_the_day_are_exact_and_both_count():
    assert bounds(row(end=date(2020, 1, 10))) == (9.5, 10.5)


def test_days_known_to_the_month_are_a_range():
    note = "start known to the month, widened to its first day"
    low, high = bounds(row(end=date(2020, 3, 10), date_note=note, assumed_days=69.0))
    assert low == 40 and high == 70.5


def test_an_announced_end_may_be_missed_either_way():
    low, high = bounds(row(end=date(2020, 1, 10), ended="planned"))
    assert low < 10 < high < inf


def test_what_was_last_seen_shut_was_open_again_before_it_shut_again():
    seen = row(end=date(2020, 1, 20), ended="last_observation", confirmed=date(2020, 1, 20))
    assert bounds(seen) == (19.5, inf)
    assert bounds(seen, row("X2", start=date(2020, 6, 1), end=date(2020, 6, 3))) == (19.5, 152)


def test_an_end_not_found_lies_before_the_next_closure_or_some_lengths_on():
    factor = facts.figure("hazard.length", "not_found_factor").value
    assert bounds(row()) == (0.5, 5 * factor)
    assert bounds(row(), row("X2", start=date(2020, 1, 15), end=date(2020, 1, 16), cause="strike")) == (0.5, 14)


def test_an_open_closure_has_no_upper_end():
    assert bounds(row(ended="open", confirmed=date(2020, 4, 9))) == (99.5, inf)


def test_every_range_holds_some_days():
    for part in history.parts(ROWS):
        assert 0 < part.low_d <= part.high_d, part


def test_a_cause_of_another_name_counts_as_technical():
    assert event_with("X1", [row(cause="zombies", end=date(2020, 1, 2))]).cause == "technical"


@pytest.mark.parametrize("day", [date(2016, 1, 1), date(2021, 8, 16), date(2023, 1, 1), date(2025, 12, 1)])
def test_nothing_is_known_before_its_day(day):
    known = history.known_before(ROWS, day)
    assert all(row["start"] < day and row["confirmed"] < day for row in known)
    assert all(row["end"] is None or row["end"] < day or row["ended"] == "planned" for row in known)
    assert history.known_before(known, day) == known
    assert history.last_look(known) <= max(day, max(row["end"] or day for row in known))


def test_what_was_known_early_never_contradicts_what_was_known_late():
    late = {part.ids[0]: part for part in history.parts(ROWS)}
    for part in history.parts(history.known_before(ROWS, date(2023, 1, 1))):
        if part.ids[0] in late:
            assert part.low_d <= late[part.ids[0]].high_d, part


def test_a_closure_not_over_on_the_day_is_open_until_then():
    told = row(end=date(2020, 6, 1))
    early = history.parts(history.known_before([told], date(2020, 2, 1)))[0]
    assert (early.low_d, early.high_d, early.until) == (30.5, inf, None)


@pytest.mark.parametrize("day", [date(2017, 3, 1), date(2020, 4, 1), date(2024, 1, 10), date(2026, 6, 30)])
def test_in_force_agrees_with_the_state_of_the_day(day):
    held = {id for part in history.parts(ROWS) if part.holds(day) for id in part.ids}
    told = {id for part in history.parts(ROWS) for id in part.ids}
    assert {item.id for item in in_force(day)} & told <= held
