"""The section "Direct flights": from what `comity.air` found to the texts and the map that page and paper print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from comity.brief import map as drawn
from comity.brief.notes import Notes

TITLE = "Direct flights"
MOST_PAIRS, MOST_DRAWN = 8, 3
SMALL = (
    "Ranked by the chance that a service pays, from the model alone; what airlines fly or flew is not asked. Passengers and fares are wide assumptions: "
    "read the order, not the dollars. Nothing here says that a way over high ground may be flown: the airline works out its escape routes."
)
NO_AIRWAYS = "No airway is known here: ways are great circles round shut air, lengthened by a measured factor. Over high ground they may be far too short."
AIRWAYS = "Ways follow the airways that you imported."


@dataclass(frozen=True, slots=True)
class Asked:
    """What was found of two countries, a `comity.air.flights.Flights`, or None and the words why not."""

    found: Any = None
    words: str = ""


def flights_of(countries: tuple[str, str], on: str) -> Asked:
    """Direct flights of two countries (alpha-3) on a day (ISO). What cannot be worked out is told, and stops no brief."""
    from comity.air.flights import flights
    from comity.errors import ComityError

    if countries[0] == countries[1]:
        return Asked()
    try:
        return Asked(flights(*countries, on=date.fromisoformat(on)))
    except ComityError as fault:
        return Asked(None, f"Direct flights are left out: {fault}")


def section(asked: Asked, notes: Notes, country: Callable[[str], str]) -> dict:
    """asked : with something found · country(code) -> its short name. Texts, rows, one map."""
    from comity.air.way import SIDE, TODAY, airways

    found = asked.found
    told = [pair for pair in found.pairs if pair.best]
    ends = tuple(sorted({code for pair in told[:1] for code in pair.over if code}))
    return {
        "title": TITLE,
        "found": _found(found, told),
        "rows": [_row(pair, found) for pair in told[:MOST_PAIRS]],
        "notes": notes.of(told[0].sources, "estimate") if told else [],
        "map": drawn.draw_flights([_lines(pair, found) for pair in told[:MOST_DRAWN]], ends) if told else "",
        "reasons": [" ".join((*pair.told["seats"], *pair.told["closures"])) for pair in told[:MOST_DRAWN]],
        "first": _first(told[0], notes) if told else {},
        "airspace": [
            f"{state.name[0].upper()}{state.name[1:]}: {why}"
            for state in found.states
            if state.name == TODAY or state.name.startswith(SIDE)
            for why in state.why
        ],
        "ask": _ask(told, notes),
        "authorities": _authorities(told, country),
        "small": f"{AIRWAYS if airways() else NO_AIRWAYS} {SMALL}",
    }


def _found(found, told) -> str:
    """What was found, in two sentences."""
    from comity.air.ends import country_of
    from comity.air.services import looked_for

    if not told:
        return "No pair of towns of the two countries is in reach of the aircraft asked for."
    first, pays = told[0], sum(pair.score >= 0.5 for pair in told)
    flown = sorted(
        {
            str(row["airline"])
            for pair in told
            for row in pair.services
            if row["event"] in ("launched", "resumed", "operating") and row["airline"]
        }
    )
    text = f"Of {len(found.pairs)} pairs {_many(pays)} likelier to pay than not. {first.reasons[0]}"
    if not flown and not looked_for(country_of(first.origin), country_of(first.destination)):
        return f"{text} Who flies today was not looked for."
    return text + (
        f" Airlines seen on some pair: {', '.join(flown)}." if flown else " No airline was seen on any of them."
    )


def _first(pair, notes: Notes) -> dict:
    """The best pair in full: who travels by stopover, the year, the week, the ground below."""
    from comity.air.reasons import two_digits

    found = pair.journeys
    return {
        "title": f"{pair.origin_name}-{pair.destination_name}: today's travellers, the year, the way",
        "stopovers": [
            {"hub": f"{one.name} ({one.hub})", "hours": f"{one.hours:.1f}", "share": f"{one.share:.0%}", "now": two_digits(one.share * found.now),
             "won": two_digits(one.share * found.won), "flown": f"seen by {one.seen}" if one.seen else f"{one.chance:.0%} likely"}
            for one in found.stopovers
        ],
        "sentences": [*pair.told["stopovers"], *pair.told["season"], *pair.told["week"]],
        "months": [f"{load:.0%}" for load in pair.best.load_factor_by_month],
        "ground": [
            {"name": leg.name, "km": f"{leg.km:,.0f}", "ground": f"{leg.ground_m:,.0f}", "clear": f"FL{leg.safe_fl}",
             "escape": f"{leg.escape_km:,.0f} km, {leg.escape_min:.0f} min", "engine": "yes" if leg.drift_down else "no"}
            for leg in pair.high_ground
        ],
    }  # fmt: skip


def _many(count: int) -> str:
    return "none is" if not count else "one is" if count == 1 else f"{count} are"


def _worst(found, told) -> str:
    """The state of the airspace that lengthens the ways most, by its name."""
    states = [state.name for state in found.states[2:]]
    return max(
        states,
        key=lambda name: sum((pair.route_km_by_closure[name] or 2e4) - pair.route_km for pair in told),
        default="",
    )


def _row(pair, found) -> dict:
    best, worst = pair.best, _worst(found, [pair])
    load, result = best.load_factor_expected, best.result_usd_per_year
    shut = best.needed_by_closure.get(worst)
    return {
        "pair": f"{pair.origin_name}-{pair.destination_name}",
        "codes": f"{pair.origin}-{pair.destination}",
        "km": f"{pair.route_km:,.0f}",
        "with": f"{best.type.upper()}, {best.weekly} a week, {best.block_h:.1f} h",
        "needs": f"{best.load_factor_needed:.0%}",
        "expects": f"{load.p10:.0%}-{load.p90:.0%}",
        "shut": f"{shut:.0%} ({worst})" if shut else f"cannot fly ({worst})" if worst else "",
        "result": f"{_million(result.p10)} to {_million(result.p90)}",
        "chance": f"{pair.score:.0%}",
    }


def _million(usd: float) -> str:
    return f"{usd / 1e6:+.1f}".replace("-", "\u2212")


def _lines(pair, found) -> dict:
    longest = max(pair.detours, key=lambda name: pair.route_km_by_closure[name] or 0.0, default="")
    detour = pair.detours.get(longest, ())
    longer = detour and (pair.route_km_by_closure[longest] or 0) > pair.route_km * 1.01
    return {"name": f"{pair.origin}-{pair.destination}", "ends": (pair.origin, pair.destination), "line": pair.geometry,
            "detour": detour if longer else (), "shut": longest if longer else ""}  # fmt: skip


def _ask(told, notes: Notes) -> list[dict]:
    """The checklist of rights, what is known and what to ask."""
    rights = told[0].rights if told else ()
    return [
        {"item": right.item, "means": right.means, "state": right.state, "told": right.told, "notes": notes.of([right.source], "estimate") if right.source else []}
        for right in rights
    ]  # fmt: skip


def _authorities(told, country: Callable[[str], str]) -> list[str]:
    from comity.air.ends import country_of
    from comity.air.rights import authorities

    if not told:
        return []
    codes = (country_of(told[0].origin), country_of(told[0].destination))
    rows = [(code, row) for code in codes for row in authorities(code)[:2]]
    return [f"{country(code)}: {row['authority']} ({row['role'].replace('_', ' ')})" for code, row in rows]
