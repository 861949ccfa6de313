"""The clause round a frame: where it begins and ends, who is its subject, and what its act is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from comity.agreements.reading.tokens import Token
from comity.agreements.reading.words import Lexicon

BREAKS = (";", ":", "–", "—")


@dataclass(frozen=True, slots=True)
class Clause:
    """words[first:end]; the subject is words[subject[0]:subject[1]], which may be empty."""

    first: int
    end: int
    subject: tuple[int, int]


def opening(words: Sequence[Token]) -> int:
    """The first word after a dateline: LAHORE, 23 February 2023 - ..."""
    for place, word in enumerate(words[:16]):
        if word.low in ("-", "–", "—", "--", "―") and place and words[0].capital:
            head = words[:place]
            if words[0].text.isupper() or any(one.has("<month>") for one in head) or place <= 2:
                return place + 1
        if word.has("<verb>") and word.has("<any>:finite") and not word.capital:
            return 0
    return 0


def clause(words: Sequence[Token], start: int, verb: int, act: int) -> Clause:
    """The clause of a verb group at words[verb], whose act begins at words[act]. `start` : after the dateline."""
    first = _begin(words, start, verb)
    return Clause(first, _end(words, act), _subject(words, first, verb))


def _begin(words: Sequence[Token], start: int, verb: int) -> int:
    """The word after the last break before the verb: that, which, a semicolon, and/but with a subject of its own."""
    place = verb - 1
    while place > start and words[place].has("<adv>"):
        place -= 1
    joined = place >= start and (words[place].has("<conj>") or words[place].low == ",")  # a second verb of one subject
    place, depth = verb - 1, 0
    while place >= start:
        word = words[place]
        if word.low in (")", "]"):
            depth += 1
        elif word.low in ("(", "["):
            depth -= 1
        elif depth == 0:
            if word.low in BREAKS or word.low in ('"', "“", "”"):
                return place + 1
            if (
                word.has("<thatword>")
                and place + 1 < verb
                and (place == start or words[place - 1].has("<verb>") or _said(words, place))
            ):
                return place + 1
            if _says_on(words, place, verb):
                return place + 1
            if word.has("<relative>") and aside(words, place, verb):
                place -= 1
                continue
            if word.has("<relative>"):
                return place + (words[place].has("<where>"))
            if (
                not joined
                and word.has("<conj>")
                and not word.has("<or>")
                and place + 1 < verb
                and _verb_between(words, start, place)
            ):
                if _has_head(words, place + 1, verb) and not _listed(words, place, verb):
                    return place + 1
        place -= 1
    return start


def _says_on(words: Sequence[Token], place: int, verb: int) -> bool:
    """Whether a verb of saying opens a clause without "that": said the government plans."""
    word = words[place]
    if not (word.has("<say>") and word.has("<any>:finite")) or word.has("<told>") or place + 2 > verb - 1:
        return False
    return _begins_phrase(words[place + 1]) and not any(
        one.has("<thatword>") or one.low == "," or one.has("<to>") for one in words[place + 1 : verb]
    )


def aside(words: Sequence[Token], place: int, verb: int) -> bool:
    """Whether a relative clause stands between commas before the verb: the firms, which met in Tallinn, aim to."""
    before = verb - 1
    while before > place and words[before].has("<adv>"):
        before -= 1
    if place == 0 or words[place - 1].low != "," or words[before].low != ",":
        return False
    return any(is_verb(word) for word in words[place + 1 : before])


def _said(words: Sequence[Token], place: int) -> bool:
    """Whether a word of saying stands shortly before: told members of the chamber on Wednesday that."""
    return any(
        word.has("<say>") or word.has("<agree>") or word.has("<stress>") for word in words[max(0, place - 25) : place]
    )


def _verb_between(words: Sequence[Token], start: int, place: int) -> bool:
    return any(is_verb(word) for word in words[start:place])


def is_verb(word: Token) -> bool:
    """Whether a word is surely a finite verb: past, third person, a form of be, a modal. Flights and plans may be nouns."""
    if word.has("<be>") or word.has("<will>") or word.has("<have>"):
        return True
    return not word.capital and (word.has("<any>:past") or word.has("<any>:third")) and word.has("<any>:finite")


def _has_head(words: Sequence[Token], first: int, last: int) -> bool:
    """Whether words could be a subject: a pronoun, a name, or a noun with what goes before it."""
    return any(
        word.has("<pronoun>") or word.capital or (word.has("<open>") and not word.has("<adv>"))
        for word in words[first:last]
    )


def _listed(words: Sequence[Token], place: int, verb: int) -> bool:
    """Whether "and" joins two nouns of one subject: Almaty and Lahore will; no verb stands since the last break."""
    if any(word.has("<between>") for word in words[max(0, place - 5) : place]):
        return True
    if (
        place
        and verb - place <= 4
        and words[place - 1].capital
        and all(word.capital for word in words[place + 1 : verb])
    ):
        return True
    if place and words[place - 1].low == "," and (words[place + 1].has("<det>") or words[place + 1].has("<pronoun>")):
        return False
    for word in reversed(words[:place]):
        if word.low in BREAKS or word.has("<thatword>") or word.has("<relative>"):
            return True
        if is_verb(word):
            return False
    return True


def _subject(words: Sequence[Token], first: int, verb: int) -> tuple[int, int]:
    """The subject's words: what stands before the verb without the phrases that lead in (In agriculture, ...)."""
    if verb > first and words[verb - 1].has("<pronoun>"):
        return verb - 1, verb
    here = first
    while here < verb and (words[here].has("<adv>") or words[here].low in (",", "-", "–", '"', "“", "'")):
        here += 1
    if here < verb and _leads_in(words[here]):
        commas = [
            place for place in range(here, verb - 1) if words[place].low == "," and _begins_phrase(words[place + 1])
        ]
        if commas:
            here = commas[-1] + 1
        elif any(words[place].low == "," for place in range(here, verb - 1)):
            here = max(place for place in range(here, verb - 1) if words[place].low == ",") + 1
    stop = next(
        (
            at
            for at in range(here + 1, verb)
            if is_verb(words[at]) or (words[at].has("<relative>") and aside(words, at, verb))
        ),
        verb,
    )
    return here, stop  # deplored this and called for that: he who deplored


