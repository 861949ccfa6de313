"""What each part of the brief says, as plain values that HTML and PDF print alike.

Each function takes the JSON of a plan (comity.routes/1) and returns texts and numbers; none of them draws anything.
"""

from __future__ import annotations

from datetime import date

from comity import places
from comity.brief import words
from comity.brief.notes import Notes
from comity.errors import PlaceUnknown

MOST_FIGURES = 10
BOUNDARIES = (
    "Borders and names on the map are drawn as published by Natural Earth. They express no opinion on the legal status of any "
    "country, territory or area, or on where its limits run. Disputed lines are dashed."
)
CREDITS = (
    "Roads and railways: OpenStreetMap contributors, ODbL. Sea lanes: searoute. Places: GeoNames, CC BY 4.0. "
    "Borders: Natural Earth. Border times and costs: CAREC CPMM and the sources in the notes."
)


def country_name(code: str) -> str:
    return places.country(code).short


def question(plan: dict) -> dict:
    """What was asked, and under which conditions."""
    origin, destination, cargo = plan["origin"], plan["destination"], plan["conditions"]["cargo"]
    is_open = [way for way in plan["alternatives"] if way["open"]]
    shut = [way for way in plan["alternatives"] if not way["open"]]
    return {
        "title": f"{country_name(origin['country'])} – {country_name(destination['country'])}",
        "subtitle": "Ways for freight, and what stands in them",
        "asked": f"How can {cargo['tonnes']:g} tonnes in {container(cargo)} travel from {origin['name']} to {destination['name']}, "
        f"leaving on {words.day_in_words(plan['conditions']['on'])}?",
        "answer": summary(is_open, shut) + last_word(plan),
        "conditions": conditions(plan),
    }


def container(cargo: dict) -> str:
    """The cargo's units in words: one 40 ft container, 3 truckloads."""
    many = cargo["units"] > 1
    unit = {
        "20ft": "20 ft container",
        "40ft": "40 ft container",
        "reefer": "40 ft reefer",
        "truckload": "truckload",
        "bulk": "bulk load",
    }[cargo["kind"]]
    return f"{cargo['units']} {unit}s" if many else f"one {unit}"


def summary(is_open: list[dict], shut: list[dict]) -> str:
    """The answer in a sentence or two: how many ways are open, the best of them, and how many are shut."""
    if not is_open:
        return "No way is open on this day. What there would be is shown below with what shuts it."
    best = is_open[0]
    by = {label: way for way in is_open for label in way["labels"]}
    fast, cheap = by.get("fastest", best), by.get("cheapest", best)
    many = f"{len(is_open)} serious ways are open" if len(is_open) > 1 else "One serious way is open"
    text = (
        f"{many}. The quickest of them takes {words.day_range(fast['time_h'])} days "
        f"({fast['title'].lower()[0] + fast['title'][1:]}); the cheapest costs USD {words.usd_range(cheap['cost_usd'])} "
        f"({cheap['title'].lower()[0] + cheap['title'][1:]})."
    )
    return text + (f" {len(shut)} more {'are' if len(shut) > 1 else 'is'} shut." if shut else "")


def last_word(plan: dict) -> str:
    """How old the newest word is on what shuts or slows these ways; nothing where it is fresh."""
    touched = {id for way in plan["alternatives"] for id in way["closures"]}
    told = [item["confirmed"] for item in plan["conditions"]["closed"] if item["id"] in touched and item["confirmed"]]
    if not told:
        return ""
    on = date.fromisoformat(plan["conditions"]["on"])
    months = max(0, (on - date.fromisoformat(max(told))).days) // 30
    return f" What shuts or slows them was last confirmed {months} months ago or earlier." if months > 1 else ""


def conditions(plan: dict) -> list[str]:
    """What the plan was asked under, a sentence each."""
    told = plan["conditions"]
    found = [
        f"Modes: {', '.join(words.MODE_WORDS[mode] for mode in told['modes'])}.",
        f"Cargo worth USD {words.three_digits(told['cargo']['value_usd_per_t'])} a tonne; prices in US dollars of 2022–2025.",
        "Days run from departure to delivery; the range is P10 to P90.",
    ]
    if told["close"]:
        found.append(f"Taken as shut for this brief: {', '.join(told['close'])}.")
    if told["open"]:
        found.append(f"Taken as open for this brief: {', '.join(told['open'])}.")
    return found + scenario(told.get("scenario"))


def scenario(told: dict | None) -> list[str]:
    """What a scenario lays over the facts, a sentence for it and one for each row."""
    if told is None:
        return []
    of = f": {told['title']}" if told["title"] not in ("", told["name"]) else ""
    rows = [
        f"{row['name'][:1].upper()}{row['name'][1:]}: {row['words']}"
        + (f" (does nothing on this day: {row['idle']})." if row["idle"] else ".")
        for row in told["rows"]
    ]
    return [f"Scenario laid over what is known: {told['name']}{of}.", *rows]


