"""What a commitment is about: words that speak for a topic, those of the act first, then those further and further away.

A text as a whole speaks too: of a text about visas alone, "the next round" is about visas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from comity import facts

ACT, SUBJECT, SENTENCE, BEFORE, HEADING = 3.0, 2.0, 1.0, 0.3, 0.3  # how much a word counts by where it stands
TEXT = 2.0  # and all words of the text together
NAME = 0.8  # a word in a name says what a body is for, not what it promises
ENOUGH = 0.3  # less says nothing: "projects" or "platform" far away
MANY, ALIKE = 4, 0.6  # so many topics of nearly the same weight are none: memorandums on transport, culture and trade
RULING = 0.5  # share of a text's words from which one topic rules it
OTHER = "other"
HEAD = 2  # letters by which phrases are found
WORD = re.compile(r"\b\w")
INSIDE = re.compile(r"\w*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word or phrase in lower case that speaks for a topic; `stem` : any ending may follow."""

    text: str
    stem: bool
    topic: str
    weight: float


@cache
def _phrases(language: str) -> dict[str, tuple[Phrase, ...]]:
    """Phrases by their first HEAD letters, the longest first."""
    found: dict[str, list[Phrase]] = {}
    for row in facts.rows("reading_topics"):
        if row["language"] == language:
            for word in row["words"]:
                text = word.removesuffix("*")
                found.setdefault(text[:HEAD], []).append(Phrase(text, text != word, row["topic"], row["weight"]))
    return {head: tuple(sorted(these, key=lambda one: -len(one.text))) for head, these in found.items()}


@lru_cache(maxsize=1024)
def _weights(text: str, language: str) -> tuple[tuple[str, float, str], ...]:
    """(topic, weight, word) of every word that speaks for a topic; the longest phrase at each place."""
    phrases, low = _phrases(language), text.lower()
    found, after = [], 0
    if len(low) != len(text):  # letters whose small form is longer: their places would not be those of the text
        text = low
    for start in WORD.finditer(low):
        place = start.start()
        if place < after:
            continue
        phrase = next((one for one in phrases.get(low[place : place + HEAD], ()) if _fits(one, low, place)), None)
        if phrase:
            end = place + len(phrase.text)
            after = INSIDE.match(low, end).end() if phrase.stem else end  # type: ignore[union-attr]
            word = text[place:after]
            named = place > 0 and word[0].isupper() and not word.isupper()
            found.append((phrase.topic, phrase.weight * (NAME if named else 1.0), word))
    return tuple(found)


def _fits(phrase: Phrase, text: str, place: int) -> bool:
    if not text.startswith(phrase.text, place):
        return False
    end = place + len(phrase.text)
    return phrase.stem or end == len(text) or not (text[end].isalnum() or text[end] == "_")


def shares(text: str, language: str) -> dict[str, float]:
    """Share of each topic in the words of a text; {} where none speaks."""
    total: dict[str, float] = {}
    for name, weight, _ in _weights(text, language):
        total[name] = total.get(name, 0.0) + weight
    whole = sum(total.values())
    return {name: value / whole for name, value in total.items()} if whole else {}


@dataclass(frozen=True, slots=True)
class Said:
    """What is told of one promise, from the nearest words to the furthest. `about` : what the whole text is about, as `shares` gives it.

    `occasion` : the act is a visit or a meeting, which takes a topic only from a text that one topic rules.
    """

    act: str
    subject: str
    sentence: str
    before: str = ""
    heading: str = ""
    about: Mapping[str, float] = field(default_factory=dict)
    occasion: bool = False


def topic(said: Said, language: str) -> tuple[str, str]:
    """(topic, the words that decided it)."""
    near, words = _summed(((said.act, ACT), (said.subject, SUBJECT)), language)
    if near:
        best = max(near, key=lambda name: near[name])
        if sum(value >= ALIKE * near[best] for value in near.values()) >= MANY:
            return OTHER, _told(word for these in words.values() for word in these)
    elif said.occasion and max(said.about.values(), default=0.0) < RULING:
        return OTHER, ""
    parts = (
        (said.act, ACT - SENTENCE),
        (said.subject, SUBJECT - SENTENCE),
        (said.sentence, SENTENCE),
        (said.before, BEFORE),
        (said.heading, HEADING),
    )
    total, words = _summed(parts, language)
    for name, share in said.about.items():
        total[name] = total.get(name, 0.0) + TEXT * share
    if not total:
        return OTHER, ""
    best = max(total, key=lambda name: total[name])
    return (best if total[best] >= ENOUGH else OTHER), _told(words.get(best, ()))


def _summed(parts: Iterable[tuple[str, float]], language: str) -> tuple[dict[str, float], dict[str, list[str]]]:
    total: dict[str, float] = {}
    words: dict[str, list[str]] = {}
    for text, factor in parts:
        for name, weight, word in _weights(text, language):
            total[name] = total.get(name, 0.0) + factor * weight
            words.setdefault(name, []).append(word)
    return total, words


def _told(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))
