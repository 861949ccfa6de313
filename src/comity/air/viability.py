"""What a direct service earns and costs in a year, and how full it must be: pure arithmetic over arrays of options and draws.

A year is 52 weeks. Result = passengers x net fare - flights x (fuel + hours + navigation) x (1 + overhead). What is
uncertain for the whole service is drawn together: a good year for demand is one for every option.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity import facts

Floats = NDArray[np.float64]
WEEKS = 52
DRAWS = 500
SEED = 20261125
NORMAL_P90 = 1.2815515655446004  # standard normal at 0.9
QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Draws of what is uncertain, float64[DRAWS] each; the middle of each is the value of its row.

    level : passengers a year, both ways, at relative demand 1 · elasticity : of passengers to flights a week
    fare_fixed_usd, fare_usd_per_km : one way · fuel_usd_per_t · rise : of other costs since 2019
    sold, overhead, fullest, frequency_level, service_usd : single figures
    """

    level: Floats
    elasticity: Floats
    fare_fixed_usd: Floats
    fare_usd_per_km: Floats
    fuel_usd_per_t: Floats
    rise: Floats
    sold: float
    overhead: float
    fullest: float
    frequency_level: float
    service_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Yearly:
    """Per option, float64[n]: load factor needed in a middle year; float64[3, n]: P10, P50, P90 of load and yearly result.

    chance : share of draws whose result is not below zero · cost_usd : of a middle year
    """

    load_needed: Floats
    load: Floats
    result_usd: Floats
    chance: Floats
    cost_usd: Floats
    passengers: Floats


def economics(parameter: str) -> dict:
    """A row of air_economics. Raises FactMissing."""
    return facts.keyed("air_economics", ("parameter",))[parameter,]


def prices(level: tuple[float, float, float], fuel_usd_per_t: float | None = None) -> Prices:
    """Draws from the rows of air_economics and a level of demand (middle, low, high; low and high as P10 and P90).

    fuel_usd_per_t : a price of the user's, then taken as certain
    """
    chance = np.random.default_rng(SEED)
    fare = chance.standard_normal(DRAWS)  # one market: fares are dear or cheap as a whole

    def drawn(name: str, normal: Floats | None = None) -> Floats:
        row = economics(name)
        return spread(
            row["value"], row["low"], row["high"], chance.standard_normal(DRAWS) if normal is None else normal
        )

    demand, fuel = chance.standard_normal(DRAWS), drawn("jet_fuel_usd_per_t")
    return Prices(
        level=spread(*level, demand),
        elasticity=drawn("frequency_elasticity"),
        fare_fixed_usd=drawn("fare_fixed_usd", fare),
        fare_usd_per_km=drawn("fare_usd_per_km", fare),
        fuel_usd_per_t=fuel if fuel_usd_per_t is None else np.full(DRAWS, float(fuel_usd_per_t)),
        rise=drawn("cost_rise_2019_2026"),
        **{key: float(economics(name)["value"]) for key, name in SINGLE.items()},
    )


SINGLE = {
    "sold": "distribution_share",
    "overhead": "overhead_share",
    "fullest": "fullest_load",
    "frequency_level": "frequency_level",
    "service_usd": "passenger_service_usd",
}


def spread(value: float, low: float, high: float, normal: Floats) -> Floats:
    """Draws of a positive figure whose P10, P50 and P90 are low, value and high: log-normal with a side of its own each way."""
    down, up = np.log(value / low) / NORMAL_P90, np.log(high / value) / NORMAL_P90
    return value * np.exp(np.where(normal < 0, down, up) * normal)


def yearly(
    prices: Prices,
    *,
    relative: Floats,
    distance_km: Floats,
    seats: Floats,
    weekly: Floats,
    fuel_kg: Floats,
    flight_h: Floats,
    hour_usd_2019: Floats,
    navigation_usd: Floats,
) -> Yearly:
    """A year of each option; every array float64[n], one way where it is of a flight.

    relative : demand of the pair in units of the median route · distance_km : great circle, by which fares go
    fuel_kg, flight_h, navigation_usd : of one flight · hour_usd_2019 : all other cost of an hour, USD of 2019
    Raises nothing: inf fuel gives an inf load needed and a result of -inf.
    """
    flights = 2 * WEEKS * weekly
    capacity = flights * seats
    wanted = relative * prices.level[:, None] * (weekly / prices.frequency_level) ** prices.elasticity[:, None]
    carried = np.minimum(wanted, prices.fullest * capacity)
    fare = prices.fare_fixed_usd[:, None] + prices.fare_usd_per_km[:, None] * distance_km
    net = fare * (1 - prices.sold) - prices.service_usd
    flight = (
        fuel_kg / 1000 * prices.fuel_usd_per_t[:, None]
        + flight_h * hour_usd_2019 * prices.rise[:, None]
        + navigation_usd
    )
    cost = flights * flight * (1 + prices.overhead)
    with np.errstate(invalid="ignore"):
        result = carried * net - cost
        middle = np.median(cost, axis=0)
        needed = middle / (capacity * np.median(net, axis=0))
    load = np.quantile(carried / capacity, QUANTILES, axis=0)
    told = np.where(
        np.isfinite(fuel_kg), np.quantile(np.where(np.isfinite(result), result, -1e15), QUANTILES, axis=0), -np.inf
    )
    return Yearly(
        load_needed=needed,
        load=load,
        result_usd=told,
        chance=(result >= 0).mean(axis=0),
        cost_usd=middle,
        passengers=np.median(carried, axis=0),
    )
