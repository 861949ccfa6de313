"""What air navigation and a landing cost a flight, from the rates of its countries; where none is known, a frank general one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from comity import facts
from comity.air.viability import economics

ELSEWHERE = "XXX"
REFERENCE_T = 50.0  # take-off mass at which EUROCONTROL's weight factor is 1; it grows with the square root
FLAT = "overflight_usd_per_flight"
TONNE_KM = "overflight_usd_per_t_km"
UNIT, UNIT_EUR = "enroute_usd_per_unit", "eurocontrol_eur_per_unit"
ANY_WEIGHT = "enroute_usd_per_100km"
GENERAL = "enroute_usd_per_100km_50t"
BAND = re.compile(r"enroute_usd_per_100km_(?:to_(\d+)t|over_(\d+)t|(\d+)_(\d+)t)$")
LANDING = "landing_usd_per_t"


@cache
def _rows() -> dict[str, dict[str, dict]]:
    found: dict[str, dict[str, dict]] = {}
    for row in facts.rows("air_charges"):
        found.setdefault(row["country"], {})[row["charge"]] = row
    return found


def navigation_usd(km_over: Mapping[str, float], mtow_t: float) -> float:
    """Cost of one flight. km_over : kilometres over each country, "" over the sea, which is free here · mtow_t : tonnes."""
    return sum(_usd(rate(code, mtow_t), km, mtow_t) for code, km in km_over.items() if code)


def landing_usd(country: str, mtow_t: float) -> float:
    """Cost of one landing with its take-off. country : alpha-3 · mtow_t : tonnes."""
    return _landing(country)["value"] * mtow_t


def sources(countries: Iterable[str], ends: Iterable[str], mtow_t: float) -> tuple[str, ...]:
    """Rows of sources behind the charges of the countries crossed, and of both ends."""
    rows = [rate(code, mtow_t) for code in countries if code] + [_landing(code) for code in ends]
    return tuple(dict.fromkeys(row["source"] for row in rows))


def _landing(country: str) -> dict:
    return _rows().get(country, {}).get(LANDING) or _rows()[ELSEWHERE][LANDING]


@lru_cache(maxsize=1024)
def rate(country: str, mtow_t: float) -> dict:
    """The row of air_charges by which a country asks for a crossing at this take-off mass, or the general one."""
    rows = _rows().get(country, {})
    for charge in (FLAT, UNIT, UNIT_EUR, ANY_WEIGHT):
        if charge in rows:
            return rows[charge]
    for charge, row in rows.items():
        if (band := BAND.match(charge)) and _within(band, mtow_t):
            return row
    return rows.get(TONNE_KM) or _rows()[ELSEWHERE][GENERAL]


def _usd(row: Mapping, km: float, mtow_t: float) -> float:
    units = km / 100 * (mtow_t / REFERENCE_T) ** 0.5
    forms = {FLAT: 1.0, TONNE_KM: mtow_t * km, UNIT: units, GENERAL: units}
    if row["charge"] == UNIT_EUR:
        return row["value"] * economics("usd_per_eur")["value"] * units
    return row["value"] * forms.get(row["charge"], km / 100)


def _within(band: re.Match[str], mtow_t: float) -> bool:
    upto, over, low, high = (float(part) if part else None for part in band.groups())
    if upto is not None:
        return mtow_t <= upto
    if over is not None:
        return mtow_t > over
    return low is not None and high is not None and low - 1 < mtow_t <= high
