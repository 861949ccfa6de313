"""What people do with a register: propose, decide, follow. Each function makes its changes in a transaction handed in.

`write` is a `comity.store.register.Writer`, `read` a Reader or Writer. All raise BadInput for what the rules forbid.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comity.agreements import rules
from comity.agreements.commitment import Commitment, Reading
from comity.agreements.records import kind_of
from comity.errors import BadInput

Record = Mapping[str, Any]
NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|dozen|hundred|million|billion)\b", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What came of a text: its document, new drafts, and how many were there already or had been rejected."""

    document: str
    new: tuple[str, ...]
    known: int
    rejected: int


def pair_of(parties: Sequence[str]) -> str:
    """Parties in the order of the alphabet: KAZ-PAK. Raises BadInput for fewer than two."""
    codes = sorted({party.strip().upper() for party in parties if party.strip()})
    if len(codes) < 2:
        raise BadInput("A promise is between two parties at least. Name them: --parties KAZ,PAK.")
    return "-".join(codes)


def fingerprint(sentence: str, action: str, actors: Sequence[str]) -> str:
    """A hash by which a proposal is known again; blanks and capitals make no difference."""
    told = "\n".join(" ".join(part.casefold().split()) for part in (sentence, action, ";".join(sorted(actors))))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32]


# --- entering -----------------------------------------------------------------------------------------------------------


def keep_document(write, *, text: str, title: str, parties: Sequence[str], **told: Any) -> str:
    """The id of a text's document, which is entered where the same text is not there yet.

    told : kind, date, source, licence, language, file (hash of the original), as far as known
    """
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    known = write.rows("documents", text_hash=digest)
    if known:
        return known[0]["id"]
    values = {"kind": "news", "language": "en"} | {name: value for name, value in told.items() if value is not None}
    return write.add(
        "documents",
        title=title[:300],
        pair=pair_of(parties),
        parties=sorted(parties),
        text=text,
        text_hash=digest,
        **values,
    )


def propose(write, reading: Reading, text: str, *, title: str, meeting: str | None = None, **told: Any) -> Proposed:
    """Enter a text that was read, and a draft for each commitment found in it that is not there yet.

    told : what is known of the document, see `keep_document`
    """
    day = reading.date.isoformat() if reading.date else None
    document = keep_document(write, text=text, title=title, parties=reading.parties, date=day, **told)
    pair = pair_of(reading.parties)
    new, known, rejected = [], 0, 0
    for one in reading.commitments:
        mark = fingerprint(one.sentence, one.action, one.actors)
        before = write.rows("commitments", withdrawn=True, fingerprint=mark)
        if before:
            known, rejected = known + 1, rejected + (before[0]["decision"] == "rejected")
            _also_in(write, before[0], one, document)
            continue
        new.append(_draft(write, one, pair, mark, document, day, meeting))
    return Proposed(document=document, new=tuple(new), known=known, rejected=rejected)


def _also_in(write, record: Record, one: Commitment, document: str) -> None:
    """The same sentence in another document is another source of the same commitment."""
    while record["decision"] == "merged":
        record = write.get(record["merged_into"])
    if record["decision"] == "rejected" or record["withdrawn"]:
        return
    there = {(source["document"], source["start"]) for source in write.rows("sources", commitment=record["id"])}
    if (document, one.start) not in there:
        write.add(
            "sources", commitment=record["id"], document=document, sentence=one.sentence, start=one.start, end=one.end,
            confidence=one.confidence, cues=one.cues,
        )  # fmt: skip


def _draft(write, one: Commitment, pair: str, mark: str, document: str, day: str | None, meeting: str | None) -> str:
    due = one.due
    made = write.add(
        "commitments", pair=pair, side=rules.side(one.actors, pair, side_of_body(write)), actors=one.actors, action=one.action,
        beneficiaries=one.beneficiaries, strength=one.strength, topic=one.topic, condition=one.condition or None,
        due_start=due and due.start, due_end=due and due.end, due_phrase=due and due.phrase or None, due_base=due and due.base,
        grade=grade(one.action, one.actors, due is not None), decision="draft", status="not started", said_on=day,
        meeting=meeting, fingerprint=mark,
    )  # fmt: skip
    write.add(
        "sources", commitment=made, document=document, sentence=one.sentence, start=one.start, end=one.end,
        confidence=one.confidence, cues=one.cues,
    )  # fmt: skip
    return made


