"""A risk done by several processes or by a Dask cluster, to the same bytes as by one.

What travels to a worker is the checked question in plain values; the worker opens the network and makes its study once,
and then does blocks of scenarios. It must know the same facts and network: otherwise it refuses.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from comity import facts
from comity.errors import BadInput
from comity.network import Network, open_network
from comity.routing.request import Request
from comity.scenarios.ensembles import pieces
from comity.scenarios.ensembles.study import Study, Years
from comity.scenarios.risk import Engine
from comity.scenarios.work.runners import Here, Processes, Runner, runner

BLOCKS_AT_ONCE = 4  # of one job: a second or so of work for most pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What a worker must have for the same bytes: Comity's version, its facts, and the network they give.

    networks : a user's own road and rail files, as `open_network` takes them
    """

    comity: str
    facts: str
    network: str
    networks: tuple[str, ...] = ()


def edition_of(network: Network) -> Edition:
    """The edition of this process, with an opened network."""
    from comity import __version__

    inputs = json.loads((Path(network.folder) / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    own = tuple(name.removeprefix("user:") for name in inputs if name.startswith("user:"))
    return Edition(comity=__version__, facts=facts.digest(), network=network.id, networks=own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """One job: some blocks of scenarios of one question."""

    edition: Edition
    request: Request
    years: Years
    replan: str
    blocks: tuple[int, ...]


def engine(name: str = "local", processes: int = 1, address: str | None = None) -> Engine:
    """Who does the blocks of a risk: "local" in one process or several, or "dask" (see `runners.runner`).

    Raises BadInput with every fault of the three, MissingExtra where Dask is wanted and not there; what is returned
    raises BadInput where no scheduler answers, and ComityError where workers keep dying.
    """
    chosen = runner(name, processes, address)
    if isinstance(chosen, Here):
        return pieces.in_this_process

    def spread(of: Study, years: Years, replan: str, tell: Callable[[int, int], None]) -> Iterator[pieces.Piece]:
        if isinstance(chosen, Processes) and len(years.blocks) == 1:
            yield from pieces.in_this_process(of, years, replan, tell)
            return
        with chosen:
            yield from _together(chosen, of, years, replan, tell)

    return spread


def _together(
    chosen: Runner, of: Study, years: Years, replan: str, tell: Callable[[int, int], None]
) -> Iterator[pieces.Piece]:
    total = len(years.blocks)
    edition = edition_of(of.network)
    jobs = [
        Blocks(edition=edition, request=of.request, years=years, replan=replan, blocks=blocks)
        for blocks in shared_out(years.blocks, chosen.workers)
    ]
    done = 0
    for _, found in chosen.each(blocks_done, jobs):
        yield from found
        done += len(found)
        tell(done, total)


def shared_out(blocks: range, workers: int) -> list[tuple[int, ...]]:
    """Blocks in jobs of a few each, and no fewer jobs than there are workers to do them."""
    each = max(1, min(BLOCKS_AT_ONCE, ceil(len(blocks) / workers)))
    return [tuple(blocks[first : first + each]) for first in range(0, len(blocks), each)]


# --- in the worker ----------------------------------------------------------------------------------------

ALONE = threading.RLock()  # a Dask worker may have threads, and a study's searches share their weights
_NETWORKS: dict[Edition, Network] = {}
_STUDIES: dict[tuple[Edition, Request], Study] = {}


def blocks_done(job: Blocks) -> list[pieces.Piece]:
    """The pieces of a job. Raises BadInput where this process has another edition."""
    with ALONE:
        of = _study(job.edition, job.request)
        return [pieces.piece(of, job.years, block, job.replan) for block in job.blocks]


def _study(edition: Edition, request: Request) -> Study:
    """The study of a question, kept for its next block; a worker has one question at a time."""
    if (edition, request) not in _STUDIES:
        _STUDIES.clear()
        _STUDIES[edition, request] = Study(request, opened(edition))
    return _STUDIES[edition, request]


def opened(edition: Edition) -> Network:
    """The network of an edition, opened once in each process. Raises BadInput with what differs where it is not ours."""
    if edition not in _NETWORKS:
        missing = [text for text in edition.networks if not Path(text.partition("=")[2]).is_file()]
        if missing:
            raise BadInput(f"A worker has no file {', '.join(missing)}. Put it where every worker can read it.")
        network = open_network(edition.networks)
        mine = edition_of(network)
        differing = [name for name in ("comity", "facts", "network") if getattr(mine, name) != getattr(edition, name)]
        if differing:
            told = ", ".join(f"{name} {getattr(mine, name)} for {getattr(edition, name)}" for name in differing)
            raise BadInput(f"A worker knows other facts ({told}). Install the same Comity and COMITY_FACTS there.")
        _NETWORKS[edition] = network
    return _NETWORKS[edition]
