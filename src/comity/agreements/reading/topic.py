"""What a commitment is about: words that speak for a topic, those of the act before those of the sentence around it."""

from __future__ import annotations

import re
from functools import cache

from comity import facts

ACT, SUBJECT = 3.0, 2.0  # how much a word in the act counts against one in its subject
ENOUGH = 3.0  # less says nothing: "projects" or "platform" alone
MANY, ALIKE = (
    4,
    0.6,
)  # so many topics of nearly the same weight are none: memorandums on transport, culture, education and trade
VISIT = re.compile(r"\b(?:visit|travel|state visit|statement|meeting|session|invitation)\b", re.IGNORECASE)
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
        word = match.group().lower()
        told = whole.get(word) or next(
            ((topic, weight) for stem, topic, weight in stems if word.startswith(stem)), None
        )
        if told:
            found.append((told[0], told[1], match.group()))
    return found


def topic(act: str, subject: str, sentence: str, language: str, around: str = "") -> tuple[str, str]:
    """(topic, the words that decided it). `around` : the sentence before, which counts only where this one says nothing."""
    for texts in (((act, ACT), (subject, SUBJECT)), ((sentence, ACT),), ((around, ACT),)):
        total: dict[str, float] = {}
        words: dict[str, list[str]] = {}
        for text, factor in texts:
            for name, weight, word in _weights(text, language):
                total[name] = total.get(name, 0.0) + factor * weight
                words.setdefault(name, []).append(word)
        if total:
            best = max(total, key=lambda name: total[name])
            if sum(value >= ALIKE * total[best] for value in total.values()) >= MANY:
                return OTHER, ", ".join(dict.fromkeys(word for these in words.values() for word in these))
            if total[best] >= ENOUGH:
                return best, ", ".join(dict.fromkeys(words[best]))
        if VISIT.search(act) or VISIT.search(subject):  # a visit has no other topic than what is said of it
            return OTHER, ""
    return OTHER, ""
