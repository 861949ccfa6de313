"""What a search for direct flights finds, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from comity.air.demand import Level
from comity.air.high_ground import HighGround
from comity.air.rights import Right
from comity.air.stopover import Journeys
from comity.air.way import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """P10, P50 and P90."""

    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A type and a number of flights a week each way, today. `load_factor_needed` by state of the airspace, None where it cannot fly.

    summer_usd, winter_usd : middle result of April to October, and of the rest · co2e_kg_per_passenger : with the making of the fuel
    """

    type: str
    weekly: int
    seats: int
    load_factor_needed: float
    load_factor_expected: Spread
    result_usd_per_year: Spread
    summer_usd: float
    winter_usd: float
    chance: float
    subsidy_usd_per_seat: float
    passengers_per_year: float
    fuel_kg: float
    block_h: float
    co2_kg_per_passenger: float
    co2e_kg_per_passenger: float
    load_factor_by_month: tuple[float, ...]
    needed_by_closure: dict[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two airports. Lengths in km; `route_km_by_closure` by state, None where no way is open; `geometry` lon, lat of today's way.

    journeys : ways over hubs beside the best option, None where no type can fly the pair
    told : sentences by what they are about: seats, closures, stopovers, season, week, high ground, runways
    told : sentences by what they are about: seats, closures, stopovers, season, week, high ground, runways
    """

    origin: str
    destination: str
    origin_name: str
    destination_name: str
    great_circle_km: float
    route_km: float | None
    least_km: float | None
    route_km_by_closure: dict[str, float | None]
    relative_demand: float
    link_probability: float
    options: tuple[Option, ...]
    score: float
    rank: int
    over: dict[str, float]
    high_ground: tuple[HighGround, ...]
    journeys: Journeys | None
    rights: tuple[Right, ...]
    services: tuple[dict, ...]
    told: dict[str, tuple[str, ...]]
    geometry: tuple[tuple[float, float], ...]
    detours: dict[str, tuple[tuple[float, float], ...]]
    sources: tuple[str, ...]

    @property
    def best(self) -> Option | None:
        """The option of the best middle result, None where no type can fly the pair."""
        return self.options[0] if self.options else None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it stands where it does, in sentences."""
        return tuple(sentence for sentences in self.told.values() for sentence in sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flights:
    """Pairs best first, on a day; `states` by name with the rules behind them; `left_out` tells what was not looked at and why.

    level : passengers a year at relative demand 1 · visits : rows of air_visits of the two countries, to hold the expected passengers against
    """

    on: date
    ends: tuple[str, str]
    pairs: tuple[Pair, ...]
    states: tuple[State, ...]
    types: tuple[str, ...]
    level: Level
    visits: tuple[dict, ...]
    left_out: tuple[str, ...]
