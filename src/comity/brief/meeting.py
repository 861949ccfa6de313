"""What to ask for in the meeting: one paragraph made by rules from the figures, true of any pair."""

from __future__ import annotations

import re
from collections.abc import Sequence

from comity.brief import hangs, words
from comity.brief.hangs import Hold, InForce
from comity.brief.words import days_text, of_hundred, usd

WORTH_ASKING = 0.01  # of what a shipment costs: a smaller gain is no errand for a meeting
SERIOUS = 0.05  # of what a shipment costs: from here a dependence is worth a first sentence of its own
NEARLY_ALL = 0.9
BOOKED = 0.01  # a smaller share is no split
TOGETHER = 0.005  # share of months shut at once from which two ways being one risk is worth a sentence
NUMBERS = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
PAIR, ENDING = re.compile(r"([A-Z]{3})-([A-Z]{3})/land"), re.compile(r"([A-Z]{3})/(land|ports)")


def ask(
    plan: dict,
    risk: dict,
    found: Sequence[Hold],
    closures: Sequence[InForce],
    split: dict | None,
    lines: Sequence[dict],
) -> str:
    """The paragraph. found : `hangs.holds` · closures : `hangs.in_force` · lines : rows of `shut.new_lines`."""
    if risk["days"]["p90"] is None:
        parts = [never_open(closures)]
    else:
        parts = [dependence(risk, found), reopening(risk, found, closures)]
    parts += [waiting(plan), verdict(split)["ask"] if split else "", line(lines)]
    return " ".join(part for part in parts if part)


def never_open(closures: Sequence[InForce]) -> str:
    """What to ask where no way is open in any simulated month."""
    if not closures:
        return "Ask first what would open any way at all: none is open in any simulated month."
    return f"Ask first for a way to be opened at all: none is open in any simulated month. In force today: {_states(closures)}."


def _states(closures: Sequence[InForce]) -> str:
    return "; ".join(f"{one.names} ({lower(one.state)})" for one in closures)


def lower(text: str) -> str:
    """The text as it goes on inside a sentence."""
    return text[:1].lower() + text[1:]


# --- what most hangs on ---------------------------------------------------------------------------------------------


def dependence(risk: dict, found: Sequence[Hold]) -> str:
    """The largest dependence, and what to ask because of it."""
    cost = risk["cost_usd"]["mean"] or 1.0
    lead = [hold for hold in found if hold.no_way_share >= hangs.NO_WAY or hold.loss_usd >= SERIOUS * cost]
    if not lead:
        return "No single country, crossing, port or strait decides over this trade: whichever shuts, another way costs little more."
    country = next((hold for hold in lead if hold.kind == "country"), None)
    gate = next((hold for hold in lead if hold.kind != "country"), None)
    if country is None:
        return " ".join(_by_gate(hold) for hold in lead[:1])
    nearly = gate is not None and _nearly(gate, country)
    at = f", nearly all of it at {_the(gate)}" if nearly and gate else ""
    it = _it(gate) if nearly and gate else "its borders and ports on the way"
    keep = f"Ask for {it} to be kept open all year, and for early word when that cannot be."
    return f"Most hangs on {country.name}: {of_hundred(country.use_share)} shipments cross it, and {_without(country)}{at}. {keep}"


def _by_gate(gate: Hold) -> str:
    many = len(gate.keys) > 1
    keep = (
        "how they are kept open, and what takes their place when they shut"
        if many
        else "how it is kept open, and what takes its place when it shuts"
    )
    return f"No third country decides over this trade; most hangs on {_the(gate)}: {_without(gate)}. Ask {keep}."


def _nearly(gate: Hold, country: Hold) -> bool:
    if country.no_way_share >= hangs.NO_WAY:
        return gate.no_way_share >= NEARLY_ALL * country.no_way_share
    return gate.loss_usd >= NEARLY_ALL * country.loss_usd


def _the(hold: Hold) -> str:
    return (
        f"the {hold.name}"
        if hold.kind in ("port", "ferry", "strait") and not hold.name.startswith("Bab")
        else hold.name
    )


def _it(hold: Hold) -> str:
    return "it" if len(hold.keys) == 1 else "them"


def _without(hold: Hold) -> str:
    """What a year without it does, in words."""
    it = _it(hold)
    if hold.no_way_share >= max(NEARLY_ALL * hold.use_share, hangs.NO_WAY):
        return f"in a year without {it} no shipment that takes {it} finds another way"
    loses = "the average shipment would lose"
    if hold.no_way_share >= hangs.NO_WAY:
        loses = f"{of_hundred(hold.no_way_share)} shipments find no way, and the others lose"
    if hold.loss_days < 0.05:
        return f"in a year without {it} {loses} {usd(hold.loss_usd)}"
    return f"in a year without {it} {loses} {days_text(hold.loss_days)}, which with the costs comes to {usd(hold.loss_usd)}"


