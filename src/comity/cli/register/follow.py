"""Following a commitment to its end: status, evidence, who answers, links, due days, targets, notes."""

from __future__ import annotations

import mimetypes
from pathlib import Path

import click

from comity.cli import show
from comity.cli.register.common import ON, REGISTER, WHO, WHY, checked_day, day, ids, opened, signed


def changing(command):
    """The options of every command that changes something."""
    for option in (WHY, WHO, REGISTER):
        command = option(command)
    return command


@click.command()
@click.argument("identity", metavar="ID")
@click.argument("state")
@changing
@click.option("--meeting", metavar="M", help="Meeting that confirms that it is done.")
@click.option("--by", metavar="TEXT", help="Or the record that does, in words.")
@click.option("--on", metavar="DATE", help="When it came to its end (day, month or year); default today.")
@click.option("--superseded-by", metavar="C", help="Commitment that stands in its place.")
def status(identity, state, url, who, why, meeting, by, on, superseded_by) -> None:
    """Move a commitment on: not started, minimum, "under way", done, lapsed, superseded, cancelled.

    The doer proposes done; --meeting or --by confirms it.
    """
    from comity.agreements import work

    with opened(url) as register, register.writing(signed(who), why) as write:
        outcome = work.set_status(
            write, identity, state, meeting=meeting, by=by, on=on or day(None), why=why, by_commitment=superseded_by
        )
    click.echo(
        f"{identity}: {state}"
        + (" is proposed; a meeting (--meeting M) or a record (--by TEXT) confirms it" if outcome == "proposed" else "")
    )


@click.command()
@click.argument("identities", metavar="ID[,ID]")
@changing
@click.option("--text", required=True, help="What it shows.")
@click.option("--date", required=True, metavar="DATE", help="When it happened: day, month or year.")
@click.option(
    "--kind", default="report", show_default=True, help="report, signed, launched, held, statement, not found, other."
)
@click.option("--source", metavar="URL", help="Where it stands.")
@click.option("--file", "path", type=click.Path(exists=True, dir_okay=False), help="A file to keep with it.")
def evidence(identities, url, who, why, text, date, kind, source, path) -> None:
    """Add evidence for one commitment or several (c3,c7)."""
    from comity.agreements import work

    with opened(url) as register, register.writing(signed(who), why) as write:
        kept = _kept(write, path) if path else None
        made = work.support(write, ids(identities), text=text, date=date, kind=kind, source=source, file=kept)
    click.echo(f"{made} entered for {identities}")


def _kept(write, path: str) -> str:
    from comity.agreements.files import MOST_BYTES
    from comity.errors import BadInput

    content = Path(path).read_bytes() if Path(path).stat().st_size <= MOST_BYTES else None
    if content is None:
        raise BadInput(f"{path} is longer than {MOST_BYTES // 2**20} MB. Keep a link to it instead: --source.")
    return write.keep_file(Path(path).name, content, mimetypes.guess_type(path)[0] or "application/octet-stream")


@click.command()
@click.argument("identity", metavar="ID")
@changing
@click.option("--end", metavar="DATE", required=True, help="Last day of the time promised; none takes it away.")
@click.option("--start", metavar="DATE", help="First day; default the last.")
@click.option("--phrase", metavar="TEXT", help="The words that set it.")
def due(identity, url, who, why, end, start, phrase) -> None:
    """Change the time promised. What it was before, who changed it and why are kept."""
    from comity.agreements import work
    from comity.errors import BadInput

    if not why:
        raise BadInput("A new due day needs a reason: --why.")
    gone = end == "none"
    values = {
        "due_end": None if gone else checked_day(end),
        "due_start": None if gone else checked_day(start or end),
        "due_phrase": phrase,
    }
    with opened(url) as register, register.writing(signed(who), why) as write:
        work.edit(write, identity, **values)
    click.echo(f"{identity}: due {'none' if gone else end}")


@click.command()
@click.argument("identity", metavar="ID")
@changing
@click.option("--side", required=True, metavar="KAZ", help="Which side.")
@click.option("--body", metavar="NAME", help="Ministry, authority, company.")
@click.option("--person", metavar="NAME")
@click.option("--office", metavar="TEXT", help="The person's post.")
@click.option("--since", metavar="DATE", help="From which day; whoever answered before does until then.")
def assign(identity, url, who, why, side, body, person, office, since) -> None:
    """Say which body and person answers for a commitment on a side."""
    from comity import places
    from comity.agreements import work

    with opened(url) as register, register.writing(signed(who), why) as write:
        made = work.assign(
            write, identity, side=places.country(side).alpha3, body=body, person=person, office=office, since=day(since)
        )
    click.echo(f"{made}: {', '.join(part for part in (person, office, body) if part)} answers for {identity}")


