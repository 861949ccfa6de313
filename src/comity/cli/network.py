"""`comity network`: build the compiled network, or say what is in it."""

from __future__ import annotations

import sys

import click

from comity.cli import show


@click.group()
def network() -> None:
    """The world freight network, compiled into the cache folder."""


@network.command()
@click.option("--force", is_flag=True, help="Build again even when the network is there.")
@click.option(
    "--network",
    "networks",
    multiple=True,
    metavar="MODE=FILE",
    help="Your own road or rail network: road=FILE, rail=FILE.",
)
def build(force: bool, networks: tuple[str, ...]) -> None:
    """Compile the network from the shipped data and tables (about a minute)."""
    from comity import network as built

    with Progress() as progress:
        made = built.build(networks, progress=progress, force=force)
    show.talk(f"Network {made.id}: {len(made.node_lon):,} nodes, {len(made.arc_tail):,} arcs, in {made.folder}")


@network.command()
@click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")
def info(wants_json: bool) -> None:
    """What the compiled network holds."""
    from comity import network as built

    told = built.info()
    if wants_json:
        show.as_json(told)
        return
    rows = [
        [name, f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value]
        for name, value in told.items()
        if not isinstance(value, dict)
    ]
    rows += [[f"arcs by {mode}", f"{count:,}"] for mode, count in told.get("arcs_by_mode", {}).items()]
    show.table(["what", "value"], rows)


class Progress:
    """A bar on a terminal, a line a stage elsewhere; call it with stage, done, total."""

    def __enter__(self) -> Progress:
        self.bar = None
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bar

            self.bar = Bar(
                TextColumn("{task.description:<32}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True)
            )
            self.bar.start()
            self.task = self.bar.add_task("building the network", total=6)
        return self

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self.bar:
            self.bar.update(self.task, description=f"building: {stage}", completed=done, total=total)
        else:
            show.talk(f"building the network {done}/{total}: {stage}")

    def __exit__(self, *_) -> None:
        if self.bar:
            self.bar.stop()
