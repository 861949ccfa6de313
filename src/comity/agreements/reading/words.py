"""What single words are: their base forms, and the classes that frames name. Made from the tables of a language, once.

Tables: reading_words (classes), reading_forms (how verbs go).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from comity import facts
from comity.errors import BadInput

FORMS = ("third", "past", "participle", "gerund")
CLOSED = ("det", "prep", "conj", "pronoun", "not", "modal", "relative")  # words that can head no act


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words of one language. `tags` : word in lower case -> its tags; `numbered` : word -> ("month", 3)."""

    language: str
    tags: dict[str, frozenset[str]]
    numbered: dict[str, tuple[tuple[str, int], ...]]

    def of(self, word: str) -> frozenset[str]:
        """Tags of a word in lower case: itself, lemmas, <classes>, each also with its form as in agree:past."""
        return _tags(self, word)

    def words(self, name: str) -> tuple[str, ...]:
        """Words of a class."""
        return _words(self, name)

    def number(self, word: str, kind: str) -> int | None:
        """The number that a word carries as a month, count, ordinal, weekday."""
        return next((value for name, value in self.numbered.get(word, ()) if name == kind), None)

    def __hash__(self) -> int:
        return hash(self.language)

    def __eq__(self, other: object) -> bool:
        return self is other


def languages() -> tuple[str, ...]:
    """Languages that have words and frames."""
    return tuple(sorted({row["language"] for row in facts.rows("reading_frames")}))


@cache
def lexicon(language: str) -> Lexicon:
    """The words of a language. Raises BadInput with those there are for any other."""
    if language not in languages():
        raise BadInput(f"Texts in {language!r} cannot be read yet; the languages are {', '.join(languages())}.")
    tags: dict[str, set[str]] = {}
    numbered: dict[str, list[tuple[str, int]]] = {}
    for row in facts.rows("reading_words"):
        if row["language"] != language:
            continue
        name = row["class"]
        kind, _, number = name.rpartition("-")
        for word in row["words"]:
            if kind and number.isdigit():
                numbered.setdefault(word, []).append((kind, int(number)))
                tags.setdefault(word, set()).add(f"<{kind}>")
            for form, spelt in _spelt(language, word, row["kind"]):
                tags.setdefault(spelt, set()).update(_told(word, name, form))
    return Lexicon(
        language, {word: frozenset(found) for word, found in tags.items()}, {w: tuple(n) for w, n in numbered.items()}
    )


def _told(lemma: str, name: str, form: str) -> set[str]:
    plain = {lemma, f"<{name}>"}
    return plain if not form else plain | {f"{tag}:{form}" for tag in (*plain, "<any>", "<verb>")} | {"<verb>"}


def _spelt(language: str, word: str, kind: str) -> list[tuple[str, str]]:
    """(form, spelling) of a word; for a verb all its forms."""
    if kind == "noun":
        return [("", word), ("", _plural(language, word))]
    if kind != "verb":
        return [("", word)]
    head, *rest = word.split(" ")
    if rest:
        return [("base", word)]
    row = _going(language, head)
    stem = head
    base = row["base"]
    if base.startswith("-"):
        stem = head[: len(head) - len(base) + 1]
        made = [(form, stem + (row[form] or "")) for form in FORMS]
    else:
        made = [(form, row[form] or head) for form in FORMS]
    return [("base", head), *((("past" if form == "participle" else form), spelt) for form, spelt in made)]


def _plural(language: str, noun: str) -> str:
    """A noun's plural by its ending; the noun itself where the language has no rule."""
    rows = _forms(language)
    endings = [f"-{noun[start:]}" for start in range(max(1, len(noun) - 3), len(noun))] + ["-"]
    row = next((rows[ending] for ending in endings if ending in rows and rows[ending]["plural"]), None)
    return noun[: len(noun) - len(row["base"]) + 1] + row["plural"] if row else noun


@cache
def _forms(language: str) -> dict[str, dict]:
    return {row["base"]: row for row in facts.rows("reading_forms") if row["language"] == language}


def _going(language: str, verb: str) -> dict:
    """The row that tells how a verb goes: its own, else that of its longest ending."""
    rows = _forms(language)
    if verb in rows:
        return rows[verb]
    endings = (f"-{verb[start:]}" for start in range(max(1, len(verb) - 3), len(verb)))
    return next((rows[ending] for ending in endings if ending in rows), rows.get("-") or {"base": verb})


@lru_cache(maxsize=50_000)
def _tags(lexicon: Lexicon, word: str) -> frozenset[str]:
    known = lexicon.tags.get(word, frozenset())
    found = {word, "<any>", *known}
    if word[:1].isdigit() or word[:1] in "$€£¥":
        found.add("<num>")
    elif word[:1].isalpha() and not any(f"<{name}>" in known for name in (*CLOSED, "month", "weekday")):
        found.add("<open>")
    if "<verb>" not in known and len(word) > 4:  # verbs that no table names still show their form
        if word.endswith("ed"):
            found.add("<any>:past")
        elif word.endswith("ing"):
            found.add("<any>:gerund")
    if word.endswith(lexicon.words("agent-ending")):
        found.add("<actornoun>")
    return frozenset(found)


@cache
def _words(lexicon: Lexicon, name: str) -> tuple[str, ...]:
    return tuple(sorted(word for word, tags in lexicon.tags.items() if f"<{name}>" in tags))
