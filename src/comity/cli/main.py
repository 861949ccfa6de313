"""`comity`: the commands and the one place where an error becomes a sentence and an exit code.

No command is imported before it is called, so that `comity --help` starts in the time of Python itself.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from difflib import get_close_matches

import click

from comity import __version__

COMMANDS = {  # name: (module, one line of help)
    "places": ("comity.cli.places", "Find a place by name, code or lat,lon."),
    "routes": ("comity.cli.routes", "Ways that cargo can travel between two places on a day."),
    "brief": ("comity.cli.brief", "Write the brief for two countries as HTML and PDF."),
    "network": ("comity.cli.network", "Build the world freight network, or say what is in it."),
    "facts": ("comity.cli.facts", "The tables of figures and their sources."),
    "validate": ("comity.cli.validate", "Compare documented trips with the model."),
    "doctor": ("comity.cli.doctor", "Check this installation and say how to mend it."),
}
INTERRUPTED, UNEXPECTED = 130, 70


class Lazy(click.Group):
    """A group that imports a command's module when the command is asked for, and suggests names on a slip."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        return getattr(importlib.import_module(COMMANDS[name][0]), name)

    def resolve_command(self, ctx: click.Context, args: list[str]):
        if args and args[0] not in COMMANDS:
            near = get_close_matches(args[0], COMMANDS, n=2, cutoff=0.5)
            hint = f" Did you mean {' or '.join(near)}?" if near else f" There are: {', '.join(COMMANDS)}."
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="comity")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def group(debug: bool) -> None:
    """The desk for two countries that want to trade more with each other."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command line and leave with its exit code (docs/exit-codes.md lists them)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in arguments
    arguments = [word for word in arguments if word != "--debug"]
    try:
        code = group.main(args=arguments, prog_name="comity", standalone_mode=False)
        if isinstance(code, int) and code:  # a command that asked to leave with a code of its own
            sys.exit(code)
    except BaseException as fault:
        if debug and not isinstance(fault, click.exceptions.Exit | SystemExit):
            raise
        sys.exit(_told(fault))


def _told(fault: BaseException) -> int:
    """Print one clear message for an error; return its exit code."""
    from comity.errors import ComityError

    if isinstance(fault, click.exceptions.Exit):
        return fault.exit_code
    if isinstance(fault, SystemExit):
        return fault.code if isinstance(fault.code, int) else 1
    if isinstance(fault, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if isinstance(fault, KeyboardInterrupt | click.Abort):
        return _say("stopped.", INTERRUPTED)
    if isinstance(fault, ComityError):
        return _say(str(fault), fault.exit_code)
    if isinstance(fault, click.ClickException):
        return _say(fault.format_message(), 2)
    if isinstance(fault, MemoryError):
        return _say("not enough memory; 2 GB are needed to build the network and 700 MB to plan.", 1)
    if isinstance(fault, OSError):
        return _say(_disk(fault), 7)
    return _say(
        f"something unexpected happened ({type(fault).__name__}: {fault}). Run again with --debug to see where.",
        UNEXPECTED,
    )


def _disk(fault: OSError) -> str:
    where = f" {fault.filename}" if fault.filename else ""
    mends = {
        errno.ENOSPC: "Free some space",
        errno.EROFS: "Choose a folder that can be written",
        errno.EACCES: "Choose a folder you may use",
    }
    mend = mends.get(fault.errno or 0, "Look at the file or folder")
    return f"{fault.strerror or fault}:{where}. {mend}; the cache can be moved with COMITY_CACHE."


def _say(text: str, code: int) -> int:
    click.echo(f"comity: {text}", err=True)
    return code


if __name__ == "__main__":
    main()
