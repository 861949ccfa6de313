"""Open or shut on a day: which gates a closure, a season or the user shuts, and what was last known of it.

A closure is a fact with dates. Its row says when it began, when it ended or was last confirmed, and what it touches.
An incident whose end was never reported counts for its `assumed_days` only; a closure marked `open` counts until a
row says otherwise, and the answer tells how old the last word on it is.

A scenario is laid over the facts as one more list of closures (`Laid`), with what it opens again. It is made one storey
up, in `comity.scenarios`; here it has a day already and knows gates, not names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cached_property
from typing import Protocol, TypeVar

import numpy as np

from comity import facts, places
from comity.errors import BadInput, PlaceUnknown
from comity.network import Gate, Mode, Network

LOCAL, PLANNED = "local", "planned"
OWN_FIGURES = ("delay", "price", "restrict")  # severities whose hours and dollars stand in the closure itself
PAIR = re.compile("[A-Z]{3}-[A-Z]{3}")
Key = TypeVar("Key")  # a gate's row, or a pair of countries


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """One reason why gates are shut (or slow) on the day that was asked for."""

    id: str
    name: str
    kind: str  # season, user, scenario, or a target_kind of closures.csv: crossing, country, country_pair, pass ...
    reason: str
    since: date | None
    confirmed: date | None
    severity: str  # shut | partial | slow, and of a scenario also delay | price | restrict
    source: str
    targets: tuple[str, ...]
    modes: tuple[str, ...] = ()
    gates: tuple[int, ...] | None = None  # rows of gates, where they are known already and `targets` only names them
    area: str = ""  # WKT in degrees: no road or railway inside it is open either
    added_h: float = 0.0  # the four figures of delay, price and restrict, at each passage of a gate
    added_h_range: tuple[float, float] | None = None  # P10 and P90 of `added_h` where it is not certain
    dwell_factor: float = 1.0
    added_usd: float = 0.0  # for one unit of cargo
    usd_factor: float = 1.0

    def json(self) -> dict:
        """The closure as an answer tells it; days as text, None where they are not known."""
        own = {name: getattr(self, name) for name in ("added_h", "dwell_factor", "added_usd", "usd_factor")}
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "reason": self.reason,
            "since": self.since and self.since.isoformat(),
            "confirmed": self.confirmed and self.confirmed.isoformat(),
            "severity": self.severity,
            "source": self.source,
        } | (own if self.severity in OWN_FIGURES else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A scenario on one day, as this network's gates."""

    closed: tuple[Closed, ...] = ()  # of kind "scenario"
    reopened: tuple[frozenset[int], ...] = ()  # of each reopening the gate rows that the facts no longer shut or slow
    unbarred: frozenset[str] = frozenset()  # countries, and pairs as AFG-PAK, whose trade the facts no longer forbid
    told: dict | None = None  # the scenario as an answer tells it


class Lays(Protocol):
    """Whatever can be laid over a network on a day: a `comity.scenarios.Scenario`, or a thing of the caller's own."""

    def laid(self, network: Network, on: date) -> Laid:
        """The day's changes. Raises BadInput where they make no sense on this network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The day's closures and, for each gate row they touch, the rows of `closed` that do it."""

    on: date
    closed: tuple[Closed, ...]
    shut: dict[int, tuple[int, ...]]
    slow: dict[int, tuple[int, ...]]
    barred: dict[frozenset[str], tuple[int, ...]]  # pairs of countries that no voyage may join
    always: frozenset[int] = frozenset()  # gates shut by what they are, not by the day: posts of local trade, plans
    land: dict[int, np.ndarray] = field(
        default_factory=dict
    )  # row of `closed` -> arcs of road and rail in its area, in order
    reopened: tuple[frozenset[int], ...] = ()  # gate rows of each reopening of a scenario
    scenario: dict | None = None  # the scenario as an answer tells it


