"""Figures as a reader meets them."""

from __future__ import annotations

import pytest

from comity.brief import words


@pytest.mark.parametrize(
    ("hours", "told"), [(0, "0 h"), (0.2, "12 min"), (1, "1 h"), (47.6, "48 h"), (60, "2.5 d"), (600, "25 d")]
)
def test_hours_are_minutes_hours_or_days(hours, told):
    assert words.hours_or_days(hours) == told


def test_a_range_of_one_value_is_told_once():
    assert words.hours_range({"p10": 12.0, "p90": 12.2}) == "12 h"
    assert words.hours_range({"p10": 12.0, "p90": 72.0}) == "12 h – 3.0 d"
    assert words.day_range({"p10": 24.0, "p90": 24.4}) == "1.0"


@pytest.mark.parametrize(("value", "told"), [(6_484, "6,480"), (12_756, "12,800"), (999, "999"), (-1_234, "-1,230")])
def test_money_has_three_digits(value, told):
    assert words.three_digits(value) == told


def test_days_and_closures_in_words():
    assert words.day_in_words("2025-10-12") == "12 Oct 2025"
    assert words.day_in_words(None) == ""
    item = {"severity": "shut", "since": "2025-10-12", "confirmed": "2026-04-02"}
    assert words.closure(item) == "Shut since 12 Oct 2025, last confirmed 2 Apr 2026"
    assert words.closure(item | {"severity": "partial", "since": None, "confirmed": None}) == "Partly open"


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.0, "none"),
        (0.8518, "85 of 100"),
        (0.0023, "2 of 1,000"),
        (0.0001, "fewer than 1 of 1,000"),
        (0.997, "997 of 1,000"),
        (0.0096, "1 of 100"),
        (0.9999, "all"),
    ],
)
def test_shares_are_counted_as_a_person_counts(share, told):
    assert words.of_hundred(share) == told


def test_months_and_days_in_words():
    assert [words.months_text(share) for share in (0, 0.74, 0.001, 0.0001, 1)] == [
        "no month",
        "74 months of 100",
        "1 month of 1,000",
        "fewer than 1 month of 1,000",
        "every month",
    ]
    assert [words.days_text(days) for days in (16.1, 1.5, 0.99, -0.3, 0.05)] == [
        "16 days",
        "1.5 days",
        "1 day",
        "7 hours",
        "1 hour",
    ]
    assert [words.more_days(days) for days in (2.0, -0.3, 0.02)] == ["2 days more", "7 hours fewer", ""]
    assert words.usd(3651.2) == "USD 3,650"


def test_lists_read_as_a_person_says_them():
    assert [words.listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
