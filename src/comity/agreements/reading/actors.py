"""Who a phrase names: countries by name, adjective or code, bodies by their own names, persons by the country they serve."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from comity.agreements.reading.names import capitals, names
from comity.agreements.reading.tokens import Token

PHRASE = 6  # words of the longest name of a country


@cache
def _firsts(language: str) -> frozenset[str]:
    return frozenset(re.split(r"[\s-]", name)[0] for name in names(language))


def countries(words: Sequence[Token], language: str) -> list[tuple[int, int, str]]:
    """(first word, word after the last, alpha-3) of each country named, in order."""
    known, firsts = names(language), _firsts(language)
    found, place = [], 0
    while place < len(words):
        step = 1
        if words[place].text[:1].isupper() and re.split(r"[\s-]", words[place].low)[0] in firsts:
            for many in range(min(PHRASE, len(words) - place), 0, -1):
                told = " ".join(word.low for word in words[place : place + many])
                codes = _codes(told, known)
                if codes:
                    found += [(place, place + many, code) for code in codes]
                    step = many
                    break
        place += step
    return found


def seats(words: Sequence[Token], language: str) -> list[str]:
    """Alpha-3 of the capitals that stand for a government: Ottawa, not "in Ottawa" nor "Ottawa's airport"."""
    known = capitals(language)
    found = []
    for place, word in enumerate(words):
        if not word.capital or (place and (words[place - 1].has("<prep>") or words[place - 1].capital)):
            continue
        for many in (3, 2, 1):
            code = known.get(" ".join(one.low for one in words[place : place + many]))
            after = words[place + many] if place + many < len(words) else None
            if code and not (after and (after.has("<possessive>") or after.capital)):
                found.append(code)
                break
    return found


def _codes(told: str, known: dict[str, str]) -> list[str]:
    """Alpha-3 of a name; of both halves of Kazakh-Pakistani."""
    if told in known:
        return [known[told]]
    for part in ("-", "\u2010", "\u2011", "\u2013"):
        if part in told:
            halves = [known.get(half) for half in told.split(part)]
            if all(halves):
                return [half for half in halves if half]
    return []


def bodies(words: Sequence[Token], language: str) -> list[tuple[int, int, str]]:
    """(first, after, name) of organisations: capitalised words with a word for a body among them, or an acronym in capitals."""
    found, place = [], 0
    while place < len(words):
        last = place
        while last < len(words) and _part_of_name(words, place, last):
            last += 1
        run = words[place:last]
        if any(word.has("<body>") and word.capital for word in run[1:]) or (len(run) == 1 and _acronym(run[0])):
            kept = [word for word in run]
            found.append((place, last, " ".join(word.text for word in kept)))
        place = max(last, place + 1)
    return found


def _part_of_name(words: Sequence[Token], first: int, here: int) -> bool:
    word = words[here]
    if word.capital and word.text[:1].isalpha() and not word.has("<det>"):
        return True
    joins = (word.has("<name-join>") or word.has("<and>")) and here > first and here + 1 < len(words)
    return joins and words[here + 1].capital and not word.has("<and>")


def _acronym(word: Token) -> bool:
    return (
        word.text.isupper()
        and word.text.isalpha()
        and 3 <= len(word.text) <= 6
        and not (word.has("<month>") or word.has("<document>"))
    )


def people(words: Sequence[Token], language: str) -> Iterable[tuple[str, str]]:
    """(surname in lower case, alpha-3): capitalised names in one phrase with a country: Kazakhstan's Ambassador Aru Bekova."""
    for _, after, code in countries(words, language):
        place, titled = after, False
        while place < len(words) and place < after + 9:
            word = words[place]
            if word.has("<title>") or word.has("<actornoun>"):
                titled = True
            elif word.capital and word.text.isalpha() and titled and not word.has("<body>"):
                yield word.low, code
            elif not (word.has("<possessive>") or word.has("<person-join>") or word.low == "," or word.capital):
                break
            elif word.low == "," and not titled:
                break
            place += 1


def unique(codes: Iterable[str]) -> tuple[str, ...]:
    """In order, each once."""
    return tuple(dict.fromkeys(codes))
