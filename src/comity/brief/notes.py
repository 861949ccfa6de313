"""Footnotes: one number for each source, in the order in which the brief first leans on it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

from comity import facts


@cache
def _by_address() -> dict[str, str]:
    """Ids of our sources by their address."""
    return {row["url"]: row["id"] for row in facts.rows("sources") if row["url"]}


class Notes:
    """Hands out numbers and remembers with which standing each source was used."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._standings: dict[str, set[str]] = {}
        self._pages: dict[str, str] = {}  # pages that are no source of ours, by address: when they were published

    def of(self, sources: Iterable[str], standing: str = "") -> list[int]:
        """Numbers of these sources, each once, ascending."""
        for source in sources:
            self._number.setdefault(source, len(self._number) + 1)
            if standing:
                self._standings.setdefault(source, set()).add(standing)
        return sorted({self._number[source] for source in sources})

    def at(self, address: str | None, published: str | None = None) -> list[int]:
        """The number of a page by its address, which need not be one of our sources; none without an address."""
        if not address:
            return []
        known = _by_address().get(address)
        if known:
            return self.of([known], "estimate")
        self._pages[address] = published or ""
        return self.of([address])

    def listed(self) -> list[dict]:
        """Every footnote: number, title, publisher, date, address, standings."""
        found = []
        for id, number in self._number.items():
            source = self._page(id) if id in self._pages else facts.source(id)
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

    def _page(self, address: str) -> facts.Source:
        """A page of somebody's register as a source: a web page by its host, words as they are."""
        is_page = address.startswith(("https://", "http://"))
        host = urlsplit(address).hostname or "" if is_page else ""
        return facts.Source(
            id=address, title="Page cited in the register" if is_page else address, publisher=host, published=self._pages[address],
            retrieved=None, url=address if is_page else "", licence="",
        )  # fmt: skip
