"""`comity`: the commands and the one place where an error becomes a sentence and an exit code.

No command is imported before it is called, so that `comity --help` starts in the time of Python itself.
"""

from __future__ import annotations

import errno
import io
import os
import re
import sys
from pathlib import Path

import click

from comity import __version__
from comity.cli.lazy import Lazy

COMMANDS = {  # name: (module, one line of help)
    "places": ("comity.cli.places", "Find a place by name, code or lat,lon."),
    "routes": ("comity.cli.routes", "Ways that cargo can travel between two places on a day."),
    "whatif": ("comity.cli.whatif", "What a new line or a quicker crossing would change."),
    "flights": ("comity.cli.flights", "Direct flights between two countries: which pairs, aircraft, rights."),
    "air": ("comity.cli.air", "Airports, aircraft, services and airspace; import of your own."),
    "register": ("comity.cli.register", "The register of commitments: what was promised, and what came of it."),
    "brief": ("comity.cli.brief", "Write the brief for two countries as HTML and PDF."),
    "read": ("comity.cli.read", "Read texts for commitments: who promised what, by when."),
    "scenarios": ("comity.cli.scenarios", "What-if scenarios: list them, show one, check a file."),
    "risk": ("comity.cli.risk", "What many years of closures do to a pair: days, dollars, dependence."),
    "portfolio": ("comity.cli.risk", "How to split a year's cargo over several ways."),
    "many": ("comity.cli.many", "The risk of every pair of many countries, on several cores or a cluster."),
    "network": ("comity.cli.network", "Build the world freight network, or say what is in it."),
    "facts": ("comity.cli.facts", "The tables of figures and their sources."),
    "validate": ("comity.cli.validate", "Compare documented trips with the model."),
    "doctor": ("comity.cli.doctor", "Check this installation and say how to mend it."),
}
INTERRUPTED, UNEXPECTED = 130, 70
SOUTH = re.compile(
    r"-[0-9.]+\s*,"
)  # a point of the southern half of the world begins like an option; a space tells it apart


@click.group(cls=Lazy, commands_at=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="comity")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def group(debug: bool) -> None:
    """The desk for two countries that want to trade more with each other."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command line and leave with its exit code (docs/exit-codes.md lists them)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in arguments
    arguments = [f" {word}" if SOUTH.match(word) else word for word in arguments if word != "--debug"]
    output = sys.stdout
    if isinstance(output, io.TextIOWrapper):  # names in all scripts, on a terminal that may not know them
        output.reconfigure(errors="replace")
    try:
        code = group.main(args=arguments, prog_name="comity", standalone_mode=False)
        sys.stdout.flush()  # a full disk or a closed pipe must be found here, not while Python ends
        if isinstance(code, int) and code:  # a command that asked to leave with a code of its own
            sys.exit(code)
    except BaseException as fault:
        if isinstance(fault, SystemExit) and sys.stdout is not output:
            fault = BrokenPipeError()  # click wraps standard output when its reader has gone, and leaves with 1
        if debug and not isinstance(fault, click.exceptions.Exit | SystemExit):
            import traceback

            traceback.print_exc()
        code = _told(fault)
        _let_go_of_output()
        sys.exit(code)


def _told(fault: BaseException) -> int:
    """Print one clear message for an error; return its exit code."""
    from comity.errors import ComityError

    if isinstance(fault, click.exceptions.Exit):
        return fault.exit_code
    if isinstance(fault, BrokenPipeError):
        return 0  # the reader of a pipe has seen enough
    if isinstance(fault, SystemExit):
        return fault.code if isinstance(fault.code, int) else 1
    if isinstance(fault, KeyboardInterrupt | click.Abort):
        return _say("stopped.", INTERRUPTED)
    if isinstance(fault, ComityError):
        return _say(str(fault), fault.exit_code)
    if isinstance(fault, click.ClickException):
        return _say(_usage(fault), 2)
    if isinstance(fault, MemoryError):
        return _say("not enough memory; 2 GB are needed to build the network and 700 MB to plan.", 1)
    if isinstance(fault, ModuleNotFoundError):
        return _say(f"the package {fault.name} is missing. Run: pip install comity, or see `comity doctor`.", 8)
    if isinstance(fault, OSError):
        return _say(_disk(fault), 7)
    return _say(
        f"something unexpected happened ({type(fault).__name__}: {fault}). Run again with --debug to see where.",
        UNEXPECTED,
    )


def _usage(fault: click.ClickException) -> str:
    """Click's own message, and where the right words are."""
    context = getattr(fault, "ctx", None)
    hint = f" See: {context.command_path} --help" if context and context.command_path != "comity" else ""
    return f"{fault.format_message()}{hint}"


def _disk(fault: OSError) -> str:
    """What the machine refused, where, and the mend. The folder is named: a scratch file would tell nobody anything."""
    named = Path(str(fault.filename)) if fault.filename else None
    where = f"in the folder {named.parent}" if named and named.name.startswith(".") else f"at {named}"
    mends = {
        errno.ENOSPC: "Free some space, or write elsewhere",
        errno.EROFS: "Choose a folder that can be written",
        errno.EACCES: "Choose a folder that you may write",
        errno.EPERM: "Choose a folder that you may write",
    }
    mend = mends.get(fault.errno or 0, "Look whether it is there and yours")
    return (
        f"{fault.strerror or fault} {where if named else 'on standard output'}. {mend}; COMITY_CACHE moves the cache."
    )


def _let_go_of_output() -> None:
    """Leave nothing in the buffer that Python, in ending, would try once more to write to a full or closed output."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _say(text: str, code: int) -> int:
    click.echo(f"comity: {text}", err=True)
    return code


if __name__ == "__main__":
    main()