def state(
    network: Network, on: date, close: Sequence[str] = (), open_: Sequence[str] = (), laid: Laid | None = None
) -> State:
    """State of every gate on a day. `close` and `open_` are names the user gave; unknown ones raise BadInput together.

    laid : a scenario on this day. It lies over the facts, and what the user shuts and opens lies over it.
    """
    laid = laid or Laid()
    targets = targets_of(network)
    shut_by_user = targets.resolve(close, "--close")
    opened = {key for keys in targets.resolve(open_, "--open").values() for key in keys}
    closed = [
        *in_force(on),
        *out_of_season(on),
        local_posts(),
        planned_lines(network),
        *laid.closed,
        *(_by_user(text, keys) for text, keys in shut_by_user.items()),
    ]
    shut, slow, barred = _touched(targets, closed, opened, laid)
    land = {index: arcs_inside(network, item.area) for index, item in enumerate(closed) if item.area}
    standing = {index for index, item in enumerate(closed) if item.id in (LOCAL, PLANNED)}
    keep = sorted({index for rows in (*shut.values(), *slow.values(), *barred.values()) for index in rows} | set(land))
    number = {old: new for new, old in enumerate(keep)}
    return State(
        on=on,
        closed=tuple(closed[index] for index in keep),
        shut=_renumbered(shut, number),
        slow=_renumbered(slow, number),
        barred=_renumbered(barred, number),
        always=frozenset(gate for gate, rows in shut.items() if set(rows) & standing),
        land={number[row]: arcs for row, arcs in land.items()},
        reopened=laid.reopened,
        scenario=laid.told,
    )


def _touched(targets: Targets, closed: Sequence[Closed], opened: set[str], laid: Laid):
    """Rows of `closed` that shut each gate, that slow each, and that bar each pair; what is opened is left alone.

    A scenario opens what the facts shut; the user opens that and what a scenario shuts. What the user shuts stays shut,
    also where the same question opens it.
    """
    reopened = frozenset().union(*laid.reopened)
    shut: dict[int, list[int]] = {}
    slow: dict[int, list[int]] = {}
    barred: dict[frozenset[str], list[int]] = {}
    for index, item in enumerate(closed):
        keys = set() if item.kind == "user" else opened
        of_facts = item.kind not in ("user", "scenario")
        trade = keys | laid.unbarred if of_facts else keys
        for pair in _barred_pairs(item):
            if not {"-".join(sorted(pair)), *pair} & trade:
                barred.setdefault(pair, []).append(index)
        for gate in targets.gates_of(item):
            # a border that is opened makes no post of local trade a way for transit: that is opened by its own name
            names = keys & {targets.network.gates[gate].id} if item.id == LOCAL else keys
            if not (targets.matches(gate, names) or of_facts and gate in reopened):
                (shut if item.severity == "shut" else slow).setdefault(gate, []).append(index)
    return shut, slow, barred


def _renumbered(rows_of: dict[Key, list[int]], number: dict[int, int]) -> dict[Key, tuple[int, ...]]:
    return {key: tuple(number[row] for row in rows) for key, rows in rows_of.items()}


def _barred_pairs(item: Closed) -> list[frozenset[str]]:
    """Pairs of countries whose trade by sea a closure forbids: those of a ban on trade, and those the user shuts."""
    by_hand = item.kind == "user" or item.kind == "scenario" and not item.modes
    ban = item.kind in ("country_pair", "scenario") and "sea" in item.modes
    if item.severity != "shut" or not (by_hand or ban):
        return []
    return [frozenset(key.split("-")) for key in item.targets if PAIR.fullmatch(key)]


def in_force(on: date) -> list[Closed]:
    """Closures of the fact table that hold on a day (airspace left aside)."""
    return [_closed(row) for row in facts.rows("closures") if row["target_kind"] != "airspace" and _holds(row, on)]


def _holds(row: dict, on: date) -> bool:
    start = row["start"]
    if start is None or start > on:
        return False
    if row["ended"] == "open":
        return True
    if row["end"] is not None:
        return on <= row["end"]
    return on <= start + timedelta(days=int(row["assumed_days"] or 0))


