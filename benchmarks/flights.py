"""Direct flights: how long a screen takes, and where what airlines really launched stands among all candidates.

    python benchmarks/flights.py

The rank is that of `comity flights`, over every pair of towns between Central and South Asia at once.
"""

from __future__ import annotations

import time
from statistics import median

from comity import facts
from comity.air.catchment import known_as
from comity.air.flights import flights
from comity.errors import ComityError

CENTRAL = ("KAZ", "UZB", "KGZ", "TJK", "TKM", "AZE")
SOUTH = ("PAK", "IND", "AFG", "BGD", "LKA", "NPL", "MDV")


def main() -> None:
    for name, ends in (("screen of Kazakhstan and Pakistan", ("KAZ", "PAK")), ("one pair", ("ALA", "LHE"))):
        flights(*ends)
        start = time.perf_counter()
        found = flights(*ends)
        print(
            f"{name}, warm: {time.perf_counter() - start:.2f} s ({len(found.pairs)} pairs, {len(found.types)} types, {len(found.states)} states)"
        )
    pairs = []
    for a in CENTRAL:
        for b in SOUTH:
            try:
                pairs += [(one.score, one.relative_demand, one.origin, one.destination) for one in flights(a, b).pairs]
            except ComityError as fault:
                print(f"{a}-{b} left out: {fault}")
    pairs.sort(reverse=True)
    rank = {frozenset(one[2:]): place for place, one in enumerate(pairs, 1)}
    launched = []
    for row in facts.rows("air_launches"):
        pair = frozenset((known_as(row["origin"]), known_as(row["destination"])))
        place = rank.get(pair)
        told = f"{100 * place / len(pairs):.2f} %" if place else "not among the candidates"
        print(
            f"{row['origin']}-{row['destination']}  launched {row['launched'] or 'before, or day unknown'}: {place or '-'}  {told}"
        )
        if place and row["launched"]:
            launched.append(place)
    print(
        f"{len(pairs)} candidates; {len(launched)} launched since 2010 on a known day: median {100 * median(launched) / len(pairs):.2f} %"
    )


if __name__ == "__main__":
    main()
