"""The compiled network on disk: a folder of arrays and tables, named after all that went into it.

    <cache>/network-<hash>/
        manifest.json          inputs with their hashes; every file with its size, time and hash
        node_lon.npy ...       memory-mapped arrays (see model.Network)
        cells.json, gates.json the rows behind arc_cell and arc_gate (gates.parquet: the same for SQL)
        cch/                   the contraction order that the search engine needs

A build writes into a folder of its own and moves it into place in one step, so a killed build leaves nothing
half-made and two builds at once do not disturb each other. A file whose size or time differs from the manifest is
hashed; a wrong hash means damage, and the network is built again with one sentence of warning.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np

from comity import facts
from comity.errors import NetworkUnusable
from comity.network.model import Cell, Gate, Mode, Network
from comity.settings import cache_folder

ARRAYS = (
    *("node_lon", "node_lat", "node_cell"),
    *("arc_tail", "arc_head", "arc_km", "arc_cell", "arc_gate", "gate_arcs"),
    *("shape_first", "shape_lon", "shape_lat"),
)
PLACES = ("lands.py", "sphere.py", "data/territories.parquet", "data/border_lines.parquet", "data/cities.parquet")
LEFT_BEHIND_S = 3600.0
APART = (
    "extend.py",
    "lay.py",
    "lines.py",
    "sketch.py",
)  # lay further lines on a compiled network, and decide nothing of it
ENDS = ("road", "rail", "sea_out", "sea_in")
STRUCTURE = (
    "crossings",
    "border_rules",
    "rail_links",
    "road_links",
    "gauges",
    "gauge_exceptions",
    "line_classes",
    "container_ports",
    "rail_terminals",
    "ferries",
    "passages",
    "choke_points",
    "distance_factors",
    "territories",
    "disputed_areas",
)


def open_network(networks: Sequence[str | Path] = (), progress: Callable | None = None) -> Network:
    """The network compiled from today's inputs; built first when it is not there or is damaged.

    networks : a user's own road and rail files in place of the shipped ones, as "road=FILE" or "rail=FILE".
    progress(stage, done, total) is told how far a build has come. Raises NetworkUnusable, BadInput for a user's file.
    """
    folder = folder_of(networks)
    if not (folder / "manifest.json").exists():
        return build(networks, progress=progress)
    fault = damage(folder)
    if fault:
        print(f"comity: the compiled network is damaged ({fault}); it is built again.", file=sys.stderr)
        return build(networks, progress=progress, force=True)
    return _open(folder)


def build(networks: Sequence[str | Path] = (), progress: Callable | None = None, force: bool = False) -> Network:
    """Compile the network into the cache and open it. Raises NetworkUnusable with the folder and the mend, BadInput."""
    from comity.network import compile as compiler

    folder = folder_of(networks)
    if folder.exists() and not force and not damage(folder):
        return _open(folder)
    tell = progress or (lambda stage, done, total: None)
    scratch = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder.parent)
        os.rmdir(tempfile.mkdtemp(dir=folder.parent))  # a folder that cannot be written is told before the work
        roads, rails, sea = _plain(networks)
        compiled = compiler.compile_network(roads, rails, sea, tell)
        scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        _write(scratch, compiled, inputs(networks))
        _move(scratch, folder, force)
    except OSError as fault:
        raise NetworkUnusable(
            f"The compiled network cannot be written to {folder.parent}: {fault.strerror or fault}. "
            "It needs about 120 MB; free some space or set COMITY_CACHE to a folder that can be written."
        ) from fault
    finally:
        if scratch:
            shutil.rmtree(scratch, ignore_errors=True)
    tell("done", 6, 6)
    return _open(folder)


def _sweep(cache: Path) -> None:
    """Remove what killed builds have left; a build that still runs is younger than `LEFT_BEHIND_S`."""
    for left in cache.glob(".network-*"):
        if time.time() - left.stat().st_mtime > LEFT_BEHIND_S:
            shutil.rmtree(left, ignore_errors=True)


def folder_of(networks: Sequence[str | Path] = ()) -> Path:
    """Folder of the network that today's inputs give, whether it exists or not."""
    digest = hashlib.sha256(json.dumps(inputs(networks), sort_keys=True).encode()).hexdigest()
    return cache_folder() / f"network-{digest[:12]}"


def inputs(networks: Sequence[str | Path] = ()) -> dict[str, str]:
    """Name and hash of everything that decides what the compiled network is: data, tables, code, user's files."""
    return _shipped_inputs() | {f"user:{text}": _hash(Path(str(text).partition("=")[2])) for text in networks}


@cache
def _shipped_inputs() -> dict[str, str]:
    found = {f"table:{name}": facts.digest(name) for name in STRUCTURE}
    package = resources.files("comity.network")
    with resources.as_file(package) as here:
        lands = [here.parent / "places" / name for name in PLACES]
        code = [path for path in here.glob("*.py") if path.name not in APART]
        for path in sorted([*code, *(here / "data").glob("*.parquet"), *lands]):
            found[f"{path.parent.name}/{path.name}"] = _hash(path)
    return found


def damage(folder: Path) -> str | None:
    """What is wrong with a compiled network, in a few words, or None."""
    try:
        files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        return "no readable manifest"
    for name, told in files.items():
        path = folder / name
        try:
            state = path.stat()
        except OSError:
            return f"{name} is missing"
        same = state.st_size == told["bytes"] and state.st_mtime_ns == told["mtime_ns"]
        if not same and _hash(path) != told["sha256"]:
            return f"{name} has the wrong hash"
    return None


