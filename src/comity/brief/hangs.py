"""What a pair hangs on, as rows for a chart, a table and a paragraph: from the JSON of a risk (comity.risk/1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comity import facts
from comity.brief import words
from comity.routing.titles import short

MOST_BARS, MOST_COUNTRIES = 12, 5
SEEN = 0.01  # of the longest bar: a shorter one would not be seen
ALIKE_LOSS, ALIKE_USE = 0.01, 0.005  # nearer than this, two gates shut the same ways
NO_WAY = 0.005  # share of shipments left without a way from which that is said before any dollars
MOST_NAMES = 3
PLURAL = {"crossing": "crossings", "ferry": "ferries", "pass": "passes", "port": "ports", "strait": "straits"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A country, or one or more gates that shut the same ways; dollars (money and valued time) and days per shipment."""

    kind: str  # country | crossing | ferry | port | strait | pass
    keys: tuple[str, ...]
    name: str
    use_share: float
    loss_usd: float
    loss_days: float
    no_way_share: float
    gain_usd: float
    gain_days: float

    @property
    def weight(self) -> tuple[float, float]:
        """What is heavier comes first: shipments left without a way, then dollars."""
        return -self.no_way_share, -self.loss_usd


def holds(risk: dict) -> list[Hold]:
    """Everything that a serious share of shipments passes, the heaviest loss first; gates that shut the same ways as one.

    Of several gates the gain is that of the one which gains most: opening one of them does not open the others.
    """
    rows = sorted((_hold(row) for row in risk["depends_on"]), key=lambda hold: hold.weight)
    top = max([max(row.loss_usd, row.gain_usd) for row in rows] + [0.0])
    found: list[list[Hold]] = []
    for row in rows:
        same = next((group for group in found if _same(group[0], row, top)), None)
        if same:
            same.append(row)
        else:
            found.append([row])
    return [_joined(group) for group in found]


def _hold(row: dict) -> Hold:
    shut, never = row["if_shut"], row["if_never_shut"]
    return Hold(
        kind=row["kind"],
        keys=(row["key"],),
        name=named(row["kind"], row["name"]),
        use_share=row["use_share"],
        loss_usd=max(shut["usd"], 0.0),
        loss_days=shut["days"],
        no_way_share=max(shut["no_way_share"], 0.0),
        gain_usd=max(never["usd"], 0.0),
        gain_days=never["days"],
    )


def named(kind: str, name: str) -> str:
    """What a person calls it: "Khunjerab (Sost)" -> "Khunjerab", the port "Santos" -> "port of Santos"."""
    if kind in ("country", "ferry", "pass", "strait"):
        return name.split(" (")[0]
    return f"port of {short(name)}" if kind == "port" else short(name)


def _same(one: Hold, other: Hold, top: float) -> bool:
    return (
        "country" not in (one.kind, other.kind)
        and abs(one.use_share - other.use_share) <= ALIKE_USE
        and abs(one.no_way_share - other.no_way_share) <= ALIKE_USE
        and abs(one.loss_usd - other.loss_usd) <= ALIKE_LOSS * max(one.loss_usd, other.loss_usd)
        and abs(one.gain_usd - other.gain_usd) <= ALIKE_LOSS * top
    )


def _joined(group: Sequence[Hold]) -> Hold:
    """Several gates as one: crossings before passes in the name, the greatest gain."""
    if len(group) == 1:
        return group[0]
    order = sorted(group, key=lambda hold: list(PLURAL).index(hold.kind))
    most = max(group, key=lambda hold: hold.gain_usd)
    first = group[0]
    return Hold(
        kind=order[0].kind, keys=tuple(hold.keys[0] for hold in order), name=together([hold.name for hold in order]),
        use_share=first.use_share, loss_usd=first.loss_usd, loss_days=first.loss_days, no_way_share=first.no_way_share,
        gain_usd=most.gain_usd, gain_days=most.gain_days,
    )  # fmt: skip


def together(names: Sequence[str]) -> str:
    """Names in one breath; parts of one road are told once: "Karakoram Highway (Gojal and Hunza)"."""
    parts: dict[str, list[str]] = {}
    for name in names:
        whole, _, part = name.partition(": ")
        parts.setdefault(whole, []).extend([part] if part else [])
    told = [
        f"{whole} ({', '.join(some)})" if len(some) > 1 else ": ".join([whole, *some]) for whole, some in parts.items()
    ]
    if len(told) > MOST_NAMES:
        return f"{', '.join(told[:MOST_NAMES])} and {len(told) - MOST_NAMES} more"
    return words.listed(told)


def seen(found: Sequence[Hold]) -> list[Hold]:
    """At most twelve that are worth a bar, countries first among equals no more than five."""
    top = max([max(hold.loss_usd, hold.gain_usd) for hold in found] + [0.0])
    worth = [
        hold
        for hold in found
        if max(hold.loss_usd, hold.gain_usd) >= max(SEEN * top, 1.0) or hold.no_way_share >= NO_WAY
    ]
    countries = [hold for hold in worth if hold.kind == "country"][:MOST_COUNTRIES]
    gates = [hold for hold in worth if hold.kind != "country"][: MOST_BARS - len(countries)]
    return [*countries, *gates]


