"""Names as people type them: without accents, case, hyphens and apostrophes."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

DROPPED = "'`’‘ʻʼ´\""
SPACED = "-–—_./()"


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A name's key: decomposed, accents off, case folded, marks to blanks, blanks to one."""
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(" " if c in SPACED else c for c in decomposed if not unicodedata.combining(c) and c not in DROPPED)
    return " ".join(kept.casefold().split())
