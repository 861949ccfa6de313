"""Aircraft types as an airline would use them: fuel as in service, runways, what a flight of each costs beside its fuel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from comity import facts
from comity.air import aircraft, mission
from comity.air.charges import landing_usd, navigation_usd
from comity.air.runways import Field
from comity.air.viability import Flight, economics
from comity.errors import BadInput

TYPES = ("e190", "a320", "b738", "a20n", "b38m", "a21n")
CLOSING_IN = 6  # steps to the calibration: each leaves a hundredth of the gap
ANY_KM = 500.0  # stands in for a way that is not open, so that arrays stay whole
HOURLY = ("maintenance", "crew", "cabin_crew", "depreciation_rentals", "insurance")  # paid by the hour flown
Fields = Sequence[tuple[Field | None, Field | None]]  # both ends of each pair


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flown:
    """One type on n pairs in one state of the airspace: float64[n] of one flight; fits : bool[n]. Fuel is inf where it does not."""

    fuel_kg: np.ndarray
    block_h: np.ndarray
    fits: np.ndarray
    flight: Flight


def check_types(codes: Sequence[str]) -> None:
    """Raises BadInput for types that no row knows, or whose fuel in service is not known."""
    have = {row["type"] for row in facts.rows("aircraft_types")}
    strange = [code for code in codes if code not in have]
    if strange or not codes:
        raise BadInput(f"No aircraft type {', '.join(strange) or 'was given'}. Known: {', '.join(sorted(have))}.")
    bare = [code for code in codes if in_service(code) is None]
    if bare:
        raise BadInput(
            f"{', '.join(bare)}: no fuel figure of service is known, and OpenAP alone is far off. Leave it out, or add a row to aircraft_fuel."
        )


def craft(code: str) -> dict:
    """The row of aircraft_types."""
    return facts.keyed("aircraft_types", ("type",))[code,]


def in_service(code: str) -> dict | None:
    """The row of aircraft_fuel by which a type is brought to the fuel of service, None where none is known."""
    return facts.keyed("aircraft_fuel", ("type", "parameter")).get((code, "fuel_kg_per_km"))


def planned_load() -> float:
    """Share of seats filled for which fuel, range and runways are worked out."""
    return economics("planned_load")["value"]


def _payload_kg(code: str) -> float:
    return planned_load() * craft(code)["seats"] * economics("passenger_mass_kg")["value"]


@cache
def rules() -> mission.Rules:
    """What a flight must carry, from the rows of air_economics."""
    return mission.Rules(
        contingency_share=economics("contingency_fuel_share")["value"],
        alternate_km=economics("alternate_distance_km")["value"],
        final_reserve_min=economics("reserve_final_min")["value"],
    )


@lru_cache(maxsize=64)
def performance(code: str) -> mission.Performance:
    """A type as it burns in service: OpenAP's with every fuel flow multiplied by `calibration`."""
    return mission.scaled(mission.performance(code), calibration(code))


@lru_cache(maxsize=64)
def calibration(code: str) -> float:
    """By what OpenAP's fuel flow is multiplied so that a flight burns what the type does in service, gate to gate.

    The row tells fuel for each kilometre of great circle; what is flown is longer by the row way_factor. The weight of the
    fuel itself is in it, so the factor is found by stepping to it.
    """
    row = in_service(code)
    assert row is not None
    stage = np.array([row["stage_km"] * economics("way_factor")["value"]], float)
    wanted, factor = row["value"] * row["stage_km"], 1.0
    for _ in range(CLOSING_IN):
        flown = mission.fly(mission.scaled(mission.performance(code), factor), stage, [_payload_kg(code)], rules())
        factor *= wanted / float(flown.trip_fuel_kg[0] + flown.taxi_fuel_kg[0])
    return factor


@lru_cache(maxsize=64)
def hour_usd_2019(code: str) -> float:
    """Cost of a flight hour but for fuel, landing, handling and navigation, USD of 2019, of the class that stands for the type."""
    found = facts.keyed("block_hour_costs", ("class", "item"))
    return sum(found[craft(code)["cost_class"], item]["value"] for item in HOURLY)


def airport_usd(code: str, countries: tuple[str, str]) -> float:
    """One landing and one turnaround, the mean of both ends, USD."""
    row = craft(code)
    landing = sum(landing_usd(country, row["mtow_kg"] / 1000) for country in countries) / 2
    return landing + economics(f"handling_usd_per_turnaround_{row['body']}")["value"]


def fly(
    code: str,
    km: np.ndarray,
    over: Sequence[Mapping[str, float]],
    straight_km: np.ndarray,
    fields: Fields,
    countries: Sequence[tuple[str, str]],
) -> Flown:
    """One type on n ways.

    km : float64[n], nan where no way is open · over : kilometres over each country · straight_km : float64[n]
    fields, countries : of both ends of each
    """
    row, able = craft(code), np.isfinite(km)
    flown = mission.fly(performance(code), np.where(able, km, ANY_KM), np.full(len(km), _payload_kg(code)), rules())
    lifts = _lifts(row, flown.takeoff_mass_kg, flown.landing_mass_kg, performance(code).mlw_kg, fields)
    fits = able & flown.fits & lifts
    fuel = np.where(fits, flown.trip_fuel_kg + flown.taxi_fuel_kg, np.inf)
    hours = np.where(fits, flown.block_h, np.nan)
    flight = Flight(
        distance_km=straight_km,
        fuel_kg=fuel,
        flight_h=np.nan_to_num(hours),
        hour_usd_2019=np.full(len(km), hour_usd_2019(code)),
        airport_usd=np.array([airport_usd(code, pair) for pair in countries]),
        navigation_usd=np.array([navigation_usd(one, row["mtow_kg"] / 1000) for one in over]),
    )
    return Flown(fuel_kg=fuel, block_h=hours, fits=fits, flight=flight)


def _lifts(row: dict, takeoff_kg: np.ndarray, landing_kg: np.ndarray, mlw_kg: float, fields: Fields) -> np.ndarray:
    """Whether both runways are long enough on a hot day, bool[n]; one that is not known stops nothing, and is told."""
    hotter = economics("hot_day_above_standard_c")["value"]
    enough = np.ones(len(takeoff_kg), bool)
    for end in (0, 1):
        have = np.array([field.runway_m if (field := pair[end]) and field.runway_m else np.inf for pair in fields])
        high = np.array([field.elevation_m if (field := pair[end]) else 0.0 for pair in fields])
        heat, mtow = aircraft.standard_temperature_c(high) + hotter, row["mtow_kg"]
        need = aircraft.takeoff_field_m(row["takeoff_field_m"], np.minimum(takeoff_kg, mtow), mtow, high, heat)
        stop = aircraft.landing_field_m(row["landing_field_m"], np.minimum(landing_kg, mlw_kg), mlw_kg, high)
        enough &= (need <= have) & (stop * economics("wet_runway_factor")["value"] <= have)
    return enough