# --- what is shut today ---------------------------------------------------------------------------------------------


def reopening(risk: dict, found: Sequence[Hold], closures: Sequence[InForce]) -> str:
    """The closure in force that costs most, and what lifting it would bring."""
    if not closures:
        return "No closure in force today touches these ways."
    best = hangs.costliest(found, closures)
    if best is None or best[0].gain_usd < WORTH_ASKING * (risk["cost_usd"]["mean"] or 1.0):
        return "What is shut or slowed today costs this trade next to nothing."
    return _reopened(*best)


def _reopened(hold: Hold, one: InForce) -> str:
    what = f"the way through {hold.name}" if hold.kind == "country" else _the(hold)
    costs, they = ("costs", "it") if len(hold.keys) == 1 else ("cost", "they")
    verb = "opened" if one.severity == "shut" else "brought back to its usual state"
    though = ""
    if hold.gain_days >= 0.05:
        though = f" and gain {days_text(hold.gain_days)}"
    elif hold.gain_days <= -0.05:
        though = (
            f", though it would travel {days_text(hold.gain_days)} longer, since more cargo would take the cheaper way"
        )
    return (
        f"Of what is shut or slowed today, {what} {costs} this trade most ({lower(one.state)}): if {they} could never shut, the average "
        f"shipment would save {usd(hold.gain_usd)}{though}. Ask for {_it(hold)} to be {verb}, and to stay so."
    )


def waiting(plan: dict) -> str:
    """The crossing on the best open way that takes most hours, or its port where no border is crossed by land."""
    best = next((way for way in plan["alternatives"] if way["open"]), None)
    if best is None:
        return ""
    for kind, where, there in (("crossing", "at a border", "at"), ("port", "in a port", "in the")):
        waits = [dwell for dwell in best["dwells"] if dwell["kind"] == kind and dwell["time_h"]["p90"] >= 1]
        if waits:
            worst = max(waits, key=lambda dwell: dwell["time_h"]["p50"])
            hours = worst["time_h"]
            return (
                f"On the best way open today the longest wait {where} is {there} {hangs.named(kind, worst['at'])}: "
                f"{_hours(hours['p50'])} as a rule, and in one case of ten {_hours(hours['p90'])} or more. "
                "Ask for a shorter wait there."
            )
    return ""


def _hours(hours: float) -> str:
    return f"{hours:.0f} hour{'' if round(hours) == 1 else 's'}" if hours < 48 else days_text(hours / 24)


def line(lines: Sequence[dict]) -> str:
    """The new line that would help most."""
    if not lines:
        return ""
    best = lines[0]
    when = f", due in {best['opens']}" if best["opens"] != "–" else ""
    time = best["days"].replace(" more", "").replace(" fewer", "")
    quicker = f" and {time}" if best["days"] != "±0" and not best["longer"] else ""
    slower = f", days counted as money, though it would travel {time} longer" if best["longer"] else ""
    needs = f" It depends on {best['depends_on']} being open." if best["depends_on"] != "–" else ""
    state = f", {best['state']}{when}," if best["state"] else ""
    return f"Of the lines that are planned, {best['name']}{state} would help most, by USD {best['usd']}{quicker} a shipment{slower}.{needs}"


# --- whether to split ------------------------------------------------------------------------------------------------


def verdict(split: dict) -> dict[str, str]:
    """Whether splitting pays: the reason in sentences (`said`), and what to ask because of it (`ask`)."""
    used = [way for way in split["ways"] if way["share"] >= BOOKED]
    if len(split["ways"]) == 1:
        return {
            "said": "Only one way is worth booking, so there is nothing to split.",
            "ask": "Only one way is worth booking, so there is nothing to split.",
        }
    return _one_way(split, used[0]) if len(used) == 1 else _several(split, used)


