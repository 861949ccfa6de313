"""The section "If a border shuts": its words, tables and charts as plain values, for readers who know no statistics.

All comes from two answers, a risk (comity.risk/1) and a portfolio (comity.portfolio/1), and from the plan of the brief;
nothing here asks the network anything. Measures have their names in the small print alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from comity import facts
from comity.brief import charts, hangs, meeting, sections, words
from comity.brief.hangs import Hold, InForce
from comity.brief.notes import Notes
from comity.brief.words import days_text, of_hundred, usd

TITLE = "If a border shuts"
MOST_LINES = 6
MOST_IN_FORCE = 8
NOT_TODAY = {
    "used": 0,
    "left": "–",
    "best": "on no open way today",
    "days": "–",
    "usd": "–",
    "more_days": "–",
    "more_usd": "–",
}
BARS = (
    "Bars: the average of all shipments, dollars of freight and days counted as money together. At the right, how much "
    "longer or shorter a shipment travels if the place is shut all year; where it is shorter, the ways left are quicker but dearer."
)
SEARCHED = (
    "How often borders, ports, straits and passes shut, and for how long, is learnt from the closures recorded since 2010; "
    "what is shut today is shut when each year begins. Where nobody recorded closures the rate is an assumption."
)


def section(
    plan: dict,
    without: dict[str, dict | None],
    notes: Notes,
    risk: dict,
    *,
    split: dict | None = None,
    faults: Sequence[str] = (),
    lines: Sequence[dict] = (),
) -> dict:
    """The section as one value.

    risk, split : comity.risk/1 and comity.portfolio/1; no split where it has no answer, with the reason in `faults`
    without : alpha-3 -> plan JSON with that country shut, None where no way remains
    lines : {"name", "days_saved", "usd_saved", "state", "opens_year", "depends_on"}, the best first; dollars
        count days as money, and days may be lost where dollars are saved
    """
    found, closures, pictures = hangs.holds(risk), hangs.in_force(risk, plan), drawn(risk)
    return {
        "title": TITLE,
        "asked": asked(risk),
        "notes": cited(notes, "hazard."),
        "in_force": standing(closures, notes),
        "found": found_in(risk),
        "charts": pictures,
        "bars": BARS if {"countries", "gates"} & set(pictures) else "",
        "small": small(risk),
        "faults": list(faults),
        "countries": countries(plan, without, found),
        "hung": hung(found),
        "split": splitting(split, risk, notes) if split else None,
        "lines": new_lines(lines),
        "ask": meeting.ask(plan, risk, found, closures, split, new_lines(lines)),
    }


def cited(notes: Notes, *subjects: str) -> list[int]:
    """Footnotes of the rows of transport.csv whose subject begins with one of these, each with its own standing."""
    rows = [row for row in facts.rows("transport") if row["subject"].startswith(subjects)]
    return sorted({number for row in rows for number in notes.of([row["source"]], row["standing"])})


# --- what was asked, and what was found ----------------------------------------------------------------------------


def asked(risk: dict) -> str:
    """What was simulated, from which day, under what."""
    told = risk["conditions"]
    many = told["scenarios"]
    spans = "years" if told["months"] == 12 else f"stretches of {told['months']} months"
    text = (
        f"What would happen to a shipment from {risk['origin']['name']} to {risk['destination']['name']} that leaves every month? "
        f"{many:,} possible {spans} from {words.day_in_words(told['on'])} were played through, {many * told['months']:,} shipments "
        "in all, each sent the way that is best among those open on its day."
    )
    return f"{text} {SEARCHED}"


def standing(closures: Sequence[InForce], notes: Notes) -> list[dict]:
    """What is in force today on these ways, the newest first: names, state in words, footnotes."""
    newest = sorted(closures, key=lambda one: one.since or "", reverse=True)[:MOST_IN_FORCE]
    return [{"names": one.names, "state": one.state, "notes": notes.of(one.sources)} for one in newest]


def found_in(risk: dict) -> list[str]:
    """What was found, in three plain sentences at most."""
    days, usual = risk["days"], risk["usual"]
    if days["p90"] is None:
        return ["In none of the simulated months is any way open."]
    what = unit(risk["conditions"]["cargo"])
    against = f"; with everything open as usual the average is {days_text(usual['days'])}" if usual else ""
    return [
        f"In nine months of ten {what} arrives within {days_text(days['p90'])}, in half of them within {days_text(days['p50'])}.",
        f"In the worst month of twenty it takes {days_text(days['cvar95'])} on average{against}.",
        f"{extra(risk)}; {no_way(risk['no_way_share'])}.",
    ]


def unit(cargo: dict) -> str:
    """What travels, as a sentence names it: a container, or the cargo where it is several."""
    return f"a {words.UNIT_WORDS[cargo['kind']]}" if cargo["units"] == 1 else "the cargo"


def extra(risk: dict) -> str:
    """What closures add to the average shipment. No full stop: more follows."""
    more, usual = risk["extra"], risk["usual"]
    if not more or not usual:
        return "With everything open as usual there would be no way at all to compare with"
    days, money = more["days_per_shipment"], more["usd_per_shipment"]
    dear = abs(money) >= 0.01 * usual["cost_usd"]
    if abs(days) < 0.05 and not dear:
        return (
            "Closures hardly change the average shipment: slow months come of ordinary waits more than of shut borders"
        )
    slower = f"{'add' if days > 0 else 'take'} {days_text(days)} {'to' if days > 0 else 'off'} the average shipment"
    said = f"Closures {slower}" if abs(days) >= 0.05 else "Closures leave the average days as they are"
    if not dear:
        return f"{said} and leave its cost about as it is"
    if money > 0:
        return f"{said} and {usd(money)} to its cost" if days >= 0.05 else f"{said}, and its cost rises by {usd(money)}"
    because = ", since the ways then left are slower but cheaper" if days >= 0.05 else ""
    return f"{said}, while its freight costs {usd(-money)} less{because}"


def no_way(share: float) -> str:
    """In how many months no way is open, or that there always was one. No full stop."""
    if share <= 0:
        return "some way was open in every month"
    return f"in {words.months_text(share)} no way is open at all"


def small(risk: dict) -> str:
    """The small print: names of the measures, and how they were made."""
    from comity.scenarios.risk import PROBED

    told = risk["conditions"]
    probed = min(PROBED, told["scenarios"])
    return (
        "Measures: half is P50, nine of ten is P90, eight of ten lie from P10 to P90, the worst month of twenty is the mean of the worst "
        "5 % (CVaR 95 %). "
        f"What is lost or gained is the change of the mean over the first {probed:,} simulated years, in dollars of freight with each day "
        "in transit counted at the value of time; shipments that find no way are told apart. A row of several names shuts the same ways "
        f"whichever of them shuts. Random seed {told['seed']}. Method: docs/methods/risk.md."
    )


# --- charts -----------------------------------------------------------------------------------------------------------


def drawn(risk: dict) -> dict[str, dict]:
    """The charts by name, each with its SVG and a line in words for those who cannot see it; none where nothing arrives."""
    if risk["days"]["p90"] is None:
        return {}
    told = {"months": _months(risk), "histogram": _histogram(risk)}
    return told | _dependence(hangs.seen(hangs.holds(risk)))


def month_rows(risk: dict) -> list[dict]:
    """Rows of the chart by month: months of the calendar from the first on, days of eight shipments of ten and the middle."""
    first = date.fromisoformat(risk["by_month"][0]["from"])
    rows = []
    for number, row in enumerate(risk["by_month"]):
        year, month = divmod(first.month - 1 + number, 12)
        low, mid, high = (row["days"][name] for name in ("p10", "p50", "p90"))
        rows.append(
            {"month": words.MONTHS[month], "year": str(first.year + year), "low": low, "mid": mid, "high": high}
        )
    return rows


def _months(risk: dict) -> dict:
    rows = month_rows(risk)
    known = [row for row in rows if row["mid"] is not None]
    worst, best = (pick(known, key=lambda row: row["high"]) for pick in (max, min))
    usual = risk["usual"]["days"] if risk["usual"] else None
    about = (
        f"By month of departure. Eight shipments of ten take from {days_text(best['low'])} to {days_text(best['high'])} when they leave in "
        f"{best['month']} {best['year']}, the best month, and from {days_text(worst['low'])} to {days_text(worst['high'])} in "
        f"{worst['month']} {worst['year']}, the worst."
    )
    return {"svg": charts.months(rows, usual, "Days by month of departure", about), "about": about}


def _histogram(risk: dict) -> dict:
    edges, share = risk["histogram"]["edges"], risk["histogram"]["share"]
    top = max(range(len(share)), key=lambda number: share[number])
    about = (
        f"How many shipments of a hundred take how many days: most often from {charts.number(edges[top])} to "
        f"{days_text(edges[top + 1])}; {of_hundred(share[-1])} take {days_text(edges[-2])} or more."
    )
    svg = charts.histogram(edges, share, risk["days"]["p90"], "How long shipments take", about)
    return {"svg": svg, "about": about}


def _dependence(found: Sequence[Hold]) -> dict[str, dict]:
    """Bars of countries and of gates, on one scale."""
    bars = hangs.bars(found)
    ends = tuple(max([row[side] for rows in bars.values() for row in rows] + [0.0]) for side in ("loss", "gain"))
    told = {}
    for name, rows in bars.items():
        part = [hold for hold in found if (hold.kind == "country") == (name == "countries")]
        kinds = "transit countries" if name == "countries" else hangs.kinds(part)
        said = "; ".join(f"{hold.name}: {_lost(hold)}" for hold in part[:4])
        about = f"What a shipment loses on average if one of the {kinds} is shut all year. {said}."
        title = f"Dependence on {kinds}, USD"
        told[name] = {"svg": charts.tornado(name, rows, (ends[0], ends[1]), title, about), "about": about}
    return told


def _lost(hold: Hold) -> str:
    """What is lost without it, in words for a sentence or a cell."""
    parts = [f"no way for {of_hundred(hold.no_way_share)}"] if hold.no_way_share >= hangs.NO_WAY else []
    if hold.no_way_share < 0.995:
        parts += [usd(hold.loss_usd), words.more_days(hold.loss_days)]
    return ", ".join(part for part in parts if part)


def _won(hold: Hold) -> str:
    return ", ".join(part for part in (usd(hold.gain_usd), words.more_days(-hold.gain_days)) if part)


# --- tables -----------------------------------------------------------------------------------------------------------


def countries(plan: dict, without: dict[str, dict | None], found: Sequence[Hold]) -> list[dict]:
    """Each transit country taken away: what is left today (`sections.independence`), and what a year without it would cost."""
    held = {hold.name: hold for hold in found if hold.kind == "country"}
    today = {row["country"]: row for row in sections.independence(plan, without)}
    rest = {hold.name: NOT_TODAY | {"country": hold.name} for hold in hangs.seen(found) if hold.kind == "country"}
    rows = [row | _over_a_year(held.get(name)) for name, row in (rest | today).items()]
    weight = {name: hold.weight for name, hold in held.items()}
    return sorted(rows, key=lambda row: weight.get(row["country"], (0.0, 1.0)))


def _over_a_year(hold: Hold | None) -> dict:
    if hold is None:
        return {"share": "hardly any", "if_shut": "–", "if_never_shut": "–"}
    return {"share": of_hundred(hold.use_share), "if_shut": _lost(hold), "if_never_shut": _won(hold)}


def hung(found: Sequence[Hold]) -> str:
    """The sentence above the table of countries."""
    if not found:
        return "No country, crossing, port or strait carries a share of the shipments that is worth telling."
    if not any(hold.kind == "country" for hold in found):
        return "No third country lies on the way of any serious share of shipments: the two countries have it in their own hands."
    return (
        "What is left today without a country, and what a whole year without it would cost the average shipment. "
        "Today's dollars are those of freight alone; the last two columns count days as money too."
    )


def new_lines(lines: Sequence[dict]) -> list[dict]:
    """Rows of the table of new lines, as texts."""
    return [
        {
            "name": line["name"],
            "days": words.more_days(-line["days_saved"]) or "±0",
            "longer": line["days_saved"] < 0,
            "usd": words.three_digits(line["usd_saved"]),
            "state": str(line.get("state") or "").replace("_", " "),
            "opens": str(line.get("opens_year") or "–"),
            "depends_on": together(line.get("depends_on")),
        }
        for line in lines[:MOST_LINES]
    ]


def together(names) -> str:
    """One name or several, as a text; a dash for none."""
    return names if isinstance(names, str) and names else words.listed([str(name) for name in names or ()]) or "–"


# --- splitting the cargo -----------------------------------------------------------------------------------------------


def splitting(split: dict, risk: dict, notes: Notes) -> dict:
    """Whether to split: sentences, the chart of safety against cost, shares by way."""
    rows, left_out = shares(split)
    numbers = set(cited(notes, "booking", "portfolio"))
    if any(way["most_share"] < 1 for way in split["ways"]):
        numbers.update(n for row in facts.rows("capacities") for n in notes.of([row["source"]], row["standing"]))
    only = len(split["ways"]) == 1
    said = meeting.verdict(split)["said"]
    return {
        "said": said if only else f"{booked(split)} {said}",
        "alike": meeting.one_risk(split, risk),
        "rows": [] if only else rows,
        "left_out": left_out,
        "chart": frontier(split),
        "notes": sorted(numbers),
    }


def booked(split: dict) -> str:
    """For how much, and how safety is weighed."""
    told = split["conditions"]
    what = f"{words.three_digits(told['volume_units_per_year'])} {words.UNIT_WORDS[told['cargo']['kind']]}s a year"
    weighed = " weighed alike" if told["risk"] == 0.5 else f", the latter with a weight of {100 * told['risk']:.0f} %"
    return f"Shares for {what}, booked beforehand, with average cost and cost in the worst months{weighed}."


def shares(split: dict) -> tuple[list[dict], str]:
    """Ways with a share, of the split chosen and of the most cautious one, and a word on those that get none."""
    careful = split["frontier"][-1]["shares"]
    rows = [
        {
            "way": way["title"] + ("" if way["open_today"] else " (shut today)"),
            "chosen": percent(way["share"]),
            "careful": percent(safe),
            "days": words.day_range(way["time_h"]),
            "usd": words.usd_range(way["cost_usd"]),
        }
        for way, safe in zip(split["ways"], careful, strict=True)
        if max(way["share"], safe) >= 0.005
    ]
    none = len(split["ways"]) - len(rows)
    return rows, f"{none} more {'ways get' if none > 1 else 'way gets'} no share in either." if none else ""


def percent(share: float) -> str:
    """A share of the cargo; a dash where it rounds to nothing."""
    return f"{100 * share:.0f} %" if share >= 0.005 else "–"


def frontier(split: dict) -> dict | None:
    """Expected cost against cost in the worst months, on years the choice has not seen; None where there is one way only."""
    best = sorted(split["frontier"], key=lambda point: point["fresh_mean_usd"])
    named = [("chosen", split["chosen"]), *((one["name"], one) for one in split["beside"])]
    points = [_point("", point, True) for point in best] + [_point(name, one, False) for name, one in named]
    if len(split["ways"]) < 2:
        return None
    if len(best) > 1:
        points.append(_point("most cautious", split["frontier"][-1], False))
    about = "; ".join(
        f"{p['name']}: {usd(p['x'])} on average, {usd(p['y'])} in the worst month of twenty"
        for p in points
        if p["name"]
    )
    title, cargo = "What safety costs", split["conditions"]["cargo"] | {"units": 1}
    svg = charts.frontier(
        points,
        title,
        f"{about}.",
        f"average cost of {unit(cargo)}, its days counted as money, USD",
        "cost in the worst month of twenty, USD",
    )
    return {"svg": svg, "about": f"{about}."}


def _point(name: str, split: dict, on_line: bool) -> dict:
    return {
        "x": split["fresh_mean_usd"],
        "y": split["fresh_cvar_usd"],
        "name": name,
        "line": on_line,
        "chosen": name == "chosen",
    }
