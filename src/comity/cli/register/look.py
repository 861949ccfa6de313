"""Looking: lists, one record with all that hangs on it, words."""

from __future__ import annotations

import csv
import io

import click

from comity.cli import show as printed
from comity.cli.read import safe
from comity.cli.register.common import JSON, ON, REGISTER, day, opened, pair


@click.command("list")
@click.argument("parties", required=False, metavar="[PAIR]")
@REGISTER
@ON
@click.option("--overdue", is_flag=True, help="Time has passed without an end.")
@click.option("--due", "due_days", type=int, metavar="N", help="Due within N days.")
@click.option("--stalled", "stalled_months", type=int, metavar="N", help="Open, and no evidence for N months.")
@click.option("--never", is_flag=True, help="Never heard of again: no evidence at all.")
@click.option("--side", metavar="KAZ", help="Side that is to act: a country, both, other.")
@click.option("--body", metavar="NAME", help="Body that answers for it.")
@click.option("--topic")
@click.option("--meeting", metavar="M", help="Id of the meeting at which it was agreed.")
@click.option("--status", help="not started, minimum, under way, done, lapsed, superseded, cancelled.")
@click.option(
    "--decision", default="confirmed", show_default=True, help="draft, confirmed, rejected, merged; all for any."
)
@click.option("--strength", help="agreed, will, intends, interest, noted, done.")
@click.option("--grade", help="vague, low, medium, verifiable.")
@click.option("--words", metavar="TEXT", help="Full text.")
@click.option("--limit", default=50, show_default=True, help="Lines shown.")
@click.option("--offset", default=0, help="Lines left out at the beginning.")
@click.option("--csv", "wants_csv", is_flag=True, help="As CSV, cells made harmless for spreadsheets.")
@JSON
def list_(parties, url, on, wants_csv, wants_json, decision, **asked) -> None:
    """Commitments, those due first on top: overdue, due soon, stalled, by side, body, topic, meeting, words."""
    from comity.agreements.records import DECISIONS
    from comity.errors import BadInput
    from comity.store.lists import Asked, listed

    today = day(on)
    if decision not in (*DECISIONS, "all"):
        raise BadInput(f"--decision {decision!r} is none; it can be {', '.join(DECISIONS)}, all.")
    with opened(url) as register, register.reading() as read:
        if asked["meeting"]:
            read.get(asked["meeting"])
        found = listed(
            read,
            Asked(
                on=today,
                pair=pair(parties) if parties else None,
                decision=None if decision == "all" else decision,
                **_known(asked),
            ),
        )
        drafts = 0 if found.total else len(read.rows("commitments", decision="draft"))
    if wants_json:
        printed.as_json({"schema": "comity.list/1", "on": today, "total": found.total, "commitments": found.lines})
    elif wants_csv:
        click.echo(_csv(found.lines), nl=False)
    else:
        _table(found, asked, drafts)


def _known(asked: dict) -> dict:
    """Checks the words asked for, so that a slip is not an empty list."""
    from comity.agreements.records import CHOICES
    from comity.errors import BadInput

    if asked["side"] and asked["side"] not in ("both", "other"):
        from comity import places

        asked["side"] = places.country(asked["side"]).alpha3
    for name, choices in (("status", "statuses"), ("topic", "topics"), ("strength", "strengths"), ("grade", "grades")):
        if asked[name] and asked[name] not in CHOICES[choices]:
            raise BadInput(f"--{name} {asked[name]!r} is none; it can be {', '.join(CHOICES[choices])}.")
    if asked["limit"] < 1 or asked["offset"] < 0:
        raise BadInput("--limit is 1 or more, --offset 0 or more.")
    return asked


def _table(found, asked: dict, drafts: int) -> None:
    if not found.total:
        click.echo("Nothing fits.")
        if drafts:
            printed.talk(f"{drafts} proposals wait for a decision: comity register review.")
        return
    rows = []
    for line in found.lines:
        due = (
            f"{line['due_end']} ({line['days_overdue']} d late)"
            if line["days_overdue"]
            else line["due_end"] or line["due_phrase"] or "-"
        )
        state = line["status"] + (f" (says {line['proposed_status']})" if line["proposed_status"] else "")
        rows.append(
            [
                line["id"],
                line["pair"],
                line["side"],
                safe("; ".join(line["responsible"]))[:40] or "-",
                safe(line["action"])[:90],
                due,
                state,
                line["last_evidence"] or "-",
            ]
        )
    printed.listing(["id", "pair", "side", "who answers", "what", "due", "state", "last heard"], rows)
    if found.total > len(found.lines):
        printed.talk(
            f"{len(found.lines)} of {found.total}; more with --offset {asked['offset'] + len(found.lines)} or --limit."
        )


def _csv(lines) -> str:
    from comity.store.exchange import harmless
    from comity.store.tables import fields

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(list(lines[0]) if lines else [field.name for field in fields("commitments")])
    for line in lines:
        writer.writerow(
            [
                harmless("; ".join(value) if isinstance(value, tuple) else "" if value is None else str(value))
                for value in line.values()
            ]
        )
    return out.getvalue()


