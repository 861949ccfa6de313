"""Days that phrases of time name: examples over the calendar, and laws that hold on any day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.agreements.reading.due import Times
from comity.agreements.reading.tokens import tokens
from comity.agreements.reading.words import lexicon

BASE = date(2024, 5, 15)  # a Wednesday


def spans(phrase: str, base: date | None = BASE):
    words = tokens(phrase, 0, len(phrase), lexicon("en"))
    return [(span.start.isoformat(), span.stop.isoformat()) for span in Times(words, lexicon("en"), base).spans()]


@pytest.mark.parametrize(
    ("phrase", "start", "end"),
    [
        ("in July", "2024-07-01", "2024-07-31"), ("in May this year", "2024-05-01", "2024-05-31"), ("in March next year", "2025-03-01", "2025-03-31"),
        ("on 8 July", "2024-07-08", "2024-07-08"), ("on July 8", "2024-07-08", "2024-07-08"), ("on September 8 and 9", "2024-09-08", "2024-09-09"),
        ("on 20-22 May 2025", "2025-05-20", "2025-05-22"), ("by the end of 2026", "2026-12-31", "2026-12-31"), ("by 31 March 2025", "2025-03-31", "2025-03-31"),
        ("by the end of June", "2024-06-30", "2024-06-30"),
        ("in autumn", "2024-09-01", "2024-11-30"), ("in the autumn of 2025", "2025-09-01", "2025-11-30"), ("in winter 2025", "2025-12-01", "2026-02-28"),
        ("next year", "2025-01-01", "2025-12-31"), ("next month", "2024-06-01", "2024-06-30"), ("next week", "2024-05-20", "2024-05-26"),
        ("this year", "2024-01-01", "2024-12-31"), ("later this year", "2024-05-15", "2024-12-31"),
        ("before the end of the year", "2024-12-31", "2024-12-31"),
        ("in the first quarter of 2025", "2025-01-01", "2025-03-31"), ("in the second half of January 2025", "2025-01-16", "2025-01-31"),
        ("in the second half of the year", "2024-07-01", "2024-12-31"), ("within 60 days", "2024-05-15", "2024-07-14"),
        ("in the next two months", "2024-05-15", "2024-07-15"),
        ("within six months", "2024-05-15", "2024-11-15"), ("in the third week of July", "2024-07-15", "2024-07-21"), ("in Q3 2024", "2024-07-01", "2024-09-30"),
        ("from March to June 2025", "2025-03-01", "2025-06-30"),
        ("in 2030", "2030-01-01", "2030-12-31"), ("by 2030", "2030-12-31", "2030-12-31"), ("before 2030", "2029-12-31", "2029-12-31"),
        ("as of the first of June", "2024-06-01", "2024-06-01"), ("by end-July", "2024-07-31", "2024-07-31"), ("by mid-2025", "2025-05-01", "2025-06-30"),
        ("before the year is out", "2024-12-31", "2024-12-31"), ("between January and April 2025", "2025-01-01", "2025-04-30"),
        ("in 2026 and 2027", "2026-01-01", "2027-12-31"), ("next May", "2025-05-01", "2025-05-31"), ("next spring", "2025-03-01", "2025-05-31"),
        ("within 30 days of the signing of these Minutes", "2024-05-15", "2024-06-14"), ("in the course of this year", "2024-01-01", "2024-12-31"),
        ("tomorrow", "2024-05-16", "2024-05-16"), ("over the next 5 years", "2024-05-15", "2029-05-15"), ("no later than 1 August", "2024-08-01", "2024-08-01"),
    ],
)  # fmt: skip
def test_phrases_name_their_days(phrase, start, end):
    found = spans(f"It will open {phrase}.")
    assert found and found[0][1] == end
    assert found[0][0] in (start, end)


@pytest.mark.parametrize(
    "phrase",
    [
        "in the near future",
        "in the coming weeks",
        "soon",
        "as soon as possible",
        "at the earliest",
        "in due course",
        "on time",
    ],
)
def test_vague_phrases_stay_vague(phrase):
    assert spans(f"It will open {phrase}.") == []


@pytest.mark.parametrize("phrase", ["next month", "within 60 days", "in July", "tomorrow"])
def test_without_a_day_of_the_text_relative_phrases_name_none(phrase):
    assert spans(f"It will open {phrase}.", None) == []


def test_a_month_just_past_is_this_years_and_one_long_past_the_next():
    assert spans("in April", date(2024, 5, 15)) == [("2024-04-01", "2024-04-30")]
    assert spans("in January", date(2024, 11, 15)) == [("2025-01-01", "2025-01-31")]


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_the_next_month_lies_in_the_next_month(base):
    ((start, end),) = spans("It will open next month.", base)
    first = date.fromisoformat(start)
    assert (
        first.day == 1
        and (first - timedelta(days=1)).month == base.month
        and (first - timedelta(days=1)).year == base.year
    )
    assert (date.fromisoformat(end) + timedelta(days=1)).day == 1


@given(
    st.dates(date(1950, 1, 1), date(2100, 12, 31)), st.integers(1, 900), st.sampled_from(["days", "weeks", "months"])
)
def test_within_runs_from_the_texts_day_and_more_is_never_sooner(base, count, unit):
    ((start, end),) = spans(f"It will open within {count} {unit}.", base)
    ((_, later),) = spans(f"It will open within {count + 1} {unit}.", base)
    assert start == base.isoformat() <= end < later


@given(st.text(max_size=80), st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_any_text_gives_spans_that_end_after_they_begin(text, base):
    assert all(start <= end for start, end in spans(text, base))
