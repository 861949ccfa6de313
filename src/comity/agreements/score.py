"""How well texts are read: proposals against the answers of a careful reader, beside a plain list of cue words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations
from typing import Any

from comity.agreements.commitment import Commitment, Reading

DUE_DAYS = 31  # an end within a month of the answer's is right
SAME = 0.5  # share of the shorter span that two sentences must have in common
CUES = re.compile(
    r"\b(agree[ds]?|agreeing|will|shall|decid\w+|commit\w*|pledg\w+|sign(?:ed|ing)|plan(?:s|ned|ning)?|intend\w*|intention"
    r"|propos\w+|invit\w+|ready|readiness|interest|expected|importance|need|stress\w*|adopted|launch\w*|establish\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Figures of a scoring, shares of one (None where there was nothing to count), with counts and what was missed."""

    texts: int
    answers: int
    precision: float | None
    recall: float | None
    firm_recall: float | None  # of agreed and will alone
    strength: float | None
    topic: float | None
    due: float | None
    due_invented: float | None
    counts: Mapping[str, int]
    missed: tuple[str, ...]
    wrong: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The same as a plain mapping, `comity.score/1`."""
        return {"schema": "comity.score/1"} | {name: getattr(self, name) for name in self.__slots__}


def score(
    answers: Iterable[Mapping[str, Any]], negatives: Iterable[Mapping[str, Any]], readings: Mapping[str, Reading]
) -> Score:
    """Score readings (by id of the text) against answers and sentences that are none.

    A sentence in neither is not scored. Sentences count once for precision and recall, however many promises they hold;
    strength, topic and due are compared promise by promise, paired in the best way within the sentence.
    """
    expected = _by_sentence(row for row in answers if row["id"] in readings)
    none = {(row["id"], row["sentence"]) for row in negatives if row["id"] in readings}
    hit = {key: _at(readings[key[0]], key[1]) for key in expected}
    wrong = sorted(key for key in none if _at(readings[key[0]], key[1]))
    found = [key for key, these in hit.items() if these]
    firm = [key for key, rows in expected.items() if any(row["strength"] in ("agreed", "will") for row in rows)]
    pairs = [pair for key in found for pair in _paired(expected[key], hit[key])]
    dated = [(row, one) for row, one in pairs if row["due"]]
    undated = [(row, one) for row, one in pairs if not row["due"]]
    counts = {
        "sentences": len(expected), "found": len(found), "negatives": len(none), "false": len(wrong), "firm": len(firm),
        "pairs": len(pairs), "dated": len(dated), "undated": len(undated),
    }  # fmt: skip
    return Score(
        texts=len(readings), answers=sum(map(len, expected.values())), precision=_share(len(found), len(found) + len(wrong)),
        recall=_share(len(found), len(expected)), firm_recall=_share(sum(bool(hit[key]) for key in firm), len(firm)),
        strength=_share(sum(row["strength"] == one.strength for row, one in pairs), len(pairs)),
        topic=_share(sum(row["topic"] == one.topic for row, one in pairs), len(pairs)),
        due=_share(sum(_due_right(row["due"], one) for row, one in dated), len(dated)),
        due_invented=_share(sum(one.due is not None for _, one in undated), len(undated)), counts=counts,
        missed=tuple(f"{key[0]}: {key[1]}" for key, these in hit.items() if not these), wrong=tuple(f"{key[0]}: {key[1]}" for key in wrong),
    )  # fmt: skip


def cue_list(
    answers: Iterable[Mapping[str, Any]], negatives: Iterable[Mapping[str, Any]]
) -> tuple[float | None, float | None]:
    """(precision, recall) of the plain rule that a sentence with a cue word is a commitment."""
    expected, none = _by_sentence(answers), {(row["id"], row["sentence"]) for row in negatives}
    found = sum(bool(CUES.search(sentence)) for _, sentence in expected)
    false = sum(bool(CUES.search(sentence)) for _, sentence in none)
    return _share(found, found + false), _share(found, len(expected))


def _by_sentence(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault((row["id"], row["sentence"]), []).append(row)
    return found


def _at(reading: Reading, sentence: str) -> list[Commitment]:
    """Proposals whose sentence is mainly the one asked for."""
    asked = " ".join(sentence.split())
    return [one for one in reading.commitments if _overlaps(" ".join(one.sentence.split()), asked)]


def _overlaps(ours: str, theirs: str) -> bool:
    if ours in theirs or theirs in ours:
        return min(len(ours), len(theirs)) >= SAME * max(len(ours), len(theirs)) or theirs in ours or len(ours) > 40
    return False


def _paired(
    rows: Sequence[Mapping[str, Any]], found: Sequence[Commitment]
) -> list[tuple[Mapping[str, Any], Commitment]]:
    """Answers and proposals of a sentence one to one, so that most fields agree."""
    few = min(len(rows), len(found), 5)
    best: list[tuple[Mapping[str, Any], Commitment]] = []
    most = -1
    for order in permutations(range(min(len(found), 6)), few):
        pairs = [(rows[place], found[at]) for place, at in enumerate(order)]
        agreeing = sum(_agreeing(row, one) for row, one in pairs)
        if agreeing > most:
            best, most = pairs, agreeing
    return best


def _agreeing(row: Mapping[str, Any], one: Commitment) -> int:
    dates = _due_right(row["due"], one) if row["due"] else one.due is None
    return (row["strength"] == one.strength) + (row["topic"] == one.topic) + dates


def _due_right(told: str, one: Commitment) -> bool:
    end = date.fromisoformat(told.split("/")[-1])
    return one.due is not None and abs(one.due.end - end) <= timedelta(days=DUE_DAYS)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
