"""The table of dated closures read as events: what struck at once, how hard, and how long it can have lasted.

Rows are told part by part, as the press told them. Here they become *parts* (one thing shut at one level, reports of
it that follow on each other joined) and *events* (parts of one cause that began together over a border or a country).
A length is a range in days: exact where both days are known, open upwards where nobody saw the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import inf

from comity import facts
from comity.scenarios.closures.lengths import CAUSES
from comity.scenarios.closures.targets import LAND, members, nations, parts_of, target, targets, watched_since

LEVELS = {"slow": 1, "partial": 2, "shut": 3}
WORLD_GAP_D = 730  # pandemic closures further apart than this are two pandemics
MONTH_D, YEAR_D = 30.0, 365.0
VAGUE = ("start known to the year", "start and end not found")  # words of date_note
OF_A_NATION = ("security", "political")  # causes that strike a country as a whole: war, blockade, a change of regime
FEWEST_OVER_BORDERS = 3  # things that must be struck before closures at several borders are one event


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing shut for one cause at one level. `low_d`, `high_d` bound its length in days, both days counted."""

    ids: tuple[str, ...]
    keys: tuple[str, ...]  # own keys struck, or the key of a whole group: "AFG-PAK/land"
    cause: str
    level: int  # 1 slow, 2 partial, 3 shut
    start: date
    until: date | None  # last day it counts as in force; None: until a row says otherwise
    seen: date  # last day on which it was seen
    low_d: float
    high_d: float
    vague: bool = False  # the first day is not even known to the month
    sequel: bool = False  # the milder tail of a closure that is counted already

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day, by the rule that `routing.states` applies too."""
        return self.start <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Parts of one cause that began together. `kind` says what was struck: own, pair, country, ports, nation or world.

    What strikes a country's land borders, its ports and its strait together is told as one event of the kind `nation`
    for each of them, since each stays shut for a time of its own; `common` says which belong together.
    """

    kind: str
    key: str  # of what it struck: "torkham/road", "AFG-PAK/land", "IRN/ports"; of a world event, one pair's
    cause: str
    whole: bool  # the whole group was struck, as one thing
    struck: tuple[str, ...]  # own keys of the watched things struck
    level: int
    start: date
    low_d: float
    high_d: float
    parts: tuple[Part, ...]
    common: tuple[str, date] | None = None  # country struck in several parts, and the first day of it

    @property
    def sequel(self) -> bool:
        return all(part.sequel for part in self.parts)


def known_before(rows: Iterable[dict], day: date) -> list[dict]:
    """What could be known before a day: later starts are unknown, and what had not ended was still open.

    rows : of closures.csv. An `end` on or after the day, and a later last sight, are cut at the day before.
    """
    last = day - timedelta(days=1)
    return [_cut(row, last) for row in rows if row["start"] is not None and row["start"] <= last]


def _cut(row: dict, last: date) -> dict:
    seen = min(row["confirmed"] or row["start"], last)
    if row["end"] is not None and row["end"] > last and row["ended"] != "planned":
        return {**row, "end": None, "ended": "open", "confirmed": last, "date_note": None, "assumed_days": None}
    return {**row, "confirmed": seen}


def last_look(rows: Iterable[dict]) -> date:
    """Last day of which the table tells anything: nobody looked later, so no later day counts as quiet."""
    return max(max(filter(None, (row["start"], row["end"], row["confirmed"]))) for row in rows)


def parts(rows: Sequence[dict]) -> list[Part]:
    """Closures of land and sea as parts, by first day. What a calendar shuts each year (`season`) is left to it."""
    usable = [row for row in rows if _usable(row) and _keys(row)]
    begun = sorted((key, row["start"]) for row in usable for key in _keys(row))
    told = sorted((_part(row, begun) for row in usable), key=lambda part: (part.start, part.ids))
    return _sequels(_joined(told))


def _usable(row: dict) -> bool:
    by_calendar = row["cause"] == "seasonal" and row["season"] is not None
    return row["target_kind"] != "airspace" and row["start"] is not None and not by_calendar


