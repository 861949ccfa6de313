"""`comity register review`: a walk through the proposals with one key each. Every decision is written at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import click

from comity.cli import show
from comity.cli.read import safe
from comity.cli.register.common import REGISTER, WHO, opened, pair, parts, signed
from comity.errors import BadInput

KEYS = "a accept e edit s split m merge v evidence r reject g grade n b u undo q quit ?"
HELP = """a  accept: it is a commitment from now on
e  edit: a question for each field, Enter keeps it; then it is accepted
s  split: several promises in one; tell each action, parted by ;
m  merge: the same as another (its id, or 1-5 for those shown as alike)
v  evidence: it tells what came of earlier promises (their ids); kept as evidence for them
r  reject: no commitment; it is remembered and not proposed again
g  grade: vague, low, medium or verifiable
n  next, b back: leave it for later, go back to the one before
u  undo the last decision        q  quit; all decisions are kept"""
FIELDS = ("action", "actors", "beneficiaries", "strength", "topic", "due_start", "due_end", "condition", "grade")


@dataclass(slots=True)
class Walk:
    """Where the walk is: drafts by id, the place among them, what was decided in which order."""

    drafts: list[str]
    place: int = 0
    decided: list[tuple[int, int, int]] = field(default_factory=list)  # place, and the rows of history before and after
    said: list[str] = field(default_factory=list)  # to be told under the next screen


@click.command()
@click.argument("parties", required=False, metavar="[PAIR]")
@REGISTER
@WHO
@click.option("--document", metavar="D", help="Only proposals from this document.")
def review(parties, url, who, document) -> None:
    """Walk through the proposals: accept, edit, split, merge, reject, each with one key.

    Quitting loses nothing: each decision is written when it is made. Without a terminal, keys are read from standard
    input, one a line, with the answer to a question on the next line.
    """
    name = signed(who)
    with opened(url) as register:
        walk = Walk(_drafts(register, pair(parties) if parties else None, document))
        if not walk.drafts:
            click.echo("No proposals wait for a decision.")
            show.talk("Next: comity register list, or matrix.")
            return
        keys = _keys()
        while walk.place < len(walk.drafts):
            record = _shown(register, walk)
            walk.said.clear()
            if not _step(register, name, walk, record, keys):
                break
        left = sum(register.get(identity)["decision"] == "draft" for identity in walk.drafts)
    for words in walk.said:
        show.wrapped(f"  {words}", indent="     ")
    click.echo(f"{len(walk.decided)} decided, {left} left.")
    show.talk("Next: comity register list, or matrix PAIR --output matrix.xlsx.")


def _drafts(register, parties: str | None, document: str | None) -> list[str]:
    asked: dict[str, Any] = {"decision": "draft"} | ({"pair": parties} if parties else {})
    drafts = [row["id"] for row in register.rows("commitments", **asked)]
    if document:
        there = {source["commitment"] for source in register.rows("sources", document=document)}
        drafts = [identity for identity in drafts if identity in there]
    return drafts


# --- keys ---------------------------------------------------------------------------------------------------------------


def _keys() -> Iterator[str]:
    """Single keys of a terminal, or lines of a pipe."""
    while True:
        if sys.stdin.isatty():
            yield click.getchar().lower()
        else:
            line = sys.stdin.readline()
            if not line:
                yield "q"
                return
            yield line.strip().lower()[:1] or "n"


def _ask(text: str, default: str = "") -> str:
    """An answer in words; Enter keeps the default."""
    if sys.stdin.isatty():
        return click.prompt(text, default=default, show_default=bool(default), err=False)
    return sys.stdin.readline().rstrip("\n") or default


def _step(register, who: str, walk: Walk, record: dict, keys: Iterator[str]) -> bool:
    """One key; False to end the walk. A refused answer says why and asks again."""
    key = next(keys)
    try:
        return _do(register, who, walk, record, key)
    except BadInput as fault:
        walk.said.append(str(fault))
        return True


def _do(register, who: str, walk: Walk, record: dict, key: str) -> bool:
    if key in ("q", "\x03", "\x04", "\x1b"):
        return False
    if key == "?":
        walk.said += HELP.splitlines()
    elif key == "n":
        walk.place += 1
    elif key == "b":
        walk.place = max(0, walk.place - 1)
    elif key == "u":
        _undo(register, who, walk)
    elif key in DOINGS:
        before = register.head().seq
        told = DOINGS[key](register, who, record)
        if told:
            walk.decided.append((walk.place, before, register.head().seq))
            walk.said.append(told)
            walk.place += 1
    else:
        walk.said.append(f"{key!r} is no key here; ? tells them.")
    return True


def _undo(register, who: str, walk: Walk) -> None:
    from comity.agreements import work

    if not walk.decided:
        walk.said.append("nothing to undo")
        return
    place, before, after = walk.decided.pop()
    with register.writing(who) as write:
        work.revert(write, [entry for entry in write.entries(after=before) if entry.seq <= after])
    walk.place = place
    walk.said.append("taken back")


# --- doings: what was done in words, where the proposal is decided --------------------------------------------------------------------------


def _accept(register, who: str, record: dict) -> str:
    from comity.agreements import work

    with register.writing(who) as write:
        work.accept(write, record["id"])
    return f"{record['id']} accepted"


def _reject(register, who: str, record: dict) -> str:
    from comity.agreements import work

    with register.writing(who) as write:
        work.reject(write, record["id"])
    return f"{record['id']} rejected"


def _edit(register, who: str, record: dict) -> str:
    """Asks for each field; at a terminal, what is refused is asked again with the answers given so far."""
    answers: dict[str, str] = {}
    while True:
        told = _fields(record, answers)
        try:
            return _corrected(register, who, record, told)
        except BadInput as fault:
            if not sys.stdin.isatty():
                raise
            click.echo(f"  {fault}")


def _fields(record: dict, answers: dict[str, str]) -> dict[str, Any]:
    """What differs from the record; `answers` keeps what was typed, and is offered again."""
    told: dict[str, Any] = {}
    for name in FIELDS:
        old = "; ".join(record[name]) if isinstance(record[name], tuple) else record[name] or ""
        new = answers[name] = _ask(f"  {name}", answers.get(name, old)).strip()
        if new != old:
            told[name] = parts(new) if name in ("actors", "beneficiaries") else (new or None) if new != "none" else None
    return told


def _corrected(register, who: str, record: dict, told: dict[str, Any]) -> str:
    from comity.agreements import work

    with register.writing(who, "corrected in review") as write:
        work.edit(write, record["id"], **told)
        work.accept(write, record["id"])
    return f"{record['id']} corrected and accepted"


def _split(register, who: str, record: dict) -> str:
    from comity.agreements import work

    actions = _ask("  actions, parted by ;").split(";")
    with register.writing(who) as write:
        made = work.split(write, record["id"], actions)
        for identity in made:
            work.accept(write, identity)
    return f"accepted as {', '.join(made)}"


def _merge(register, who: str, record: dict) -> str:
    from comity.agreements import work

    told = _ask("  merge into (id, or the number shown)").strip()
    alike = _alike(register, record)
    into = alike[int(told) - 1].identity if told.isdigit() and 0 < int(told) <= len(alike) else told
    if not into:
        return ""
    with register.writing(who) as write:
        work.merge(write, record["id"], into)
    return f"{record['id']} is merged into {into}"


def _evidence(register, who: str, record: dict) -> str:
    """A sentence of something done is kept as evidence for what was promised before; as a commitment of its own it is rejected."""
    from comity.agreements import work

    told = _ask("  evidence for (ids, or the numbers shown)").replace(";", ",")
    offered = _outcomes(register, record)
    ids = [
        offered[int(one) - 1].identity if one.isdigit() and 0 < int(one) <= len(offered) else one
        for one in (part.strip() for part in told.split(","))
        if one
    ]
    if not ids:
        return ""
    with register.writing(who) as write:
        source = write.rows("sources", commitment=record["id"])[0]
        day = (record["due_end"] if record["strength"] == "done" else None) or record["said_on"]
        document = write.get(source["document"])
        made = work.support(
            write, ids, text=source["sentence"], date=day, source=document["source"], document=document["id"]
        )
        work.reject(write, record["id"], why=f"kept as evidence {made}")
    return f"{made} is evidence for {', '.join(ids)}"


def _grade(register, who: str, record: dict) -> str:
    from comity.agreements import work

    with register.writing(who) as write:
        work.edit(write, record["id"], grade=_ask("  vague, low, medium or verifiable", record["grade"] or ""))
    return ""


DOINGS = {"a": _accept, "r": _reject, "e": _edit, "s": _split, "m": _merge, "v": _evidence, "g": _grade}


# --- the screen -----------------------------------------------------------------------------------------------------------


def _alike(register, record: dict) -> list:
    from comity.agreements.matching import Index

    others = [
        one for one in register.rows("commitments", pair=record["pair"]) if one["decision"] in ("confirmed", "draft")
    ]
    return Index(others).like(record)


def _outcomes(register, record: dict) -> list:
    """Earlier promises that a sentence of something done may be evidence for."""
    from comity.agreements.matching import evidence_for

    return (
        evidence_for(record, register.rows("commitments", pair=record["pair"], decision="confirmed"))
        if record["strength"] == "done"
        else []
    )


def _shown(register, walk: Walk) -> dict:
    """Print one proposal; it fits 24 lines of 80 letters but for very long sentences."""
    identity = walk.drafts[walk.place]
    with register.reading() as read:
        record = read.get(identity)
        source = next(iter(read.rows("sources", commitment=identity)), None)
        document = read.get(source["document"]) if source else None
    if sys.stdout.isatty():
        click.clear()
    decided = "" if record["decision"] == "draft" else f"  [{record['decision']}]"
    click.echo(
        f"{walk.place + 1} of {len(walk.drafts)}  {identity}{decided}  {document['date'] or '' if document else ''}  {safe(document['title'])[:50] if document else ''}"
    )
    click.echo()
    if source:
        show.wrapped("  " + _marked(safe(source["sentence"]), source["cues"] or {}), indent="  ")
        click.echo()
    due = f"{record['due_start']} to {record['due_end']}" if record["due_end"] else "none"
    for name, value in (
        ("action", record["action"]), ("actors", ", ".join(record["actors"])), ("for", ", ".join(record["beneficiaries"]) or "both"),
        ("strength", record["strength"]), ("topic", record["topic"]), ("due", due), ("condition", record["condition"]), ("grade", record["grade"]),
    ):  # fmt: skip
        if value:
            show.wrapped(f"  {name:<10} {safe(value)}", indent=" " * 13)
    if source and source["confidence"] is not None:
        click.echo(f"  {'confidence':<10} {source['confidence']:.0%}")
    for number, one in enumerate(_outcomes(register, record), 1):
        other = register.get(one.identity)
        show.wrapped(
            f"  {number} may be evidence for {one.identity} of {other['said_on']}: {safe(other['action'])[:90]}",
            indent="      ",
        )
    for number, one in enumerate(_alike(register, record), 1) if record["strength"] != "done" else ():
        other = register.get(one.identity)
        show.wrapped(
            f"  {number} like {one.identity} ({one.score:.0%}, {other['decision']}): {safe(other['action'])[:100]}",
            indent="      ",
        )
    click.echo()
    for words in walk.said:
        show.wrapped(f"  {words}", indent="     ")
    click.echo(KEYS)
    return record


def _marked(text: str, cues: dict) -> str:
    """The deciding words underlined on a terminal, in brackets elsewhere."""
    cue = safe(cues.get("strength", "")).split(" … ")[-1]
    if not cue or cue not in text:
        return text
    return text.replace(cue, click.style(cue, bold=True, underline=True) if sys.stdout.isatty() else f"[{cue}]", 1)
