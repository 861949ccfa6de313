"""Lists of commitments: what is overdue, due soon, stalled; by side, body, topic, meeting. Two statements each, however large."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from comity.agreements.book import days_overdue
from comity.agreements.records import ENDS
from comity.store import search
from comity.store.register import Reader
from comity.store.tables import TABLES, kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list should hold; None asks nothing.

    overdue : time passed without an end, on the day `on` · due_days : due within so many days from it
    stalled_months : confirmed and open, and no evidence within so many months before it
    never : no evidence at all · words : full text, in the commitment, its sentences or what is written about it
    """

    on: str
    pair: str | None = None
    overdue: bool = False
    due_days: int | None = None
    stalled_months: int | None = None
    never: bool = False
    side: str | None = None
    body: str | None = None
    topic: str | None = None
    meeting: str | None = None
    status: str | None = None
    decision: str | None = "confirmed"
    strength: str | None = None
    grade: str | None = None
    words: str | None = None
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Lines in order of their due days, and how many there are in all."""

    total: int
    lines: tuple[dict[str, Any], ...]


def listed(read: Reader, asked: Asked) -> Listed:
    """The commitments asked for, each with sources, evidence, last_evidence, days_overdue, responsible."""
    table = TABLES["commitments"]
    c: Any = table.c
    where = _conditions(read, asked)
    total = read.connection.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar() or 0
    order = (c.due_end.is_(None), c.due_end, c.number)
    page = sa.select(table).where(*where).order_by(*order).limit(asked.limit).offset(asked.offset)
    lines = read.select(page)
    return Listed(total=total, lines=tuple(_with_more(read, lines, asked.on)))


def _conditions(read: Reader, asked: Asked) -> list[sa.ColumnElement[bool]]:
    c: Any = TABLES["commitments"].c
    where: list[Any] = [kept(TABLES["commitments"])]
    for name in ("pair", "topic", "meeting", "status", "decision", "strength", "grade", "side"):
        value = getattr(asked, name)
        if value is not None:
            where.append(c[name] == value)
    still = c.status.not_in(ENDS)
    if asked.overdue:
        where += [c.due_end < asked.on, still]
    if asked.due_days is not None:
        last = (date.fromisoformat(asked.on) + timedelta(days=asked.due_days)).isoformat()
        where += [c.due_end >= asked.on, c.due_end <= last, still]
    if asked.stalled_months is not None:
        day = date.fromisoformat(asked.on) - timedelta(days=round(30.44 * asked.stalled_months))
        where += [still, ~_evidence(since=day.isoformat()), sa.func.coalesce(c.said_on, "") < day.isoformat()]
    if asked.never:
        where.append(~_evidence())
    if asked.body is not None:
        where.append(c.id.in_(_answered_for_by(asked.body)))
    if asked.words is not None:
        where.append(c.id.in_(_with_words(read, asked.words)))
    return where


def _evidence(since: str | None = None) -> sa.Exists:
    """Whether there is evidence for the commitment of the row, from a day on."""
    links, evidence, commitments = TABLES["links"], TABLES["evidence"], TABLES["commitments"]
    found = sa.exists().where(
        links.c.object == commitments.c.id, links.c.relation == "supports", kept(links),
        evidence.c.id == links.c.subject, kept(evidence),
    )  # fmt: skip
    return found.where(evidence.c.date >= since) if since else found


def _answered_for_by(body: str) -> sa.Select:
    responsible, bodies = TABLES["responsible"], TABLES["bodies"]
    named = sa.select(bodies.c.id).where((bodies.c.id == body) | (sa.func.lower(bodies.c.name) == body.lower()))
    return sa.select(responsible.c.commitment).where(responsible.c.body.in_(named), responsible.c.until.is_(None))


def _with_words(read: Reader, words: str) -> list[str]:
    """Ids of the commitments found by words: their own, those of their sentences, of evidence and notes."""
    found: set[str] = set()
    by_kind: dict[str, list[str]] = {}
    from comity.agreements.records import KINDS

    for kind, number in search.found(read.connection, words, 2000):
        by_kind.setdefault(kind, []).append(f"{KINDS[kind]}{number}")
    found.update(by_kind.get("commitments", ()))
    for kind, table, key, column in (
        ("sources", "sources", "id", "commitment"), ("evidence", "links", "subject", "object"), ("notes", "notes", "id", "about"),
        ("targets", "targets", "id", "commitment"),
    ):  # fmt: skip
        if kind in by_kind:
            t = TABLES[table]
            found.update(
                row[0] for row in read.connection.execute(sa.select(t.c[column]).where(t.c[key].in_(by_kind[kind])))
            )
    return sorted(found - {None})


def _with_more(read: Reader, lines: list[dict[str, Any]], on: str) -> list[dict[str, Any]]:
    """Lines with what hangs on them, for the page alone."""
    if not lines:
        return []
    ids = [line["id"] for line in lines]
    sources, links, evidence = TABLES["sources"], TABLES["links"], TABLES["evidence"]
    counted: dict[str, int] = dict(
        read.connection.execute(
            sa.select(sources.c.commitment, sa.func.count())
            .where(sources.c.commitment.in_(ids), kept(sources))
            .group_by(sources.c.commitment)
        ).all()
    )  # type: ignore[arg-type]
    joined = (
        sa.select(links.c.object, sa.func.count(), sa.func.max(evidence.c.date))
        .where(
            kept(links),
            links.c.object.in_(ids),
            links.c.relation == "supports",
            evidence.c.id == links.c.subject,
            kept(evidence),
        )
        .group_by(links.c.object)
    )
    shown = {row[0]: (row[1], row[2]) for row in read.connection.execute(joined)}
    answers = _answering(read, ids)
    for line in lines:
        many, last = shown.get(line["id"], (0, None))
        line |= {
            "sources": counted.get(line["id"], 0), "evidence": many, "last_evidence": last,
            "days_overdue": days_overdue(line, on), "responsible": answers.get(line["id"], ()),
        }  # fmt: skip
    return lines


def _answering(read: Reader, ids: list[str]) -> dict[str, tuple[str, ...]]:
    """Who answers for each commitment today: the body, else the person."""
    responsible, bodies, people = TABLES["responsible"], TABLES["bodies"], TABLES["people"]
    asked = (
        sa.select(responsible.c.commitment, sa.func.coalesce(bodies.c.name, people.c.name))
        .select_from(
            responsible.outerjoin(bodies, bodies.c.id == responsible.c.body).outerjoin(
                people, people.c.id == responsible.c.person
            )
        )
        .where(responsible.c.commitment.in_(ids), responsible.c.until.is_(None), kept(responsible))
        .order_by(responsible.c.number)
    )
    found: dict[str, tuple[str, ...]] = {}
    for commitment, name in read.connection.execute(asked):
        if name:
            found[commitment] = (*found.get(commitment, ()), name)
    return found