def info(networks: Sequence[str | Path] = ()) -> dict:
    """What the compiled network holds, for `comity network info` and `comity doctor`."""
    folder = folder_of(networks)
    if not (folder / "manifest.json").exists():
        return {"built": False, "folder": str(folder), "mend": "comity network build"}
    network = _open(folder)
    modes = [cell.mode for cell in network.cells]
    by_mode = np.bincount(np.asarray(modes)[network.arc_cell], minlength=len(Mode))
    return {
        "built": True,
        "id": network.id,
        "folder": str(folder),
        "damage": damage(folder),
        "nodes": len(network.node_lon),
        "arcs": len(network.arc_tail),
        "cells": len(network.cells),
        "gates": len(network.gates),
        "arcs_by_mode": {mode.word: int(by_mode[mode]) for mode in Mode},
        "crossings": len({g.id for g in network.gates if g.kind == "crossing" and g.passable}),
        "ports": len({g.id for g in network.gates if g.kind == "port"}),
        "terminals": len({g.id for g in network.gates if g.kind == "terminal"}),
        "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        "inputs": inputs(networks),
    }


def _plain(networks: Sequence[str | Path]):
    from comity.errors import BadInput
    from comity.network import links

    plain = {"road": links.shipped("roads"), "rail": links.shipped("rails"), "sea": links.shipped("sea")}
    for text in networks:
        mode, _, path = str(text).partition("=")
        if mode not in ("road", "rail") or not path:
            raise BadInput(f"{text!r}: name a network of your own as road=FILE or rail=FILE.")
        plain[mode] = links.from_file(path)
    return plain["road"], plain["rail"], plain["sea"]


def _write(folder: Path, compiled, told_inputs: dict[str, str]) -> None:
    from pyroutingkit import CCHTopology

    for name in (*ARRAYS, *(f"end_{mode}" for mode in ENDS)):
        np.save(folder / f"{name}.npy", compiled.arrays[name])
    (folder / "cells.json").write_text(
        json.dumps([[int(c.mode), c.country, c.gauge_mm, c.line_class] for c in compiled.cells])
    )
    gates = [list(asdict(gate).values()) for gate in compiled.gates]
    (folder / "gates.json").write_text(json.dumps({"columns": list(Gate.__dataclass_fields__), "rows": gates}))
    _gates_parquet(folder / "gates.parquet", compiled.gates)
    (folder / "cch").mkdir()
    topology = CCHTopology()
    arrays = compiled.arrays
    topology.build(
        arrays["arc_tail"], arrays["arc_head"], arrays["node_lat"], arrays["node_lon"], len(arrays["node_lat"])
    )
    topology.save(str(folder / "cch"))
    files = {str(p.relative_to(folder)): _told(p) for p in sorted(folder.rglob("*")) if p.is_file()}
    (folder / "manifest.json").write_text(json.dumps({"inputs": told_inputs, "files": files}, indent=1))


def _gates_parquet(path: Path, gates: Sequence[Gate]) -> None:
    import duckdb

    columns = {name: np.array([getattr(gate, name) for gate in gates]) for name in Gate.__dataclass_fields__}
    with duckdb.connect() as connection:
        connection.register("gates", columns)
        connection.execute(f"COPY (SELECT * FROM gates) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")


def _move(scratch: Path, folder: Path, force: bool) -> None:
    """Rename into place. When another build was quicker its result stays, unless it is the damaged one."""
    if folder.exists() and (force or damage(folder)):
        broken = Path(tempfile.mkdtemp(prefix=".old-", dir=folder.parent))
        os.replace(folder, broken / "network")
        shutil.rmtree(broken, ignore_errors=True)
    try:
        os.rename(scratch, folder)
    except OSError:
        if damage(folder):
            raise


def _told(path: Path) -> dict:
    state = path.stat()
    return {"bytes": state.st_size, "mtime_ns": state.st_mtime_ns, "sha256": _hash(path)}


def _hash(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _open(folder: Path) -> Network:
    try:
        arrays = {name: _mapped(folder / f"{name}.npy") for name in ARRAYS}
        ends = {mode: _mapped(folder / f"end_{mode}.npy") for mode in ENDS}
        cells = json.loads((folder / "cells.json").read_text())
        gates = json.loads((folder / "gates.json").read_text())
    except (OSError, ValueError) as fault:
        raise NetworkUnusable(
            f"The compiled network in {folder} cannot be opened: {fault}. Run `comity network build`."
        ) from fault
    return Network(
        folder=str(folder),
        id=folder.name.removeprefix("network-"),
        cells=tuple(
            Cell(mode=Mode(mode), country=country, gauge_mm=gauge, line_class=line_class)
            for mode, country, gauge, line_class in cells
        ),
        gates=tuple(Gate(**dict(zip(gates["columns"], row, strict=True))) for row in gates["rows"]),
        end_nodes=ends,
        figures=(),
        **arrays,
    )


def _mapped(path: Path) -> np.ndarray:
    """A file as an array that the system reads page by page; a plain view, since memmap objects are slow to index."""
    return np.load(path, mmap_mode="r").view(np.ndarray)
