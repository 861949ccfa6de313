"""`comity network`: build the compiled network, or say what is in it."""

from __future__ import annotations

import sys

import click

from comity.cli import show

NETWORKS = click.option(
    "--network",
    "networks",
    multiple=True,
    metavar="MODE=FILE",
    help="A road or rail network of your own (Parquet or GeoJSON): road=FILE, rail=FILE.",
)


def opened(networks: tuple[str, ...] = ()):
    """The compiled network, with progress on standard error when it has to be built first."""
    from comity.network import folder_of, open_network

    check(networks)
    if (folder_of(networks) / "manifest.json").exists():
        return open_network(networks)
    with Progress() as progress:
        return open_network(networks, progress=progress)


def check(networks: tuple[str, ...]) -> None:
    """Raise BadInput with every --network that names no mode or no file."""
    from pathlib import Path

    from comity.errors import BadInput

    faults = []
    for text in networks:
        mode, _, file = text.partition("=")
        if mode not in ("road", "rail") or not file:
            faults.append(f"--network {text!r}: name your own network as road=FILE or rail=FILE.")
        elif not Path(file).is_file():
            faults.append(f"--network {text!r}: there is no file {file}.")
    if faults:
        raise BadInput("\n".join(faults))


@click.group()
def network() -> None:
    """The world freight network, compiled into the cache folder."""


@network.command()
@click.option("--force", is_flag=True, help="Build again even when the network is there.")
@NETWORKS
def build(force: bool, networks: tuple[str, ...]) -> None:
    """Compile the network from the shipped data and tables (about a minute)."""
    from comity import network as built

    check(networks)
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
    show.listing(["what", "value"], rows)


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


class Late:
    """A bar that appears with the first word of a build, since most questions build nothing."""

    def __enter__(self) -> Late:
        self.bar: Progress | None = None
        return self

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self.bar is None:
            self.bar = Progress().__enter__()
        self.bar(stage, done, total)

    def __exit__(self, *of) -> None:
        if self.bar is not None:
            self.bar.__exit__(*of)