def _one_way(split: dict, way: dict) -> dict[str, str]:
    first, last = split["frontier"][0], split["frontier"][-1]
    paid, saved = last["fresh_mean_usd"] - first["fresh_mean_usd"], first["fresh_cvar_usd"] - last["fresh_cvar_usd"]
    equal = next(one for one in split["beside"] if one["name"] == "equal shares")
    dear = equal["fresh_mean_usd"] - split["chosen"]["fresh_mean_usd"]
    if len(split["frontier"]) > 1 and saved >= 1:
        why = f"The most cautious split saves {usd(saved)} a {_unit(split)} in the worst month of twenty, and costs {usd(paid)} more on average."
    elif len(split["frontier"]) > 1:
        why = f"The most cautious split costs {usd(paid)} more on average, and in years it was not made for it saves nothing in the worst months."
    else:
        why = "When that way shuts, finding another at once costs less than keeping cargo on slower or dearer ways all year."
    return {
        "said": f"Splitting the cargo does not pay here: all of it is best booked on one way, {quoted(way['title'])}. {why} "
        f"Equal shares of all ways would cost {usd(dear)} a {_unit(split)} more on average.",
        "ask": "Splitting the cargo over several ways does not pay here: book the best way, and know the next one.",
    }


def _several(split: dict, used: Sequence[dict]) -> dict[str, str]:
    cheapest = next(one for one in split["beside"] if one["name"] == "all on the cheapest")
    paid = split["chosen"]["fresh_mean_usd"] - cheapest["fresh_mean_usd"]
    saved = cheapest["fresh_cvar_usd"] - split["chosen"]["fresh_cvar_usd"]
    most = sorted(used, key=lambda way: -way["share"])
    shares = words.listed([f"{100 * way['share']:.0f} % on {quoted(way['title'])}" for way in most])
    tight = any(way["most_share"] < 1 for way in used)
    limits = " No more fits through the crossings whose capacity is known." if tight else ""
    if saved < 1:
        said = (
            f"The best shares are {shares}. In years they were not made for they save nothing in the worst months against all "
            f"on the cheapest way.{limits}"
        )
        return {"said": said, "ask": "Splitting the cargo brings no safety that is worth asking for."}
    cost = f"costs {usd(paid)} more on average" if paid >= 1 else "costs no more on average"
    said = f"Splitting pays: {shares}. Against all on the cheapest way that {cost} and saves {usd(saved)} a {_unit(split)} in the worst month of twenty.{limits}"
    return {"said": said, "ask": f"Splitting the cargo pays here: book {shares}."}


def _unit(split: dict) -> str:
    return words.UNIT_WORDS[split["conditions"]["cargo"]["kind"]]


def quoted(title: str) -> str:
    """A way's title, marked off in a sentence."""
    return f"“{title}”"


def one_risk(split: dict, risk: dict) -> str:
    """Ways that look different and shut together; nothing where none do."""
    pairs = [pair for pair in split["alike"] if pair["shut_together"] >= TOGETHER]
    told = []
    for group in groups([tuple(pair["ways"]) for pair in pairs]):
        inside = [pair for pair in pairs if set(pair["ways"]) <= set(group)]
        together = min(pair["shut_together"] for pair in inside)
        by = _common(inside, risk)
        many = NUMBERS[len(group)] if len(group) < len(NUMBERS) else str(len(group))
        told.append(
            f"{many} ways are one risk, since they are shut in the same months (in {words.months_text(together)} at once"
            f"{f', mostly through {by}' if by else ''}): {_names([split['ways'][n]['title'] for n in group])}."
        )
    return " ".join(told)


def groups(pairs: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Ways that are tied to each other by pairs, each group ascending."""
    found: list[set[int]] = []
    for pair in pairs:
        touching = [group for group in found if group & set(pair)]
        found = [group for group in found if group not in touching] + [set(pair).union(*touching)]
    return sorted(tuple(sorted(group)) for group in found)


def _names(titles: Sequence[str]) -> str:
    """Titles in one breath; where they differ in their last part alone, the rest is told once."""
    heads, tails = zip(*(title.rpartition(", ")[::2] for title in titles), strict=True)
    if len(set(heads)) == 1 and heads[0]:
        return f"{heads[0]}, {words.listed(list(tails))}"
    return words.listed([quoted(title) for title in titles])


def _common(pairs: Sequence[dict], risk: dict) -> str:
    """What strikes all of them most often, as a person names it."""
    touched = {row["key"]: row["share_of_departures_touched"] for row in risk["hazards"]}
    common = set.intersection(*(set(pair["common"]) for pair in pairs)) & set(touched)
    return key_name(max(sorted(common), key=lambda key: touched[key])) if common else ""


def key_name(key: str) -> str:
    """`AFG-PAK/land` -> "the border between Afghanistan and Pakistan"; own keys by the name of the place."""
    from comity.brief.sections import country_name, target_name

    if pair := PAIR.fullmatch(key):
        return f"the border between {country_name(pair[1])} and {country_name(pair[2])}"
    if ending := ENDING.fullmatch(key):
        what = "land borders" if ending[2] == "land" else "ports"
        return f"the {what} of {country_name(ending[1])}"
    return target_name(key.partition("/")[0])
