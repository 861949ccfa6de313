"""Names of countries as texts use them: short names, adjectives, peoples, and capitals that speak for them."""

from __future__ import annotations

from functools import cache

from comity import facts


@cache
def names(language: str) -> dict[str, str]:
    """Name, adjective or people of a country in lower case -> alpha-3."""
    found: dict[str, str] = {}
    for row in facts.rows("countries"):
        for word in (row["name"], row["short"], *row["aliases"]):
            if word and not (word.isupper() and len(word) < 3):
                found.setdefault(word.lower(), row["alpha3"])
    for row in facts.rows("reading_names"):
        if row["language"] == language and row["kind"] == "people":
            found.update((word.lower(), row["alpha3"]) for word in row["words"])
    return found


@cache
def capitals(language: str) -> dict[str, str]:
    """Name of a capital in lower case -> alpha-3: Canberra has doubled its quota."""
    rows = facts.rows("reading_names")
    chosen = (row for row in rows if row["language"] == language and row["kind"] == "capital")
    return {word.lower(): row["alpha3"] for row in chosen for word in row["words"]}
