"""What air navigation costs a flight, from the rates of the countries it crosses; where none is known, a frank general one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from comity import facts

ELSEWHERE = "XXX"
REFERENCE_T = (
    50.0  # the general rate is told at this take-off mass and grows with its square root (EUROCONTROL's weight factor)
)
FLAT = "overflight_usd_per_flight"
BAND = re.compile(r"enroute_usd_per_100km_(?:to_(\d+)t|over_(\d+)t|(\d+)_(\d+)t)$")
TONNE_KM = "overflight_usd_per_t_km"


@cache
def _rates() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row in facts.rows("air_charges"):
        found.setdefault(row["country"], {})[row["charge"]] = row["value"]
    return found


def navigation_usd(km_over: Mapping[str, float], mtow_t: float) -> float:
    """Cost of one flight. km_over : kilometres over each country, "" over the sea, which is free here · mtow_t : tonnes."""
    return sum(_country_usd(code, km, mtow_t) for code, km in km_over.items() if code)


def _country_usd(code: str, km: float, mtow_t: float) -> float:
    rates = _rates().get(code, {})
    if FLAT in rates:
        return rates[FLAT]
    for charge, value in rates.items():
        band = BAND.match(charge)
        if band and _within(band, mtow_t):
            return value * km / 100
    if TONNE_KM in rates:
        return rates[TONNE_KM] * mtow_t * km
    return _rates()[ELSEWHERE]["enroute_usd_per_100km_50t"] * km / 100 * (mtow_t / REFERENCE_T) ** 0.5


def _within(band: re.Match[str], mtow_t: float) -> bool:
    upto, over, low, high = (float(part) if part else None for part in band.groups())
    if upto is not None:
        return mtow_t <= upto
    if over is not None:
        return mtow_t > over
    return low is not None and high is not None and low - 1 < mtow_t <= high