def _keys(row: dict) -> tuple[str, ...]:
    """Keys that a row strikes. A seaward ban between two countries shuts their land border here, and no more."""
    modes = [mode for mode in row["modes"] or () if mode != "air"]
    if row["target_kind"] == "country_pair":
        return ("-".join(sorted(row["targets"])) + "/land",)
    if row["target_kind"] == "country":
        return tuple(f"{code}/land" for code in row["targets"])
    wanted = {f"{id}/{mode}" for id in row["targets"] for mode in modes or ("road", "rail", "sea", "ferry")}
    return tuple(sorted(wanted & targets().keys()))


def _part(row: dict, begun: Sequence[tuple[str, date]]) -> Part:
    low_d, high_d = _bounds(row, begun)
    assumed = timedelta(days=int(row["assumed_days"] or 0))
    return Part(
        ids=(row["id"],),
        keys=_keys(row),
        cause=_cause(row),
        level=LEVELS[row["severity"]],
        start=row["start"],
        until=None if row["ended"] == "open" else row["end"] or row["start"] + assumed,
        seen=max(row["confirmed"] or row["start"], row["start"]),
        low_d=low_d,
        high_d=high_d,
        vague=any(word in (row["date_note"] or "") for word in VAGUE),
    )


def _cause(row: dict) -> str:
    """One of CAUSES; what has no calendar comes and goes with holidays, and an unknown word counts as technical."""
    told = "holiday" if row["cause"] == "seasonal" else row["cause"]
    return told if told in CAUSES else "technical"


def _bounds(row: dict, begun: Sequence[tuple[str, date]]) -> tuple[float, float]:
    """Least and most days that a closure can have lasted.

    Both days count, so a closure known to the day from 3 to 5 May took three days, give or take half of one.
    """
    start, note = row["start"], row["date_note"] or ""
    span = ((row["end"] or row["confirmed"] or start) - start).days + 1.0
    assumed = float(row["assumed_days"] or 0) or span
    if row["ended"] == "known":
        return _known(span, assumed, note)
    if row["ended"] == "planned":
        factor = facts.figure("hazard.length", "planned_factor").value
        return max(0.5, span / factor), span * factor
    seen = span if row["ended"] == "open" or row["end"] else ((row["confirmed"] or start) - start).days + 1.0
    low_d = max(0.5, seen - _doubt(note) - 0.5)
    if row["ended"] == "open":
        return low_d, inf
    again = _begun_again(row, begun, low_d)
    if row["ended"] == "last_observation":
        return low_d, again
    most = assumed * facts.figure("hazard.length", "not_found_factor").value
    return low_d, max(low_d + 1, min(again, most))


def _known(span: float, assumed: float, note: str) -> tuple[float, float]:
    doubt = _doubt(note)
    if not doubt:
        return span - 0.5, span + 0.5
    if assumed < 0.8 * span:  # the note tells how long it really was inside the month
        return max(0.5, assumed / 2), min(span + 0.5, assumed * 2)
    return max(0.5, span - doubt), span + 0.5


def _doubt(note: str) -> float:
    """Days by which a span may be too long, as its note tells: days known to the month were widened."""
    return MONTH_D * note.count("known to the month") + YEAR_D * note.count("known to the year")


def _begun_again(row: dict, begun: Sequence[tuple[str, date]], low_d: float) -> float:
    """Days until the same thing was next reported as shutting: it must have been open in between."""
    sight = row["start"] + timedelta(days=max(1, int(low_d)))
    later = [(start - row["start"]).days for key, start in begun if key in _keys(row) and start > sight]
    return float(min(later)) if later else inf


def _window() -> timedelta:
    return timedelta(days=facts.figure("hazard.common_cause", "window_d").value)


def _joined(told: Sequence[Part]) -> list[Part]:
    """Parts that follow on each other (same things, cause and level) become one: within the window, and no more open
    days between than it had been shut, or two."""
    found: list[Part] = []
    for part in told:
        before = next((n for n in range(len(found) - 1, -1, -1) if _follows(found[n], part, same_level=True)), None)
        if before is None:
            found.append(part)
        else:
            found[before] = _longer(found[before], part)
    return found


def _follows(first: Part, then: Part, same_level: bool) -> bool:
    if (first.keys, first.cause) != (then.keys, then.cause) or (first.level == then.level) != same_level:
        return False
    if first.until is None:
        return same_level
    gap = (then.start - first.until).days
    stood = (first.until - first.start).days + 1
    return (same_level or gap > -_window().days) and gap <= min(_window().days, max(2, stood))


