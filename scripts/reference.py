"""Make docs/reference from the schemas of the fact tables and the help of the commands."""

from __future__ import annotations

from pathlib import Path

import click
from click.testing import CliRunner

from comity import facts
from comity.cli.main import COMMANDS, group

OUT = Path(__file__).resolve().parents[1] / "docs" / "reference"


def tables() -> str:
    text = ["# Fact tables\n"]
    for name in facts.names():
        text.append(
            f"## {name}\n\n{len(facts.rows(name))} rows.\n\n| column | type | unit | key | meaning |\n|---|---|---|---|---|"
        )
        text += [
            f"| `{c.name}` | {c.type} | {c.unit} | {'yes' if c.key else ''} | {c.meaning} |" for c in facts.schema(name)
        ]
        text.append("")
    return "\n".join(text)


def commands() -> str:
    text = ["# Commands\n"]
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        for words in [[name], *([name, part] for part in getattr(command, "commands", ()))]:
            shown = CliRunner().invoke(group, [*words, "--help"]).output
            text.append(f"## comity {' '.join(words)}\n\n```text\n{shown}```\n")
    return "\n".join(text)


def register() -> str:
    """Tables of the register from the files that make them."""
    from comity.store.tables import TABLES, fields

    text = ["# Tables of the register\n"]
    for name in TABLES:
        text.append(f"## {name}\n\n| column | type | must be told | refers to | meaning |\n|---|---|---|---|---|")
        text += [
            f"| `{f.name}` | {f.type} | {'yes' if f.required else ''} | {f.refers} | {f.meaning} |"
            for f in fields(name)
        ]
        text.append("")
    return "\n".join(text)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "tables.md").write_text(tables(), encoding="utf-8")
    (OUT / "register.md").write_text(register(), encoding="utf-8")
    (OUT / "commands.md").write_text(commands(), encoding="utf-8")
    (OUT / "index.md").write_text("# Reference\n\n```{toctree}\ncommands\ntables\nregister\n```\n", encoding="utf-8")