def alternatives(plan: dict, notes: Notes) -> list[dict]:
    """One row a way: the side-by-side table."""
    closed = {item["id"]: item for item in plan["conditions"]["closed"]}
    return [
        {
            "id": way["id"].removeprefix("a"),
            "title": way["title"],
            "open": way["open"],
            "labels": way["labels"],
            "days": words.day_range(way["time_h"]),
            "days_mid": words.days(way["time_h"]["p50"]),
            "usd": words.usd_range(way["cost_usd"]),
            "usd_mid": words.three_digits(way["cost_usd"]["p50"]),
            "co2e": words.tonnes_co2e(way["co2e_kg"]),
            "km": words.three_digits(way["distance_km"]),
            "countries": [country_name(code) for code in way["countries"]],
            "crossings": [crossing_name(way, id) for id in way["crossings"]],
            "papers": papers(way, notes),
            "truck_changes": way["truck_changes"],
            "shut": [
                {
                    "name": closed[id]["name"] if closed[id]["kind"] == "season" else name_of_closure(closed[id]),
                    "state": words.closure(closed[id]),
                    "reason": closed[id]["reason"],
                    "notes": notes.of([closed[id]["source"]]),
                }
                for id in way["closures"]
            ],
        }
        for way in plan["alternatives"]
    ]


def name_of_closure(item: dict) -> str:
    """A closure's targets as names rather than codes."""
    return words.listed(names_of_closure(item))


def names_of_closure(item: dict) -> list[str]:
    """Each of them, once; the comma in the name of a pair of countries parts no targets."""
    names = []
    for target in [item["name"]] if item.get("kind") == "country_pair" else item["name"].split(", "):
        try:
            names.append(country_name(target) if len(target) == 3 and target.isupper() else target_name(target))
        except PlaceUnknown:
            names.append(target)
    return [name[:1].upper() + name[1:] for name in dict.fromkeys(names)]


def target_name(id: str) -> str:
    """A crossing's or strait's name from its id; what is no id is a name already."""
    from comity import facts

    for table in ("crossings", "passages", "choke_points"):
        for row in facts.rows(table):
            if row["id"] == id:
                return row["name"]
    return id


def crossing_name(way: dict, id: str) -> str:
    return next((dwell["at"] for dwell in way["dwells"] if dwell["id"] == id), id)


def papers(way: dict, notes: Notes) -> list[dict]:
    """The regimes that cover a way: name, what each covers, footnotes."""
    from comity import facts

    rows = {row["id"]: row for row in facts.rows("regimes")}
    return [
        {
            "name": rows[id]["name"],
            "covers": rows[id]["covers"],
            "notes": notes.of([rows[id]["source"]], rows[id]["standing"]),
        }
        for id in way["regimes"]
    ]


def legs(plan: dict, notes: Notes) -> list[dict]:
    """Each way leg by leg, with the waiting between."""
    return [
        {"id": way["id"].removeprefix("a"), "title": way["title"], "open": way["open"], "steps": steps(way, notes)}
        for way in plan["alternatives"]
    ]


def steps(way: dict, notes: Notes) -> list[dict]:
    """Legs of one way and the waits between them, in order of travel; a wait of no time is left out."""
    found = []
    for number in range(-1, len(way["legs"])):
        if number >= 0:
            leg = way["legs"][number]
            found.append(
                {
                    "kind": "leg",
                    "mode": leg["mode"],
                    "what": f"{words.MODE_WORDS[leg['mode']].capitalize()} {leg['from']} to {leg['to']}",
                    "where": country_name(leg["country"]) if leg["country"] else "at sea",
                    "km": words.three_digits(leg["distance_km"]),
                    "time": words.hours_or_days(leg["time_h"]),
                    "usd": words.three_digits(leg["cost_usd"]),
                    "co2e": f"{leg['co2e_kg']:,.0f} kg",
                    "notes": notes.of(leg["sources"], leg["standing"]),
                    "standing": leg["standing"],
                }
            )
        for dwell in way["dwells"]:
            if dwell["after_leg"] == number and dwell["time_h"]["p90"] > 0:
                found.append(_wait(dwell, notes))
    return found


def _wait(dwell: dict, notes: Notes) -> dict:
    kinds = {
        "crossing": "Border",
        "port": "Port",
        "terminal": "Terminal",
        "gauge": "Change of gauge",
        "ferry": "Ferry line",
        "landing": "Landing",
        "passage": "Strait",
        "pass": "Pass",
        "rest": "Rest",
    }
    return {
        "kind": "wait",
        "mode": dwell["kind"],
        "what": f"{kinds[dwell['kind']]}: {dwell['at']}" if dwell["kind"] != "rest" else dwell["at"],
        "where": "",
        "km": "",
        "time": words.hours_range(dwell["time_h"]),
        "usd": words.three_digits(dwell["cost_usd"]) if dwell["cost_usd"] else "",
        "co2e": "",
        "notes": notes.of(dwell["sources"], dwell["standing"]),
        "standing": dwell["standing"],
    }


