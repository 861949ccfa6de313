"""`comity doctor`: is this installation sound, and if not, what mends it?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from comity.cli import show

PACKAGES = ("click", "duckdb", "numpy", "pyroutingkit", "rich", "scipy", "shapely", "typst")
NEEDED_MB = 400
Check = tuple[str, bool, str]  # name, sound, what it says with the mend


@click.command()
@click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")
@click.pass_context
def doctor(ctx: click.Context, wants_json: bool) -> None:
    """Check Python, packages, cache folder, fact tables and the compiled network; exit 1 when something needs mending."""
    checks = [_python(), *map(_package, PACKAGES), _paper(), _cache(), _facts(), _network()]
    if wants_json:
        show.as_json(
            {
                "schema": "comity.doctor/1",
                "sound": all(ok for _, ok, _ in checks),
                "checks": [{"name": name, "ok": ok, "says": says} for name, ok, says in checks],
            }
        )
    else:
        show.listing(["check", "", "says"], [[name, "ok" if ok else "MEND", says] for name, ok, says in checks])
    ctx.exit(0 if all(ok for _, ok, _ in checks) else 1)


def _python() -> Check:
    ok = sys.version_info >= (3, 11)
    return "python", ok, sys.version.split()[0] + ("" if ok else "; Comity needs 3.11 or newer")


def _package(name: str) -> Check:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return name, True, version(name)
    except PackageNotFoundError:
        return name, False, f"missing; run: pip install {name}"


def _paper() -> Check:
    """Whether typst sets a line: its fonts come inside its wheel, and a broken wheel shows only when it is used."""
    try:
        import typst

        pages = typst.compile(b"Comity", format="pdf")
    except Exception as fault:  # a library of another language may fail in any way
        return "paper", False, f"typst cannot set a page ({fault}); run: pip install --force-reinstall typst"
    return "paper", True, f"typst sets a page with its own fonts ({len(pages) // 1024} kB)"


def _cache() -> Check:
    import os
    import shutil

    from comity.settings import cache_folder

    folder = cache_folder()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir():
        return "cache", False, f"{there} is a file; set COMITY_CACHE to a folder of yours"
    free = shutil.disk_usage(there).free // 2**20
    if not os.access(there, os.W_OK | os.X_OK):
        return "cache", False, f"{folder} cannot be written; set COMITY_CACHE to a folder of yours"
    if free < NEEDED_MB:
        return "cache", False, f"{folder}, {free:,} MB free; {NEEDED_MB} MB are needed"
    return "cache", True, f"{folder}, {free:,} MB free{_left_over(folder)}"


def _left_over(folder: Path) -> str:
    """Networks of earlier versions, which nothing reads any more."""
    from comity.network import folder_of

    old = [path for path in folder.glob("network-*") if path != folder_of()]
    return f"; {len(old)} of earlier inputs may be deleted: {', '.join(path.name for path in old)}" if old else ""


def _facts() -> Check:
    from comity import facts

    faults = facts.check()
    return (
        "facts",
        not faults,
        f"{len(facts.names())} tables, digest {facts.digest()}" if not faults else "; ".join(faults[:5]),
    )


def _network() -> Check:
    from comity import network

    told = network.info()
    if not told["built"]:
        return "network", False, "not built; run: comity network build"
    if told["damage"]:
        return "network", False, f"{told['damage']}; run: comity network build --force"
    return "network", True, f"{told['id']}, {told['bytes'] // 2**20} MB in {told['folder']}"
