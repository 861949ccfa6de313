"""Countries by any of their codes and names."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from comity import facts
from comity.errors import BadInput, PlaceUnknown
from comity.places.words import plain

LONGEST = 100  # letters that are read of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country or territory of ISO 3166-1 (and XKX, which is not in it).

    `name` is the short form that the United Nations uses; `short` a briefer one for labels, often the same.
    """

    alpha3: str
    alpha2: str
    numeric: str
    name: str
    short: str
    aliases: tuple[str, ...]
    note: str


@cache
def countries() -> tuple[Country, ...]:
    """All of them, by alpha-3."""
    rows = sorted(facts.rows("countries"), key=lambda row: row["alpha3"])
    return tuple(
        Country(
            alpha3=row["alpha3"],
            alpha2=row["alpha2"],
            numeric=row["numeric"] or "",
            name=row["name"],
            short=row["short"] or row["name"],
            aliases=row["aliases"],
            note=row["note"] or "",
        )
        for row in rows
    )


@cache
def _by_word() -> dict[str, Country]:
    """Codes first, so that no other country's name can hide one."""
    found: dict[str, Country] = {}
    for country in countries():
        for word in (country.alpha3, country.alpha2, country.numeric):
            if word:
                found[plain(word)] = country
    for country in countries():
        for word in (country.name, country.short, *country.aliases):
            found.setdefault(plain(word), country)
    return found


def country(text: str) -> Country:
    """A country by alpha-2, alpha-3, numeric code, name or alias, in any case and with or without accents.

    Raises PlaceUnknown with the nearest names in `candidates`, BadInput for what cannot be a name.
    """
    text = checked(text, "A country", "Give a name or an ISO code such as KAZ.")
    found = _by_word().get(plain(text))
    if found is None:
        words = get_close_matches(plain(text), _by_word(), n=4, cutoff=0.7)
        near = tuple(dict.fromkeys(_by_word()[word] for word in words))
        names = " or ".join(f"{item.name} ({item.alpha3})" for item in near)
        hint = f" Did you mean {names}?" if names else " Use a name or an ISO code such as KAZ."
        raise PlaceUnknown(f"No country is called {text!r}.{hint}", near)
    return found


def country_named(text: str) -> Country | None:
    """The same, None when there is no such country."""
    return _by_word().get(plain(text))


def is_code(text: str) -> bool:
    """Whether a text is an alpha-2, alpha-3 or numeric code and written as one: KAZ or kaz, never Kaz."""
    found = country_named(text)
    if found is None or not (text.isupper() or text.islower() or text.isdigit()):
        return False
    return text.upper() in (found.alpha3, found.alpha2, found.numeric)


def checked(text: str, what: str, mend: str) -> str:
    """The text without blanks around it. Raises BadInput when it is empty, too long or no text at all."""
    text = str(text).strip()
    if not text:
        raise BadInput(f"{what} is empty. {mend}")
    if len(text) > LONGEST:
        raise BadInput(f"{what} of {len(text)} letters is too long; up to {LONGEST} are read.")
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):  # control signs, halves of pairs
        raise BadInput(f"{what} holds signs that are no letters: {text!a}. {mend}")
    return text