ADDING = (
    "Legs show their middle. Middles of skewed waits add up to less than the middle of the whole journey, and what no "
    "single part explains (weather, papers, waiting for a truck) widens it: the figures above are those of the whole."
)
INDEPENDENT = "Independent ways share no transit country and no foreign port, so that no one closure takes two of them."


def independence(plan: dict, without: dict[str, dict | None]) -> list[dict]:
    """What is left when each transit country is taken away. `without` : alpha-3 -> plan JSON, None when no way remains."""
    base = next((way for way in plan["alternatives"] if way["open"]), None)
    rows = []
    for code, left in without.items():
        ways = [way for way in left["alternatives"] if way["open"]] if left else []
        best = ways[0] if ways else None
        used = sum(way["open"] and code in way["countries"] for way in plan["alternatives"])
        rows.append(
            {
                "country": country_name(code),
                "used": used,
                "left": independent(ways),
                "best": best["title"] if best else "no way remains",
                "days": words.day_range(best["time_h"]) if best else "–",
                "usd": words.usd_range(best["cost_usd"]) if best else "–",
                "more_days": _more(best, base, "time_h", 24),
                "more_usd": _more(best, base, "cost_usd", 1),
            }
        )
    return sorted(rows, key=lambda row: (row["left"], -row["used"]))


def independent(ways: list[dict]) -> int:
    """The most ways that share no transit country and no foreign port: what one closure cannot take together."""
    ties = [frozenset(_transit(way)) for way in ways]
    best = 0
    for picked in range(1, 2 ** len(ties)):
        mine = [tie for row, tie in enumerate(ties) if picked >> row & 1]
        if len(mine) > best and len(frozenset().union(*mine)) == sum(map(len, mine)):
            best = len(mine)
    return best


def _transit(way: dict) -> set[str]:
    ends = {*way["countries"][:1], *way["countries"][-1:]}
    return set(way["countries"]) - ends or {dwell["id"] for dwell in way["dwells"] if dwell["kind"] == "port"}


def _more(best: dict | None, base: dict | None, what: str, unit: float) -> str:
    if not best or not base:
        return "–"
    change = (best[what]["p50"] - base[what]["p50"]) / unit
    return (
        "±0"
        if abs(change) < (0.05 if unit > 1 else 50)
        else f"{'+' if change > 0 else '−'}{abs(change):.1f}"
        if unit > 1
        else f"{'+' if change > 0 else '−'}{words.three_digits(abs(change))}"
    )


def key_figures(plan: dict, notes: Notes) -> list[dict]:
    """The figures that decide most: the parts whose spread makes up the largest share of a way's range of days."""
    found: dict[str, dict] = {}
    for way in plan["alternatives"]:
        width = max(way["time_h"]["p90"] - way["time_h"]["p10"], 1e-9)
        for dwell in way["dwells"]:
            hours = dwell["time_h"]
            share = min((hours["p90"] - hours["p10"]) / width, 1.0)
            name = dwell["at"]
            known = found.get(name)
            if dwell["kind"] != "rest" and (known is None or share > known["share"]):
                found[name] = {
                    "what": name,
                    "share": share,
                    "hours": hours,
                    "usd": dwell["cost_usd"],
                    "standing": dwell["standing"],
                    "sources": dwell["sources"],
                    "kind": dwell["kind"],
                }
    top = sorted(found.values(), key=lambda item: -item["share"])[:MOST_FIGURES]
    return [
        {
            "what": f"{item['kind'].capitalize()}: {item['what']}",
            "figure": " / ".join(words.hours_or_days(item["hours"][p]) for p in ("p10", "p50", "p90")),
            "usd": words.three_digits(item["usd"]),
            "share": f"{100 * item['share']:.0f}%",
            "standing": item["standing"],
            "notes": notes.of(item["sources"], item["standing"]),
        }
        for item in top
    ]


def again(plan: dict, a: str, b: str, scenarios: int | None = None) -> dict:
    """How to get the same brief again. `scenarios` : simulated years, None for as many as the command takes by itself."""
    told, version = plan["conditions"], plan["version"]
    extra = "".join(f" --{flag} {quoted(name)}" for flag in ("close", "open") for name in told[flag])
    extra += "".join(f" {quoted(word)}" for word in told.get("scenario", {}).get("asked", ()))
    extra += f" --scenarios {scenarios}" if scenarios is not None else ""
    cargo = told["cargo"]
    command = f"comity brief {quoted(a)} {quoted(b)} --on {told['on']} --cargo {cargo['kind']} --tonnes {cargo['tonnes']:g}{extra}"
    return {
        "command": command,
        "versions": f"Comity {version['comity']}, network {version['network']}, facts {version['facts']}",
    }


def quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
