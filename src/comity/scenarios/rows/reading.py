"""Scenarios from files (TOML or CSV) and from flags.

All faults of a file are told together, and nothing is made of half a file.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from comity.errors import BadInput, TableFaults
from comity.facts.schema import NUMBER
from comity.network import Network
from comity.scenarios.rows.change import FIGURES, Change, meant
from comity.scenarios.rows.scenario import Scenario, examined, together

ABOUT = ("name", "title", "author", "note", "sources")  # keys of [scenario]
COLUMNS = (
    "action", "target", "target_kind", "modes", "hours", "factor", "usd", "trucks_per_day", "usual_trucks_per_day",
    "queued_trucks", "start", "end", "polygon", "author", "note", "source",
)  # fmt: skip
SHIPPED = Path(__file__).with_name("data")
NO_LAND = "POLYGON EMPTY"
HEADER = re.compile(r"\s*\[\[\s*change\s*\]\]")
BY_HAND = re.compile(r"(?P<factor>x)?(?P<number>[-+]?[0-9.]+)(?P<unit>h|d)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A file's scenario as far as it could be read, where each row stands, and what is wrong."""

    scenario: Scenario
    places: tuple[str, ...]  # "row 2 (line 9)"
    faults: tuple[str, ...]


def names() -> tuple[str, ...]:
    """Names of the scenarios that ship."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def load(asked: str, network: Network) -> Scenario:
    """A shipped scenario by its name, or one of a .toml or .csv file, checked whole on a network.

    Raises BadInput when there is none, TableFaults with every fault of its rows.
    """
    path = path_of(asked)
    read = parsed(path)
    begun = tuple(fault.partition(":")[0] for fault in read.faults)  # a fault of a header is one of every row
    unread = [place for place in read.places if place in begun or "line 1" in begun]
    _, faults = examined(network, read.scenario.changes, read.places, unread)
    if read.faults or faults:
        raise TableFaults(str(asked), _in_order(read.places, [*read.faults, *faults]))
    return read.scenario


def path_of(asked: str) -> Path:
    """File of a scenario that is asked for by name or path. Raises BadInput with the nearest names."""
    text = str(asked).strip()
    if text in names():
        return SHIPPED / f"{text}.toml"
    path = Path(text).expanduser()
    if path.suffix.lower() in (".toml", ".csv"):
        if not path.is_file():
            raise BadInput(f"scenario {text!r}: there is no such file. Look at its name and folder.")
        return path
    if path.is_file():
        raise BadInput(f"scenario {text!r}: a file's name must end in .toml or .csv, which tells how it is read.")
    raise BadInput(f"scenario {text!r}: no scenario of this name ships, and no such file. {meant(text, names())}")


def parsed(path: Path) -> Read:
    """A file as rows, with what can be found wrong without a network. Raises BadInput where it is no TOML or CSV."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInput(
            f"{path} is not text in UTF-8 ({fault.reason} at byte {fault.start}). Save it as UTF-8."
        ) from fault
    except OSError as fault:
        raise BadInput(f"{path} cannot be read ({fault.strerror}). Look whether it is there and yours.") from fault
    about, rows, places, faults = (_toml if path.suffix.lower() == ".toml" else _csv)(text, path)
    found = []
    for row, place in zip(rows, places, strict=True):
        change, wrong = change_of(row)
        found.append(change)
        faults += [f"{place}: {fault}" for fault in wrong]
    if not rows and not faults:
        faults.append("it has no change. Write at least one row with an action and a target.")
    asked = path.stem if path.parent == SHIPPED else str(path)
    return Read(
        scenario=Scenario(changes=tuple(found), asked=("--scenario", asked), **_about(about, path, faults)),
        places=tuple(places),
        faults=tuple(faults),
    )


