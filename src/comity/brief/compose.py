"""The whole brief as one plain value: every text and number that page and paper print."""

from __future__ import annotations

from collections.abc import Callable

from comity import places
from comity.brief import flown, promised, sections, shut
from comity.brief import map as drawn
from comity.brief.flown import Asked
from comity.brief.notes import Notes
from comity.brief.register import Told
from comity.errors import BadInput, NoRoute

NOT_ASKED = Told(None)
NOT_FLOWN = Asked()


def compose(
    a: str,
    b: str,
    planned: Callable[..., dict],
    *,
    played: Callable[..., dict] | None = None,
    promises: Callable[[tuple[str, str], str], Told] | None = None,
    flights: Callable[[tuple[str, str], str], Asked] | None = None,
    **conditions,
) -> dict:
    """planned(origin, destination, **conditions) -> plan JSON; asked once for the pair and once for each transit country.

    played(origin, destination, **conditions) -> what `comity.brief.played` tells of many simulated years; None leaves out
    the section "If a border shuts".
    promises(countries, on) -> what `comity.brief.register` tells of a pair; None leaves out "What we promised each other".
    flights(countries, on) -> what `comity.brief.flown` tells of a pair; None leaves out "Direct flights".
    """
    plan = planned(a, b, **conditions)
    without, others = without_each(plan, a, b, planned, conditions), pairs(a, b, planned, conditions)
    ends = plan["origin"]["country"], plan["destination"]["country"]
    told = promises(ends, plan["conditions"]["on"]) if promises else NOT_ASKED
    air = flights(ends, plan["conditions"]["on"]) if flights else NOT_FLOWN
    return whole(plan, without, others, a, b, played(a, b, **conditions) if played else None, told, air)


def whole(
    plan: dict,
    without: dict[str, dict | None],
    other_pairs: list[dict],
    a: str,
    b: str,
    years: dict | None = None,
    promises: Told = NOT_ASKED,
    flights: Asked = NOT_FLOWN,
) -> dict:
    """The brief of plans that are already made. `without`, `other_pairs` : what `without_each` and `pairs` return.

    years : what `comity.brief.played` tells, {"risk", "split", "faults", "lines"}; None where nobody asked
    """
    notes = Notes()
    years = years or {"risk": None, "faults": ()}
    has_years = years["risk"] is not None
    told = {name: years[name] for name in ("risk", "split", "faults", "lines") if name in years}
    brief = {
        "question": sections.question(plan),
        "alternatives": sections.alternatives(plan, notes),
        "shut": shut.section(plan, without, notes, **told) if has_years else None,
        "promised": promised.section(promises, notes, sections.country_name) if promises.answer else None,
        "not_promised": promises.words,
        "flown": flown.section(flights, notes, sections.country_name) if flights.found else None,
        "not_flown": flights.words,
        "independence": sections.independence(plan, without),
        "left_out": [] if has_years else list(years["faults"]),
        "independent": sections.INDEPENDENT,
        "adding": sections.ADDING,
        "pairs": other_pairs,
        "figures": sections.key_figures(plan, notes),
        "legs": sections.legs(plan, notes),
        "boundaries": sections.BOUNDARIES,
        "credits": sections.CREDITS,
        "again": sections.again(plan, a, b, years.get("scenarios")),
        "map": drawn.draw(plan),
    }
    return brief | {"notes": notes.listed()}


def without_each(plan: dict, a: str, b: str, planned, conditions: dict) -> dict[str, dict | None]:
    """The plan again with each transit country shut."""
    ends = {plan["origin"]["country"], plan["destination"]["country"]}
    transit = [code for way in plan["alternatives"] if way["open"] for code in way["countries"] if code not in ends]
    found: dict[str, dict | None] = {}
    for code in dict.fromkeys(transit):
        try:
            found[code] = planned(a, b, **conditions | {"close": (*conditions.get("close", ()), code)})
        except NoRoute:
            found[code] = None
    return found


def pairs(a: str, b: str, planned, conditions: dict) -> list[dict]:
    """Days and money between further freight places, when two countries were asked about."""
    from comity.brief import words

    starts, stops = (_freight(text) for text in (a, b))
    if len(starts) < 2 and len(stops) < 2:
        return []
    rows = []
    for start in starts:
        for stop in stops:
            try:
                best = planned(start, stop, **conditions | {"alternatives": 1})["alternatives"][0]
                days, usd = words.day_range(best["time_h"]), words.usd_range(best["cost_usd"])
            except (NoRoute, BadInput):  # a scenario may shut this place itself
                days, usd = "–", "–"
            rows.append(
                {
                    "from": start.name,
                    "to": stop.name,
                    "days": days,
                    "usd": usd,
                    "way": best["title"] if days != "–" else "no way",
                }
            )
    return rows


def _freight(text) -> tuple:
    found = text if isinstance(text, places.Place) else places.find(str(text))
    return places.freight_places(found.country, 2) if found.kind == "country" else (found,)