@click.command()
@click.argument("words", nargs=-1, required=True)
@REGISTER
@click.option("--limit", default=50, show_default=True)
@JSON
def search(words, url, limit, wants_json) -> None:
    """Find records that have all the WORDS; the last may be cut short."""
    with opened(url) as register:
        hits = register.search(" ".join(words), limit)
        records = [(kind, register.get(identity)) for kind, identity in hits]
    if wants_json:
        printed.as_json({"schema": "comity.search/1", "found": [{"kind": kind} | record for kind, record in records]})
        return
    if not records:
        click.echo("Nothing has all of these words.")
        return
    printed.listing(
        ["id", "kind", ""], [[record["id"], kind, safe(_line(kind, record))[:140]] for kind, record in records]
    )


def _line(kind: str, record: dict) -> str:
    for name in ("action", "sentence", "name", "title", "text", "measure"):
        if record.get(name):
            return f"{record['commitment']}: {record[name]}" if kind == "sources" else record[name]
    return ""


@click.command()
@click.argument("identity", metavar="ID")
@REGISTER
@JSON
def show(identity, url, wants_json) -> None:
    """Everything about one record: fields, sources, evidence, chain, who answers, and every change."""
    from comity.agreements.work import told

    with opened(url) as register, register.reading() as read:
        answer = told(read, identity)
    if wants_json:
        printed.as_json({"schema": "comity.record/1"} | answer)
        return
    record = answer["record"]
    if answer["kind"] == "commitments":
        _commitment(record, answer)
    else:
        _fields(record)
    _notes_and_history(answer)


def _fields(record: dict) -> None:
    for name, value in record.items():
        if value not in (None, "", (), False):
            printed.wrapped(
                f"{name:>16}  {safe('; '.join(value) if isinstance(value, tuple) else str(value))[:2000]}",
                indent=" " * 18,
            )


def _commitment(record: dict, answer: dict) -> None:
    printed.wrapped(f"{record['id']}  {safe(record['action'])}")
    printed.wrapped(
        f"    {', '.join(record['actors'])} for {', '.join(record['beneficiaries']) or 'both'}; {record['strength']}, {record['topic']}, "
        f"{record['grade'] or 'not graded'}; {record['decision']}"
    )
    state = (
        record["status"]
        + (f" on {record['closed_on']}" if record["closed_on"] else "")
        + (f"; the doer says {record['proposed_status']}" if record["proposed_status"] else "")
    )
    confirmed = record["confirmed_in"] or record["confirmed_by"]
    click.echo(f"    state: {state}" + (f", confirmed by {confirmed}" if confirmed else ""))
    if record["due_end"]:
        click.echo(f"    due: {record['due_start']} to {record['due_end']} ({record['due_phrase'] or ''})")
    for name, label in (
        ("condition", "condition"),
        ("delay_reason", "late because"),
        ("superseded_by", "superseded by"),
        ("merged_into", "merged into"),
    ):
        if record[name]:
            printed.wrapped(f"    {label}: {safe(record[name])}")
    if answer["meeting"]:
        click.echo(
            f"    agreed at: {answer['meeting']['id']} {safe(answer['meeting']['name'])}, {answer['meeting']['start']}"
        )
    for one in answer["sources"]:
        printed.wrapped(
            f"  source {one['document']} ({one['date'] or 'no date'}, {safe(one['title'])}), letters {one['start']}-{one['end']}: {safe(one['sentence'])}",
            indent="      ",
        )
    for one in answer["evidence"]:
        printed.wrapped(
            f"  evidence {one['id']}, {one['date']}, {one['kind']}: {safe(one['text'])} {one['source'] or ''}",
            indent="      ",
        )
    for name, label in (
        ("renews", "renews"),
        ("renewed_by", "renewed by"),
        ("serves", "serves"),
        ("merged_here", "merged in here"),
    ):
        if answer[name]:
            click.echo(f"  {label}: {', '.join(answer[name])}")
    for one in answer["responsible"]:
        names = ", ".join(part for part in (one["person_name"], one["office"], one["body_name"]) if part)
        click.echo(
            f"  answers for {one['side']}: {names} {one['since'] or ''}{'-' + one['until'] if one['until'] else ''}"
        )
    for one in answer["milestones"]:
        click.echo(f"  step {one['id']}: {safe(one['name'])}, due {one['due'] or '-'}, reached {one['done_on'] or '-'}")
    for one in answer["targets"]:
        click.echo(
            f"  target {one['id']}: {safe(one['measure'])} {one['value']:g} {one['unit']} by {one['due'] or '-'}; baseline {one['baseline'] or '-'}"
        )
        for actual in one["actuals"]:
            click.echo(f"    {actual['date']}: {actual['value']:g}  {safe(actual['note'] or '')}")
    if len(answer["dues"]) > 1:
        click.echo(
            "  due through time: " + " -> ".join(f"{one['end'] or 'none'} ({one['at'][:10]})" for one in answer["dues"])
        )


def _notes_and_history(answer: dict) -> None:
    for note in answer["notes"]:
        printed.wrapped(f"  note {note['id']}, {note['date']}: {safe(note['text'])}", indent="      ")
    click.echo("  changes:")
    for row in answer["history"]:
        what = (
            "entered"
            if row["before"] is None
            else ", ".join(
                f"{name}: {_short(row['before'][name])} -> {_short(value)}" for name, value in row["after"].items()
            )
        )
        printed.wrapped(
            f"    {row['seq']:>6}  {row['at'][:16]}  {row['who']}  {what}{' (' + row['why'] + ')' if row['why'] else ''}",
            indent="            ",
        )


def _short(value) -> str:
    return safe(str(value))[:40]
