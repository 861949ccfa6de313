"""On paper: the matrix, the answer that the brief tells, reminders, and the register that ships."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli import show
from comity.cli.read import safe
from comity.cli.register.common import JSON, ON, REGISTER, day, opened, pair
from comity.errors import BadInput


@click.command()
@click.argument("parties", metavar="PAIR")
@REGISTER
@ON
@click.option("--meeting", metavar="M", help="Only what was agreed at this meeting.")
@click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="FILE.xlsx or FILE.docx.")
@JSON
def matrix(parties, url, on, meeting, output, wants_json) -> None:
    """The matrix for the next session of PAIR (KAZ-PAK): what was agreed, state, evidence, carry over, per cent done."""
    from comity.agreements.book import book
    from comity.agreements.matrix import matrix as made_of

    today, code = day(on), pair(parties)
    if output and not output.endswith((".xlsx", ".docx")):
        raise BadInput(f"--output {output} is FILE.xlsx or FILE.docx.")
    with opened(url) as register, register.reading() as read:
        if meeting:
            read.get(meeting)
        whole = book(read, code)
        drafts = len(read.rows("commitments", pair=code, decision="draft"))
    made = made_of(whole, today, meeting)
    if not made.total.counted and not made.total.apart:
        hint = (
            f" {drafts} proposals wait for a decision: comity register review {code}."
            if drafts
            else " Enter some: comity register add FOLDER."
        )
        raise BadInput(f"The register has no commitments of {code}.{hint}")
    if output:
        _written(made, whole, output, meeting)
    if wants_json:
        show.as_json(made.to_json())
    elif not output:
        _told(made)


def _written(made, whole, output: str, meeting: str | None) -> None:
    from comity import places
    from comity.agreements.matrix_excel import excel
    from comity.agreements.matrix_word import word
    from comity.routing.export import save

    names = tuple(places.country(code).short if len(code) == 3 else code for code in made.pair.split("-"))
    title = f"Implementation of what {' and '.join(names)} agreed"
    of = (
        f"agreed at {whole.meetings[meeting]['name']}"
        if meeting and meeting in whole.meetings
        else "all sessions, the newest first"
    )
    if output.endswith(".xlsx"):
        content = excel(made, title, _evidence(whole))
    else:
        content = word(made, title, f"State on {made.on}; {of}", (names[0], names[-1]))
    save(Path(output), content)
    show.talk(
        f"written: {output}. Later, `comity register verify --against {made.head}` proves that nothing in it was changed."
    )


def _evidence(whole) -> list[dict]:
    found: dict[str, dict] = {}
    for identity, rows in whole.evidence.items():
        for row in rows:
            found.setdefault(row["id"], {**row, "for": []})["for"].append(identity)
    return sorted(found.values(), key=lambda row: (row["date"], row["id"]))


def _told(made) -> None:
    total = made.total
    show.wrapped(
        f"{made.pair} on {made.on}: {total.done} of {total.counted} done ({_percent(total)}), {total.overdue} overdue, "
        f"{total.never} never heard of."
    )
    show.listing(["by session", "counted", "done", "", "overdue", "never heard of"], [
        [one.name, one.counted, one.done, _percent(one), one.overdue, one.never] for one in (*made.by_session, *made.by_side, *made.by_topic)
    ])  # fmt: skip
    click.echo()
    for session, rows in made.groups:
        show.wrapped(session, indent="  ")
        show.listing(["no.", "id", "what", "who", "due", "state"], [
            [row.number, row.id, safe(row.commitment)[:70], row.who[:24], row.due, row.state + (f" {row.days_overdue} d" if row.days_overdue else "")] for row in rows
        ])  # fmt: skip
        click.echo()


def _percent(share) -> str:
    return "-" if share.percent is None else f"{share.percent} %"


@click.command()
@click.argument("parties", metavar="PAIR")
@REGISTER
@ON
@JSON
def promises(parties, url, on, wants_json) -> None:
    """What PAIR promised each other and what came of it: per cent done, overdue, what to raise, chains of promise to outcome."""
    from comity.agreements.book import book
    from comity.agreements.promises import promises as told

    with opened(url) as register, register.reading() as read:
        answer = told(book(read, pair(parties)), day(on))
    show.as_json(answer) if wants_json else told_promises(answer)


def told_promises(answer: dict) -> None:
    """Print an answer of the shape comity.promises/1."""
    total = answer["total"]
    show.wrapped(
        f"{answer['pair']} on {answer['on']}: {total['done']} of {total['counted']} promises done ({total['percent'] or 0} %), "
        f"{total['overdue']} overdue, {total['never']} never heard of."
    )
    click.echo()
    for chain in answer["chains"]:
        branch = f"  (branches from: {safe(chain['branches_from'])})" if chain["branches_from"] else ""
        show.wrapped(f"{safe(chain['title'])}: {chain['state'].upper()}{branch}", indent="    ")
        for one in chain["promises"]:
            due = f", for {_when(one)}" if one["due_end"] or one["due_phrase"] else ""
            show.wrapped(
                f"    {one['said_on'] or '?':<10}  {one['id']:<5} {one['strength']}: {safe(one['action'])}{due}",
                indent=" " * 22,
            )
        for one in chain["outcomes"]:
            show.wrapped(f"    {one['date']:<10}  ====> {safe(one['text'])}", indent=" " * 22)
        click.echo()
    if answer["to_raise"]:
        click.echo("To raise:")
        for number, one in enumerate(answer["to_raise"], 1):
            late = f", {one['days_overdue']} days" if one["days_overdue"] else ""
            told = f"{safe(one['action'])} ({', '.join(one['reasons'])}{late})"
            show.wrapped(f"{number:>4}  {one['id']:<5} {told}", indent=" " * 12)


def _when(one: dict) -> str:
    if not one["due_end"]:
        return f'"{one["due_phrase"]}"'
    return one["due_end"] if one["due_start"] == one["due_end"] else f"{one['due_start']} to {one['due_end']}"


@click.command()
@click.argument("parties", metavar="PAIR")
@REGISTER
@ON
@click.option("--output", type=click.Path(dir_okay=False), required=True, metavar="FILE.ics")
def remind(parties, url, on, output) -> None:
    """Due days and meetings of PAIR as a calendar; entries keep their identity, so that a new export brings old ones up to date."""
    from comity.agreements.book import book
    from comity.agreements.reminders import calendar
    from comity.routing.export import save

    with opened(url) as register, register.reading() as read:
        whole = book(read, pair(parties))
        content = calendar(whole, read.head().register, day(on), read.changes(pair(parties)))
    save(Path(output), content)
    show.talk(f"written: {output}, {content.count(b'BEGIN:VEVENT')} entries")


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--register", "url", metavar="FILE", help="Keep it in this new file, to work with.")
@ON
@JSON
def demo(a, b, url, on, wants_json) -> None:
    """The register that ships for a pair, and the history it tells: kept, late, never heard of again."""
    from comity.agreements.book import book
    from comity.agreements.promises import promises as told
    from comity.store.shipped import pairs, shipped

    code = pair(f"{a}-{b}")
    if code not in pairs():
        raise BadInput(
            f"No register ships for {code}; there is one for {', '.join(pairs())}. Begin your own: comity register init."
        )
    with shipped(code, url) as register, register.reading() as read:
        answer = told(book(read, code), day(on))
    show.as_json(answer) if wants_json else told_promises(answer)
    if url:
        show.talk(f"kept in {url}: comity register list --register {url}")
