"""`comity doctor`: is this installation sound, and if not, what mends it?"""

from __future__ import annotations

import sys

import click

from comity.cli import show

PACKAGES = ("click", "duckdb", "numpy", "pyroutingkit", "rich", "scipy", "shapely", "typst")
NEEDED_MB = 400


@click.command()
@click.option("--json", "wants_json", is_flag=True, help="One JSON object on standard output.")
@click.pass_context
def doctor(ctx: click.Context, wants_json: bool) -> None:
    """Check Python, packages, cache folder, fact tables and the compiled network; exit 1 when something needs mending."""
    checks = [_python(), *map(_package, PACKAGES), _cache(), _facts(), _network()]
    if wants_json:
        show.as_json(
            {
                "schema": "comity.doctor/1",
                "sound": all(ok for _, ok, _ in checks),
                "checks": [{"name": name, "ok": ok, "says": says} for name, ok, says in checks],
            }
        )
    else:
        show.table(["check", "", "says"], [[name, "ok" if ok else "MEND", says] for name, ok, says in checks])
    ctx.exit(0 if all(ok for _, ok, _ in checks) else 1)


def _python() -> tuple[str, bool, str]:
    ok = sys.version_info >= (3, 11)
    return "python", ok, sys.version.split()[0] + ("" if ok else "; Comity needs 3.11 or newer")


def _package(name: str) -> tuple[str, bool, str]:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return name, True, version(name)
    except PackageNotFoundError:
        return name, False, f"missing; run: pip install {name}"


def _cache() -> tuple[str, bool, str]:
    import os
    import shutil

    from comity.settings import cache_folder

    folder = cache_folder()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free // 2**20
    if not os.access(there, os.W_OK):
        return "cache", False, f"{folder} cannot be written; set COMITY_CACHE to a folder of yours"
    return (
        "cache",
        free >= NEEDED_MB,
        f"{folder}, {free:,} MB free" + ("" if free >= NEEDED_MB else f"; {NEEDED_MB} MB are needed"),
    )


def _facts() -> tuple[str, bool, str]:
    from comity import facts

    faults = facts.check()
    return (
        "facts",
        not faults,
        f"{len(facts.names())} tables, digest {facts.digest()}" if not faults else "; ".join(faults[:5]),
    )


def _network() -> tuple[str, bool, str]:
    from comity import network

    told = network.info()
    if not told["built"]:
        return "network", False, "not built; run: comity network build"
    if told["damage"]:
        return "network", False, f"{told['damage']}; run: comity network build --force"
    return "network", True, f"{told['id']}, {told['bytes'] // 2**20} MB in {told['folder']}"
