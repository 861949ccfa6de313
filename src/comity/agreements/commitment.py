"""A commitment as a text gives it: who will do what, for whom, by when and how firmly.

These values say what was read. What a register then makes of them (status, evidence, a person's decision) stands in
`comity.agreements.records`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

STRENGTHS = {
    "agreed": "joint or binding: agreed, decided, committed, or the content of a signed text",
    "will": "the definite future of a named actor",
    "intends": "a plan, an intention, readiness or expectation",
    "interest": "a wish, proposal, invitation, or something under consideration",
    "noted": "the importance of a specific act that nobody undertakes",
    "done": "completed in the text: evidence for an earlier promise",
}
TOPICS = (
    "transport", "air", "trade", "investment", "finance", "energy", "agriculture", "education", "culture", "visa",
    "security", "digital", "health", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When something is promised for: first and last day, both included, and the words that said so.

    base : the day that relative words ("next month") were counted from; None where the words stand alone
    """

    start: date
    end: date
    phrase: str
    base: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """One promise in one sentence. `text[start:end] == sentence` holds for the text as read.

    actors, beneficiaries : ISO 3166 alpha-3 codes, or the name of a body as the text spells it
    condition : the words of a condition ("subject to ratification"), "" without one
    cues : field -> the words of the text that decided it
    confidence : 0 to 1; that of the frame in `reading_frames`, set by hand: it ranks proposals and is no measured rate
    """

    sentence: str
    start: int
    end: int
    actors: tuple[str, ...]
    action: str
    beneficiaries: tuple[str, ...] = ()
    due: Due | None = None
    strength: str
    topic: str
    condition: str = ""
    cues: dict[str, str] = field(default_factory=dict)
    confidence: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text as read from its file, before any reading for promises.

    text : plain Unicode, lines ended by \\n, nothing cut · media_type : "text/plain", "application/pdf" ...
    original : the file's own bytes
    """

    file: str
    text: str
    media_type: str = "text/plain"
    original: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was found in one text. `sentences` is how many it has."""

    file: str
    date: date | None
    parties: tuple[str, ...]
    sentences: int
    commitments: tuple[Commitment, ...]
