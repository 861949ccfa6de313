"""Direct flights: how long a screen takes, and where what airlines really launched stands among all candidates.

    python benchmarks/flights.py

The rank is that of `comity flights`, over every pair of towns between Central and South Asia at once, with the general
level of demand for all: visitors counted after a launch would tell the answer. Last, the demand that the model says is held
against the visitors that were counted between countries.
"""

from __future__ import annotations

import time
from statistics import median
from unittest.mock import patch

import numpy as np

from comity import facts
from comity.air import demand, level
from comity.air.catchment import known_as
from comity.air.flights import flights
from comity.errors import ComityError

CENTRAL = ("KAZ", "UZB", "KGZ", "TJK", "TKM", "AZE")
NEAR_KM, FAR_KM = 500, 4500  # between these the model was estimated on most pairs
SOUTH = ("PAK", "IND", "AFG", "BGD", "LKA", "NPL", "MDV")


def main() -> None:
    for name, ends in (("screen of Kazakhstan and Pakistan", ("KAZ", "PAK")), ("one pair", ("ALA", "LHE"))):
        start = time.perf_counter()
        flights(*ends)
        cold = time.perf_counter() - start
        start = time.perf_counter()
        found = flights(*ends, fuel_usd_per_t=900)
        warm = time.perf_counter() - start
        print(
            f"{name}: {cold:.2f} s, warm {warm:.2f} s ({len(found.pairs)} pairs, {len(found.types)} types, {len(found.states)} states)"
        )
    with patch.object(level, "between", lambda a, b: demand.assumed_level()):
        back_test()
    against_visits()


def back_test() -> None:
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


def against_visits() -> None:
    """Travellers counted between countries over the demand the model spreads them on: slope near 1 where it is right."""
    told = []
    for (a, b), found in level.counted().items():
        pairs = demand.ranked([a], [b])
        weight = np.array([one.relative * one.link_probability for one in pairs])
        if len(pairs) and NEAR_KM < float(weight @ [one.distance_km for one in pairs]) / weight.sum() < FAR_KM:
            told.append((found.raw, weight.sum() ** 2 / float(weight @ [one.link_probability for one in pairs])))
    raw, spread_on = np.array(told).T
    x, y = np.log(spread_on), np.log(raw * spread_on)
    slope, middle = np.polyfit(x, y, 1)
    left = float((y - middle - slope * x).std(ddof=2))
    print(
        f"{len(told)} country pairs counted, {NEAR_KM} to {FAR_KM} km: travellers go with the model's demand to the power of {slope:.2f}, "
        f"within a factor of {np.exp(left):.1f} (one standard deviation); correlation of logarithms {np.corrcoef(x, y)[0, 1]:.2f}"
    )
    low, middle, high = level.spread_of_counted()
    print(
        f"levels of {len(level.counted())} counted pairs: {low:,.0f}; {middle:,.0f}; {high:,.0f} (P10, P50, P90); assumed {demand.assumed_level().value:,.0f}"
    )


if __name__ == "__main__":
    main()
