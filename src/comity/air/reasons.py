"""Why a pair stands where it does, in sentences."""

from __future__ import annotations

from comity.air import fleet
from comity.air.pair import Option, Pair
from comity.air.runways import field_of
from comity.air.season import MONTH_NAMES
from comity.air.viability import economics
from comity.air.way import OPEN, SIDE
from comity.air.week import WEEK, week

MOST_STOPOVERS = 3
NO_WAY = (
    "Every way meets shut air, or an airport lies beyond reach of the airways that you imported. See `comity air closures`, "
    "and ask for another day (--on), another airline (--airline) or less to avoid."
)
LIKELY = 0.5
LONGER = 1.01  # a way that much longer is told


def of(pair: Pair, now: str) -> dict[str, tuple[str, ...]]:
    """Everything that speaks for or against a pair, by what it is about, what matters most first.

    now : the name of today's airspace
    """
    name = f"{pair.origin_name}-{pair.destination_name} ({pair.origin}-{pair.destination})"
    best = pair.best
    if pair.route_km is None:
        return {"seats": (f"{name}: no way is open. {NO_WAY}",)}
    if best is None:
        runways = " and ".join(
            f"{field.runway_m:,.0f} m at {code}"
            for code in (pair.origin, pair.destination)
            if (field := field_of(code)) and field.runway_m
        )
        far = f"{name}: no type asked for can fly {pair.route_km:,.0f} km{f' from runways of {runways}' if runways else ''}."
        return {"seats": (far,), "runways": _unknown_runways(pair)}
    return {
        "seats": _even(name, best),
        "closures": _closures(pair, best, now),
        "stopovers": _stopovers(pair),
        "season": _season(pair, best),
        "week": (_days(best.weekly), _duty(best)),
        "high ground": _high_ground(pair),
        "runways": _unknown_runways(pair),
    }


def _even(name: str, best: Option) -> tuple[str, ...]:
    load = best.load_factor_expected
    told = [
        f"{name}: {best.weekly} a week by {fleet.craft(best.type)['name']} needs {best.load_factor_needed:.0%} of its seats; "
        f"expected {load.p10:.0%} to {load.p90:.0%}, middle {load.p50:.0%}."
    ]
    if best.result_usd_per_year.p50 < 0:
        lost = -best.result_usd_per_year.p50 / 1e6
        told.append(
            f"A middle year loses {lost:.1f} million USD, {best.subsidy_usd_per_seat:.0f} USD for each seat flown."
        )
    return tuple(told)


def _closures(pair: Pair, best: Option, now: str) -> tuple[str, ...]:
    told = []
    for state, needed in best.needed_by_closure.items():
        km = pair.route_km_by_closure[state]
        if state in (OPEN, now):
            continue
        asked = f"For {state}" if state.startswith(SIDE) else f"With {state}"
        if km is None or needed is None:
            told.append(f"{asked}: {'no way is open' if km is None else f'{km:,.0f} km, too far for this type'}.")
        elif km > (pair.route_km or 0) * LONGER:
            told.append(f"{asked}: {km:,.0f} km in place of {pair.route_km:,.0f}, and {needed:.0%} of the seats.")
    return tuple(told)


def _stopovers(pair: Pair) -> tuple[str, ...]:
    """Who travels by stopover today, over which hubs, and what the direct flight takes of them."""
    found = pair.journeys
    if found is None or not found.stopovers:
        return ("No stopover near enough is known: who travels today was not worked out.",)
    over = ", ".join(
        f"{one.name} ({one.hub}) {one.share:.0%} in {one.hours:.0f} h"
        + ("" if one.seen or one.chance >= LIKELY else ", if it is flown")
        for one in found.stopovers[:MOST_STOPOVERS]
    )
    return (
        f"Without a direct flight some {two_digits(found.now)} a year travel by stopover: over {over}. Gate to gate the direct one takes "
        f"{found.direct_h:.1f} h; it would win {two_digits(found.won)} of them back, and {two_digits(found.new)} would be new.",
    )


def _season(pair: Pair, best: Option) -> tuple[str, ...]:
    months = best.load_factor_by_month
    full, empty = max(range(len(months)), key=months.__getitem__), min(range(len(months)), key=months.__getitem__)
    told = [
        f"It is full all the year, {months[full]:.0%} of its seats."
        if months[full] == months[empty]
        else f"It fills {months[full]:.0%} of its seats in {MONTH_NAMES[full]} and {months[empty]:.0%} in {MONTH_NAMES[empty]}."
    ]
    summer, winter = (_best_of_season(pair, best.type, side) for side in ("summer_usd", "winter_usd"))
    if summer[0] != winter[0]:
        told.append(
            f"Season by season: {_so_many(*summer)} from April to October, {_so_many(*winter)} from November to March."
        )
    return tuple(told)


def _best_of_season(pair: Pair, code: str, side: str) -> tuple[int, float]:
    """Flights a week with the best middle result of a season, 0 where each loses, and that result in USD."""
    told = [(option.weekly, getattr(option, side)) for option in pair.options if option.type == code]
    best = max(told, key=lambda one: one[1])
    return best if best[1] > 0 else (0, 0.0)


def _so_many(weekly: int, usd: float) -> str:
    return f"{weekly} a week ({usd / 1e6:+.1f} million USD)" if weekly else "none pays"


def _days(weekly: int) -> str:
    """What so many flights a week mean to who travels."""
    found = week(weekly)
    if weekly >= WEEK:
        return "A flight every day: stays of any length fit."
    stays = [night for night in found.stays if night <= WEEK]
    return (
        f"{weekly} a week, say {_and(found.names)}: the nearest flight is {found.wait_days * 24:.0f} h from the wished hour on average; "
        f"stays of {_and([str(night) for night in stays])} nights fit within a week."
    )


def _duty(best: Option) -> str:
    """Whether one crew flies out and back, and how long the aircraft is away."""
    turn = economics("turnaround_min")["value"] / 60
    away = 2 * best.block_h + turn
    duty, most = away + economics("report_min")["value"] / 60, economics("flight_duty_two_pilots_h")["value"]
    back = "one crew flies out and back" if duty <= most else "the crew stays the night"
    return f"Out and back takes {away:.1f} h of an aircraft each day flown; {back} ({duty:.1f} h of duty, {most:.0f} allowed)."


def _high_ground(pair: Pair) -> tuple[str, ...]:
    """Legs over high ground, one sentence: named, and not declared flyable."""
    if not pair.high_ground:
        return ()
    legs = "; ".join(
        f"{leg.name} for {leg.km:.0f} km (ground to {leg.ground_m:,.0f} m, clear at FL{leg.safe_fl}"
        f"{', above what a twin holds on one engine' if leg.drift_down else ''}, {leg.escape_min:.0f} min to where 10,000 ft is safe"
        f"{', longer than usual oxygen' if leg.beyond_oxygen else ''})"
        for leg in pair.high_ground
    )
    return (f"High ground, where escape routes must be worked out before it is flown: {legs}.",)


def _unknown_runways(pair: Pair) -> tuple[str, ...]:
    bare = [code for code in (pair.origin, pair.destination) if not ((field := field_of(code)) and field.runway_m)]
    return (f"No paved runway is known at {' and '.join(bare)}: its length was not checked.",) if bare else ()


def _and(words) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else str(last)


def two_digits(people: float) -> str:
    """Two digits: nobody knows a third."""
    step = 10 ** max(len(f"{people:.0f}") - 2, 0)
    return f"{round(people / step) * step:,.0f}"
