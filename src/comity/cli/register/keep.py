"""Keeping: export, proof, copies, schema."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli import show
from comity.cli.register.common import JSON, REGISTER, opened


@click.command()
@click.argument("path", type=click.Path(), metavar="FILE.jsonl|FOLDER")
@REGISTER
def export(path, url) -> None:
    """Write the whole register, without loss: FILE.jsonl (or .jsonl.gz), or a FOLDER of CSV. `import` takes it in again."""
    from comity.store import exchange

    with opened(url) as register:
        write = exchange.export_lines if path.endswith((".jsonl", ".jsonl.gz")) else exchange.export_folder
        head = write(register, Path(path))
    click.echo(f"{path}: {head.seq} changes, head {head}")


@click.command()
@REGISTER
@click.option(
    "--against", metavar="HEAD", help="A head noted earlier, 1234:4f3a9c0d12e45678, as a printed matrix has it."
)
@JSON
def verify(url, against, wants_json) -> int:
    """Prove that nothing was changed or lost. Leaves with 1 where something is wrong."""
    from comity.store.verify import verify as checked

    with opened(url) as register:
        report = checked(register, against)
    if wants_json:
        show.as_json(report.to_json())
    elif report.whole:
        click.echo(
            f"whole: {report.changes:,} changes of {report.records:,} records, {report.files:,} files; head {report.head}"
        )
    else:
        for fault in report.faults:
            show.wrapped(f"fault: {fault}", indent="    ")
        show.talk("Keep the file as it is, and bring back the last good copy: comity register restore COPY.")
    return 0 if report.whole else 1


@click.command()
@click.argument("path", type=click.Path(dir_okay=False), metavar="COPY")
@REGISTER
def backup(path, url) -> None:
    """Make a checked copy while others go on writing: an SQLite file, or NAME.jsonl.gz for either database."""
    from comity.store.backup import backup as copied

    with opened(url) as register:
        head = copied(register, Path(path))
    click.echo(f"{path}: {head.seq} changes, checked; head {head}")


@click.command()
@click.argument("path", type=click.Path(dir_okay=False), metavar="COPY")
@REGISTER
def restore(path, url) -> None:
    """Bring a copy back. It is checked first; a register that stands there is moved aside, never written over."""
    from comity.settings import register_url
    from comity.store.backup import restore as brought
    from comity.store.register import hidden

    head, aside = brought(Path(path), url or register_url())
    click.echo(f"{hidden(url or register_url())}: {head.seq} changes, checked; head {head}")
    if aside:
        show.talk(f"What stood there is kept as {aside}.")


@click.command()
@REGISTER
@click.option("--search", "search_again", is_flag=True, help="Only make the search index anew.")
def migrate(url, search_again) -> None:
    """Bring a register of an older Comity up to date; a copy is made first."""
    from comity.settings import register_url
    from comity.store import migrate as steps

    if search_again:
        from comity.store import search

        with opened(url) as register, register.connected(writes=True) as connection:
            search.again(connection)
        click.echo("the search index is made anew")
        return
    here, now, copy = steps.up(url or register_url())
    click.echo(f"schema {here} -> {now}" if here != now else f"schema {now} already")
    if copy:
        show.talk(f"The register as it was is kept as {copy}.")