def by_hand(
    write, *, pair: str, actors: Sequence[str], action: str, source: str | None = None, said_on=None, **told: Any
) -> str:
    """A commitment that a person enters: confirmed at once. `source` : the words it stands in, kept as a document of its own."""
    text = source or action
    actors = tuple(known_as(name) for name in actors)
    told["beneficiaries"] = tuple(known_as(name) for name in told.get("beneficiaries", ()))
    mark = fingerprint(f"{said_on or ''} {text}", action, actors)
    if write.rows("commitments", fingerprint=mark):
        raise BadInput(
            f"This commitment is in the register already: {write.rows('commitments', fingerprint=mark)[0]['id']}."
        )
    values = {"strength": "agreed", "topic": "other", "beneficiaries": (), "status": "not started"} | told
    address = values.pop("address", None)
    values.setdefault("grade", grade(action, actors, values.get("due_end") is not None))
    made = write.add(
        "commitments", pair=pair, side=rules.side(actors, pair, side_of_body(write)), actors=actors, action=action,
        decision="confirmed", said_on=said_on, fingerprint=mark, **values,
    )  # fmt: skip
    document = keep_document(
        write, text=text, title=f"Entry: {action}", parties=pair.split("-"), kind="other", date=said_on, source=address
    )
    write.add("sources", commitment=made, document=document, sentence=text, start=0, end=len(text))
    return made


def known_as(name: str) -> str:
    """A country by its alpha-3 whatever it was called; any other name as it is."""
    from comity.places.country import country_named

    found = country_named(name)
    return found.alpha3 if found else name.strip()


def side_of_body(read):
    """name -> country of a body that the register knows, as `rules.side` asks for it."""
    known = {body["name"].casefold(): body["side"] for body in read.rows("bodies")}
    return lambda name: known.get(name.casefold())


def grade(action: str, actors: Sequence[str], dated: bool, language: str = "en") -> str:
    """How specific a promise is, proposed by rule: act, measure or date, actor. A person may grade it otherwise."""
    from comity.agreements.reading.words import lexicon

    words = [word for word in re.findall(r"[^\W\d_]+", action.lower())]
    known = lexicon(language)
    vague = any("<vagueact>" in known.of(word) for word in words[:2])
    measured = NUMBER.search(action) is not None
    if vague and not (dated or measured):
        return "vague"
    if dated and actors and not vague:
        return "verifiable"
    return "medium" if dated or measured else "low"


# --- deciding -----------------------------------------------------------------------------------------------------------


def accept(write, identity: str, grade: str | None = None) -> None:
    """A draft is a commitment from now on."""
    write.change(commitment(write, identity)["id"], decision="confirmed", **({"grade": grade} if grade else {}))


def reject(write, identity: str, why: str | None = None) -> None:
    """A draft is none; it is remembered, so that it is not proposed again."""
    write.change(commitment(write, identity)["id"], decision="rejected", why=why)


def edit(write, identity: str, *, why: str | None = None, **fields: Any) -> None:
    """Change what was read; who is to act decides the side."""
    record = commitment(write, identity)
    if "actors" in fields:
        fields["side"] = rules.side(fields["actors"], record["pair"], side_of_body(write))
    write.change(identity, why=why, **fields)


def split(write, identity: str, actions: Sequence[str]) -> tuple[str, ...]:
    """One draft as several with the same source: the first keeps the id. Returns all ids."""
    record = commitment(write, identity)
    parts = [action.strip() for action in actions if action.strip()]
    if len(parts) < 2:
        raise BadInput("Splitting takes two actions at least.")
    sources = write.rows("sources", commitment=identity)
    edit(write, identity, action=parts[0], why="split")
    kept = ("pair", "side", "actors", "beneficiaries", "strength", "topic", "condition", "due_start", "due_end", "due_phrase",
            "due_base", "grade", "decision", "status", "said_on", "meeting")  # fmt: skip
    made = [identity]
    for action in parts[1:]:
        mark = fingerprint(sources[0]["sentence"] if sources else "", action, record["actors"])
        made.append(
            write.add(
                "commitments",
                action=action,
                fingerprint=mark,
                why=f"split from {identity}",
                **{name: record[name] for name in kept},
            )
        )
        for source in sources:
            _copy_source(write, source, made[-1])
    return tuple(made)


