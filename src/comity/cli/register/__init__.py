"""`comity register`: what was promised, by whom, by when, and what came of it. One module for each sort of work."""

from __future__ import annotations

import importlib

import click

COMMANDS = {  # name: (module, one line of help)
    "init": ("enter", "Make an empty register."),
    "add": ("enter", "Read texts and propose their commitments, or enter one by hand."),
    "review": ("review", "Walk through the proposals: accept, edit, split, merge, reject."),
    "list": ("look", "Lists: overdue, due soon, stalled; by side, body, topic, meeting."),
    "show": ("look", "Everything about one record, with its history."),
    "search": ("look", "Find words in commitments, sentences, documents, evidence, notes."),
    "status": ("follow", "Move a commitment on; a meeting or record confirms that it is done."),
    "evidence": ("follow", "Add evidence for one commitment or several."),
    "due": ("follow", "Change the time promised; what it was is kept."),
    "assign": ("follow", "Who answers for a commitment on a side."),
    "link": ("follow", "Join records: renews, serves, resembles; or merge two that are the same."),
    "milestone": ("follow", "Add a step, or say that it was reached."),
    "target": ("follow", "A measured target and its baseline."),
    "actual": ("follow", "A measured value of a target."),
    "note": ("follow", "Write a note about any record."),
    "delay": ("follow", "Say why a commitment is late."),
    "withdraw": ("follow", "Take a record back, with a reason; it is kept."),
    "meeting": ("enter", "Enter a meeting, or list them."),
    "matrix": ("paper", "The matrix for the next session, as Excel, Word or data."),
    "promises": ("paper", "What was promised and what came of it, as the brief tells it."),
    "remind": ("paper", "Due days as a calendar (iCalendar)."),
    "import": ("enter", "Take in an existing list from Excel or CSV, or a register that was exported."),
    "export": ("keep", "The whole register as JSON Lines or a folder of CSV, without loss."),
    "verify": ("keep", "Prove that nothing was changed or lost."),
    "backup": ("keep", "A checked copy, while others go on writing."),
    "restore": ("keep", "Bring a copy back."),
    "migrate": ("keep", "Bring a register of an older Comity up to date."),
    "demo": ("paper", "The register that ships for a pair: a real history."),
}


class Lazy(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"comity.cli.register.{COMMANDS[name][0]}")
        return getattr(module, f"{name}_" if name in ("list", "import") else name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=Lazy)
def register() -> None:
    """The register of commitments: what was promised, by whom, by when, and what came of it.

    Begin with: comity register init; then add FOLDER, review, matrix KAZ-PAK --output matrix.xlsx. Ids are a letter and a
    number: c12 is a commitment, m3 a meeting, e5 evidence. Nothing is ever deleted.
    """