def _longer(first: Part, then: Part) -> Part:
    days = float((then.start - first.start).days)
    until = None if then.until is None or first.until is None else max(first.until, then.until)
    low_d, high_d = max(first.low_d, days + then.low_d), max(first.high_d, days + then.high_d)
    seen = max(first.seen, then.seen)
    return replace(first, ids=first.ids + then.ids, until=until, seen=seen, low_d=low_d, high_d=high_d)


def _sequels(found: Sequence[Part]) -> list[Part]:
    """Marks parts that are the milder tail of a closure just ended: still in force, but no new event."""
    return [
        replace(part, sequel=any(first.level > part.level and _tail(first, part) for first in found)) for part in found
    ]


def _tail(first: Part, then: Part) -> bool:
    return first.start < then.start and _follows(first, then, same_level=False)


def events(rows: Sequence[dict]) -> list[Event]:
    """Closures that began together for one cause, as events by first day. See `Event`."""
    told = parts(rows)
    clusters = _clusters(told)
    found = [event for cluster in clusters for event in _events_of([told[n] for n in cluster])]
    return _nations(sorted(found, key=lambda event: (event.start, event.key, event.cause)))


def apart(found: Iterable[Event]) -> list[Event]:
    """The events by first day, each cause once: of the parts of a country that were struck together only the first."""
    ordered = sorted(found, key=lambda event: event.start)
    firsts = {event.common: n for n, event in reversed(list(enumerate(ordered)))}
    return [event for n, event in enumerate(ordered) if event.common is None or firsts[event.common] == n]


def _nations(found: Sequence[Event]) -> list[Event]:
    """Marks events that struck several parts of one country for one cause, one after another. See `Event`."""
    told = list(found)
    for country in sorted({country for event in found for country in _struck_nations(event)}):
        mine = [n for n, event in enumerate(told) if event.common is None and country in _struck_nations(event)]
        for chain in _chains(mine, told):
            if len({told[n].key for n in chain}) > 1:
                common = (country, told[chain[0]].start)
                for n in chain:
                    told[n] = replace(told[n], kind="nation", common=common)
    return told


def _struck_nations(event: Event) -> tuple[str, ...]:
    """Countries of which an event struck a part: a strait, or at least half of the land borders or ports under watch."""
    if event.sequel or event.cause not in OF_A_NATION or any(part.vague for part in event.parts):
        return ()
    if not event.whole and 2 * len(event.struck) < len(members(event.key)):
        return ()
    return tuple(country for country in nations(event.key) if event.key in parts_of(country))


def _chains(mine: Sequence[int], told: Sequence[Event]) -> list[list[int]]:
    """Events of one cause, each begun while an earlier one of its chain stood. mine : rows of `told`, by day."""
    most = timedelta(days=facts.figure("hazard.nation", "window_d").value)

    def follows(first: Event, then: Event) -> bool:
        stood = any(part.holds(then.start) for part in first.parts)
        return first.cause == then.cause and stood and then.start - first.start <= most

    chains: list[list[int]] = []
    for n in mine:
        chain = next((chain for chain in chains if any(follows(told[before], told[n]) for before in chain)), None)
        if chain is None:
            chains.append([n])
        else:
            chain.append(n)
    return chains


def _clusters(told: Sequence[Part]) -> list[list[int]]:
    """Rows of `told` that belong together, single linkage: same cause, a common border or country, starts near."""
    head = list(range(len(told)))

    def root(n: int) -> int:
        while head[n] != n:
            n = head[n]
        return n

    ties = [_ties(part) for part in told]
    for a, first in enumerate(told):
        for b in range(a + 1, len(told)):
            shared = ties[a] & ties[b]
            if shared and first.cause == told[b].cause and _near(first, told[b], shared):
                head[root(b)] = root(a)
    held: dict[int, list[int]] = {}
    for n in range(len(told)):
        held.setdefault(root(n), []).append(n)
    return list(held.values())