def _toml(text: str, path: Path) -> tuple[dict, list[dict], list[str], list[str]]:
    """What it is about, its rows, where each stands, and faults."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise BadInput(f"{path} is no TOML: {fault}. Mend that place and check it again.") from fault
    faults = [
        f"{key!r} is no part of a scenario. {meant(key, ('scenario', 'change'))}"
        for key in told
        if key not in ("scenario", "change")
    ]
    about, rows = told.get("scenario", {}), told.get("change", [])
    if not isinstance(about, dict):
        faults.append("scenario is no table. Write [scenario] above its name and title.")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        faults.append("change is no list of tables. Write [[change]], with two brackets, above each row.")
        rows = []
    lines = [number for number, line in enumerate(text.splitlines(), 1) if HEADER.match(line)]
    told_line = len(lines) == len(rows)  # not so where rows are written as inline tables
    places = [f"row {n + 1} (line {lines[n]})" if told_line else f"row {n + 1}" for n in range(len(rows))]
    return about if isinstance(about, dict) else {}, rows, places, faults


def _csv(text: str, path: Path) -> tuple[dict, list[dict], list[str], list[str]]:
    """What it is about, its rows, where each stands, and faults. Empty cells are left out."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows: list[dict] = []
    places: list[str] = []
    faults: list[str] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        if len(header) == 1 and ";" in header[0]:
            return {}, [], [], ["line 1: its columns are parted by semicolons. Save it with commas between them."]
        faults += [
            f"line 1: column {name!r} is not known. {meant(name, COLUMNS)}" for name in header if name not in COLUMNS
        ]
        faults += [f"line 1: column {name} is missing." for name in ("action", "target") if name not in header]
        faults += [f"line 1: column {name} stands there twice." for name in COLUMNS if header.count(name) > 1]
        if not {"action", "target"} <= set(header) or len(set(header)) < len(header):
            return {}, [], [], faults  # each row would only say so again
        begins = reader.line_num + 1
        for cells in reader:
            if len(cells) > len(header):
                faults.append(f"line {begins}: has {len(cells)} cells, the header {len(header)}.")
            elif any(cell.strip() for cell in cells):
                rows.append({name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()})
                places.append(f"row {len(rows)} (line {begins})")
            begins = reader.line_num + 1
    except csv.Error as fault:
        raise BadInput(
            f"{path} is no CSV: {fault}, in line {reader.line_num}. Mend that line and check it again."
        ) from fault
    known = [{name: cell for name, cell in row.items() if name in COLUMNS} for row in rows]  # told once, in line 1
    return {}, known, places, faults


def _about(about: dict, path: Path, faults: list[str]) -> dict[str, Any]:
    """Name, title, author, note and sources of a scenario; what a file leaves out is its own name, or nothing."""
    faults += [f"[scenario] {key!r} is not known. {meant(key, ABOUT)}" for key in about if key not in ABOUT]
    texts = {}
    for key in ABOUT[:-1]:
        value = about.get(key, "")
        if not isinstance(value, str):
            faults.append(f"[scenario] {key} {value!r} is no text. Put it in quotes.")
        texts[key] = str(value).strip()
    sources = _list("[scenario] sources", about.get("sources", ()), faults)
    name = texts["name"] or path.stem
    return texts | {"name": name, "title": texts["title"] or name, "sources": sources}


# --- rows --------------------------------------------------------------------------------------------------


def change_of(row: dict) -> tuple[Change, list[str]]:
    """A row's cells as a change, and what could not be read, which is left out. `row` : text or TOML values."""
    faults = [f"{name!r} is not known. {meant(name, COLUMNS)}" for name in row if name not in COLUMNS]
    told: dict[str, Any] = {}
    for name in ("action", "target", "target_kind", "author", "note", "source"):
        value = row.get(name, "")
        if not isinstance(value, str):
            faults.append(f"{name} {value!r} is no text. Put it in quotes.")
        told[name] = str(value).strip()
    told["action"], told["target_kind"] = told["action"].lower(), told["target_kind"].lower()
    told["modes"] = tuple(mode.lower() for mode in _list("modes", row.get("modes", ()), faults))
    told |= {name: _number(name, row[name], faults) for name in FIGURES if name in row}
    told |= {name: _day(name, row[name], faults) for name in ("start", "end") if name in row}
    told["polygon"] = _polygon(row["polygon"], faults) if "polygon" in row else ""
    if "polygon" in row and not told["polygon"]:
        told["polygon"] = NO_LAND  # its fault is told: the row's target need not be sought by name as well
    return Change(**told), faults


def _list(name: str, value: Any, faults: list[str]) -> tuple[str, ...]:
    """A list of texts, or text parted by ; or a comma."""
    parts: Iterable = re.split("[;,]", value) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        faults.append(f"{name} {value!r} is no list of texts.")
        return ()
    return tuple(part.strip() for part in parts if part.strip())


def _number(name: str, value: Any, faults: list[str]) -> float | None:
    text = str(value).strip()
    if not NUMBER.fullmatch(text):  # nor inf, nan, true or 1_000
        faults.append(f"{name} {value!r} is no number. Write it as 72 or 1.5, without a unit.")
        return None
    return float(text)


def _day(name: str, value: Any, faults: list[str]) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = str(value).strip()
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    faults.append(f"{name} {text!r} is not a day. Write it as 2026-11-24.")
    return None


