"""What a pair of places costs under many scenarios, in processor time: the figures of docs/scale.md.

    python benchmarks/scale.py [scenarios] [pairs]

Asks varied pairs of the world, each once, in one process that stays warm as a worker does: those listed here, or as many
pairs of countries drawn at random. Processor time, not the clock's, so that other work on the machine does not count.
Prints a line a pair, then medians, means and the worst.
"""

from __future__ import annotations

import random
import resource
import statistics
import sys
import time

from comity import places
from comity.errors import ComityError
from comity.network import open_network
from comity.scenarios.ensembles import pieces
from comity.scenarios.ensembles.study import Years, study
from comity.scenarios.risk import measured

PAIRS = (
    ("Almaty", "Karachi"), ("KAZ", "PAK"), ("Tashkent", "Istanbul"), ("Nairobi", "Kampala"), ("Lagos", "Accra"),
    ("Johannesburg", "Lubumbashi"), ("Hamburg", "Shanghai"), ("Rotterdam", "Milan"), ("Warsaw", "Madrid"),
    ("Delhi", "Kathmandu"), ("Bangkok", "Hanoi"), ("Sao Paulo", "Santiago, CHL"), ("Mexico City", "Chicago"),
    ("Sydney, AUS", "Tokyo"), ("Cairo", "Dubai"), ("Tehran", "Moscow"), ("BGD", "DEU"), ("ETH", "CHN"),
)  # fmt: skip
ON = "2026-11-24"


def main(scenarios: int, drawn: int) -> None:
    began = time.process_time()
    network = open_network()
    for warm in PAIRS[:1]:
        study(*warm, on=ON, network=network).usual()
    print(f"opening and warming up: {time.process_time() - began:.1f} s, {peak_mb():.0f} MB")
    years = Years(scenarios=scenarios)
    rows = [row for pair in (at_random(drawn) if drawn else PAIRS) if (row := timed(network, years, pair))]
    names = ("study", "first block", "each further block", "what if", "pair")
    for name, column in zip(names, zip(*rows, strict=True), strict=True):
        middle, worst, mean = statistics.median(column), max(column), statistics.fmean(column)
        print(f"{name:<20} median {middle:6.2f} s   worst {worst:6.2f} s   mean {mean:6.2f} s")
    print(f"most memory: {peak_mb():.0f} MB")


def at_random(count: int) -> list[tuple[str, str]]:
    """Directed pairs of countries, the same at every run."""
    codes = [country.alpha3 for country in places.countries()]
    draw = random.Random(1)
    return [tuple(draw.sample(codes, 2)) for _ in range(count)]


def timed(network, years: Years, pair: tuple[str, str]) -> tuple[float, ...] | None:
    """Seconds of: study and usual way, first block, each further block (mean), all that follows the blocks; and their sum.

    None where no way joins the pair.
    """
    try:
        begun, first, blocks, rest, of = stages(network, years, pair)
    except ComityError as fault:
        print(f"{pair[0]} - {pair[1]}: {fault}")
        return None
    each = blocks / max(len(years.blocks) - 1, 1)
    print(
        f"{pair[0]} - {pair[1]}: study {begun:.2f}, first block {first:.2f}, further {each:.2f} each, what if {rest:.2f} s; "
        f"ways {len(of.ensemble.ways):,}, searches {of.ensemble.searches:,}; {peak_mb():.0f} MB",
        flush=True,
    )
    return begun, first, each, rest, begun + first + blocks + rest


def stages(network, years: Years, pair: tuple[str, str]):
    """Processor seconds of the four stages, and the study."""
    marks = [time.process_time()]
    of = study(*pair, on=ON, network=network)
    of.usual()
    marks.append(time.process_time())
    done = [pieces.piece(of, years, 0)]
    marks.append(time.process_time())
    done += [pieces.piece(of, years, block) for block in years.blocks[1:]]
    marks.append(time.process_time())
    measured(of, years, "departure", done)
    marks.append(time.process_time())
    return *(after - before for before, after in zip(marks, marks[1:], strict=False)), of


def peak_mb() -> float:
    """Most memory that this process has held so far, MB (Linux counts in kB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    told = [int(word) for word in sys.argv[1:]]
    main(told[0] if told else 20_000, told[1] if len(told) > 1 else 0)
