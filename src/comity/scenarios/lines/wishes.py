"""What a person asks to be built or made quicker, as lines and figures: names of plans, files, torkham=6h, regions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from comity import facts, places
from comity.errors import BadInput
from comity.facts import Figure
from comity.network import Network
from comity.network.lines import Line, planned
from comity.network.sketch import from_file
from comity.routing.cargo import cargo
from comity.routing.impedance import Tariff
from comity.routing.states import targets_of

HOURS = re.compile(r"(\d+(?:\.\d+)?)\s*(h|hours?|d|days?)?", re.IGNORECASE)
MOST_NAMED = 6  # plans named where a word fits several
QUICKER = ("crossing", "ferry", "port", "gauge")  # kinds of gates that can be made quicker


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """A crossing, port or ferry that takes `hours` in all, each way, where it usually takes `usual_h` (least, most)."""

    id: str
    name: str
    hours: float
    usual_h: tuple[float, float]


def resolved(
    build: Sequence[str | Line], known: Sequence[Line] | None = None
) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The lines that are asked for, and what must be said of plans that lay nothing.

    build : lines, names or ids of planned lines (a part that fits one is enough), or GeoJSON files
    Raises BadInput with every unknown name and every fault of a file at once.
    """
    known = planned() if known is None else known
    lines: dict[str, Line] = {}
    notes, faults = [], []
    for asked in build:
        try:
            found, note = _one(asked, known)
        except BadInput as fault:
            faults.append(str(fault))
            continue
        notes += [note] if note else []
        for line in found:
            if line.id in lines and lines[line.id] != line:
                faults.append(f"Two lines are called {line.name!r}. Give each a name of its own.")
            lines[line.id] = line
    if faults:
        raise BadInput("\n".join(faults))
    return tuple(lines.values()), tuple(notes)


def _one(asked: str | Line, known: Sequence[Line]) -> tuple[Sequence[Line], str]:
    if isinstance(asked, Line):
        return [asked], ""
    if Path(asked).suffix.lower() in (".geojson", ".json"):
        return from_file(asked), ""
    row = _plan_row(asked)
    by_id = {line.id: line for line in known}
    if row["id"] in by_id:
        return [by_id[row["id"]]], ""
    return [], f"{row['name']}: nothing is laid. {row['note'] or ''}".strip()


def _plan_row(asked: str) -> dict:
    """The plan of this id, or the only one whose id or name has the word in it. Raises BadInput with the nearest names."""
    rows = facts.keyed("links_planned", ("id",))
    word = asked.strip().lower()
    exact = [row for row in rows.values() if word in (row["id"], row["name"].lower())]
    inside = [row for row in rows.values() if word and (word in row["id"] or word in row["name"].lower())]
    found = {row["same_as"] or row["id"] for row in exact or inside}
    if len(found) == 1:
        return rows[found.pop(),]
    names = {row["id"]: row["id"] for row in rows.values()} | {row["name"].lower(): row["id"] for row in rows.values()}
    names |= {
        part: row["same_as"] or row["id"] for row in rows.values() for part in row["id"].split("-") if len(part) > 2
    }
    near = sorted(found)[:MOST_NAMED] or [names[name] for name in get_close_matches(word, names, n=4, cutoff=0.5)]
    several = "fits several plans" if found else "is no planned line and no .geojson file"
    hint = f" Did you mean {', '.join(dict.fromkeys(near))}?" if near else ""
    raise BadInput(f"--build {asked!r} {several}.{hint} `comity whatif --list` shows them all.")


def improvements(texts: Sequence[str], network: Network) -> tuple[tuple[Improvement, ...], tuple[Figure, ...]]:
    """What texts as torkham=6h ask for, and the figures that make a network so. Raises BadInput with all faults."""
    found, faults = [], []
    targets = targets_of(network)
    for text in texts:
        name, _, hours = text.partition("=")
        told = HOURS.fullmatch(hours.strip())
        if told is None:
            faults.append(f"--improve {text!r}: write the crossing and its hours in all, as torkham=6h; 0 or more.")
            continue
        try:
            keys = targets.resolve([name], "--improve")[name]
        except BadInput as fault:
            faults.append(str(fault))
            continue
        rows = [row for key in keys for row in targets.gates_named(key) if network.gates[row].id == key]
        rows = [row for row in rows if network.gates[row].kind in QUICKER]
        if not rows:
            faults.append(f"--improve {name!r} is no crossing, port or ferry. Name one, as torkham=6h.")
            continue
        time_h = float(told[1]) * (24 if (told[2] or "h").lower().startswith("d") else 1)
        found += [(network.gates[row].id, network.gates[row].name, time_h, row) for row in rows]
    if faults:
        raise BadInput("\n".join(faults))
    return _as_figures(found, network)


def _as_figures(found: Sequence[tuple], network: Network) -> tuple[tuple[Improvement, ...], tuple[Figure, ...]]:
    tariff = Tariff(network, cargo("40ft", 20.0))
    usual: dict[str, list[float]] = {}
    for id, _, _, row in found:
        usual.setdefault(id, []).append(tariff.part(network.gates[row]).time_h.p50)
    asked = {id: (name, hours) for id, name, hours, _ in found}
    figures = tuple(
        Figure(
            subject=f"gate.{id}", parameter="dwell_h", value=hours, low=None, high=None, unit="h", year=None,
            source="user", standing="assumption", note="hours in all, each way, asked for with --improve",
        )
        for id, (_, hours) in asked.items()
    )  # fmt: skip
    return tuple(
        Improvement(id=id, name=name, hours=hours, usual_h=(min(usual[id]), max(usual[id])))
        for id, (name, hours) in asked.items()
    ), figures


def region_members(text: str | Sequence[str]) -> tuple[str, ...]:
    """Alpha-3 codes of a region: an id of regions.csv, or countries parted by commas. Raises BadInput with suggestions."""
    named = facts.keyed("regions", ("id",))
    if isinstance(text, str) and (text.strip().lower(),) in named:
        return tuple(named[text.strip().lower(),]["members"])
    parts = text.split(",") if isinstance(text, str) else list(text)
    codes, faults = [], []
    for part in parts:
        try:
            codes.append(places.country(part.strip()).alpha3)
        except BadInput as fault:
            faults.append(f"--region {part.strip()!r}: {fault}")
    if len(dict.fromkeys(codes)) < 2 and not faults:
        faults.append(
            f"--region needs two countries or more, as KAZ,UZB,PAK, or one of: {', '.join(id for (id,) in named)}."
        )
    if faults:
        raise BadInput("\n".join(faults))
    return tuple(dict.fromkeys(codes))