def _closed(row: dict) -> Closed:
    return Closed(
        id=row["id"],
        name=row.get("name") or ", ".join(row["targets"]),
        kind=row["target_kind"],
        reason=row["reason"],
        since=row["start"],
        confirmed=row["confirmed"],
        severity=row["severity"],
        source=row["source"],
        targets=_targets(row),
        modes=tuple(row["modes"] or ()),
    )


def _targets(row: dict) -> tuple[str, ...]:
    pair = row["target_kind"] == "country_pair"
    return ("-".join(sorted(row["targets"])),) if pair else tuple(row["targets"])


def out_of_season(on: date) -> list[Closed]:
    """What the calendars shut or slow on a day: a crossing is shut by the calendar its own row names, slowed by any."""
    crossings = {row["id"]: row for row in facts.rows("crossings")}
    names = {row["id"]: row["name"] for row in (*facts.rows("choke_points"), *crossings.values())}
    return [
        Closed(
            id=f"season-{place}",
            name=names.get(place, place),
            kind="season",
            reason=season["note"] or "out of season",
            since=None,
            confirmed=None,
            severity=season["effect"],
            source=season["source"],
            targets=(place,),
        )
        for season in facts.rows("seasons")
        if not _in_season(season, on)
        for place in season["places"]
        if season["effect"] == "slow" or crossings.get(place, {}).get("season") == season["code"]
    ]


def local_posts() -> Closed:
    """Posts that serve trade between neighbours only: no transit container is cleared there."""
    rows = [row for row in facts.rows("crossings") if row["role"] == "local"]
    return Closed(
        id=LOCAL,
        name="posts of local trade",
        kind="crossing",
        reason="transit containers are not cleared at posts of local trade",
        since=None,
        confirmed=None,
        severity="shut",
        source="comity",
        targets=tuple(row["id"] for row in rows),
        modes=("road",),  # a railway laid over such a border is no post of local trade
    )


def planned_lines(network: Network) -> Closed:
    """Lines laid on the network (`network.extend`) that are not built: shut on any day unless the question opens them."""
    return Closed(
        id=PLANNED,
        name="planned lines",
        kind="line",
        reason="not built",
        since=None,
        confirmed=None,
        severity="shut",
        source="comity",
        targets=tuple(sorted({gate.id for gate in network.gates if gate.kind == "line"})),
    )


def _in_season(season: dict, on: date) -> bool:
    opens = (season["opens_month"], season["opens_day"])
    closes = (season["closes_month"], season["closes_day"])
    today = (on.month, on.day)
    return opens <= today <= closes if opens <= closes else today >= opens or today <= closes


def _by_user(text: str, keys: Iterable[str]) -> Closed:
    return Closed(
        id=f"user-{text}",
        name=text,
        kind="user",
        reason="shut for this question",
        since=None,
        confirmed=None,
        severity="shut",
        source="comity",
        targets=tuple(keys),
    )


def arcs_inside(network: Network, area: str) -> np.ndarray:
    """Arcs of road and rail with an end or a bend inside an area, int64[n] in order. `area` : WKT in degrees."""
    from shapely import contains_xy, from_wkt, prepare

    shape = from_wkt(area)
    prepare(shape)
    node = _inside(shape, network.node_lon, network.node_lat, contains_xy)
    bends = np.flatnonzero(_inside(shape, network.shape_lon, network.shape_lat, contains_xy))
    found = node[network.arc_tail] | node[network.arc_head]
    found[np.searchsorted(network.shape_first, bends, side="right") - 1] = True
    on_land = np.array([cell.mode in (Mode.ROAD, Mode.RAIL) for cell in network.cells])
    return np.flatnonzero(found & on_land[network.arc_cell])


def _inside(shape, lon: np.ndarray, lat: np.ndarray, contains) -> np.ndarray:
    """Which points a shape contains, bool[n]; only those in its box are looked at closely."""
    west, south, east, north = shape.bounds
    found = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    near = np.flatnonzero(found)
    found[near] = contains(shape, lon[near], lat[near])
    return found


