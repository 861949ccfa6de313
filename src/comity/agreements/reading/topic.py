"""What a commitment is about: words that speak for a topic, those of the act first, then those further and further away.

A text as a whole speaks too: of a text about visas alone, "the next round" is about visas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from comity import facts

ACT, SUBJECT, SENTENCE, BEFORE, HEADING = 3.0, 2.0, 1.0, 0.3, 0.3  # how much a word counts by where it stands
TEXT = 2.0  # and all words of the text together
NAME = 0.8  # a word in a name says what a body is for, not what it promises
ENOUGH = 0.3  # less says nothing: "projects" or "platform" far away
MANY, ALIKE = (
    4,
    0.6,
)  # so many topics of nearly the same weight are none: memorandums on transport, culture, education and trade
RULING = 0.5  # share of a text's words from which one topic rules it
OTHER = "other"


@cache
def _patterns(
    language: str,
) -> tuple[re.Pattern[str], dict[str, tuple[str, float]], tuple[tuple[str, str, float], ...]]:
    """One pattern for all words; whole words -> (topic, weight); stems with theirs, the longest first."""
    whole: dict[str, tuple[str, float]] = {}
    stems: list[tuple[str, str, float]] = []
    for row in facts.rows("reading_topics"):
        if row["language"] == language:
            for word in row["words"]:
                if word.endswith("*"):
                    stems.append((word[:-1], row["topic"], row["weight"]))
                else:
                    whole[word] = (row["topic"], row["weight"])
    stems.sort(key=lambda stem: -len(stem[0]))
    parts = [re.escape(word) + r"\b" for word in sorted(whole, key=len, reverse=True)]
    parts += [re.escape(stem) + r"\w*" for stem, _, _ in stems]
    parts.sort(key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(parts) + ")", re.IGNORECASE), whole, tuple(stems)


def _weights(text: str, language: str) -> list[tuple[str, float, str]]:
    """(topic, weight, word) of every word that speaks for a topic."""
    pattern, whole, stems = _patterns(language)
    found = []
    for match in pattern.finditer(text):
        word = match.group()
        low = word.lower()
        told = whole.get(low) or next(((topic, weight) for stem, topic, weight in stems if low.startswith(stem)), None)
        if told:
            named = match.start() > 0 and word[0].isupper() and not word.isupper()
            found.append((told[0], told[1] * (NAME if named else 1.0), word))
    return found


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