def merge(write, identity: str, into: str, why: str | None = None) -> None:
    """The same promise twice: the first gives its sources to the second and is merged. Evidence and links go along."""
    record, other = commitment(write, identity), commitment(write, into)
    if record["id"] == other["id"]:
        raise BadInput("A commitment is not merged into itself.")
    if other["decision"] == "merged":
        raise BadInput(f"{into} is merged itself, into {other['merged_into']}. Merge into that one.")
    if other["decision"] == "rejected" or other["withdrawn"]:
        raise BadInput(f"{into} is {'withdrawn' if other['withdrawn'] else 'rejected'}, so nothing is merged into it.")
    if other["pair"] != record["pair"]:
        raise BadInput(
            f"{identity} is of {record['pair']} and {into} of {other['pair']}; a promise is between the same parties."
        )
    reason = why or f"the same as {into}"
    _sources_to(write, identity, into)
    _hanging_to(write, identity, into, reason)
    if other["said_on"] and record["said_on"] and record["said_on"] < other["said_on"]:
        write.change(into, said_on=record["said_on"], why=reason)
    if other["status"] == "not started" and record["status"] != "not started" and other["decision"] == "confirmed":
        write.change(into, why=reason, **{name: record[name] for name in STATE})
    gone = dict.fromkeys(STATE) | {"status": "not started"}
    write.change(identity, decision="merged", merged_into=into, why=reason, **gone)


STATE = ("status", "proposed_status", "closed_on", "confirmed_in", "confirmed_by", "superseded_by")


def _sources_to(write, identity: str, into: str) -> None:
    there = {(source["document"], source["start"], source["end"]) for source in write.rows("sources", commitment=into)}
    for source in write.rows("sources", commitment=identity):
        if (source["document"], source["start"], source["end"]) not in there:
            _copy_source(write, source, into)


def _hanging_to(write, identity: str, into: str, why: str) -> None:
    """What hangs on one commitment hangs on another from now on: evidence, chains, bodies, steps, targets, notes."""
    for end, other_end in (("object", "subject"), ("subject", "object")):
        for link in write.rows("links", **{end: identity}):
            same = {end: into, other_end: link[other_end], "relation": link["relation"]}
            if link[other_end] == into or write.rows("links", **same):
                write.change(link["id"], withdrawn=True, why=why)
            else:
                write.change(link["id"], why=why, **{end: into})
    for kind, column in (
        ("responsible", "commitment"),
        ("milestones", "commitment"),
        ("targets", "commitment"),
        ("notes", "about"),
    ):
        for row in write.rows(kind, **{column: identity}):
            write.change(row["id"], why=why, **{column: into})


def revert(write, entries: Sequence[Any], why: str = "undone") -> None:
    """Take changes back, the last first: new records are withdrawn, changed columns get what they held before."""
    for entry in reversed(entries):
        if entry.before is None:
            if "withdrawn" in write.get(entry.record):
                write.change(entry.record, withdrawn=True, why=why)
        else:
            write.change(entry.record, why=why, **entry.before)


def _copy_source(write, source: Record, to: str) -> None:
    kept = ("document", "sentence", "start", "end", "confidence", "cues")
    write.add("sources", commitment=to, **{name: source[name] for name in kept})


# --- following ----------------------------------------------------------------------------------------------------------


def set_status(
    write, identity: str, status: str, *, meeting: str | None = None, by: str | None = None, on: str | None = None,
    why: str | None = None, by_commitment: str | None = None,
) -> str:  # fmt: skip
    """Move a commitment on. "done" without a meeting or record is only proposed. Returns "set" or "proposed".

    meeting, by : the meeting, or the record in words, that confirms it · on : day of the end · by_commitment : for superseded
    """
    record = commitment(write, identity)
    if status == "done" and not (meeting or by):
        write.change(identity, proposed_status="done", why=why)
        return "proposed"
    ends = status in rules.ENDS
    write.change(
        identity, status=status, proposed_status=None, why=why, superseded_by=by_commitment,
        closed_on=(on or record["closed_on"]) if ends else None,
        confirmed_in=meeting if status == "done" else None, confirmed_by=by if status == "done" else None,
    )  # fmt: skip
    return "set"


def support(write, commitments: Sequence[str], *, text: str, date: str, kind: str = "report", **told: Any) -> str:
    """Evidence that bears on one commitment or several; returns its id."""
    records = [commitment(write, identity) for identity in dict.fromkeys(commitments)]
    if not records:
        raise BadInput("Tell which commitments the evidence is for: c3, or c3,c7.")
    made = write.add("evidence", pair=records[0]["pair"], text=text, date=date, kind=kind, **told)
    for record in records:
        write.add("links", relation="supports", subject=made, object=record["id"])
    return made


def assign(
    write,
    identity: str,
    *,
    side: str,
    body: str | None = None,
    person: str | None = None,
    office: str | None = None,
    since=None,
) -> str:
    """Who answers for a commitment on a side, from a day on; whoever did before, does until then."""
    commitment(write, identity)
    for before in write.rows("responsible", commitment=identity, side=side):
        if before["until"] is None:
            write.change(before["id"], until=since)
    named = body and body_named(write, body, side)
    held = person and person_named(write, person, named, office)
    return write.add("responsible", commitment=identity, side=side, body=named, person=held, since=since)


