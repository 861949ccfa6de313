"""A group of commands that imports a command's module when the command is asked for, and suggests names on a slip."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from difflib import get_close_matches

import click


class Lazy(click.Group):
    """commands_at : name -> (module, one line of help); the command is the module's member of that name, or NAME_ where
    the name is a word of Python's own."""

    def __init__(self, *args, commands_at: Mapping[str, tuple[str, str]], **more):
        super().__init__(*args, **more)
        self.commands_at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands_at)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.commands_at:
            return None
        module = importlib.import_module(self.commands_at[name][0])
        return getattr(module, f"{name}_", None) or getattr(module, name)

    def resolve_command(self, ctx: click.Context, args: list[str]):
        """The command that was typed. Raises UsageError with the nearest names for any other word."""
        if args and args[0] not in self.commands_at:
            near = get_close_matches(args[0], self.commands_at, n=2, cutoff=0.5)
            hint = f" Did you mean {' or '.join(near)}?" if near else f" There are: {', '.join(self.commands_at)}."
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.commands_at.items()])
