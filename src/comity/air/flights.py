"""Direct flights between two countries, or two airports: every pair with its ways, aircraft, frequencies, result and rights.

`flights` is the one plan behind the command line, Python and the brief. The rank comes from the model alone; the table of
services is shown beside it and never used for it, so that the model can be tested against what airlines launched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache

import numpy as np

from comity import facts, places
from comity.air import aircraft, catchment, demand, mission
from comity.air.airways import geodesic_km
from comity.air.charges import navigation_usd
from comity.air.detour import Track
from comity.air.rights import Right, rights_of
from comity.air.runways import Field, field_of
from comity.air.viability import QUANTILES, WEEKS, Yearly, economics, prices, yearly
from comity.air.way import OPEN, State, countries_along, lower_bound, today, tracks, without
from comity.errors import BadInput, PlaceUnknown

TYPES = ("e190", "a320", "b738", "a20n", "b38m", "a21n")
WEEKLY = (2, 3, 4, 7)
WHAT_IFS = 3  # regions flown over that are shut one at a time
SMALL_TOWN = 20_000.0  # people; asked for only where a country has no larger market, and the model is stretched there
LOAD = 0.8  # share of seats filled for which fuel is worked out
NEAREST_KM, FARTHEST_KM = 200.0, 9000.0
SOURCES = (
    "openflights-routes",
    "eurocontrol-operating-costs",
    "bts-form-41-fuel",
    "openap-aircraft",
)  # every pair rests on them
HOURLY = ("maintenance", "crew", "depreciation_rentals", "other")  # items of block_hour_costs beside fuel


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """P10, P50 and P90."""

    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A type and a number of flights a week each way, today. `load_factor_needed` by state of the airspace, None where it cannot fly."""

    type: str
    weekly: int
    seats: int
    load_factor_needed: float
    load_factor_expected: Spread
    result_usd_per_year: Spread
    chance: float
    subsidy_usd_per_seat: float
    passengers_per_year: float
    fuel_kg: float
    block_h: float
    co2_kg_per_passenger: float
    needed_by_closure: dict[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two airports. Lengths in km; `route_km_by_closure` by state, None where no way is open; `geometry` lon, lat of today's way."""

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
    rights: tuple[Right, ...]
    services: tuple[dict, ...]
    reasons: tuple[str, ...]
    geometry: tuple[tuple[float, float], ...]
    detours: dict[str, tuple[tuple[float, float], ...]]
    sources: tuple[str, ...]

    @property
    def best(self) -> Option | None:
        """The option of the best middle result, None where no type can fly the pair."""
        return self.options[0] if self.options else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flights:
    """Pairs best first, on a day; `states` by name with the rules behind them; `left_out` tells what was not looked at and why."""

    on: date
    ends: tuple[str, str]
    pairs: tuple[Pair, ...]
    states: tuple[State, ...]
    types: tuple[str, ...]
    left_out: tuple[str, ...]


def flights(
    origin: str,
    destination: str,
    *,
    on: date | None = None,
    avoid: Sequence[str] = (),
    types: Sequence[str] = TYPES,
    fuel_usd_per_t: float | None = None,
) -> Flights:
    """Every direct flight between two countries, or the one between two airports or towns.

    origin, destination : two countries by code or name, else two IATA codes or towns
    on : day of the airspace, today by default · avoid : regions to keep out of, by ICAO code or country
    types : OpenAP codes; one without fuel figures of service is refused · fuel_usd_per_t : instead of the row's spread
    Raises BadInput, PlaceUnknown, MissingExtra.
    """
    on = on or date.today()
    if fuel_usd_per_t is not None and not fuel_usd_per_t > 0:
        raise BadInput(f"A fuel price of {fuel_usd_per_t:g} USD a tonne is none. Give one above 0, such as 900.")
    known = tuple(dict.fromkeys(code.lower() for code in types))
    _check_types(known)
    ends, rows, codes = _candidates(origin, destination)
    operators = tuple(dict.fromkeys(country_of(code) for pair in codes for code in pair))
    left_out: list[str] = []
    points = {code: _point(code) for pair in codes for code in pair}
    straight = geodesic_km(np.array([points[a] for a, _ in codes]), np.array([points[b] for _, b in codes]))
    kept = [n for n, km in enumerate(straight) if NEAREST_KM <= km <= FARTHEST_KM]
    if len(kept) < len(codes):
        left_out.append(f"{len(codes) - len(kept)} pairs under {NEAREST_KM:.0f} or over {FARTHEST_KM:,.0f} km")
    if not kept:
        raise BadInput(
            f"{ends[0]} and {ends[1]} are no flight apart: under {NEAREST_KM:.0f} or over {FARTHEST_KM:,.0f} km."
        )
    codes, rows, straight = [codes[n] for n in kept], rows[kept], straight[kept]
    states, found, over = _looked_at(today(on, operators, avoid), codes, points, operators)
    now = states[1]
    told = demand.expected(rows[:, 0], rows[:, 1])
    level = demand.assumed_level()
    drawn = prices((level.value, level.low, level.high), fuel_usd_per_t)
    grounds = [(field_of(a), field_of(b)) for a, b in codes]
    worked = {
        state.name: [
            _worked(code, found[state.name], straight, told.relative, over[state.name], grounds, drawn)
            for code in known
        ]
        for state in states
    }
    least = _least(now, codes, points)
    made = [
        _pair(n, codes[n], straight[n], told, found, least[n], worked, states, now, known, over[now.name][n])
        for n in range(len(codes))
    ]
    order = sorted(range(len(made)), key=lambda n: (-made[n].score, -made[n].relative_demand, codes[n]))
    ranked = tuple(replace(made[n], rank=place) for place, n in enumerate(order, 1))
    return Flights(on=on, ends=ends, pairs=ranked, states=tuple(states), types=known, left_out=tuple(left_out))


# --- who -------------------------------------------------------------------------------------------------------------------


def _candidates(origin: str, destination: str) -> tuple[tuple[str, str], np.ndarray, list[tuple[str, str]]]:
    """Names of the ends, rows of markets int64[n, 2], airports of each pair."""
    lands = [_land(origin), _land(destination)]
    if lands[0] and lands[1]:
        if lands[0] == lands[1] and origin.strip().upper() in catchment.markets().of_airport:
            raise BadInput(f"{origin.strip().upper()} twice: a flight needs two airports, or two countries.")
        if lands[0] == lands[1]:
            raise BadInput(f"{places.country(lands[0]).name} twice: give two countries, or two airports.")
        ranking = demand.ranked([lands[0]], [lands[1]]) or demand.ranked([lands[0]], [lands[1]], at_least=SMALL_TOWN)
        if not ranking:
            names = " or ".join(places.country(land).name for land in lands if land)
            raise BadInput(
                f"No town of {SMALL_TOWN:,} people with an airport is known in {names}. Name airports instead."
            )
        codes = [(_main(row.origin_airports), _main(row.destination_airports)) for row in ranking]
        ends = (places.country(lands[0]).name, places.country(lands[1]).name)
    else:
        codes = [(_airport(origin), _airport(destination))]
        if codes[0][0] == codes[0][1]:
            raise BadInput(f"{codes[0][0]} twice: a flight needs two airports.")
        ends = codes[0]
    rows = np.array([(demand.market(a), demand.market(b)) for a, b in codes], np.int64).reshape(-1, 2)
    return ends, rows, codes


def _land(text: str) -> str | None:
    try:
        return places.country(text).alpha3
    except PlaceUnknown:
        return None


def _airport(text: str) -> str:
    """IATA code of an airport, or of the main one of a town."""
    code = catchment.known_as(text.strip().upper())
    if code in catchment.markets().of_airport:
        return code
    return _main(catchment.markets().airports[demand.market(text)])


@lru_cache(maxsize=4096)
def _main(codes: tuple[str, ...]) -> str:
    """The airport of a market that draws most people, of those with scheduled flights where any has them."""
    placed = [code for code in codes if code not in catchment.misplaced()] or list(codes)
    placed = [code for code in placed if (ground := field_of(code)) and ground.scheduled] or placed
    return max(placed, key=lambda code: float(catchment.airport_people([code])[0])) if len(placed) > 1 else placed[0]


@lru_cache(maxsize=4096)
def _site(code: str) -> int:
    return int(np.flatnonzero(catchment.airports().id == code)[0])


def _point(code: str) -> tuple[float, float]:
    sites = catchment.airports()
    return float(sites.lon[_site(code)]), float(sites.lat[_site(code)])


def country_of(code: str) -> str:
    """Alpha-3 of an airport."""
    return str(catchment.airports().country[_site(code)])


def _name(code: str) -> str:
    """The town that an airport is called after: that of its market, but for those that a row names otherwise."""
    marked = facts.keyed("airport_marks", ("iata",)).get((code,))
    if marked and marked["mark"] == "town":
        return marked["other"]
    found = catchment.markets()
    return str(found.towns.name[found.of_airport[code]])


# --- ways --------------------------------------------------------------------------------------------------------------------


def _looked_at(now: State, codes, points, operators: Sequence[str]):
    """All open, today, and today with one region more shut: the states, and by their names the ways and what they fly over."""
    states = [State(name=OPEN), now]
    found = {state.name: _tracks(state, codes, points) for state in states}
    over = {name: countries_along(ways) for name, ways in found.items()}
    crossed = {code for ways in over.values() for one in ways for code in one}
    for region in _often_crossed(over[now.name], operators):
        one = without(region, now)
        states.append(one)
        found[one.name] = _tracks(one, codes, points)
        over[one.name] = countries_along(found[one.name])
    return [state.bearing_on(crossed) for state in states], found, over


def _tracks(state: State, codes, points) -> list[Track | None]:
    return _paired(tracks, state, codes, points)


def _least(state: State, codes, points) -> list[float | None]:
    return [track.length_km if track else None for track in _paired(lower_bound, state, codes, points)]


def _paired(search, state: State, codes, points) -> list[Track | None]:
    """Searched as a table of origins by destinations, told by pair."""
    starts, ends = list(dict.fromkeys(a for a, _ in codes)), list(dict.fromkeys(b for _, b in codes))
    table = search(state, np.array([points[a] for a in starts]), np.array([points[b] for b in ends]))
    return [table[starts.index(a)][ends.index(b)] for a, b in codes]


def _often_crossed(over: Sequence[dict[str, float]], ends: Sequence[str]) -> list[str]:
    """Countries between, those that most pairs fly over first."""
    seen: dict[str, int] = {}
    for one in over:
        for code in one:
            if code and code not in ends:
                seen[code] = seen.get(code, 0) + 1
    return sorted(seen, key=lambda code: (-seen[code], code))[:WHAT_IFS]


# --- aircraft ----------------------------------------------------------------------------------------------------------------


def _check_types(codes: Sequence[str]) -> None:
    have = {row["type"] for row in facts.rows("aircraft_types")}
    strange = [code for code in codes if code not in have]
    if strange or not codes:
        raise BadInput(f"No aircraft type {', '.join(strange) or 'was given'}. Known: {', '.join(sorted(have))}.")
    bare = [code for code in codes if _service(code) is None]
    if bare:
        raise BadInput(
            f"{', '.join(bare)}: no fuel figure of service is known, and OpenAP alone is far off. Leave it out, or add a row to aircraft_fuel."
        )


def _service(code: str) -> dict | None:
    rows = facts.rows("aircraft_fuel")
    return next((row for row in rows if row["type"] == code and row["parameter"] == "fuel_kg_per_km"), None)


def _payload_kg(craft: dict) -> float:
    return LOAD * craft["seats"] * economics("passenger_mass_kg")["value"]


@cache
def rules() -> mission.Rules:
    """What a flight must carry, from the rows of air_economics."""
    return mission.Rules(
        contingency_share=economics("contingency_fuel_share")["value"],
        alternate_km=economics("alternate_distance_km")["value"],
        final_reserve_min=economics("reserve_final_min")["value"],
    )


@lru_cache(maxsize=64)
def calibration(code: str) -> float:
    """Fuel of a type in service over OpenAP's for the same stage and load: what its figures are multiplied by."""
    row, craft = _service(code), _craft(code)
    assert row is not None
    stage = np.array([row["stage_km"]], float)
    flown = mission.fly(mission.performance(code), stage, np.array([_payload_kg(craft)]), rules())
    return float(row["value"] * stage[0] / flown.trip_fuel_kg[0])


def _craft(code: str) -> dict:
    return facts.keyed("aircraft_types", ("type",))[code,]


@lru_cache(maxsize=64)
def hour_usd_2019(code: str) -> float:
    """Cost of a flight hour beside fuel, USD of 2019, of the class that stands for the type."""
    rows = facts.rows("block_hour_costs")
    group = _craft(code)["cost_class"]
    return sum(row["value"] for row in rows if row["class"] == group and row["item"] in HOURLY)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Worked:
    """One type on every pair in one state: float64[n]; and the year of each number of flights a week."""

    fuel_kg: np.ndarray
    block_h: np.ndarray
    fits: np.ndarray
    years: dict[int, Yearly]


def _worked(code: str, ways: Sequence[Track | None], straight, relative, over, grounds, drawn) -> _Worked:
    craft, performance = _craft(code), mission.performance(code)
    km = np.array([track.length_km if track else np.nan for track in ways])
    able = np.isfinite(km)
    flown = mission.fly(performance, np.where(able, km, 500.0), np.full(len(km), _payload_kg(craft)), rules())
    burnt = (calibration(code) - 1) * flown.trip_fuel_kg  # what service burns beyond OpenAP is on board at take-off too
    fits = able & flown.fits & _lifts(craft, flown.takeoff_mass_kg + burnt, grounds)
    fuel = np.where(fits, (flown.trip_fuel_kg + flown.taxi_fuel_kg) * calibration(code), np.inf)
    hours = np.where(fits, flown.block_h, np.nan)
    navigation = np.array([navigation_usd(row, craft["mtow_kg"] / 1000) for row in over])
    years = {
        weekly: yearly(
            drawn,
            relative=np.asarray(relative, float),
            distance_km=straight,
            seats=np.full(len(km), float(craft["seats"])),
            weekly=np.full(len(km), float(weekly)),
            fuel_kg=fuel,
            flight_h=np.nan_to_num(hours),
            hour_usd_2019=np.full(len(km), hour_usd_2019(code)),
            navigation_usd=navigation,
        )
        for weekly in WEEKLY
    }
    return _Worked(fuel_kg=fuel, block_h=hours, fits=fits, years=years)


def _lifts(craft: dict, mass_kg: np.ndarray, grounds: Sequence[tuple[Field | None, Field | None]]) -> np.ndarray:
    """Whether both runways are long enough on a hot day, bool[n]; one that is not known stops nothing, and is told."""
    hotter = economics("hot_day_above_standard_c")["value"]
    enough = np.ones(len(mass_kg), bool)
    for end in (0, 1):
        fields = [pair[end] for pair in grounds]
        known = np.array([field is not None and field.runway_m is not None for field in fields])
        have = np.array([field.runway_m if field and field.runway_m else np.inf for field in fields])
        high = np.array([field.elevation_m if field and field.runway_m else 0.0 for field in fields])
        heat = aircraft.standard_temperature_c(high) + hotter
        need = aircraft.takeoff_field_m(
            craft["takeoff_field_m"], np.minimum(mass_kg, craft["mtow_kg"]), craft["mtow_kg"], high, heat
        )
        enough &= ~known | (need <= have)
    return enough


# --- one pair ------------------------------------------------------------------------------------------------------------------


def _pair(n: int, codes, straight, told, found, least, worked, states, now: State, types, over) -> Pair:
    options = sorted(
        (_option(n, code, place, weekly, worked, states, now) for place, code in enumerate(types) for weekly in WEEKLY
         if worked[now.name][place].fits[n]),
        key=lambda one: -one.result_usd_per_year.p50,
    )  # fmt: skip
    track = found[now.name][n]
    lengths = {state.name: _rounded(found[state.name][n]) for state in states}
    a, b = codes
    known = catchment.known_as
    services = tuple(
        row for row in facts.rows("air_services") if {known(row["origin"]), known(row["destination"])} == {a, b}
    )
    detours = {state.name: _line(found[state.name][n]) for state in states if state.name not in (OPEN, now.name)}
    return Pair(
        origin=a, destination=b, origin_name=_name(a), destination_name=_name(b), great_circle_km=round(float(straight), 1),
        route_km=_rounded(track), least_km=round(least, 1) if least else None, route_km_by_closure=lengths,
        relative_demand=float(told.relative[n]), link_probability=float(told.link_probability[n]), options=tuple(options),
        score=max((one.chance for one in options), default=0.0), rank=0, over=over, rights=rights_of(country_of(a), country_of(b)),
        services=services, reasons=_reasons(a, b, options, lengths, now) + _unknown_runways(a, b), geometry=_line(track), detours=detours, sources=SOURCES,
    )  # fmt: skip


def _option(n: int, code: str, place: int, weekly: int, worked, states, now: State) -> Option:
    craft, here = _craft(code), worked[now.name][place]
    year: Yearly = here.years[weekly]
    seats = int(craft["seats"])
    offered = 2 * WEEKS * weekly * seats
    return Option(
        type=code, weekly=weekly, seats=seats, load_factor_needed=float(year.load_needed[n]),
        load_factor_expected=_spread(year.load[:, n]), result_usd_per_year=_spread(year.result_usd[:, n]),
        chance=float(year.chance[n]), subsidy_usd_per_seat=max(0.0, -float(year.result_usd[1, n])) / offered,
        passengers_per_year=float(year.passengers[n]), fuel_kg=float(here.fuel_kg[n]), block_h=float(here.block_h[n]),
        co2_kg_per_passenger=float(here.fuel_kg[n]) * economics("co2_kg_per_kg_jet")["value"] / (LOAD * seats),
        needed_by_closure={
            state.name: float(one.years[weekly].load_needed[n]) if (one := worked[state.name][place]).fits[n] else None
            for state in states
        },
    )  # fmt: skip


def _spread(values) -> Spread:
    assert len(values) == len(QUANTILES)
    return Spread(p10=float(values[0]), p50=float(values[1]), p90=float(values[2]))


def _rounded(track: Track | None) -> float | None:
    return round(track.length_km, 1) if track else None


def _line(track: Track | None) -> tuple[tuple[float, float], ...]:
    return tuple((round(float(lon), 4), round(float(lat), 4)) for lon, lat in track.points) if track else ()


def _reasons(
    a: str, b: str, options: Sequence[Option], lengths: dict[str, float | None], now: State
) -> tuple[str, ...]:
    """Why the pair stands where it does, in sentences."""
    name = f"{_name(a)}-{_name(b)} ({a}-{b})"
    if lengths[now.name] is None:
        return (f"{name}: no way is open.",)
    if not options:
        return (f"{name}: {lengths[now.name]:,.0f} km is beyond what every type asked for can fly from these runways.",)
    best, load = options[0], options[0].load_factor_expected
    told = [
        f"{name}: {best.weekly} a week by {_craft(best.type)['name']} needs {best.load_factor_needed:.0%} of its seats; "
        f"expected {load.p10:.0%} to {load.p90:.0%}, middle {load.p50:.0%}."
    ]
    if best.result_usd_per_year.p50 < 0:
        lost = -best.result_usd_per_year.p50 / 1e6
        told.append(
            f"A middle year loses {lost:.1f} million USD, {best.subsidy_usd_per_seat:.0f} USD for each seat flown."
        )
    for state, needed in best.needed_by_closure.items():
        km = lengths[state]
        if state in (OPEN, now.name):
            continue
        if km is None or needed is None:
            told.append(f"With {state}: {'no way is open' if km is None else f'{km:,.0f} km, too far for this type'}.")
        elif km > (lengths[now.name] or 0) * 1.01:
            told.append(
                f"With {state}: {km:,.0f} km in place of {lengths[now.name]:,.0f}, and {needed:.0%} of the seats."
            )
    told.append(_days(best.weekly))
    return tuple(told)


def _unknown_runways(*codes: str) -> tuple[str, ...]:
    bare = [code for code in codes if not ((ground := field_of(code)) and ground.runway_m)]
    return (f"No paved runway is known at {' and '.join(bare)}: its length was not checked.",) if bare else ()


def _days(weekly: int) -> str:
    """What a number of flights a week means to who travels: the wait for the next one, on average half the gap."""
    gap = 7 / weekly
    return f"{weekly} a week is a flight every {gap:.1f} days: a traveller's day is met within {gap / 2:.1f} days on average."
