"""What a direct service earns and costs in a year, and how full it must be: pure arithmetic over arrays of options and draws.

A year is 52 weeks, and twelve months that each draw their share of the travellers: in a full month some stay behind, in
an empty one seats go empty. Result = passengers x net fare - flights x (fuel + hours + landing, handling and navigation)
x (1 + overhead). What is uncertain for the whole service is drawn together: a good year for demand is one for every option.
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
MONTHS = 12
SUMMER = range(3, 10)  # April to October, as schedules have it (the last Sunday of March to that of October)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Draws of what is uncertain, float64[DRAWS] each; the middle of each is the value of its row.

    level : passengers a year, both ways, at relative demand 1 · elasticity : of passengers to flights a week
    fare_fixed_usd, fare_usd_per_km : one way · fuel_usd_per_t · rise : of other costs since 2019
    airport : what landing and handling cost over their rows
    sold, overhead, fullest, frequency_level, service_usd : single figures
    """

    level: Floats
    elasticity: Floats
    fare_fixed_usd: Floats
    fare_usd_per_km: Floats
    fuel_usd_per_t: Floats
    rise: Floats
    airport: Floats
    sold: float
    overhead: float
    fullest: float
    frequency_level: float
    service_usd: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Market:
    """Who flies on each option, whatever it costs: every array over n options.

    flights : float64[n], a year, both ways · capacity : float64[n], seats of a year
    carried, in_summer : float64[DRAWS, n], passengers of a year, and those of April to October among them
    load : float64[3, n], P10, P50 and P90 of the load factor · months : float64[n, 12], middle load factor of each month
    """

    flights: Floats
    capacity: Floats
    carried: Floats
    in_summer: Floats
    load: Floats
    months: Floats

    @property
    def passengers(self) -> Floats:
        """Of a middle year, float64[n]."""
        return self.load[1] * self.capacity


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flight:
    """What one flight of each option takes; every array float64[n], one way.

    distance_km : great circle, by which fares go · fuel_kg : inf where it cannot fly · flight_h
    hour_usd_2019 : cost of an hour but for fuel, landing, handling and navigation, USD of 2019
    airport_usd : one landing and one turnaround · navigation_usd
    """

    distance_km: Floats
    fuel_kg: Floats
    flight_h: Floats
    hour_usd_2019: Floats
    airport_usd: Floats
    navigation_usd: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Money:
    """In every draw, float64[DRAWS, n] of USD: net_fare of a passenger one way, after sales and service; cost of one flight with
    overhead, inf where it cannot fly."""

    net_fare: Floats
    cost: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Yearly:
    """float64[3, n]: P10, P50, P90 of the yearly result; chance : float64[n], share of draws whose result is not below zero."""

    result_usd: Floats
    chance: Floats


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
    handling = economics("handling_usd_per_turnaround_narrow")
    return Prices(
        level=spread(*level, demand),
        elasticity=drawn("frequency_elasticity"),
        fare_fixed_usd=drawn("fare_fixed_usd", fare),
        fare_usd_per_km=drawn("fare_usd_per_km", fare),
        fuel_usd_per_t=fuel if fuel_usd_per_t is None else np.full(DRAWS, float(fuel_usd_per_t)),
        rise=drawn("cost_rise_2019_2026"),
        airport=drawn("handling_usd_per_turnaround_narrow") / handling["value"],
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


def market(prices: Prices, *, relative: Floats, seats: float, weekly: float, season: Floats) -> Market:
    """Passengers of one type so often a week on n pairs.

    relative : float64[n], demand of a pair in units of the median route
    season : float64[n, 12], a month's travellers over those of a mean month
    """
    flights = np.full(len(relative), 2.0 * WEEKS * weekly)
    capacity = flights * seats
    wanted = relative * prices.level[:, None] * (weekly / prices.frequency_level) ** prices.elasticity[:, None]
    most = prices.fullest * capacity / MONTHS
    by_month = np.minimum((wanted / MONTHS)[:, :, None] * season, most[:, None])
    carried = by_month.sum(axis=2)
    middle = np.minimum(np.median(wanted, axis=0)[:, None] / MONTHS * season, most[:, None])
    return Market(
        flights=flights,
        capacity=capacity,
        carried=carried,
        in_summer=by_month[:, :, SUMMER].sum(axis=2),
        load=np.quantile(carried / capacity, QUANTILES, axis=0),
        months=middle * MONTHS / capacity[:, None],
    )


def per_flight(prices: Prices, flight: Flight) -> Money:
    """What a passenger leaves and a flight costs, in every draw."""
    fare = prices.fare_fixed_usd[:, None] + prices.fare_usd_per_km[:, None] * flight.distance_km
    cost = (
        flight.fuel_kg / 1000 * prices.fuel_usd_per_t[:, None]
        + flight.flight_h * flight.hour_usd_2019 * prices.rise[:, None]
        + flight.airport_usd * prices.airport[:, None]
        + flight.navigation_usd
    )
    return Money(net_fare=fare * (1 - prices.sold) - prices.service_usd, cost=cost * (1 + prices.overhead))


def load_needed(money: Money, seats: float) -> Floats:
    """Load factor at which a year of middle costs and fares comes out even, float64[n]: the same for any number of flights."""
    return np.median(money.cost, axis=0) / (seats * np.median(money.net_fare, axis=0))


def yearly(found: Market, money: Money) -> Yearly:
    """The year of each option of `found`. Raises nothing: what cannot fly has a result of -inf and no chance."""
    result = found.carried * money.net_fare - found.flights * money.cost
    told = np.quantile(np.where(np.isfinite(result), result, -1e15), QUANTILES, axis=0)
    flies = np.isfinite(money.cost).all(axis=0)
    return Yearly(result_usd=np.where(flies, told, -np.inf), chance=(result >= 0).mean(axis=0))


def by_season(found: Market, money: Money) -> Floats:
    """Middle result of summer (April to October) and winter, USD, float64[2, n]."""
    cost, share = found.flights * money.cost, len(SUMMER) / MONTHS
    summer = found.in_summer * money.net_fare - share * cost
    winter = (found.carried - found.in_summer) * money.net_fare - (1 - share) * cost
    return np.stack([np.median(summer, axis=0), np.median(winter, axis=0)])
