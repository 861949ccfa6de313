"""Direct flights between two countries, or two airports: every pair with its ways, aircraft, frequencies, result and rights.

`flights` is the one plan behind the command line, Python and the brief. The rank comes from the model alone; the table of
services is shown beside it and never used for it, so that the model can be tested against what airlines launched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from comity import facts, places
from comity.air import charges, demand, fleet, level, reasons, season
from comity.air.detour import Track
from comity.air.ends import Ends, country_of, ends_of, point_of, town_of
from comity.air.high_ground import high_ground
from comity.air.pair import Flights, Option, Pair, Spread
from comity.air.rights import rights_of
from comity.air.runways import field_of
from comity.air.services import services_of
from comity.air.stopover import journeys
from comity.air.viability import (
    QUANTILES,
    WEEKS,
    Market,
    Prices,
    Yearly,
    by_season,
    economics,
    load_needed,
    market,
    per_flight,
    prices,
    yearly,
)
from comity.air.way import OPEN, Sky, State, countries_along, for_one_side, lower_bound, today, tracks, without
from comity.errors import BadInput

WEEKLY = (2, 3, 4, 7)
WHAT_IFS = 3  # regions flown over that are shut one at a time
SOURCES = ("openflights-routes", "eurocontrol-operating-costs", "bts-form-41-fuel", "openap-aircraft")  # of every pair


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Ways:
    """The states of the airspace, today's first after all open; by their names the way of each pair and what it flies over."""

    states: tuple[State, ...]
    found: dict[str, list[Track | None]]
    over: dict[str, list[dict[str, float]]]
    least_km: list[float | None]

    @property
    def now(self) -> State:
        return self.states[1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Worked:
    """One type on every pair: flown and the load needed by state; today's markets, years and seasons by flights a week."""

    flown: dict[str, fleet.Flown]
    needed: dict[str, np.ndarray]
    markets: dict[int, Market]
    years: dict[int, Yearly]
    seasons: dict[int, np.ndarray]


def flights(
    origin: str,
    destination: str,
    *,
    on: date | None = None,
    avoid: Sequence[str] = (),
    types: Sequence[str] = fleet.TYPES,
    fuel_usd_per_t: float | None = None,
    cruise_fl: int | None = None,
    airline: str | None = None,
) -> Flights:
    """Every direct flight between two countries, or the one between two airports or towns.

    origin, destination : two countries by code or name, else two IATA codes or towns
    on : day of the airspace, today by default · avoid : regions to keep out of, by ICAO code or country
    types : OpenAP codes; one without fuel figures of service is refused · fuel_usd_per_t : instead of the row's spread
    cruise_fl : flight level of the cruise, for rules that hold at some levels alone; the row cruise_level by default
    airline : country whose airline flies, for rules of nationality; that of either end by default, whichever may
    Raises BadInput, PlaceUnknown, MissingExtra.
    """
    if fuel_usd_per_t is not None and not 0 < fuel_usd_per_t < float("inf"):
        raise BadInput(f"A fuel price of {fuel_usd_per_t:g} USD a tonne is none. Give one above 0, such as 900.")
    on = on or date.today()
    known = tuple(dict.fromkeys(code.lower() for code in types))
    fleet.check_types(known)
    ends = ends_of(origin, destination)
    operators = (places.country(airline).alpha3,) if airline else ends.countries
    ways = _ways(ends, Sky(on=on, operators=operators, avoid=tuple(avoid), level=_level(cruise_fl)))
    told = demand.expected(ends.rows[:, 0], ends.rows[:, 1])
    passengers = level.between(*(country_of(code) for code in ends.codes[0]))
    drawn = prices((passengers.value, passengers.low, passengers.high), fuel_usd_per_t)
    worked = _worked(known, ends, ways, told.relative, drawn)
    made = [_pair(n, on, ends, ways, told, worked) for n in range(len(ends.codes))]
    order = sorted(range(len(made)), key=lambda n: (-made[n].score, -made[n].relative_demand, ends.codes[n]))
    ranked = tuple(replace(made[n], rank=place) for place, n in enumerate(order, 1))
    return Flights(
        on=on,
        ends=ends.names,
        pairs=ranked,
        states=ways.states,
        types=known,
        level=passengers,
        visits=_visits(ends),
        left_out=ends.left_out,
    )


def _level(asked: int | None) -> int:
    usual = int(economics("cruise_level")["value"])
    if asked is not None and not 0 < asked <= 600:
        raise BadInput(f"Flight level {asked} is none: it is in hundreds of feet, such as {usual}.")
    return usual if asked is None else asked


def _visits(ends: Ends) -> tuple[dict, ...]:
    lands = set(ends.countries)
    return tuple(row for row in facts.rows("air_visits") if {row["origin"], row["destination"]} == lands)


# --- ways --------------------------------------------------------------------------------------------------------------------


def _ways(ends: Ends, sky: Sky) -> _Ways:
    """All open; today; today for the airlines of one side that may do less; and today with one region more shut."""
    everything = State(name=OPEN)
    free = _paired(tracks, everything, ends)
    now, found, over, sides = _looked_at(ends, sky)
    looked = [(everything, free, countries_along(free)), (now, found, over), *sides]
    for land in _often_crossed(over, ends):
        state, shut_found, shut_over, _ = _looked_at(ends, sky, land)
        looked.append((state, shut_found, shut_over))
    crossed = {code for _, _, over_all in looked for one in over_all for code in one}
    least = [track.length_km if track else None for track in _paired(lower_bound, now, ends)]
    return _Ways(
        states=tuple(state.bearing_on(crossed) for state, _, _ in looked),
        found={state.name: found for state, found, _ in looked},
        over={state.name: over for state, _, over in looked},
        least_km=least,
    )


Looked = tuple[State, list[Track | None], list[dict[str, float]]]


def _looked_at(ends: Ends, sky: Sky, region: str | None = None) -> tuple[*Looked, list[Looked]]:
    """Today, or today with a region more shut: the state, its ways and what they fly over; and the same of each side bound further.

    A way is open where the airlines of one side may fly it. Where rules bind each side in its own manner, the better of
    their ways is taken.
    """
    joint = today(sky) if region is None else without(region, today(sky))
    found = _paired(tracks, joint, ends)
    over = countries_along(found)
    bound = for_one_side(sky, joint, {code for one in over for code in one}, region)
    all_bound = len(bound) == len(sky.operators)
    sides = [
        (state, _kept_off(state, lands, ends, found, over)) for state, lands in bound if all_bound or region is None
    ]
    if sides and all_bound:
        best = [_shortest(ways) for ways in zip(*(own for _, own in sides), strict=True)]
        found, over = best, countries_along(best)
    return joint, found, over, [(state, own, countries_along(own)) for state, own in sides if region is None]


def _kept_off(state: State, lands: frozenset[str], ends: Ends, found: list[Track | None], over) -> list[Track | None]:
    """Ways in a state that adds rules over some countries: where they are not crossed, a way stays as it is."""
    rows = [n for n, one in enumerate(over) if not lands.isdisjoint(one)]
    own = list(found)
    for n, track in zip(rows, _paired(tracks, state, ends, rows), strict=True):
        own[n] = track
    return own


def _shortest(ways: Sequence[Track | None]) -> Track | None:
    return min((way for way in ways if way), key=lambda way: way.length_km, default=None)


def _paired(search, state: State, ends: Ends, rows: Sequence[int] | None = None) -> list[Track | None]:
    """Searched as a table of origins by destinations, told by pair. rows : of the pairs asked for, all by default"""
    codes = ends.codes if rows is None else [ends.codes[n] for n in rows]
    starts, stops = (list(dict.fromkeys(pair[side] for pair in codes)) for side in (0, 1))
    table = search(state, *(np.array([point_of(code) for code in side]) for side in (starts, stops)))
    return [table[starts.index(a)][stops.index(b)] for a, b in codes]


def _often_crossed(over: Sequence[dict[str, float]], ends: Ends) -> list[str]:
    """Countries between, those that most pairs fly over first."""
    seen: dict[str, int] = {}
    for one in over:
        for code in one:
            if code and code not in ends.countries:
                seen[code] = seen.get(code, 0) + 1
    return sorted(seen, key=lambda code: (-seen[code], code))[:WHAT_IFS]


# --- aircraft ----------------------------------------------------------------------------------------------------------------


def _worked(types: Sequence[str], ends: Ends, ways: _Ways, relative: np.ndarray, drawn: Prices) -> dict[str, _Worked]:
    """Every type on every pair, in every state."""
    lands = [(country_of(a), country_of(b)) for a, b in ends.codes]
    fields = [(field_of(a), field_of(b)) for a, b in ends.codes]
    months = np.array([season.season(*pair) for pair in lands])
    km = {
        name: np.array([track.length_km if track else np.nan for track in found]) for name, found in ways.found.items()
    }
    told = {}
    for code in types:
        seats = float(fleet.craft(code)["seats"])
        flown = {name: fleet.fly(code, km[name], ways.over[name], ends.straight_km, fields, lands) for name in km}
        money = {name: per_flight(drawn, one.flight) for name, one in flown.items()}
        today = money[ways.now.name]
        markets = {
            weekly: market(drawn, relative=relative, seats=seats, weekly=float(weekly), season=months)
            for weekly in WEEKLY
        }
        told[code] = _Worked(
            flown=flown,
            needed={name: load_needed(one, seats) for name, one in money.items()},
            markets=markets,
            years={weekly: yearly(found, today) for weekly, found in markets.items()},
            seasons={weekly: by_season(found, today) for weekly, found in markets.items()},
        )
    return told


# --- one pair ------------------------------------------------------------------------------------------------------------------


def _pair(n: int, on: date, ends: Ends, ways: _Ways, told: demand.Expected, worked: dict[str, _Worked]) -> Pair:
    (a, b), now = ends.codes[n], ways.now.name
    options = tuple(
        sorted(
            (
                _option(n, code, weekly, one, now)
                for code, one in worked.items()
                for weekly in WEEKLY
                if one.flown[now].fits[n]
            ),
            key=lambda one: -one.result_usd_per_year.p50,
        )
    )
    best = options[0] if options else None
    track, least = ways.found[now][n], ways.least_km[n]
    wanted = float(told.relative[n]) * level.between(country_of(a), country_of(b)).value
    pair = Pair(
        origin=a, destination=b, origin_name=town_of(a), destination_name=town_of(b),
        great_circle_km=round(float(ends.straight_km[n]), 1), route_km=_rounded(track), least_km=round(least, 1) if least else None,
        route_km_by_closure={state.name: _rounded(ways.found[state.name][n]) for state in ways.states},
        relative_demand=float(told.relative[n]), link_probability=float(told.link_probability[n]), options=options,
        score=best.chance if best else 0.0, rank=0, over=ways.over[now][n], high_ground=high_ground(track),
        journeys=journeys(a, b, block_h=best.block_h, weekly=best.weekly, wanted=wanted, passengers=best.passengers_per_year) if best else None,
        rights=rights_of(country_of(a), country_of(b), on), services=services_of(a, b), told={}, geometry=_line(track),
        detours={state.name: _line(ways.found[state.name][n]) for state in ways.states if state.name not in (OPEN, now)},
        sources=_sources(a, b, best, ways, n),
    )  # fmt: skip
    return replace(pair, told=reasons.of(pair, now))


def _option(n: int, code: str, weekly: int, worked: _Worked, now: str) -> Option:
    seats, here = int(fleet.craft(code)["seats"]), worked.flown[now]
    year, found = worked.years[weekly], worked.markets[weekly]
    fuel_a_seat = float(here.fuel_kg[n]) / (fleet.planned_load() * seats)
    return Option(
        type=code, weekly=weekly, seats=seats, load_factor_needed=float(worked.needed[now][n]),
        load_factor_expected=_spread(found.load[:, n]), result_usd_per_year=_spread(year.result_usd[:, n]),
        summer_usd=float(worked.seasons[weekly][0, n]), winter_usd=float(worked.seasons[weekly][1, n]), chance=float(year.chance[n]),
        subsidy_usd_per_seat=max(0.0, -float(year.result_usd[1, n])) / (2 * WEEKS * weekly * seats),
        passengers_per_year=float(found.passengers[n]), fuel_kg=float(here.fuel_kg[n]), block_h=float(here.block_h[n]),
        co2_kg_per_passenger=fuel_a_seat * economics("co2_kg_per_kg_jet")["value"],
        co2e_kg_per_passenger=fuel_a_seat * economics("co2e_wtw_kg_per_kg_jet")["value"],
        load_factor_by_month=tuple(found.months[n].round(3).tolist()),
        needed_by_closure={name: float(worked.needed[name][n]) if one.fits[n] else None for name, one in worked.flown.items()},
    )  # fmt: skip


def _sources(a: str, b: str, best: Option | None, ways: _Ways, n: int) -> tuple[str, ...]:
    """Rows of sources that the figures of a pair stand on."""
    lands, over = (country_of(a), country_of(b)), ways.over[ways.now.name][n]
    mass = fleet.craft(best.type)["mtow_kg"] / 1000 if best else 0.0
    asked = charges.sources(over, lands, mass) if best else ()
    rules = [rule.source for state in ways.states for rule in state.rules]
    choice = (economics("choice_per_hour")["source"], economics("stimulation_ratio_2500_passengers")["source"])
    named = (*SOURCES, level.between(*lands).source, *season.sources(*lands), *choice, *asked, *rules)
    return tuple(dict.fromkeys(named))


def _spread(values) -> Spread:
    assert len(values) == len(QUANTILES)
    return Spread(p10=float(values[0]), p50=float(values[1]), p90=float(values[2]))


def _rounded(track: Track | None) -> float | None:
    return round(track.length_km, 1) if track else None


def _line(track: Track | None) -> tuple[tuple[float, float], ...]:
    return tuple((round(float(lon), 4), round(float(lat), 4)) for lon, lat in track.points) if track else ()
