"""Footnotes: numbered by first use, each source once, with every standing it was used with."""

from __future__ import annotations

import pytest

from comity import facts
from comity.brief.notes import Notes
from comity.errors import FactMissing

A, B, C = (row["id"] for row in facts.rows("sources")[:3])


def test_sources_are_numbered_in_the_order_of_their_first_use_and_keep_their_number():
    notes = Notes()
    assert notes.of([B, A]) == [1, 2]
    assert notes.of([A, C, A]) == [2, 3]
    assert [(note["number"], note["id"]) for note in notes.listed()] == [(1, B), (2, A), (3, C)]


def test_a_note_tells_every_standing_it_was_used_with():
    notes = Notes()
    notes.of([A], "measured")
    notes.of([A, B], "assumption")
    notes.of([A], "measured")
    assert [note["standing"] for note in notes.listed()] == ["assumption, measured", "assumption"]


def test_a_note_is_printed_as_the_table_of_sources_has_it():
    notes = Notes()
    notes.of([A])
    source = facts.source(A)
    (note,) = notes.listed()
    assert (note["title"], note["publisher"], note["url"]) == (source.title, source.publisher, source.url)


def test_a_source_without_a_row_is_told():
    notes = Notes()
    notes.of(["nobody-knows"])
    with pytest.raises(FactMissing, match="nobody-knows"):
        notes.listed()
