"""Countries by any of their codes and names."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from comity import facts
from comity.errors import PlaceUnknown
from comity.places.words import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country or territory of ISO 3166-1 (and XKX)."""

    alpha3: str
    alpha2: str
    numeric: str
    name: str
    aliases: tuple[str, ...]
    note: str


@cache
def countries() -> tuple[Country, ...]:
    """All of them, by alpha-3."""
    return tuple(
        Country(**{key: row[key] if key == "aliases" else row[key] or "" for key in Country.__dataclass_fields__})
        for row in facts.rows("countries")
    )


@cache
def _by_word() -> dict[str, Country]:
    found: dict[str, Country] = {}
    for country in countries():
        for word in (country.alpha3, country.alpha2, country.numeric, country.name, *country.aliases):
            if word:
                found.setdefault(plain(word), country)
    return found


def country(text: str) -> Country:
    """A country by alpha-2, alpha-3, numeric code, name or alias. Raises PlaceUnknown with suggestions."""
    found = _by_word().get(plain(text))
    if found is None:
        near = [_by_word()[word] for word in get_close_matches(plain(text), _by_word(), n=4, cutoff=0.7)]
        names = list(dict.fromkeys(f"{item.name} ({item.alpha3})" for item in near))
        hint = f" Did you mean {', '.join(names)}?" if names else " Use a name or an ISO code such as KAZ."
        raise PlaceUnknown(f"No country is called {text!r}.{hint}", near)
    return found


def is_country(text: str) -> bool:
    return plain(text) in _by_word()
