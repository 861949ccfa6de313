"""Which commitments are perhaps the same, and which report tells of an earlier one. Proposals only: nothing is merged here.

Likeness is the share of rare words that two actions have in common (words weighted by how few actions have them, as in the
vector space model: Salton & Buckley 1988, Term-weighting approaches in automatic text retrieval), with what is said of
actor, topic and time.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Any]
ALIKE = 0.45  # from here two are shown side by side; set on the chains of the register that ships
SAME_TOPIC, SAME_SIDE, NEAR = 0.10, 0.05, 0.05
NEAR_DAYS = 400
COMMON = frozenset(
    "the a an of to in on and or for with by at from between into be is are its their this that as under via it other both two "
    "start begin open hold sign make new more "
    "next last year years month months week day today end later  further joint bilateral cooperation promote develop strengthen countries sides".split()
)
ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "es", "ed", "s", "e")


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How like another commitment is: 0 to 1, with the words that say why."""

    identity: str
    score: float
    why: str


def stems(text: str) -> frozenset[str]:
    """Words without common ones and endings: flights and flight are one."""
    return frozenset(
        _stem(word) for word in re.findall(r"[^\W_]+", text.casefold()) if word not in COMMON and len(word) > 1
    )


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


class Index:
    """Actions of many commitments by their stems, so that one is compared only with those that share a word."""

    def __init__(self, commitments: Iterable[Record]):
        self.records = {record["id"]: record for record in commitments}
        self.words = {identity: stems(record["action"]) for identity, record in self.records.items()}
        self.places: dict[str, list[str]] = defaultdict(list)
        for identity, words in self.words.items():
            for word in words:
                self.places[word].append(identity)

    def weight(self, word: str) -> float:
        """How much a word in common counts: more the rarer it is."""
        return math.log(1 + (1 + len(self.records)) / (1 + len(self.places.get(word, ()))))

    def like(self, record: Record, least: float = ALIKE, most: int = 5) -> list[Likeness]:
        """The likest others, best first."""
        words = stems(record["action"])
        own = sum(self.weight(word) for word in words)
        shared: Counter[str] = Counter()
        for word in words:
            for identity in self.places.get(word, ()):
                shared[identity] += self.weight(word)  # type: ignore[assignment]
        found = []
        for identity, common in shared.items():
            other = self.records[identity]
            if identity == record.get("id"):
                continue
            whole = own + sum(self.weight(word) for word in self.words[identity])
            score = 2 * common / whole * (1 - SAME_TOPIC - SAME_SIDE - NEAR) if whole else 0.0
            score += (
                SAME_TOPIC * (record["topic"] == other["topic"])
                + SAME_SIDE * _sides_meet(record, other)
                + NEAR * _near(record, other)
            )
            if score >= least:
                found.append(
                    Likeness(
                        identity=identity, score=round(score, 3), why=_why(words & self.words[identity], record, other)
                    )
                )
        return sorted(found, key=lambda one: (-one.score, one.identity))[:most]


def _sides_meet(one: Record, other: Record) -> bool:
    return one["side"] == other["side"] or "both" in (one["side"], other["side"])


def _near(one: Record, other: Record) -> bool:
    days = [_ordinal(record["said_on"]) for record in (one, other)]
    return None not in days and abs(days[0] - days[1]) <= NEAR_DAYS  # type: ignore[operator]


def _ordinal(day: str | None) -> int | None:
    from datetime import date

    return (
        date.fromisoformat((day + "-07-01")[:10] if len(day) == 4 else (day + "-15")[:10]).toordinal() if day else None
    )


def _why(common: Iterable[str], one: Record, other: Record) -> str:
    words = ", ".join(sorted(common))
    return f"words: {words}" + (f"; topic {one['topic']}" if one["topic"] == other["topic"] else "")


def evidence_for(done: Record, open_ones: Sequence[Record]) -> list[Likeness]:
    """Earlier promises that something done may be evidence for: alike, said before, and not at their end yet."""
    earlier = [
        record for record in open_ones
        if record["strength"] != "done" and (record["said_on"] or "") <= (done["said_on"] or "9999") and record["decision"] == "confirmed"
    ]  # fmt: skip
    return Index(earlier).like(done, least=ALIKE - 0.1)
