"""The work of a risk in pieces: one block of scenarios each, which any process can do, put together in order.

A piece depends on nothing but the study, the years and the number of its block, so that one process, several, or a
cluster give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from comity.scenarios.ensembles import onroad
from comity.scenarios.ensembles.ensemble import Raised
from comity.scenarios.ensembles.outcome import Outcome
from comity.scenarios.ensembles.study import Study, Years


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Outcome of one block. `ways` : for each way number of the outcome, the changes under which it is the least way."""

    block: int
    outcome: Outcome
    ways: tuple[Raised, ...]
    met: onroad.Met | None


def piece(of: Study, years: Years, block: int, replan: str = "departure") -> Piece:
    """The shipments of one block of scenarios."""
    sample = of.sample(years, [block])
    rest, settled = of.settled(sample)
    outcome = of.outcome_of(sample, (rest, settled))
    met = None
    if replan == "road":
        outcome, met = onroad.replanned(of, sample, outcome)
    numbers, first, own = np.unique(outcome.way, return_index=True, return_inverse=True)
    told = tuple(
        settled[rest[row]][0] for number, row in zip(numbers.tolist(), first.tolist(), strict=True) if number >= 0
    )
    shift = int(numbers[0] == -1) if len(numbers) else 0
    return Piece(block=block, outcome=replace(outcome, way=own.ravel() - shift), ways=told, met=met)


def joined(of: Study, pieces: Sequence[Piece]) -> tuple[Outcome, onroad.Met | None]:
    """Pieces as one outcome, whose ways are numbered as the study's own ensemble numbers them."""
    ordered = sorted(pieces, key=lambda one: one.block)
    columns = {field.name: [getattr(one.outcome, field.name) for one in ordered] for field in fields(Outcome)}
    columns["way"] = [_renumbered(of, one) for one in ordered]
    outcome = Outcome(**{name: np.concatenate(parts) for name, parts in columns.items()})
    met = [one.met for one in ordered if one.met is not None]
    return outcome, onroad.together(met, [len(one.outcome.way) for one in ordered]) if met else None


def _renumbered(of: Study, one: Piece) -> np.ndarray:
    found = of.ensemble.least(one.ways)
    number = np.array([-1, *(-1 if least is None else least.way for least in found)])
    return number[one.outcome.way + 1]


def in_this_process(of: Study, years: Years, replan: str, tell: Callable[[int, int], None]) -> Iterable[Piece]:
    """Every piece, one after another. tell(done, total) after each."""
    for block in years.blocks:
        yield piece(of, years, block, replan)
        tell(block + 1, len(years.blocks))
