"""A compiled network with new lines on it: a network of its own in the cache, its search order made anew.

    <cache>/network-<base>-<lines>/     the compiled network and the lines, in the same files as `store` writes
        lines.json                      how each line was laid: kilometres, borders, where it joins

On any day the lines are shut unless a question opens them (`routing.states`): with all of them shut the network answers
as the one it was made from. So one build serves for each line alone and for any of them together.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, replace
from pathlib import Path

from comity.errors import NetworkUnusable
from comity.network import lay, store
from comity.network.lay import Laid
from comity.network.lines import Line
from comity.network.model import Network

KEPT_EXTENSIONS = 3  # of one network; older ones go when another is made

Progress = Callable[[str, int, int], None]


def extended(network: Network, lines: Sequence[Line], progress: Progress | None = None) -> Network:
    """The network with these lines laid on it, all of them shut; built into the cache when it is not there (15 s).

    `progress(stage, done, total)` is told how far a build has come. Raises BadInput for lines that cannot be laid, every
    fault at once, and NetworkUnusable when the cache cannot be written.
    """
    folder = _folder(network, lines)
    if not (folder / "manifest.json").exists() or store.damage(folder):
        _build(network, lines, folder, progress or (lambda stage, done, total: None))
    figures = tuple(figure for line in lines for figure in line.figures)
    return replace(store._open(folder), figures=(*network.figures, *figures))


def laid(network: Network) -> tuple[Laid, ...]:
    """How the lines of an extended network were laid; () for any other."""
    path = Path(network.folder) / "lines.json"
    if not path.exists():
        return ()
    rows = json.loads(path.read_text(encoding="utf-8"))
    lists = ("countries", "crossings", "notes")
    return tuple(
        Laid(**row | {name: tuple(row[name]) for name in lists} | {"meets": tuple(map(tuple, row["meets"]))})
        for row in rows
    )


def line_gates(network: Network, line: str) -> list[int]:
    """Rows of the gates that every kilometre of a line passes, one for each direction; [] where it is not laid."""
    return [row for row, gate in enumerate(network.gates) if gate.kind == "line" and gate.id == line]


def _folder(network: Network, lines: Sequence[Line]) -> Path:
    told = [
        [line.id, line.name, line.length_km, line.line_class, line.mode, *map(astuple, line.stations)] for line in lines
    ]
    code = store._hash(Path(lay.__file__))
    digest = hashlib.sha256(json.dumps([code, told], sort_keys=True).encode()).hexdigest()
    return Path(network.folder).parent / f"network-{network.id}-{digest[:8]}"


def _build(network: Network, lines: Sequence[Line], folder: Path, tell: Progress) -> None:
    tell("new lines", 0, 2)
    made, found = lay.compiled(network, lines)
    scratch = None
    try:
        _sweep(network, folder)
        scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        rows = [asdict(item) for item in found]
        (scratch / "lines.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        tell("search order", 1, 2)
        store._write(scratch, made, {"network": network.id, "lines": folder.name})
        store._move(scratch, folder, force=False)
    except OSError as fault:
        raise NetworkUnusable(
            f"The network with new lines cannot be written to {folder.parent}: {fault.strerror or fault}. "
            "It needs about 120 MB; free some space or set COMITY_CACHE to a folder that can be written."
        ) from fault
    finally:
        if scratch:
            shutil.rmtree(scratch, ignore_errors=True)
    tell("done", 2, 2)


def _sweep(network: Network, folder: Path) -> None:
    """Keep the newest extensions of this network only: a user who tries many lines would fill the disk with them."""
    others = [path for path in folder.parent.glob(f"network-{network.id}-*") if path != folder]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[KEPT_EXTENSIONS - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
