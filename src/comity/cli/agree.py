"""What a large job needs, said before it starts, and asked about."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from comity.cli import show
from comity.errors import BadInput

if TYPE_CHECKING:
    from comity.scenarios.work.estimate import Estimate

TOLD_S = 20.0  # a shorter job is over before anybody has read what it takes


def agree(estimate: Estimate, yes: bool) -> None:
    """Say what a job takes; ask before a large one unless `yes`. Raises BadInput where nobody can be asked, click.Abort."""
    if estimate.large and not yes and not sys.stdin.isatty():
        raise BadInput(f"This takes {estimate.words}, so it is not started unasked. Add --yes, or ask for less.")
    if estimate.seconds > TOLD_S:
        show.talk(f"This takes {estimate.words}.")
    if estimate.large and not yes:
        click.confirm("Start it?", abort=True, err=True)
