"""What a risk will cost the machine: time, memory and disk, told before the work starts.

The figures were measured on two cores over many pairs of the world (docs/scale.md). They are needs of a machine and not
facts about freight, so they stand here and not in the tables. How long a pair takes depends on how many ways its cargo
has: a pair across Eurasia takes twenty times as long as two neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.scenarios.ensembles.sample import BLOCK
from comity.scenarios.ensembles.study import Years

# Each as (one pair in ten is below, mean, one in ten is above), seconds of one core.
PAIR_S = (0.3, 0.75, 1.8)  # study, first searches, and what hangs on what
BLOCK_S = (0.04, 0.25, 0.8)  # each block of 10,000 scenarios of 12 months
START_S = 3.0  # until a worker has begun and opened the network and its search structure
WORKER_MB = 750.0
SHIPMENT_BYTES = 180.0  # while one pair's shipments are put together
UNIT_KB = 8.0  # one pair's Parquet file, as a disk allots it
LONG_S = 600.0  # a longer job is asked about first
LARGE_MB = 8_000.0  # for one process


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a job needs. seconds : by the clock when the cores are free, with the range of all but one in ten at each end."""

    seconds_low: float
    seconds: float
    seconds_high: float
    memory_mb: float
    process_mb: float  # of the largest process
    disk_mb: float
    workers: int

    @property
    def large(self) -> bool:
        """Whether somebody should be asked before it starts."""
        return self.seconds > LONG_S or self.process_mb > LARGE_MB

    @property
    def words(self) -> str:
        """About 25 minutes (10 minutes to 1 hour) on 2 cores, 2.4 GB of memory, 4 MB of disk."""
        cores = f"{self.workers} core{'s' * (self.workers != 1)}"
        disk = f", {_size(self.disk_mb)} of disk" if self.disk_mb else ""
        between = f"{_span(self.seconds_low)} to {_span(self.seconds_high)}"
        return f"about {_span(self.seconds)} ({between}) on {cores}, {_size(self.memory_mb)} of memory{disk}"


def estimate(years: Years, pairs: int = 1, workers: int = 1) -> Estimate:
    """Time, memory and disk of a risk of one pair, or of many pairs with a file each.

    One pair's blocks are done by all workers and put together by one; of many pairs each worker has one in hand.
    Raises BadInput for years that cannot be simulated: none, a billion.
    """
    years.checked()
    shipments = years.scenarios * years.months
    blocks = shipments / (BLOCK * 12)
    shared = min(workers, len(years.blocks) if pairs == 1 else pairs)
    low, middle, high = (
        (START_S + pairs * (pair + block * blocks) / shared) if pairs > 1 else START_S + pair + block * blocks / shared
        for pair, block in zip(PAIR_S, BLOCK_S, strict=True)
    )
    shipments_mb = shipments * SHIPMENT_BYTES / 1e6
    at_once = 1 if pairs == 1 else shared
    return Estimate(
        seconds_low=low,
        seconds=middle,
        seconds_high=high,
        memory_mb=(shared + (shared > 1)) * WORKER_MB + at_once * shipments_mb,
        process_mb=WORKER_MB + shipments_mb,
        disk_mb=pairs * UNIT_KB / 1000 if pairs > 1 else 0.0,
        workers=shared,
    )


def _span(seconds: float) -> str:
    for most, unit, name in ((90, 1, "second"), (90 * 60, 60, "minute"), (36 * 3600, 3600, "hour")):
        if seconds < most:
            return _counted(round(seconds / unit), name)
    return _counted(round(seconds / 86400), "day")


def _counted(number: int, name: str) -> str:
    return f"{number} {name}{'s' * (number != 1)}"


def _size(mb: float) -> str:
    return f"{mb / 1000:.1f} GB" if mb >= 1000 else f"{max(mb, 1):.0f} MB"
