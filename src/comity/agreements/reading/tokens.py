"""A sentence as words with their places, each with what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from comity.agreements.reading.names import names
from comity.agreements.reading.words import Lexicon

WORD = re.compile(
    r"[^\W\d_](?:\.[^\W\d_])+\.?"  # U.S. and p.m.
    r"|[QH][1-4]\b"
    r"|[$€£¥]?\d+(?:[.,:/-]\d+)*(?:st|nd|rd|th)?%?"
    r"|[^\W\d_]+(?:[-\u2010\u2011][^\W_]+)*"
    r"|n't\b|['’](?:s|re|ll|ve|d)\b|\S",
    re.UNICODE,
)
MOST = 400  # words of a sentence that are looked at: the longest of the joint statements has 160
COMMON = ("<det>", "<prep>", "<adv>", "<month>", "<weekday>", "<num>", "<ordinal>", "<count>", "<conj>", "<pronoun>")
NOUN_FOLLOWS = ("<det>", "<prep>", "'s", "’s")
PRONOMINAL = ("both", "all", "each", "some", "these", "those", "this", "that", "to", "more", "about")
MODALS = ("<modal>", "<will>", "to", "<do>")


@dataclass(frozen=True, slots=True)
class Token:
    """A word at text[start:end]. `tags` : itself in lower case, base forms, <classes>, forms as in agree:finite."""

    start: int
    end: int
    text: str
    tags: frozenset[str]

    @property
    def low(self) -> str:
        return self.text.lower()

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()

    def has(self, tag: str) -> bool:
        return tag in self.tags


def tokens(text: str, start: int, end: int, lexicon: Lexicon) -> tuple[Token, ...]:
    """Words of text[start:end], at most MOST."""
    found: list[Token] = []
    for match in WORD.finditer(text, start, end):
        if len(found) == MOST:
            break
        word = match.group()
        tags = lexicon.of(word.lower().replace("’", "'"))
        if "<verb>" in tags:
            tags = tags | (_finite(tags, found) if not found or word[0].islower() else set())
        if word[0].isupper():
            tags = tags | _named(word, tags, lexicon, first=not found)
            if found:  # a name within the sentence heads no act
                tags = tags - {"<open>"}
        found.append(Token(match.start(), match.end(), word, tags))
    return tuple(found)


def _named(word: str, tags: frozenset[str], lexicon: Lexicon, first: bool) -> set[str]:
    """<country> for a country's name or adjective; <name> for it and any other capitalised word that begins no sentence."""
    country = word.lower() in names(lexicon.language)
    common = first or any(tag in tags for tag in COMMON)
    return ({"<country>"} if country else set()) | ({"<name>"} if country or not common else set())


def _finite(tags: frozenset[str], before: list[Token]) -> set[str]:
    """The tags with :finite where the form can stand by itself with a subject."""
    forms = {tag.rpartition(":")[2] for tag in tags if ":" in tag}
    last = next((word for word in reversed(before) if "<adv>" not in word.tags), None)
    if last is not None and last.low not in PRONOMINAL and any(tag in last.tags for tag in NOUN_FOLLOWS):
        return set()  # the plans, of requests, Pakistan's offers
    governed = last is not None and any(tag in last.tags for tag in MODALS)
    if not (forms & {"third", "past"} or ("base" in forms and not governed)):
        return set()
    return {f"{tag.partition(':')[0]}:finite" for tag in tags if ":" in tag and not tag.endswith(":gerund")}
