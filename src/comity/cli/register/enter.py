"""Entering: a new register, texts, commitments by hand, meetings, existing lists."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli import show
from comity.cli.register.common import JSON, REGISTER, WHO, WHY, checked_day, opened, pair, parts, signed


@click.command()
@REGISTER
def init(url) -> None:
    """Make an empty register: a file of yours, or the tables in a PostgreSQL database."""
    with opened(url, create=True) as made:
        click.echo(f"register {made.url}: {made.head().seq} changes so far")
    show.talk("Next: comity register add FOLDER (press releases, protocols), or comity register import LIST.xlsx.")


@click.command()
@click.argument("path", required=False, metavar="[FILE|FOLDER|-]")
@REGISTER
@WHO
@WHY
@click.option("--date", metavar="DATE", help="Day of the text.")
@click.option("--parties", metavar="A,B", help="Countries it is between.")
@click.option("--language", default="en", show_default=True)
@click.option(
    "--index",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="CSV with id, date, country_a, country_b of each text.",
)
@click.option(
    "--kind",
    default="news",
    show_default=True,
    help="protocol, statement, agreement, press release, news, list, letter, other.",
)
@click.option("--source", metavar="TEXT", help="Address, or where the text came from.")
@click.option("--licence", metavar="TEXT", help="Under what it may be passed on.")
@click.option("--meeting", metavar="M", help="Id of the meeting at which it was agreed.")
@click.option("--action", metavar="TEXT", help="Enter one commitment by hand: what is to be done.")
@click.option("--actors", metavar="A;B", help="By hand: who is to act.")
@click.option("--for", "beneficiaries", metavar="A;B", help="By hand: for whom.")
@click.option("--strength", default="agreed", show_default=True, help="By hand.")
@click.option("--topic", default="other", show_default=True, help="By hand.")
@click.option("--due", metavar="DATE[/DATE]", help="By hand: last day, or first and last.")
@click.option("--sentence", metavar="TEXT", help="By hand: the words of the promise.")
@click.option("--said", metavar="DATE", help="By hand: when it was said.")
@JSON
def add(path, url, who, why, wants_json, action, **told) -> None:
    """Read texts and propose their commitments (drafts for `review`), or enter one by hand with --action."""
    from comity.errors import BadInput

    if (path is None) == (action is None):
        raise BadInput("Give a FILE or FOLDER to read, or --action with --actors and --parties to enter one by hand.")
    with opened(url) as register:
        answer = (
            _by_hand(register, signed(who), why, action, told)
            if action
            else _texts(register, path, signed(who), why, told)
        )
    if wants_json:
        show.as_json(answer)
    elif action:
        click.echo(f"{answer['id']} entered")
    else:
        _report(answer)


def _by_hand(register, who: str, why: str | None, action: str, told: dict) -> dict:
    from comity.agreements import work

    start, _, end = (told["due"] or "").partition("/")
    due = (
        {"due_start": checked_day(start), "due_end": checked_day(end or start), "due_phrase": told["due"]}
        if start
        else {}
    )
    with register.writing(who, why) as write:
        made = work.by_hand(
            write, pair=pair(told["parties"] or ""), actors=parts(told["actors"]), action=action, source=told["sentence"],
            said_on=told["said"], beneficiaries=parts(told["beneficiaries"]), strength=told["strength"], topic=told["topic"],
            meeting=told["meeting"], address=told["source"], **due,
        )  # fmt: skip
    return {"schema": "comity.added/1", "id": made}


def _texts(register, path: str, who: str, why: str | None, told: dict) -> dict:
    """Each text in a transaction of its own, so that what is entered stays entered."""
    from comity.agreements import work
    from comity.cli.read import index_of, readings_of
    from comity.errors import BadInput

    known = index_of(path, told["index"], None)
    texts, refused = [], []
    for reading, not_read, text in readings_of(path, known, told["date"], told["parties"], told["language"]):
        if not_read:
            refused.append(not_read)
            continue
        try:
            with register.writing(who, why or f"read from {Path(reading.file).name}") as write:
                found = work.propose(
                    write, reading, text.text, title=_title(reading, text), kind=told["kind"], source=told["source"] or reading.file,
                    licence=told["licence"], language=told["language"], meeting=told["meeting"],
                    file=write.keep_file(Path(reading.file).name, text.original, text.media_type) if text.original else None,
                )  # fmt: skip
        except BadInput as fault:
            refused.append({"file": reading.file, "why": str(fault)})
            continue
        texts.append(
            {
                "file": reading.file,
                "document": found.document,
                "new": list(found.new),
                "known": found.known,
                "rejected": found.rejected,
            }
        )
    return {"schema": "comity.added/1", "texts": texts, "refused": refused}


def _title(reading, text) -> str:
    """The first line where it is short, as titles are; else the file's name."""
    first = next((line.strip("# ").strip() for line in text.text.splitlines() if line.strip()), "")
    return first if 0 < len(first) <= 120 and not first.endswith(".") else Path(reading.file).stem


