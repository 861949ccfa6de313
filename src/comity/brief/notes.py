"""Footnotes: one number for each source, in the order in which the brief first leans on it."""

from __future__ import annotations

from collections.abc import Iterable

from comity import facts


class Notes:
    """Hands out numbers and remembers with which standing each source was used."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._standings: dict[str, set[str]] = {}

    def of(self, sources: Iterable[str], standing: str = "") -> list[int]:
        """Numbers of these sources, each once, ascending."""
        for source in sources:
            self._number.setdefault(source, len(self._number) + 1)
            if standing:
                self._standings.setdefault(source, set()).add(standing)
        return sorted({self._number[source] for source in sources})

    def listed(self) -> list[dict]:
        """Every footnote: number, title, publisher, date, address, standings."""
        found = []
        for id, number in self._number.items():
            source = facts.source(id)
            found.append(
                {
                    "number": number,
                    "id": id,
                    "title": source.title,
                    "publisher": source.publisher,
                    "published": source.published,
                    "url": source.url,
                    "standing": ", ".join(sorted(self._standings.get(id, ()))),
                }
            )
        return found
