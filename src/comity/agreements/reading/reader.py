"""`read`: a text, its day and its parties to the commitments in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date as Day

import comity.agreements.reading.promises as promises
import comity.agreements.reading.topic as topic
from comity import places
from comity.agreements.commitment import Reading
from comity.agreements.reading.actors import countries
from comity.agreements.reading.due import Times
from comity.agreements.reading.sentences import sentences
from comity.agreements.reading.tokens import tokens
from comity.agreements.reading.words import languages, lexicon
from comity.errors import BadInput

__all__ = ["languages", "read"]

LONG = 20_000  # letters that tell what a text is about
HEAD = 400  # letters in which a text's own date is looked for
NO_ISO = ("EU", "ASEAN", "UN", "AU", "GCC", "C5+1")  # parties that are no country, and have no alpha-3


def read(
    text: str,
    *,
    date: Day | str | None = None,
    parties: Sequence[str] = (),
    file: str = "",
    language: str = "en",
) -> Reading:
    """Read a text for commitments.

    date : day of the text, from which "next month" counts; None looks for one in its first lines
    parties : countries it is between, by code or name; () takes the two that it names most
    Raises BadInput for a language without rules, a date that is none, or an unknown country.
    """
    words = lexicon(language)
    day = _day(date) if date is not None else _dated(text, language)
    between = tuple(_party(name) for name in parties) or _parties(text, language)
    told = promises.Context(language, words, day, between, signed=_signed(text, language))
    told.about = topic.shares(text[:LONG], language)
    found = sentences(text, words)
    made = [one for sentence in found for one in promises.commitments(text, sentence, told)]
    return Reading(file=file, date=day, parties=between, sentences=len(found), commitments=tuple(made))


def _signed(text: str, language: str) -> bool:
    """Whether a text is one that both sides made, such as minutes or a protocol: its title says so, in capitals or alone on a line."""
    known = lexicon(language)
    for line in text[:HEAD].splitlines()[:6]:
        told = line.strip(" #*\t")
        if not told or told[-1:] in ".:;" or len(told) > 120:
            continue
        words = tokens(told, 0, len(told), known)
        verbs = [
            place
            for place, word in enumerate(words)
            if any(word.has(tag) for tag in ("<any>:finite", "<will>", "<be>"))
        ]
        if any(word.has("<signedtext>") for word in words) and all(
            words[place + 1 : place + 2] and words[place + 1].has("<signedtext>")
            for place in verbs  # agreed minutes
        ):
            return True
    return False


def _day(value: Day | str) -> Day:
    if isinstance(value, Day):
        return value
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return Day.fromisoformat(value)
    except ValueError:
        pass
    raise BadInput(f"{value!r} is no day. Write it like 2021-08-02.")


def _party(name: str) -> str:
    told = str(name).strip()
    return told if told in NO_ISO else places.country(told).alpha3


def _dated(text: str, language: str) -> Day | None:
    """The first full day in the head of a text."""
    words = tokens(text, 0, min(len(text), HEAD), lexicon(language))
    spans = Times(words, lexicon(language), None).spans()
    return next((span.start for span in spans if span.start == span.stop), None)


def _parties(text: str, language: str) -> tuple[str, ...]:
    """The two countries named most, the earlier first where they are equal."""
    named: Counter[str] = Counter()
    for match in re.finditer(r"[^\n]{1,2000}", text[:200_000]):
        words = tokens(text, match.start(), match.end(), lexicon(language))
        named.update(code for _, _, code in countries(words, language))
    return tuple(sorted(code for code, _ in named.most_common(2)))
