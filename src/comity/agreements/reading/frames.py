"""Frames: short patterns of words and classes that show a promise, a bar to one, or what colours the promises after it.

The patterns are rows of reading_frames; this is the engine that matches them. A frame begins with a word that is there
(not with an optional one), so each sentence tries only the frames whose first element occurs in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from comity import facts
from comity.agreements.reading.tokens import Token

GAP_STOPS = frozenset((";", ":", ".", "<modal>", "<relative>"))  # a gap never runs over these
ELEMENT = re.compile(r"\.\.(\d+)|>|(\([^)]*\)|<[^>]*>|[^\s?*:]+)(?::(\w+))?([?*]?)")


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: any of `tags`, 0 or 1 times (?), any number of times (*), once; or a gap of `gap` words."""

    tags: frozenset[str]
    least: int
    most: int
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """A row of reading_frames. `act` : index of the element with which the promised act begins, None without."""

    name: str
    role: str
    elements: tuple[Element, ...]
    act: int | None
    strength: str
    needs: frozenset[str]
    confidence: float


@dataclass(frozen=True, slots=True)
class Match:
    """A frame found at tokens[first:end]; its act begins at token `act`."""

    frame: Frame
    first: int
    end: int
    act: int


def element(tags: str, form: str | None, count: str) -> Element:
    """One element of a pattern from its parts."""
    names = tags[1:-1].split("|") if tags.startswith("(") else [tags]
    spelt = []
    for name in names:
        inner = re.fullmatch(r"<([\w-]+):(\w+)>", name)  # <agree:past>
        name, told = (f"<{inner[1]}>", inner[2]) if inner else (name, form)
        spelt.append(f"{name}:{told}" if told else name)
    return Element(frozenset(spelt), 0 if count else 1, 40 if count == "*" else 1)


def compiled(pattern: str) -> tuple[tuple[Element, ...], int | None]:
    """Elements of a pattern, and where its act begins. Raises ValueError for a pattern that begins with a gap."""
    elements: list[Element] = []
    act = None
    for part in ELEMENT.finditer(pattern):
        if part.group() == ">":
            act = len(elements)
        elif part[1]:
            elements.append(Element(frozenset(), 0, 0, int(part[1])))
        else:
            elements.append(element(part[2], part[3], part[4]))
    if not elements or not elements[0].least:
        raise ValueError(pattern)
    return tuple(elements), act


@cache
def frames(language: str) -> tuple[Frame, ...]:
    """The frames of a language, in the order in which they are tried."""
    return tuple(_frame(row) for row in facts.rows("reading_frames") if row["language"] == language)


def _frame(row: dict) -> Frame:
    elements, act = compiled(row["pattern"])
    return Frame(
        row["name"],
        row["role"],
        elements,
        act,
        row["strength"] or "",
        frozenset(row["needs"]),
        row["confidence"] or 0.5,
    )


@cache
def _by_first(language: str) -> dict[str, tuple[tuple[int, Frame], ...]]:
    found: dict[str, list[tuple[int, Frame]]] = {}
    for order, frame in enumerate(frames(language)):
        for tag in frame.elements[0].tags:
            found.setdefault(tag, []).append((order, frame))
    return {tag: tuple(these) for tag, these in found.items()}


def matches(words: Sequence[Token], language: str, *, heading: bool = False) -> list[Match]:
    """Frames found in a sentence from left to right, or those of the role lead in a heading.

    Where several fit at one word, the first of the table is taken.
    """
    first = _by_first(language)
    found: list[Match] = []
    place = 0
    while place < len(words):
        tried = sorted(
            {order: frame for tag in words[place].tags if tag in first for order, frame in first[tag]}.items()
        )
        for _, frame in tried:
            if (frame.role == "lead") is not heading:
                continue
            ends = _match(frame, words, place)
            if ends is not None:
                found.append(Match(frame, place, ends[0], ends[1]))
                place = max(place, ends[1] - 1)
                break
        place += 1
    return found


def _match(frame: Frame, words: Sequence[Token], place: int) -> tuple[int, int] | None:
    """(end, where the act begins) of a frame at a place, or None. Shortest gaps first."""
    elements = frame.elements
    marked = frame.act if frame.act is not None else len(elements)

    def go(at: int, here: int, act: int | None) -> tuple[int, int] | None:
        if at == marked and act is None:
            act = here
        if at == len(elements):
            return here, here if act is None else act
        part = elements[at]
        if part.gap:
            for step in range(part.gap + 1):
                if here + step > len(words) or (step and _stops(words[here + step - 1])):
                    return None
                found = go(at + 1, here + step, act)
                if found:
                    return found
            return None
        taken = 0
        while taken < part.most and here + taken < len(words) and not part.tags.isdisjoint(words[here + taken].tags):
            taken += 1
        for many in range(taken, part.least - 1, -1):  # as many as there are, then fewer
            found = go(at + 1, here + many, act if at != marked or act is not None else here)
            if found:
                return found
        return None

    return go(0, place, None)


def _stops(word: Token) -> bool:
    return not GAP_STOPS.isdisjoint(word.tags)
