"""`comity register`: what was promised, by whom, by when, and what came of it. One module for each sort of work."""

from __future__ import annotations

import click

from comity.cli.lazy import Lazy

COMMANDS = {  # name: (module, one line of help)
    "init": ("comity.cli.register.enter", "Make an empty register."),
    "add": ("comity.cli.register.enter", "Read texts and propose their commitments, or enter one by hand."),
    "review": ("comity.cli.register.review", "Walk through the proposals: accept, edit, split, merge, reject."),
    "list": ("comity.cli.register.look", "Lists: overdue, due soon, stalled; by side, body, topic, meeting."),
    "show": ("comity.cli.register.look", "Everything about one record, with its history."),
    "search": ("comity.cli.register.look", "Find words in commitments, sentences, documents, evidence, notes."),
    "status": ("comity.cli.register.follow", "Move a commitment on; a meeting or record confirms that it is done."),
    "evidence": ("comity.cli.register.follow", "Add evidence for one commitment or several."),
    "due": ("comity.cli.register.follow", "Change the time promised; what it was is kept."),
    "assign": ("comity.cli.register.follow", "Who answers for a commitment on a side."),
    "link": ("comity.cli.register.follow", "Join records: renews, serves, resembles; or merge two that are the same."),
    "milestone": ("comity.cli.register.follow", "Add a step, or say that it was reached."),
    "target": ("comity.cli.register.follow", "A measured target and its baseline."),
    "actual": ("comity.cli.register.follow", "A measured value of a target."),
    "note": ("comity.cli.register.follow", "Write a note about any record."),
    "delay": ("comity.cli.register.follow", "Say why a commitment is late."),
    "withdraw": ("comity.cli.register.follow", "Take a record back, with a reason; it is kept."),
    "meeting": ("comity.cli.register.enter", "Enter a meeting, or list them."),
    "matrix": ("comity.cli.register.paper", "The matrix for the next session, as Excel, Word or data."),
    "promises": ("comity.cli.register.paper", "What was promised and what came of it, as the brief tells it."),
    "remind": ("comity.cli.register.paper", "Due days as a calendar (iCalendar)."),
    "import": (
        "comity.cli.register.enter",
        "Take in an existing list from Excel or CSV, or a register that was exported.",
    ),
    "export": ("comity.cli.register.keep", "The whole register as JSON Lines or a folder of CSV, without loss."),
    "verify": ("comity.cli.register.keep", "Prove that nothing was changed or lost."),
    "backup": ("comity.cli.register.keep", "A checked copy, while others go on writing."),
    "restore": ("comity.cli.register.keep", "Bring a copy back."),
    "migrate": ("comity.cli.register.keep", "Bring a register of an older Comity up to date."),
    "demo": ("comity.cli.register.paper", "The register that ships for a pair: a real history."),
}


@click.command(cls=Lazy, commands_at=COMMANDS)
def register() -> None:
    """The register of commitments: what was promised, by whom, by when, and what came of it.

    Begin with: comity register init; then add FOLDER, review, matrix KAZ-PAK --output matrix.xlsx. Ids are a letter and a
    number: c12 is a commitment, m3 a meeting, e5 evidence. Nothing is ever deleted.
    """
