"""The name a person would give a way: "Truck by Uzbekistan and Afghanistan, over Torkham"."""

from __future__ import annotations

from collections.abc import Sequence

from comity.routing.itinerary import Itinerary

VEHICLE = {"road": "truck", "rail": "rail", "sea": "ship", "ferry": "ferry"}
SHORT_SHARE = 0.12  # a land mode is named when it carries at least this share of the way,
LONG_KM = 300.0  # or this many kilometres; a voyage always
DRAYAGE_KM = 150.0


def title(way: Itinerary, name_of, others: Sequence[Itinerary] = ()) -> str:
    """name_of : alpha-3 -> name. `others` : ways it must be told apart from; the gate that differs is named."""
    head = _vehicles(way)
    transit = [code for code in dict.fromkeys(way.countries) if code not in (way.countries[0], way.countries[-1])]
    by = f" by {_and([name_of(code) for code in transit])}" if transit else ""
    over = _gates(way, others)
    return f"{head}{by}{f', {over}' if over else ''}"


def _vehicles(way: Itinerary) -> str:
    total = way.distance_km or 1.0
    runs: list[tuple[str, float]] = []
    for leg in way.legs:
        if runs and runs[-1][0] == leg.mode:
            runs[-1] = (leg.mode, runs[-1][1] + leg.distance_km)
        else:
            runs.append((leg.mode, leg.distance_km))
    named = [
        m
        for m, km in runs
        if m in ("sea", "ferry") or km >= LONG_KM or km / total >= SHORT_SHARE and (m == "rail" or km > DRAYAGE_KM)
    ]
    named = named or [max(runs, key=lambda run: run[1])[0]]
    words: list[str] = []
    for mode in named:
        if not words or words[-1] != VEHICLE[mode]:
            words.append(VEHICLE[mode])
    return _and(words).capitalize()


def _gates(way: Itinerary, others: Sequence[Itinerary]) -> str:
    """A voyage's port in a third country, else both its ports; by land the last crossing, and another only where that does not tell two ways apart."""
    if way.ports:
        ends = way.countries[0], way.countries[-1]
        called = [way.ports[0], way.ports[-1]]
        foreign = [gate for gate in called if gate.country_from not in ends]
        if len(foreign) == 1:
            return f"through {short(foreign[0].name)}"
        return f"from {short(called[0].name)} to {short(called[1].name)}"
    if not way.crossings:
        return ""
    last = way.crossings[-1]
    twins = [
        o
        for o in others
        if o.countries == way.countries and o.crossings and o.crossings[-1].id == last.id and not o.ports
    ]
    twins = [o for o in twins if _vehicles(o) == _vehicles(way)]
    telling = [gate for gate in way.crossings[:-1] if any(gate.id not in {g.id for g in o.crossings} for o in twins)]
    return "over " + _and(list(dict.fromkeys(short(gate.name) for gate in (*telling[:1], last))))


def short(name: str) -> str:
    """ "Taftan - Mirjaveh" -> "Taftan", "CHN-RUS border near Zabaykalsk" -> "Zabaykalsk": what a person says."""
    return name.split(" border near ")[-1].split(" (")[0].split(" - ")[0].split(" / ")[0]


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