_TARGETS: dict[str, Targets] = {}


def targets_of(network: Network) -> Targets:
    """The names of one network, made once in a process."""
    if network.folder not in _TARGETS:
        _TARGETS[network.folder] = Targets(network)
    return _TARGETS[network.folder]


class Targets:
    """Names of things that can shut, as gates of one network."""

    def __init__(self, network: Network):
        self.network = network
        self._by_key: dict[str, list[int]] = {}
        for row, gate in enumerate(network.gates):
            for key in self._keys(gate):
                self._by_key.setdefault(key, []).append(row)

    @staticmethod
    def _keys(gate: Gate) -> set[str]:
        """Everything a closure may call this gate: its id, and the countries it lets into or out of."""
        keys = {gate.id}
        if gate.kind in ("crossing", "ferry", "port") or gate.country_from != gate.country_to:
            keys |= {gate.country_from, gate.country_to} - {""}
        if gate.country_from != gate.country_to:
            keys.add("-".join(sorted((gate.country_from, gate.country_to))))
        return keys

    def gates_named(self, key: str) -> list[int]:
        """Gates that one key touches: an id, a country, or a pair as AFG-PAK."""
        return list(self._by_key.get(key, ()))

    def gates_of(self, item: Closed) -> list[int]:
        """Gates that a closure touches, the modes it names only."""
        if item.gates is not None:
            return list(item.gates)
        rows = {row for key in item.targets for row in self._by_key.get(key, ())}
        if item.modes:
            rows = {row for row in rows if self.of_mode(self.network.gates[row], item.modes)}
        return sorted(rows)

    @staticmethod
    def of_mode(gate: Gate, modes: tuple[str, ...]) -> bool:
        """Whether a gate leads from or onto one of some modes, or is of that kind (ferry, port)."""
        wanted = set(modes) | ({"sea"} if "port" in modes else set())
        return bool({gate.mode_from, gate.mode_to, gate.kind} & wanted)

    def matches(self, gate: int, keys: set[str]) -> bool:
        return bool(keys & self._keys(self.network.gates[gate])) if keys else False

    def resolve(self, texts: Sequence[str], flag: str) -> dict[str, tuple[str, ...]]:
        """Keys for each name a person may type: id or name of a crossing, port or strait, a country, AFG-PAK."""
        found, faults = {}, []
        for text in texts:
            keys = self._find(text.strip())
            if keys:
                found[text] = keys
            else:
                near = get_close_matches(text.lower(), self._spoken, n=4, cutoff=0.55)
                hint = f" Did you mean {', '.join(dict.fromkeys(self._spoken[n] for n in near))}?" if near else ""
                faults.append(f"{flag} {text!r}: no such crossing, port, strait or country.{hint}")
        if faults:
            raise BadInput("\n".join(faults))
        return found

    def _find(self, text: str) -> tuple[str, ...]:
        if text in self._by_key:
            return (text,)
        if text.lower() in self._spoken:
            return (self._spoken[text.lower()],)
        codes = [self._country(part) for part in text.split("-")] if text.count("-") == 1 else [self._country(text)]
        if all(codes):
            key = "-".join(sorted(c for c in codes if c))
            return (key,) if key in self._by_key else ()
        inside = sorted({key for spoken, key in self._spoken.items() if len(text) > 3 and text.lower() in spoken})
        return tuple(inside) if 0 < len(inside) <= 4 else ()

    def _country(self, text: str) -> str | None:
        try:
            return places.country(text).alpha3
        except PlaceUnknown:
            return None

    @cached_property
    def _spoken(self) -> dict[str, str]:
        """Lower-case id and name of everything that can be shut by name -> its key."""
        spoken: dict[str, str] = {}
        for gate in self.network.gates:
            if gate.kind != "terminal":
                spoken.setdefault(gate.id.lower(), gate.id)
                spoken.setdefault(gate.name.lower(), gate.id)
        for key in self._by_key:
            spoken.setdefault(key.lower(), key)
        return spoken