def _near(first: Part, then: Part, ties: frozenset[str]) -> bool:
    """Whether two parts begin near enough for what ties them: a country alone asks for more than a border does."""
    row = "across_borders_d" if all("-" not in tie and tie.endswith("/land") for tie in ties) else "window_d"
    gap = WORLD_GAP_D if "world" in ties else facts.figure("hazard.common_cause", row).value
    return abs(then.start - first.start) <= timedelta(days=gap)


def _ties(part: Part) -> frozenset[str]:
    """Keys of groups that a part shares with others: a pandemic's with the world. A vague day ties to nothing."""
    if part.cause == "pandemic":
        return frozenset(["world"])
    if part.vague:
        return frozenset()
    return frozenset(tie for key in part.keys for tie in _groups(key)) or frozenset(part.keys)


def _groups(key: str) -> tuple[str, ...]:
    """Groups that a key belongs to, itself among them when it is one."""
    place, _, kind = key.partition("/")
    if kind == "ports":
        return (key,)
    if kind == "land":
        return (key, *(f"{code}/land" for code in place.split("-") if "-" in place))
    return target(key).groups


def _events_of(cluster: Sequence[Part]) -> list[Event]:
    if cluster[0].cause == "pandemic":
        return _world(cluster)
    key = _struck_key(cluster)
    if key is None:
        return [_event("own", own, [part]) for part in cluster for own in part.keys]
    kind = "ports" if key.endswith("/ports") else "pair" if "-" in key else "country"
    event = _event(kind, key, cluster)
    if kind == "country" and not event.whole and len(event.struck) < FEWEST_OVER_BORDERS:
        return [event for part in cluster for event in _events_of([part])]  # two borders at once may be chance
    return [event]


def _struck_key(cluster: Sequence[Part]) -> str | None:
    """The smallest group that holds everything a cluster struck; None where a single thing was struck, or strays."""
    keys = {key for part in cluster for key in part.keys}
    if len(keys) == 1 and not next(iter(keys)).endswith(("/land", "/ports")):
        return None
    count: dict[str, int] = {}
    for key in keys:
        for group in _groups(key):
            count[group] = count.get(group, 0) + 1
    shared = sorted(count, key=lambda group: (-count[group], "-" not in group, group))
    return shared[0] if shared else None


def _event(kind: str, key: str, cluster: Sequence[Part]) -> Event:
    level = max(part.level for part in cluster)
    worst = [part for part in cluster if part.level == level]
    struck = _struck(cluster, members(key) or (key,))
    whole = kind != "own" and (any(key in part.keys for part in cluster) or set(struck) == set(members(key)))
    exact = [part for part in worst if part.high_d - part.low_d <= 1] or worst
    low_d = min(part.low_d for part in exact)
    return Event(
        kind=kind,
        key=key,
        cause=cluster[0].cause,
        whole=whole,
        struck=struck,
        level=level,
        start=min(part.start for part in cluster),
        low_d=low_d,
        high_d=max(low_d, min(part.high_d for part in exact)),  # it is over when the first of them opens
        parts=tuple(cluster),
    )


def _struck(cluster: Sequence[Part], among: Sequence[str]) -> tuple[str, ...]:
    keys = {key for part in cluster for key in part.keys}
    return tuple(own for own in among if own in keys or own in targets() and keys & set(target(own).groups))


def _world(cluster: Sequence[Part]) -> list[Event]:
    """A pandemic as one event of each border that it struck; each border has a length of its own."""
    of_pair: dict[str, list[Part]] = {}
    for part in cluster:
        for pair in sorted({pair for key in part.keys for pair in _pairs(key)}):
            of_pair.setdefault(pair, []).append(part)
    return [replace(_event("pair", pair, some), kind="world", whole=True) for pair, some in of_pair.items()]


def _pairs(key: str) -> list[str]:
    """Pairs of countries under watch that a key touches."""
    place, _, kind = key.partition("/")
    if kind == "land" and "-" not in place:
        own = [own for own in members(key) if target(own).kind in LAND]
        return sorted({target(own).groups[0] for own in own})
    return [group for group in _groups(key) if "-" in group]


def watched(event: Event) -> bool:
    """Whether anybody looked for closures where an event struck, when it began."""
    group = event.key.endswith(("/land", "/ports"))
    since = watched_since(event.key if group else target(event.key))
    return since is not None and event.start >= since