@click.command()
@click.argument("subject", metavar="A")
@click.argument("relation", required=False)
@click.argument("target", required=False, metavar="B")
@changing
@click.option("--same", metavar="B", help="A and B are the same promise: A is merged into B.")
@click.option("--yes", is_flag=True, help="Merge without asking.")
@click.option("--note", metavar="TEXT")
def link(subject, relation, target, url, who, why, same, yes, note) -> None:
    """Join two records: A renews B (a later promise of the same), A serves B, A resembles B (looked at, not the same)."""
    from comity.agreements import work
    from comity.agreements.records import RELATIONS
    from comity.errors import BadInput

    if not same and relation not in RELATIONS:
        raise BadInput(f"How do they hang together? {subject} {'|'.join(RELATIONS)} c7, or --same c7 to merge.")
    with opened(url) as register:
        if same:
            with register.reading() as read:
                pair = [work.commitment(read, identity) for identity in (subject, same)]
            for record in pair:
                show.wrapped(
                    f"{record['id']}: {record['action']} ({', '.join(record['actors'])}; {record['due_end'] or 'no date'})",
                    indent="    ",
                )
            if not yes:
                click.confirm(f"Merge {subject} into {same}?", abort=True, err=True)
        with register.writing(signed(who), why) as write:
            if same:
                work.merge(write, subject, same, why)
            else:
                work.link(write, subject, relation, target or "", note)
    click.echo(f"{subject} is merged into {same}" if same else f"{subject} {relation} {target}")


@click.command()
@click.argument("identity", metavar="ID")
@changing
@click.option("--name", metavar="TEXT", help="A new step of commitment ID.")
@click.option("--due", "due_day", metavar="DATE")
@click.option("--reached", metavar="DATE", help="Step ID (k3) was reached on this day.")
def milestone(identity, url, who, why, name, due_day, reached) -> None:
    """Add a step to a commitment (c3 --name TEXT --due DATE), or say that one was reached (k2 --reached DATE)."""
    from comity.agreements import work
    from comity.errors import BadInput

    if bool(name) == bool(reached):
        raise BadInput("Give --name for a new step of a commitment, or --reached for a step (k2).")
    with opened(url) as register, register.writing(signed(who), why) as write:
        if name:
            made = write.add("milestones", commitment=work.commitment(write, identity)["id"], name=name, due=due_day)
        else:
            write.change(identity, done_on=checked_day(reached))
            made = identity
    click.echo(f"{made}: {name or f'reached on {reached}'}")


@click.command()
@click.argument("identity", metavar="ID")
@changing
@click.option("--measure", required=True, metavar="TEXT", help="What is counted: bilateral trade a year.")
@click.option("--value", required=True, type=float)
@click.option("--unit", required=True, metavar="TEXT", help="USD million.")
@click.option("--by", "due_day", metavar="DATE")
@click.option("--baseline", type=float)
@click.option("--baseline-date", metavar="DATE")
def target(identity, url, who, why, due_day, **told) -> None:
    """Set a measured target of a commitment, with its baseline."""
    from comity.agreements import work

    with opened(url) as register, register.writing(signed(who), why) as write:
        record = work.commitment(write, identity)
        made = write.add("targets", commitment=identity, pair=record["pair"], due=due_day, **told)
    click.echo(f"{made}: {told['measure']} {told['value']:g} {told['unit']} by {due_day or 'no day'}")


@click.command()
@click.argument("identity", metavar="T")
@changing
@click.option("--value", required=True, type=float)
@click.option("--date", required=True, metavar="DATE", help="Day, month or year that the value is of.")
@click.option("--source", metavar="TEXT")
@click.option("--note", metavar="TEXT")
def actual(identity, url, who, why, value, date, source, note) -> None:
    """Enter a measured value of a target (t1)."""
    with opened(url) as register, register.writing(signed(who), why) as write:
        made = write.add("actuals", target=identity, value=value, date=date, source=source, note=note)
    click.echo(f"{made} entered for {identity}")


@click.command()
@click.argument("identity", metavar="ID")
@click.argument("text")
@changing
@ON
def note(identity, text, url, who, why, on) -> None:
    """Write a note about any record."""
    with opened(url) as register, register.writing(signed(who), why) as write:
        made = write.add("notes", about=identity, text=text, date=day(on))
    click.echo(f"{made} entered about {identity}")


@click.command()
@click.argument("identity", metavar="ID")
@click.argument("reason")
@changing
def delay(identity, reason, url, who, why) -> None:
    """Say why a commitment is late, in the doer's words."""
    from comity.agreements import work

    with opened(url) as register, register.writing(signed(who), why) as write:
        work.edit(write, identity, delay_reason=reason)
    click.echo(f"{identity}: {reason}")


@click.command()
@click.argument("identity", metavar="ID")
@changing
@click.option("--back", is_flag=True, help="Bring it back.")
def withdraw(identity, url, who, why, back) -> None:
    """Take a record back with a reason (--why). It is kept, and left out of lists."""
    from comity.agreements import work

    with opened(url) as register, register.writing(signed(who), why) as write:
        (work.bring_back if back else work.withdraw)(write, identity, why or "")
    click.echo(f"{identity} is {'back' if back else 'withdrawn'}")
