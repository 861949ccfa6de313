"""What a register keeps: the kinds of record, and the words that may stand in them.

A record is a mapping of column to value. The columns of each kind, with their types and meaning, are the files
`store/schema/KIND.csv`; the words a column may hold are here. Ids are a letter and a number: c12 is a commitment.
"""

from __future__ import annotations

from comity.agreements.commitment import STRENGTHS, TOPICS

KINDS = {  # kind: first letter of its ids
    "files": "",  # known by the SHA-256 of their bytes
    "documents": "d",
    "meetings": "m",
    "bodies": "b",
    "people": "p",
    "commitments": "c",
    "sources": "s",
    "links": "l",
    "responsible": "r",
    "milestones": "k",
    "targets": "t",
    "actuals": "a",
    "evidence": "e",
    "notes": "n",
}

STATUSES = {  # the levels of the Peace Accords Matrix (Kroc Institute), and the ends a promise can have
    "not started": "nothing was begun",
    "minimum": "first steps that could be undone tomorrow",
    "under way": "begun in earnest, and the end can be seen",
    "done": "carried out, and a meeting or a record has confirmed it",
    "lapsed": "its time has passed and nobody follows it any more",
    "superseded": "a later commitment stands in its place",
    "cancelled": "given up by those who made it",
}
ENDS = ("done", "lapsed", "superseded", "cancelled")
OPEN = tuple(status for status in STATUSES if status not in ENDS)

DECISIONS = {  # what a person has said of a proposal
    "draft": "proposed, and nobody has looked at it yet",
    "confirmed": "a commitment that is followed to its end",
    "rejected": "no commitment; remembered, so that it is not proposed again",
    "merged": "the same as another, which has its sources now",
}
GRADES = {  # how specific a promise is at entry, after the reviewers of the Open Government Partnership
    "vague": "no act that anybody could check",
    "low": "an act, without measure or date",
    "medium": "an act with a measure or a date",
    "verifiable": "act, actor and date or measure: two readers would agree whether it was kept",
}
RELATIONS = {  # relation: (kind of subject, kind of object, meaning)
    "supports": ("evidence", "commitments", "the evidence tells something of what came of the commitment"),
    "renews": ("commitments", "commitments", "a later promise of the same thing as an earlier one"),
    "serves": ("commitments", "commitments", "doing the first is a step towards the second"),
    "resembles": ("commitments", "commitments", "looked at together and kept apart: not the same"),
}
MEETING_KINDS = ("commission", "visit", "forum", "consultation", "working group", "summit", "call", "other")
DOCUMENT_KINDS = ("protocol", "statement", "agreement", "press release", "news", "list", "letter", "other")
EVIDENCE_KINDS = ("report", "signed", "launched", "held", "statement", "not found", "other")

CHOICES = {
    "strengths": tuple(STRENGTHS),
    "topics": TOPICS,
    "statuses": tuple(STATUSES),
    "decisions": tuple(DECISIONS),
    "grades": tuple(GRADES),
    "relations": tuple(RELATIONS),
    "meeting_kinds": MEETING_KINDS,
    "document_kinds": DOCUMENT_KINDS,
    "evidence_kinds": EVIDENCE_KINDS,
}


def kind_of(identity: str) -> str | None:
    """The kind of record that an id such as c12 names; None for a text that is no id."""
    letter, number = identity[:1], identity[1:]
    if not number.isascii() or not number.isdigit():
        return None
    return next((kind for kind, first in KINDS.items() if first and first == letter), None)
