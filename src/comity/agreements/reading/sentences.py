"""A text as sentences. Bullets, numbers and headings are markup: they begin a sentence and are no part of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from comity.agreements.reading.words import Lexicon

LINE = re.compile(r"[^\n]+")
BULLET = re.compile(
    r"\s*(?:[-*\u2022\u2023\u25aa\u25cf\u2013\u2014\u00b7o>]\s+|\(?(?:\d{1,3}|[ivxlc]{1,5}|[a-zA-Z])[.)]\s+|#{1,6}\s+)+"
)
STOP = re.compile(r"[.!?\u2026\u3002\u061f]+[\"'\u201d\u2019\u00bb)\]]*(?=\s|$)")
LONGEST = 20_000  # letters: beyond that no sentence is a sentence, and it is cut


@dataclass(frozen=True, slots=True)
class Sentence:
    """text[start:end]. `item` : it is a bullet or numbered point · `heading` : a line without a verb's stop at its end ·
    `mark` : kind of its point, the sign itself, or 1 or a for numbers and letters."""

    start: int
    end: int
    item: bool
    heading: bool
    mark: str = ""


def sentences(text: str, lexicon: Lexicon) -> list[Sentence]:
    """Sentences in their order."""
    found: list[Sentence] = []
    for start, end, item, markup in _paragraphs(text, lexicon):
        parts = list(_split(text, start, end, lexicon))
        for number, (first, last) in enumerate(parts):
            heading = markup or (len(parts) == 1 and not item and _is_heading(text[first:last]))
            found.append(Sentence(first, last, bool(item) and number == 0, heading, item if number == 0 else ""))
    return found


def _paragraphs(text: str, lexicon: Lexicon):
    """(start, end, whether it is a point of a list, whether it is marked as a heading). Broken lines are joined."""
    start = end = None
    item, heading = "", False
    for match in LINE.finditer(text):
        first, last = match.start(), match.end()
        line = match.group()
        if not line.strip():
            continue
        bullet = BULLET.match(line) or _article(lexicon).match(line)
        apart = start is None or bullet or text[end:first].count("\n") > 1 or _ends(text[start:end]) or heading
        if apart:
            if start is not None:
                yield start, end, item, heading
            start = first + (bullet.end() if bullet else len(line) - len(line.lstrip()))
            item, heading = _kind(bullet.group()) if bullet else "", bool(bullet and "#" in bullet.group())
        end = last
    if start is not None and end is not None and start < end:
        yield start, end, item, heading


@cache
def _article(lexicon: Lexicon) -> re.Pattern[str]:
    """The number of an article at the head of a line: Article 5."""
    names = "|".join(re.escape(word) for word in lexicon.words("article-mark")) or "(?!)"
    return re.compile(rf"\s*(?:{names}) \d+[.:]?\s+", re.IGNORECASE)


def _kind(mark: str) -> str:
    """Kind of a point's mark: its sign, 1 for any number, a for any letter."""
    told = mark.strip().strip("().")[:1]
    return "1" if told.isdigit() else "a" if told.isalpha() else told


def _ends(text: str) -> bool:
    """Whether a line closes a paragraph: it ends as a sentence does, or is short as a heading is."""
    told = text.rstrip()
    return told.endswith((".", "!", "?", ":", ";", '"', "”")) or len(told.rsplit("\n", 1)[-1]) < 45


def _is_heading(text: str) -> bool:
    told = text.strip()
    return len(told) < 90 and told[-1:] not in '.!?:;"”)' and len(told.split()) <= 12


def _split(text: str, start: int, end: int, lexicon: Lexicon):
    """(start, end) of each sentence between two places of a paragraph."""
    first = start
    for stop in STOP.finditer(text, start, end):
        if stop.end() < end and not _closes(text, first, stop.start(), stop.end(), end, lexicon):
            continue
        yield from _trimmed(text, first, stop.end())
        first = stop.end()
    yield from _trimmed(text, first, end)


def _trimmed(text: str, first: int, last: int):
    while last - first > LONGEST:
        yield first, first + LONGEST
        first += LONGEST
    told = text[first:last]
    start = first + len(told) - len(told.lstrip())
    end = last - (len(told) - len(told.rstrip()))
    if start < end:
        yield start, end


def _closes(text: str, first: int, dot: int, after: int, end: int, lexicon: Lexicon) -> bool:
    """Whether the stop at `dot` closes a sentence: not after an abbreviation or initial, nor before a small letter."""
    rest = text[after : after + 40].lstrip()
    if not rest or text[dot] in "!?":
        return True
    if rest[0].islower():
        return False
    word = re.search(r"[\w.'’$]+$", text[max(first, dot - 20) : dot])
    if word is None:
        return True
    told = word.group()
    if len(told) == 1 and told.isupper():  # an initial
        return False
    if _has(lexicon, told, "<abbreviation>") or (len(told) <= 2 and told.isdigit() and dot - first <= 3):
        opens = re.match(r"[^\W\d_]+\b", rest)
        return opens is not None and _has(lexicon, told, "<may-close>") and _has(lexicon, opens.group(), "<opener>")
    return not (told.isupper() and len(told) > 3 and text[first:dot].strip() == told)  # a dateline: ISLAMABAD.


def _has(lexicon: Lexicon, word: str, tag: str) -> bool:
    return tag in lexicon.tags.get(word.lower(), ())
