"""How people travel between two towns that no direct flight joins, and what a direct one would win of them.

Ways over hubs compete by their generalised hours: in the air, changing, waiting for a flight on the right day. They share
the travellers as a multinomial logit does (McFadden 1974), each weighed by the chance that a hub flies to both towns:
certain where a row of air_hub_services has seen it, else as the link model and the hub's own pull have it (air_hubs). How
many change today is worked back from how markets grew when a direct route opened (SEO 2016, rows stimulation_ratio_).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from comity import facts
from comity.air import catchment, demand, estimate, mission
from comity.air.airways import geodesic_km
from comity.air.ends import country_of, point_of
from comity.air.own import ESTIMATE, kept_by
from comity.air.viability import economics
from comity.air.week import week

Floats = NDArray[np.float64]
LEG_TYPE = "a320"  # whose block hours stand for a leg's
LEG_KM = np.linspace(200.0, 9000.0, 45)
DAILY = 7  # flights a week of a hub's leg
FLOWN = ("operating", "launched", "resumed", "increased")  # words of air_hub_services and air_services
LEAST_SHARE = 0.02  # ways with less are left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopover:
    """A way over a hub. hours : from take-off to landing with the change · share : of those who change, 0 to 1

    seen : month by which both legs were seen flown, such as 2026-03, "" where one was not; else `chance` that they are, by the model
    """

    hub: str
    name: str
    hours: float
    share: float
    seen: str
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Journeys:
    """Passengers of a year, both ways. direct_h : gate to gate · wait_h : till the nearest flight, mean

    now : by stopover today, as direct flights elsewhere imply · won : of them, on the direct flight · new : who did not travel
    by air before or went from elsewhere
    """

    stopovers: tuple[Stopover, ...]
    direct_h: float
    wait_h: float
    now: float
    won: float
    new: float


@dataclass(frozen=True, slots=True, eq=False)
class _Hubs:
    codes: tuple[str, ...]
    names: tuple[str, ...]
    rows: NDArray[np.int64]
    boost: Floats
    slope: Floats
    points: Floats


def journeys(
    origin: str, destination: str, *, block_h: float, weekly: int, wanted: float, passengers: float
) -> Journeys:
    """Ways of today between two airports, and what a direct flight so often takes of them; no ways inside one country.

    wanted : passengers a year that a direct flight would have at the frequency of the level, whatever seats there are
    passengers : those that it carries
    """
    hubs, legs = _hubs(), (_legs(origin), _legs(destination))
    chance = legs[0].chance * legs[1].chance
    hours = legs[0].hours + legs[1].hours + economics("connection_h")["value"]
    felt = np.exp(-_per_hour() * (hours + economics("connection_penalty_h")["value"] + _wait(DAILY)))
    near = hours <= block_h + economics("longest_stopover_h")["value"]
    pull = chance * np.where(near & (country_of(origin) != country_of(destination)), felt, 0.0)
    share = pull / pull.sum() if pull.sum() > 0 else pull
    order = [int(n) for n in np.argsort(-share, kind="stable") if share[n] >= LEAST_SHARE]
    direct = np.exp(-_per_hour() * (block_h + _wait(weekly)))
    now = before(wanted) if order else 0.0
    won = now * direct / (direct + pull.sum()) if now else 0.0
    return Journeys(
        stopovers=tuple(
            Stopover(
                hub=hubs.codes[n],
                name=hubs.names[n],
                hours=float(hours[n]),
                share=float(share[n]),
                seen=min(legs[0].seen[n], legs[1].seen[n]),
                chance=float(chance[n]),
            )
            for n in order
        ),
        direct_h=block_h,
        wait_h=week(weekly).wait_days * 24,
        now=now,
        won=float(min(won, passengers)),
        new=float(max(passengers - won, 0.0)),
    )


def before(passengers: float) -> float:
    """Travellers by stopover in the year before a direct route that carries so many, from how such markets grew.

    The growth is a power of the market between 2,500 and 50,000 travellers (SEO 2016), and as at these ends beyond.
    """
    small, large = 2_500.0, 50_000.0
    most, least = (economics(f"stimulation_ratio_{int(size)}_passengers")["value"] for size in (small, large))
    power = np.log(least / most) / np.log(large / small)
    if passengers <= most * small:
        return passengers / most
    if passengers >= least * large:
        return passengers / least
    return float(small * (passengers / (most * small)) ** (1 / (1 + power)))


def _per_hour() -> float:
    return economics("choice_per_hour")["value"]


def _wait(weekly: int) -> float:
    """Hours that waiting for a flight on the right day is felt as."""
    return week(weekly).wait_days * 24 * economics("schedule_delay_value_ratio")["value"]


@kept_by(ESTIMATE)
def _hubs() -> _Hubs:
    found = estimate.hubs()
    codes = tuple(hub.hub for hub in found)
    return _Hubs(
        codes,
        tuple(hub.name for hub in found),
        np.array([demand.market(code) for code in codes], np.int64),
        np.array([hub.boost for hub in found]),
        np.array([hub.slope for hub in found]),
        np.array([point_of(code) for code in codes]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Legs:
    """From one airport to every hub: block hours (inf to itself and beyond reach), chance of a flight, month one was seen or ""."""

    hours: Floats
    chance: Floats
    seen: tuple[str, ...]


@kept_by(ESTIMATE, maxsize=4096)
def _legs(airport: str) -> _Legs:
    hubs, row = _hubs(), demand.market(airport)
    km = geodesic_km(np.broadcast_to(point_of(airport), hubs.points.shape), hubs.points)
    able = (hubs.rows != row) & (km >= LEG_KM[0]) & (km <= LEG_KM[-1])
    there = np.where(
        able, hubs.rows, (row + 1) % len(catchment.markets().people)
    )  # any other market, where none is asked
    odds = demand.expected(np.full(len(there), row), there).link_probability
    boost = hubs.boost + hubs.slope * np.log(np.maximum(km, LEG_KM[0]) / estimate.HUB_KM)
    chance = 1 / (1 + (1 / odds - 1) * np.exp(-boost))
    seen = tuple(_seen().get(frozenset((airport, code)), "") for code in hubs.codes)
    hours = np.interp(km * economics("way_factor")["value"], LEG_KM, _block_hours())
    sure = np.array([bool(month) for month in seen])
    return _Legs(np.where(able, hours, np.inf), np.where(able, np.where(sure, 1.0, chance), 0.0), seen)


@cache
def _seen() -> dict[frozenset[str], str]:
    """Newest month in which a leg was seen flown, by its ends: what the last word of each airline on it says."""
    told = [
        (row["town"], row["hub"], row["airline"], row["seen"], row["state"]) for row in facts.rows("air_hub_services")
    ]
    told += [
        (row["origin"], row["destination"], row["airline"], row["date"], row["event"])
        for row in facts.rows("air_services")
        if row["event"] != "announced"
    ]
    last = {
        (*sorted(map(catchment.known_as, (a, b))), airline): (day, word)
        for a, b, airline, day, word in sorted(told, key=lambda one: one[3])
    }
    found: dict[frozenset[str], str] = {}
    for (a, b, _), (day, word) in last.items():
        if word in FLOWN:
            found[frozenset((a, b))] = max(f"{day:%Y-%m}", found.get(frozenset((a, b)), ""))
    return found


@cache
def _block_hours() -> Floats:
    from comity.air.fleet import rules

    return mission.fly(mission.performance(LEG_TYPE), LEG_KM, np.zeros(len(LEG_KM)), rules()).block_h