def _begins_phrase(word: Token) -> bool:
    return word.has("<det>") or word.has("<pronoun>") or word.has("<name>") or word.has("<actornoun>")


def _leads_in(word: Token) -> bool:
    return any(word.has(tag) for tag in ("<prep>", "<condition>")) or word.has("<any>:gerund") or word.has("<leads-in>")


def _end(words: Sequence[Token], act: int) -> int:
    """Where the act ends: at a semicolon, a speaker behind a comma, or the sentence's end."""
    place, depth = act, 0
    while place < len(words):
        word = words[place]
        if word.low in ("(", "["):
            depth += 1
        elif word.low in (")", "]"):
            depth -= 1
        elif depth <= 0 and word.low == ";":
            return place
        elif depth <= 0 and word.low == "," and _speaker_follows(words, place + 1):
            return place
        elif depth <= 0 and word.has("<conj>") and place > act + 1 and _turns(words, place + 1):
            return place
        place += 1
    while place > act and words[place - 1].low in (".", "!", "?", '"', "”", "’", "'"):
        place -= 1
    return place


def _turns(words: Sequence[Token], place: int) -> bool:
    """Whether another verb of the same subject follows: and welcomed, and has decided."""
    while place < len(words) and words[place].has("<adv>"):
        place += 1
    if place >= len(words) or not is_verb(words[place]):
        return False
    word = words[place]
    return (
        word.has("<be>")
        or word.has("<will>")
        or word.has("<have>")
        or word.has("<say>")
        or word.has("<praise>")
        or (word.has("<verb>") and word.has("<any>:past"))
    )


def _speaker_follows(words: Sequence[Token], place: int) -> bool:
    """Whether the rest only tells who said so: ", the envoy said." """
    rest = words[place : place + 14]
    for number, word in enumerate(rest):
        if word.has("<say>") and number and word.has("<any>:finite"):
            return any(one.capital or one.has("<pronoun>") or one.has("<actornoun>") for one in rest[:number])
        if word.low in (",", ";") or word.has("<will>") or word.has("<to>"):
            return False
        if word.has("<be>") and number + 1 < len(rest) and rest[number + 1].has("<agree>"):
            return True
    return False


def action(text: str, lexicon: Lexicon) -> str:
    """The act as a short phrase: without the leading to, on one line, at a word's end."""
    told = re.sub(r"\s+", " ", text).strip(" ,;:.-–—\"“”'")
    head, _, rest = told.partition(" ")
    if rest and "<act-lead>" in lexicon.of(head.lower()):
        told = rest
    if len(told) > 160:
        told = told[:160].rsplit(" ", 1)[0] + " …"
    return told