def bars(found: Sequence[Hold]) -> dict[str, list[dict]]:
    """Rows of the charts of countries and of gates. A bar of what leaves no way is as long as the longest."""
    top = max([hold.loss_usd for hold in found] + [1.0])
    parts = {
        "countries": [hold for hold in found if hold.kind == "country"],
        "gates": [hold for hold in found if hold.kind != "country"],
    }
    return {name: [_bar(hold, top) for hold in part] for name, part in parts.items() if part}


def kinds(found: Sequence[Hold]) -> str:
    """The kinds of gates among them in words: crossings, ports and straits."""
    return words.listed([PLURAL[kind] for kind in PLURAL if any(hold.kind == kind for hold in found)])


def _bar(hold: Hold, top: float) -> dict:
    stops = hold.no_way_share >= NO_WAY
    return {
        "name": hold.name[:1].upper() + hold.name[1:],
        "loss": top if stops else hold.loss_usd,
        "gain": hold.gain_usd,
        "stops": stops,
        "loss_text": "no way" if stops else words.three_digits(hold.loss_usd),
        "gain_text": words.three_digits(hold.gain_usd) if hold.gain_usd >= 0.5 else "",
        "beside": f"no way for {words.of_hundred(hold.no_way_share)}" if stops else words.more_days(hold.loss_days),
    }


# --- closures in force -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A closure in force that touches the ways: one cause, however many rows tell of it."""

    names: str
    severity: str
    since: str | None
    confirmed: str | None
    targets: frozenset[str]
    pairs: frozenset[frozenset[str]]
    sources: tuple[str, ...]

    @property
    def state(self) -> str:
        """Shut since 12 Oct 2025, last confirmed 2 Apr 2026"""
        return words.closure({"severity": self.severity, "since": self.since, "confirmed": self.confirmed})


def in_force(risk: dict, plan: dict | None = None) -> list[InForce]:
    """What is in force on the day on the ways that shipments take, or would take; rows of one cause as one.

    Seasons are left out (they come back every year by the calendar), and what the question itself shuts.
    """
    told = {
        item["id"]: item for item in risk["conditions"]["closed"] if item["kind"] not in ("season", "user", "scenario")
    }
    groups = [id.split("+") for row in risk["hazards"] for id in row["in_force"]]
    groups += [[id] for way in (plan or {"alternatives": []})["alternatives"] for id in way["closures"]]
    found: dict[str, InForce] = {}
    for group in groups:
        items = [told[id] for id in group if id in told and id != "local"]
        if items and not any(item["id"] in found for item in items):
            one = _one(items)
            found |= {item["id"]: one for item in items}
    return list({id(one): one for one in found.values()}.values())


def _one(items: Sequence[dict]) -> InForce:
    """Rows of one cause; the hardest tells the state, the newest when it was last confirmed."""
    from comity.brief.sections import names_of_closure

    names = [name for item in items for name in names_of_closure(item)]
    hardest = min(items, key=lambda item: ("shut", "partial", "slow").index(item["severity"]))
    rows = {row["id"]: row for row in facts.rows("closures")}
    known = [rows[item["id"]] for item in items if item["id"] in rows]
    return InForce(
        names=words.listed(list(dict.fromkeys(names))),
        severity=hardest["severity"],
        since=hardest["since"],
        confirmed=max((item["confirmed"] for item in items if item["confirmed"]), default=None),
        targets=frozenset(t for row in known if row["target_kind"] != "country_pair" for t in row["targets"]),
        pairs=frozenset(frozenset(row["targets"]) for row in known if row["target_kind"] == "country_pair"),
        sources=tuple(dict.fromkeys(item["source"] for item in items)),
    )


def costliest(found: Sequence[Hold], closures: Sequence[InForce]) -> tuple[Hold, InForce] | None:
    """The country or gate that a closure in force strikes and whose opening would bring most; a gate before its country
    where it brings four fifths of it. None where nothing in force strikes what shipments hang on."""
    struck = [(hold, one) for hold in found for one in closures if _strikes(one, hold)]
    if not struck:
        return None
    best = max(struck, key=lambda pair: pair[0].gain_usd)
    gates = [pair for pair in struck if pair[0].kind != "country" and pair[0].gain_usd >= 0.8 * best[0].gain_usd]
    return max(gates, key=lambda pair: pair[0].gain_usd) if gates else best


def _strikes(one: InForce, hold: Hold) -> bool:
    if hold.kind == "country":
        return hold.keys[0] in one.targets or any(hold.keys[0] in pair for pair in one.pairs)
    between = {row["id"]: frozenset((row["country_a"], row["country_b"])) for row in facts.rows("crossings")}
    return any(key in one.targets or between.get(key) in one.pairs for key in hold.keys)
