"""A sentence as words with their places, each with what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from comity.agreements.reading.names import capitals, names
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
NOUN_FOLLOWS = ("<det>", "<prep>", "<possessive>")
MODALS = ("<modal>", "<will>", "<to>", "<do>")


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
    if len(found) > 1 and _name_opens(found, lexicon):
        found[0] = replace(found[0], tags=found[0].tags | {"<name>"})
    return tuple(_no_verb(word) if _is_thing(found, place) else word for place, word in enumerate(found))


def _name_opens(words: list[Token], lexicon: Lexicon) -> bool:
    """Whether a sentence's first word is a name: no word of the tables, and a verb or another name follows (Finnfund will)."""
    first, after = words[0], words[1]
    if not first.capital or first.low in lexicon.tags or first.low.endswith(lexicon.words("no-name-ending")):
        return False
    if after.capital and after.text[:1].isalpha():
        return True
    return any(tag in after.tags for tag in ("<will>", "<be>", "<have>", "<any>:finite")) or after.has("<possessive>")


def _is_thing(words: list[Token], place: int) -> bool:
    """Whether what could be a verb in the third person is a noun in the plural: a verb follows, or a phrase (exports to)."""
    word = words[place]
    if "<any>:third" not in word.tags or "<any>:finite" not in word.tags:
        return False
    after = next((one for one in words[place + 1 :] if "<adv>" not in one.tags), None)
    if after is None:
        return False
    if any(tag in after.tags for tag in ("<modal>", "<be>", "<have>")):
        return True
    if "<thing>" not in word.tags:
        return False
    phrase = "<prep>" in after.tags and not ("<to>" in after.tags and _to_act(words, place))
    return phrase or ("<any>:past" in after.tags and "<any>:finite" in after.tags)


def _to_act(words: list[Token], place: int) -> bool:
    """Whether "to" and a verb follow: plans to open, no exports to Peru."""
    to = next((at for at in range(place + 1, len(words)) if "<to>" in words[at].tags), len(words))
    return to + 1 < len(words) and "<any>:base" in words[to + 1].tags and not words[to + 1].capital


def _no_verb(word: Token) -> Token:
    return replace(word, tags=frozenset(tag for tag in word.tags if not tag.endswith(":finite")))


def _named(word: str, tags: frozenset[str], lexicon: Lexicon, first: bool) -> set[str]:
    """<country> for a country's name, adjective or capital; <name> for it and any other capitalised word that begins no sentence."""
    country = word.lower() in names(lexicon.language) or word.lower() in capitals(lexicon.language)
    common = first or any(tag in tags for tag in COMMON)
    return ({"<country>"} if country else set()) | ({"<name>"} if country or not common else set())


def _finite(tags: frozenset[str], before: list[Token]) -> set[str]:
    """The tags with :finite where the form can stand by itself with a subject."""
    forms = {tag.rpartition(":")[2] for tag in tags if ":" in tag}
    last = next((word for word in reversed(before) if "<adv>" not in word.tags), None)
    if last is not None and "<pronominal>" not in last.tags and any(tag in last.tags for tag in NOUN_FOLLOWS):
        return set()  # the plans, of requests, Pakistan's offers
    governed = last is not None and any(tag in last.tags for tag in MODALS)
    if not (forms & {"third", "past"} or ("base" in forms and not governed)):
        return set()
    return {f"{tag.partition(':')[0]}:finite" for tag in tags if ":" in tag and not tag.endswith(":gerund")}
