"""How the text of a cell becomes a value, and what is refused rather than guessed."""

from __future__ import annotations

from datetime import date

import pytest

from comity import facts
from comity.facts.schema import TYPES, Column


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        ("number", "-1.5e3", -1500.0),
        ("number", "007", 7.0),
        ("integer", "+12", 12),
        ("date", "2028-02-29", date(2028, 2, 29)),
        ("list", "KAZ; UZB ;;PAK", ("KAZ", "UZB", "PAK")),
        ("flag", "unknown", None),
        ("flag", "0", False),
        ("code", "torkham", "torkham"),
        ("text", "two words", "two words"),
        ("wkt", "POINT (67 24.9)", "POINT (67 24.9)"),
    ],
)
def test_a_cell_is_read_by_its_type(type, text, value):
    read = TYPES[type].convert(text)
    assert read == value
    assert read.__class__ is value.__class__


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("number", "inf"), ("number", "nan"), ("number", "1,5"), ("number", "1_000"), ("number", "٣"), ("number", ".5"),
        ("integer", "1.0"), ("integer", "1e3"), ("date", "2026-02-29"), ("date", "20261124"), ("date", "24-11-2026"),
        ("date", "2026-W48-2"), ("flag", "Yes"), ("flag", "true"), ("code", "two words"), ("text", " blank"),
        ("text", "blank "), ("wkt", "DROP (1 2)"),
    ],
)  # fmt: skip
def test_what_people_misread_is_refused(type, text):
    with pytest.raises((ValueError, KeyError)):
        TYPES[type].convert(text)


def column(type: str, unit: str, name: str = "x") -> Column:
    return Column(name=name, type=type, unit=unit, required=False, key=False, meaning="m")


def test_words_of_a_code_are_its_choices_and_the_unit_of_a_number_is_none():
    assert column("code", "road|rail").choices == ("road", "rail")
    assert column("number", "h").choices == ()
    assert column("code", "").choices == ()
    assert column("code", "", name="standing").choices == facts.STANDINGS


def test_a_type_that_no_one_knows_is_read_as_text():
    assert column("colour", "").cell is TYPES["text"]


def test_every_number_of_the_tables_has_its_unit():
    """A column without one takes its unit from another column of its row, or says in words what it is."""
    for name in facts.names():
        columns = facts.schema(name)
        apart = {"unit", "parameter"} & {column.name for column in columns}
        for column in columns:
            if column.type == "number":
                assert column.unit or apart, (name, column.name)