def _report(answer: dict) -> None:
    texts = answer["texts"]
    new, known = sum(len(one["new"]) for one in texts), sum(one["known"] for one in texts)
    rejected = sum(one["rejected"] for one in texts)
    click.echo(
        f"{len(texts)} text{'s' * (len(texts) != 1)} read, {new} commitment{'s' * (new != 1)} proposed, {known} known already ({rejected} of them rejected)"
    )
    for one in answer["refused"]:
        show.wrapped(f"not read: {one['why']}")
    show.talk("Next: comity register review." if new else "Next: comity register list, or matrix.")


@click.command()
@click.argument("name", required=False)
@REGISTER
@WHO
@WHY
@click.option("--parties", metavar="A,B", help="Who met.")
@click.option(
    "--kind",
    default="commission",
    show_default=True,
    help="commission, visit, forum, consultation, working group, summit, call, other.",
)
@click.option("--session", type=int, help="Number of the session.")
@click.option("--start", metavar="DATE", help="First day (or month, or year).")
@click.option("--end", metavar="DATE", help="Last day.")
@click.option("--place", metavar="CITY")
@click.option("--source", metavar="TEXT")
@JSON
def meeting(name, url, who, why, parties, wants_json, **told) -> None:
    """Enter a meeting (NAME --parties A,B --start DATE), or list the meetings."""
    from comity.agreements.work import pair_of

    with opened(url) as register:
        if name:
            code = pair(parties or "")
            with register.writing(signed(who), why) as write:
                made = write.add("meetings", name=name, pair=pair_of(code.split("-")), parties=code.split("-"), **told)
            show.as_json({"id": made}) if wants_json else click.echo(f"{made} entered")
            return
        rows = register.rows("meetings", **({"pair": pair(parties)} if parties else {}))
    if wants_json:
        show.as_json({"schema": "comity.meetings/1", "meetings": rows})
        return
    rows.sort(key=lambda row: row["start"])
    show.listing(["id", "when", "pair", "kind", "no.", "meeting", "place"], [
        [row["id"], row["start"], row["pair"], row["kind"], row["session"] or "", row["name"], row["place"] or ""] for row in rows
    ])  # fmt: skip


@click.command("import")
@click.argument("path", type=click.Path(exists=True), metavar="FILE|FOLDER")
@REGISTER
@WHO
@WHY
@click.option(
    "--map", "maps", multiple=True, metavar="COLUMN=HEADER", help="Which column of the list is which; several times."
)
@click.option(
    "--map-file",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE.toml",
    help="The same, and words for states, from a file.",
)
@click.option("--parties", metavar="A,B", help="Pair of rows that do not tell it.")
@click.option("--sheet", metavar="NAME", help="Sheet of an Excel file; default the first.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, and write nothing.")
@JSON
def import_(path, url, who, why, maps, map_file, parties, sheet, dry_run, wants_json) -> None:
    """Take in an existing list (Excel, CSV), or a whole register that was exported (JSON Lines, folder of CSV).

    A list: one row is one record. Columns are found by their headers, or told with --map action="What was agreed". A
    second import of the same rows makes nothing new.
    """
    from comity.agreements import lists_in
    from comity.store import exchange

    if exchange.is_export(Path(path)):
        with opened(url, create=True) as register:
            head = exchange.taken_in(register, Path(path))
        click.echo(f"the whole register is taken in: {head.seq} changes, head {head}")
        return
    table = lists_in.table(Path(path), sheet)
    columns = lists_in.columns(
        table.header, dict(part.partition("=")[::2] for part in maps), Path(map_file) if map_file else None
    )
    with opened(url) as register:
        outcome = lists_in.taken_in(
            register, table, columns, who=signed(who), why=why, pair=pair(parties) if parties else None, dry_run=dry_run
        )
    if wants_json:
        show.as_json(outcome.to_json())
        return
    show.wrapped("columns: " + ", ".join(f"{name} = {header!r}" for name, header in columns.told.items()))
    for line in outcome.lines[:40] if dry_run else ():
        show.wrapped(f"  row {line.row}: {line.what}", indent="      ")
    more = len(outcome.lines) - 40
    if dry_run and more > 0:
        click.echo(f"  ... and {more} more")
    click.echo(f"{'would be' if dry_run else ''} {outcome.summary}".strip())
    show.talk(
        "Nothing is written; leave --dry-run away to take it in."
        if dry_run
        else "Next: comity register list, or matrix."
    )
