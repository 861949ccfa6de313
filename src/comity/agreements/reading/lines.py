"""Lines of action lists: "Action: open a desk; responsible: the chamber; deadline: 1 March". Labels are words of the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comity.agreements.reading.tokens import Token

LABELS = ("act", "actor", "due", "state")
LABEL = 4  # words before the colon
STOPS = (";", "|")


@dataclass(frozen=True, slots=True)
class Line:
    """Places of the parts of a line in its words: (first, end) each; None where the line has no such part; `label` is its first label."""

    label: tuple[int, int]
    act: tuple[int, int]
    actor: tuple[int, int] | None
    due: tuple[int, int] | None
    state: tuple[int, int] | None


def line(words: Sequence[Token]) -> Line | None:
    """The parts of a labelled line, or None for any other sentence. An act and one more labelled part make a line."""
    parts: dict[str, tuple[int, int]] = {}
    first_label = None
    for number, (first, end) in enumerate(_segments(words)):
        label, start = _label(words, first, end)
        first_label = first_label or ((first, start) if label else None)
        if label is None and number == 0:
            label, start = "act", first
        if label and start < end:
            parts.setdefault(label, (start, end))
    if first_label is None or "act" not in parts or not parts.keys() & {"actor", "due", "state"}:
        return None
    return Line(first_label, parts["act"], parts.get("actor"), parts.get("due"), parts.get("state"))


def _segments(words: Sequence[Token]) -> list[tuple[int, int]]:
    cuts = [place for place, word in enumerate(words) if word.low in STOPS]
    return [
        (first, end)
        for first, end in zip([0, *(cut + 1 for cut in cuts)], [*cuts, _last(words)], strict=True)
        if first < end
    ]


def _last(words: Sequence[Token]) -> int:
    return len(words) - (bool(words) and words[-1].low == ".")


def _label(words: Sequence[Token], first: int, end: int) -> tuple[str | None, int]:
    """(kind, where the part begins) of a part that opens with a label and a colon; (None, first) of any other."""
    colon = next((place for place in range(first, min(first + LABEL, end)) if words[place].low == ":"), None)
    if colon is None:
        return None, first
    named = (kind for kind in LABELS if any(word.has(f"<label-{kind}>") for word in words[first:colon]))
    return next(named, None), colon + 1