def body_named(write, name: str, side: str) -> str:
    """The id of a body, which is entered where it is new."""
    known = next((body for body in write.rows("bodies", side=side) if body["name"].casefold() == name.casefold()), None)
    return known["id"] if known else write.add("bodies", name=name, side=side)


def person_named(write, name: str, body: str | None, office: str | None) -> str:
    """The id of a person, who is entered where new; a new post of the same person is a new record."""
    known = [one for one in write.rows("people") if one["name"].casefold() == name.casefold()]
    same = next(
        (one for one in known if (body is None or one["body"] == body) and (office is None or one["office"] == office)),
        None,
    )
    return same["id"] if same else write.add("people", name=name, body=body, office=office)


def link(write, subject: str, relation: str, target: str, note: str | None = None) -> str:
    """Join two records; the same link is made once."""
    known = write.rows("links", subject=subject, relation=relation, object=target)
    if known:
        return known[0]["id"]
    if relation == "renews" and subject in _renewed_from(write, target):
        raise BadInput(f"{target} renews {subject} already, so {subject} cannot renew {target}.")
    return write.add("links", subject=subject, relation=relation, object=target, note=note)


def _renewed_from(read, identity: str) -> set[str]:
    """Every earlier promise that a commitment renews, directly or through others."""
    seen: set[str] = set()
    waiting = [identity]
    while waiting:
        here = waiting.pop()
        for one in read.rows("links", subject=here, relation="renews"):
            if one["object"] not in seen:
                seen.add(one["object"])
                waiting.append(one["object"])
    return seen


def withdraw(write, identity: str, why: str) -> None:
    """Take a record back; it stays in the register."""
    write.change(identity, withdrawn=True, why=why)


def bring_back(write, identity: str, why: str) -> None:
    """Undo a withdrawal."""
    write.change(identity, withdrawn=False, why=why)


def commitment(read, identity: str) -> Record:
    """The commitment of an id. Raises BadInput where it is none."""
    if kind_of(identity) != "commitments":
        raise BadInput(f"{identity!r} is no commitment; their ids are c1, c2, c3 ...: comity register list.")
    return read.get(identity)


# --- all of one commitment ----------------------------------------------------------------------------------------------


def told(read, identity: str) -> dict[str, Any]:
    """A record with everything that hangs on it and all its changes, as plain values."""
    record = read.get(identity)
    kind = kind_of(identity) or "files"
    answer: dict[str, Any] = {"kind": kind, "record": record}
    if kind == "commitments":
        sources = read.rows("sources", commitment=identity)
        documents = {source["document"]: read.get(source["document"]) for source in sources}
        supports = [one["subject"] for one in read.rows("links", relation="supports", object=identity)]
        answer |= {
            "sources": [source | {"title": documents[source["document"]]["title"], "date": documents[source["document"]]["date"],
                                  "address": documents[source["document"]]["source"]} for source in sources],
            "evidence": sorted((read.get(one) for one in supports), key=lambda one: one["date"]),
            "renews": [one["object"] for one in read.rows("links", relation="renews", subject=identity)],
            "renewed_by": [one["subject"] for one in read.rows("links", relation="renews", object=identity)],
            "serves": [one["object"] for one in read.rows("links", relation="serves", subject=identity)],
            "responsible": [_named(read, one) for one in read.rows("responsible", commitment=identity)],
            "milestones": read.rows("milestones", commitment=identity),
            "targets": [target | {"actuals": read.rows("actuals", target=target["id"])} for target in read.rows("targets", commitment=identity)],
            "meeting": read.look(record["meeting"]) if record["meeting"] else None,
            "merged_here": [one["id"] for one in read.rows("commitments", merged_into=identity)],
        }  # fmt: skip
    answer["notes"] = read.rows("notes", about=identity)
    answer["history"] = [
        {"seq": one.seq, "at": one.at, "who": one.who, "why": one.why, "before": one.before, "after": one.after}
        for one in read.entries(identity)
    ]
    answer["dues"] = dues(answer["history"])
    return answer


def _named(read, one: Record) -> dict[str, Any]:
    body, person = (read.look(one[name]) if one[name] else None for name in ("body", "person"))
    return dict(one) | {
        "body_name": body and body["name"],
        "person_name": person and person["name"],
        "office": person and person["office"],
    }


def dues(history: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The due interval through time: each value with who set it, when and why."""
    found = []
    start = end = None
    for row in history:
        after = row["after"]
        if "due_start" in after or "due_end" in after:
            start, end = after.get("due_start", start), after.get("due_end", end)
            found.append({"start": start, "end": end, "at": row["at"], "who": row["who"], "why": row["why"]})
    return found