def _polygon(value: Any, faults: list[str]) -> str:
    """A GeoJSON Polygon or MultiPolygon (table or text), or a list of lon, lat, as WKT; else "" and a fault."""
    try:
        shape = _shape(json.loads(value) if isinstance(value, str) else value)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError) as fault:
        why = f" ({fault})" if isinstance(fault, BadInput) else ""
        faults.append(f"polygon is no GeoJSON Polygon or MultiPolygon and no list of lon, lat{why}.")
        return ""
    west, south, east, north = shape.bounds
    if not (-180 <= west and east <= 180 and -90 <= south and north <= 90):
        faults.append("polygon leaves the world. Write lon from -180 to 180, then lat from -90 to 90.")
        return ""
    return shape.wkt


def _shape(told: Any):
    from shapely.geometry import Polygon, shape

    if isinstance(told, dict) and told.get("type") == "Feature":
        told = told["geometry"]
    if isinstance(told, dict) and told.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadInput(f"its type is {told.get('type')!r}")
    made = shape(told) if isinstance(told, dict) else Polygon([(float(lon), float(lat)) for lon, lat in told])
    if made.is_empty or not made.is_valid or made.area == 0:
        raise BadInput("its line crosses itself or holds no land")
    return made


def _in_order(places: Sequence[str], faults: Iterable[str]) -> list[str]:
    """Faults of the whole file first, then row by row."""

    def row(fault: str) -> int:
        return next((n for n, place in enumerate(places) if fault.startswith(f"{place}:")), -1)

    return sorted(dict.fromkeys(faults), key=row)


# --- flags -------------------------------------------------------------------------------------------------


def asked_for(
    network: Network, scenario: Sequence[str] = (), delay: Sequence[str] = (), price: Sequence[str] = ()
) -> Scenario | None:
    """What the flags of a command line lay over the network, as one scenario; None when they lay nothing.

    scenario : names and files · delay : "torkham=72h", "torkham=3d", "torkham=x2" · price : "suez=500", "suez=x1.5"
    Raises BadInput, or TableFaults with every fault of a file; contradictions between them are told as well.
    """
    found, faults = [], []
    for text in scenario:
        try:
            found.append(load(text, network))
        except BadInput as fault:
            faults.append(fault)
    by_hand, wrong = _by_flags(delay, price)
    if by_hand is not None:
        _, more = examined(network, by_hand.changes, [_flag(change.label) for change in by_hand.changes])
        wrong += more
    if len(faults) == 1 and not wrong:
        raise faults[0]
    if faults or wrong:
        raise BadInput("\n".join([*map(str, faults), *wrong]))
    laid = [*found, *([by_hand] if by_hand else [])]
    if not laid:
        return None
    whole = together(laid)
    whole.checked(network)
    return whole


def _by_flags(delay: Sequence[str], price: Sequence[str]) -> tuple[Scenario | None, list[str]]:
    """Rows of --delay and --price, and what could not be read."""
    changes: list[Change] = []
    asked: list[str] = []
    faults: list[str] = []
    for action, texts in (("delay", delay), ("price", price)):
        for text in texts:
            target, equals, told = text.rpartition("=")
            figures = _figures(action, told.strip().lower()) if equals and target.strip() else None
            if figures is None:
                faults.append(f"--{action} {text!r}: write it as {_pattern(action)}.")
                continue
            label = f"{action}-{target.strip()}={told.strip()}"
            changes.append(replace(Change(action=action, target=target.strip(), label=label), **figures))
            asked += [f"--{action}", text]
    name = ", ".join(_flag(change.label)[2:] for change in changes)
    return (Scenario(name=name, changes=tuple(changes), asked=tuple(asked)) if changes else None), faults


def _figures(action: str, told: str) -> dict[str, Any] | None:
    """Hours, dollars or a factor of a flag; None where it is none of them."""
    found = BY_HAND.fullmatch(told)
    if found is None or not NUMBER.fullmatch(found["number"]):
        return None
    number = float(found["number"])
    if found["factor"]:
        return None if found["unit"] else {"factor": number}
    if action == "price":
        return None if found["unit"] else {"usd": number}
    return {"hours": number * (24 if found["unit"] == "d" else 1)} if found["unit"] else None


def _pattern(action: str) -> str:
    return {"delay": "X=72h, X=3d or X=x2", "price": "X=500 (USD for one unit) or X=x1.5"}[action]


def _flag(label: str) -> str:
    """A label of a flag's row as it was typed."""
    action, _, rest = label.partition("-")
    return f"--{action} {rest}"


def listed() -> Iterator[Scenario]:
    """The scenarios that ship, without a network."""
    return (parsed(SHIPPED / f"{name}.toml").scenario for name in names())
