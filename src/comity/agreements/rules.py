"""What may become of a record: the law of the register, checked before every write.

Pure: `faults` is told a record as it was and as it would be, and how to look up another, and answers with a sentence
for each law that the change would break.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from comity.agreements.records import ENDS, RELATIONS, kind_of

Record = Mapping[str, Any]
Look = Callable[[str], Record | None]

DECIDED = {  # decision: those that may follow it
    "draft": ("confirmed", "rejected", "merged"),
    "confirmed": ("merged", "draft"),
    "rejected": ("draft",),
    "merged": ("draft",),
}


def faults(kind: str, before: Record | None, after: Record, look: Look, why: str | None = None) -> list[str]:
    """A sentence for each law that the change from `before` (None: a new record) to `after` would break."""
    found = [fault for law in LAWS.get(kind, ()) for fault in law(before, after, look, why)]
    return found + _withdrawal(before, after, why)


def side(actors: Sequence[str], pair: str, country_of: Callable[[str], str | None] = lambda name: None) -> str:
    """Which side is to act: alpha-3 of the one, "both" of two or more, "other" where none of the pair is known.

    country_of : the country of a body by its name, None where it is not known
    """
    parties = pair.split("-")
    named = [actor if actor in parties else country_of(actor) for actor in actors]
    acting = sorted({country for country in named if country in parties})
    return acting[0] if len(acting) == 1 else "both" if acting else "other"


# --- laws, one function each: (before, after, look, why) -> sentences -------------------------------------------------


def _actor(before, after, look, why):
    if not after["actors"]:
        yield "a commitment needs somebody who is to act (actors)"


def _decision(before, after, look, why):
    was = before["decision"] if before else None
    now = after["decision"]
    if was and was != now and now not in DECIDED[was]:
        yield f"a commitment that is {was} cannot become {now}, only {' or '.join(DECIDED[was])}"
    if was is None and now == "merged":
        yield "a new commitment is a draft, confirmed or rejected; it is merged later"
    if (now == "merged") != bool(after["merged_into"]):
        yield "a merged commitment names the one that has its sources (merged_into), and no other does"
    if after["merged_into"]:
        yield from _reaches_back(after, "merged_into", look)


def _status(before, after, look, why):
    if after["decision"] != "confirmed" and after["status"] != "not started":
        yield f"a commitment that is {after['decision']} has no status yet; confirm it first"
    if after["status"] == "done" and not (after["confirmed_in"] or after["confirmed_by"]):
        yield "the doer proposes that a commitment is done; a meeting (confirmed_in) or a record (confirmed_by) confirms it"
    if after["status"] in ENDS and not after["closed_on"]:
        yield f"a commitment that is {after['status']} tells since when (closed_on)"
    if before and before["status"] in ENDS and after["status"] not in ENDS and not why:
        yield f"opening a commitment again that is {before['status']} needs a reason"
    if (after["status"] == "superseded") != bool(after["superseded_by"]):
        yield "a superseded commitment names the one in its place (superseded_by), and no other does"
    if after["superseded_by"]:
        yield from _reaches_back(after, "superseded_by", look)


def _due(before, after, look, why):
    start, end = after["due_start"], after["due_end"]
    if start and end and start > end:
        yield f"the time promised ends ({end}) before it begins ({start})"
    if bool(start) != bool(end):
        yield "the time promised has a first and a last day; tell both (the same one for a single day)"


def _reaches_back(after, column, look):
    """A chain of merged or superseded commitments must end, and must exist."""
    seen, here = {after["id"]}, after[column]
    while here:
        if here in seen:
            yield f"{column} would go in a circle over {here}"
            return
        seen.add(here)
        there = look(here)
        if there is None:
            yield f"there is no commitment {here} ({column})"
            return
        here = there[column]


def _sentence(before, after, look, why):
    document = look(after["document"])
    if document and document["text"][after["start"] : after["end"]] != after["sentence"]:
        yield "the sentence does not stand in the document between start and end"


def _relation(before, after, look, why):
    subject_kind, object_kind, _ = RELATIONS[after["relation"]]
    for column, kind in (("subject", subject_kind), ("object", object_kind)):
        if kind_of(after[column]) != kind or look(after[column]) is None:
            yield f"{after['relation']} goes from {subject_kind} to {object_kind}, and {after[column]!r} is none of the {kind}"
    if after["subject"] == after["object"]:
        yield "a link joins two different records"


def _answerable(before, after, look, why):
    if not (after["body"] or after["person"]):
        yield "tell the body or the person that answers for it"
    if after["since"] and after["until"] and after["since"] > after["until"]:
        yield f"it ends ({after['until']}) before it begins ({after['since']})"


def _subject(before, after, look, why):
    if look(after["about"]) is None:
        yield f"there is no record {after['about']!r} to write a note about"


def _shown(before, after, look, why):
    if not after["text"].strip():
        yield "evidence says what it shows (text)"


def _order(before, after, look, why):
    if after["end"] and after["end"][: len(after["start"])] < after["start"][: len(after["end"])]:
        yield f"the meeting ends ({after['end']}) before it begins ({after['start']})"


LAWS = {
    "commitments": (_actor, _decision, _status, _due),
    "sources": (_sentence,),
    "links": (_relation,),
    "responsible": (_answerable,),
    "notes": (_subject,),
    "evidence": (_shown,),
    "meetings": (_order,),
}


def _withdrawal(before: Record | None, after: Record, why: str | None) -> list[str]:
    """Nothing is deleted. What is withdrawn tells why, and is not changed until it is brought back."""
    was, now = bool(before and before.get("withdrawn")), bool(after.get("withdrawn"))
    if was != now and not why:
        return [f"{'withdrawing' if now else 'bringing back'} a record needs a reason"]
    if was and now:
        return [f"{after['id']} is withdrawn; bring it back before it is changed"]
    return []
