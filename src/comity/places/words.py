"""Names as people type them: without accents, case, hyphens and apostrophes."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

DROPPED = "'`’‘ʻʼʾʿ´\""
SPACED = "-–—_./(),"
LETTERS = {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ə": "e", "æ": "ae", "œ": "oe", "þ": "th"}


class _Table(dict):
    """Code point -> what stands for it in a key, found out once per letter."""

    def __missing__(self, point: int) -> str | None:
        letter = chr(point)
        kept: str | None = letter
        hidden = unicodedata.category(letter) == "Cf"  # marks of direction and joiners, as pasted from a page
        if unicodedata.combining(letter) or letter in DROPPED or hidden:
            kept = None
        elif letter in SPACED:
            kept = " "
        self[point] = kept
        return kept


_TABLE = _Table()
_LETTERS = str.maketrans(LETTERS)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A name's key: decomposed, accents off, case folded, marks to blanks, blanks to one, "St" as Saint."""
    decomposed = text if text.isascii() else unicodedata.normalize("NFKD", text)
    folded = decomposed.translate(_TABLE).casefold()
    if not folded.isascii():
        folded = folded.translate(_LETTERS)
    words = " ".join(folded.split())
    return f"saint {words[3:]}" if words.startswith("st ") else words
