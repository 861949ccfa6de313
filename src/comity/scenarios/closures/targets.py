"""What can shut, and the key it goes by: crossings by mode, ferries, ports, straits, passes, and what strikes several.

An own key is an id and a mode: `torkham/road`, `alashankou-dostyk/rail`, `kuryk-alat-ferry/ferry`, `INNSA/sea`,
`hormuz/sea`, `salang/road`. What shuts many things at once has a key too: `AFG-PAK/land` (every crossing and ferry
between two countries), `AFG/land` (every one of a country), `IRN/ports`. A calendar is `season/salang`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from comity import facts
from comity.errors import BadInput
from comity.network import Gate

OF_THE_MAP = re.compile(r"([a-z]{3})-([a-z]{3})-(?:road|rail)-\d+")  # a crossing that no table lists
OF_A_LINE = re.compile(r"(?:.+-)([a-z]{3})-([a-z]{3})")  # where a laid line crosses a border by itself
LAND = ("road", "rail", "ferry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing that can shut: `kind` is road, rail, ferry, port, strait or pass (lines are passes by rail)."""

    key: str
    kind: str
    countries: tuple[str, ...]
    listed: bool = True  # False: known from the map alone
    shores: tuple[str, ...] = ()  # countries on whose shore a strait lies

    @property
    def family(self) -> str:
        """Whom it shares its temper with: the pair of countries, the country, or nobody but itself."""
        return self.key if self.kind == "strait" else "-".join(self.countries)

    @property
    def groups(self) -> tuple[str, ...]:
        """Keys of what shuts it together with others: its pair and both countries, or its country's ports."""
        if self.kind == "port":
            return (f"{self.countries[0]}/ports",)
        if self.kind in LAND and len(self.countries) == 2:
            return (f"{self.family}/land", *(f"{country}/land" for country in self.countries))
        return ()


def keys_of(gate: Gate) -> tuple[str, ...]:
    """Keys of everything that can shut a gate: its own, its pair, each country (or the country's ports), its calendar.

    () for gates that never shut by themselves (terminals, changes of gauge, planned lines) and those where no freight ever crosses.
    """
    if not gate.passable or gate.kind in ("terminal", "gauge", "line"):
        return ()
    mode = {"ferry": "ferry", "port": "sea", "passage": "sea"}.get(gate.kind, gate.mode_from)
    own = target(f"{gate.id}/{mode}")
    return (own.key, *own.groups, *([f"season/{gate.id}"] if gate.id in calendars() else []))


def target(key: str) -> Target:
    """The thing that an own key names, also a crossing known from the map alone. Raises BadInput for any other key."""
    if key in targets():
        return targets()[key]
    id, _, mode = key.partition("/")
    told = OF_THE_MAP.fullmatch(id)
    if told and mode in ("road", "rail"):
        pair = tuple(sorted(code.upper() for code in told.groups()))
        return Target(key=key, kind=mode, countries=pair, listed=False)
    laid = OF_A_LINE.fullmatch(id)
    if laid and mode in ("road", "rail"):
        return Target(key=key, kind=mode, countries=tuple(sorted(code.upper() for code in laid.groups())), listed=False)
    beside = [targets()[f"{id}/{other}"] for other in ("road", "rail") if f"{id}/{other}" in targets()]
    if beside and mode in ("road", "rail"):  # a planned railway over a post that is a road's today
        return Target(key=key, kind=mode, countries=beside[0].countries, listed=False)
    raise BadInput(f"Nothing that shuts goes by {key!r}. Take a key that keys_of gives, as torkham/road or IRN/ports.")


@cache
def _targets(_digest: str) -> dict[str, Target]:
    found = [*_crossings(), *_ferries(), *_ports(), *_sea_and_mountains()]
    return {item.key: item for item in found}


def targets() -> dict[str, Target]:
    """Everything of the tables that can shut, by key."""
    return _targets(facts.digest())


def _crossings() -> Iterable[Target]:
    for row in facts.rows("crossings"):
        for mode in row["modes"]:
            pair = tuple(sorted({row["country_a"], row["country_b"]}))
            yield Target(key=f"{row['id']}/{mode}", kind=mode, countries=pair)


def _ferries() -> Iterable[Target]:
    for row in facts.rows("ferries"):
        pair = tuple(sorted({row["country_a"], row["country_b"]}))
        yield Target(key=f"{row['id']}/ferry", kind="ferry", countries=pair)


def _ports() -> Iterable[Target]:
    for row in facts.rows("container_ports"):
        yield Target(key=f"{row['locode']}/sea", kind="port", countries=(row["country"],))


def _sea_and_mountains() -> Iterable[Target]:
    for row in facts.rows("choke_points"):
        if row["kind"] != "strait":
            for mode in row["modes"]:
                yield Target(key=f"{row['id']}/{mode}", kind="pass", countries=tuple(sorted(row["countries"])))
    shores = {row["id"]: row["countries"] or () for row in facts.rows("passages")}
    shores |= {row["id"]: row["countries"] for row in facts.rows("choke_points") if row["kind"] == "strait"}
    for id in sorted(shores):
        yield Target(key=f"{id}/sea", kind="strait", countries=(), shores=tuple(sorted(shores[id])))


def watched_since(item: Target | str) -> date | None:
    """First day from which a closure would have been noted, None where nobody looked. Takes a target, or a group's key.

    A border is watched when either side is; straits are, all over the world, as long as any country; a group is when
    something in it is.
    """
    if isinstance(item, str):
        return min((since for key in members(item) if (since := watched_since(targets()[key]))), default=None)
    since_of = {row["country"]: row["since"] for row in facts.rows("closure_watch")}
    codes = since_of if item.kind == "strait" else [code for code in item.countries if code in since_of]
    return min((since_of[code] for code in codes), default=None) if item.listed else None


def members(group: str) -> tuple[str, ...]:
    """Own keys of the listed and watched things that a group holds, sorted."""
    return _members(facts.digest()).get(group, ())


@cache
def _members(_digest: str) -> dict[str, tuple[str, ...]]:
    held: dict[str, list[str]] = {}
    for key, item in sorted(targets().items()):
        for group in item.groups if watched_since(item) else ():
            held.setdefault(group, []).append(key)
    return {group: tuple(keys) for group, keys in held.items()}


def nations(key: str) -> tuple[str, ...]:
    """Countries that a key is a part of: a war in one strikes the country's land borders, its ports and its straits.

    key : XXX/land or XXX/ports, or a strait's own key; every other key belongs to none. () also for the borders of a
    landlocked country, of which they are the only part.
    """
    if key.endswith(("/land", "/ports")):
        country, _, kind = key.partition("/")
        alone = "-" in country or (kind == "land" and country not in _at_sea(facts.digest()))
        return () if alone else (country,)
    return target(key).shores


@cache
def _at_sea(_digest: str) -> frozenset[str]:
    """Countries with a port or a strait."""
    items = targets().values()
    return frozenset(
        code for item in items for code in ((item.shores or item.countries) if item.key.endswith("/sea") else ())
    )


def parts_of(country: str) -> tuple[str, ...]:
    """Keys of the parts of a country that are listed and watched: its land borders, its ports, straits on its shore."""
    return _parts_of(facts.digest()).get(country, ())


@cache
def _parts_of(_digest: str) -> dict[str, tuple[str, ...]]:
    held: dict[str, list[str]] = {}
    groups = [f"{code}/{kind}" for code in sorted(_at_sea(_digest)) for kind in ("land", "ports")]
    straits = [item.key for item in targets().values() if item.kind == "strait"]
    for key in [*(group for group in groups if members(group)), *straits]:
        for country in nations(key):
            held.setdefault(country, []).append(key)
    return {country: tuple(keys) for country, keys in held.items()}


def calendars() -> dict[str, tuple[dict, ...]]:
    """Calendars that hold today, by the id of the place: a crossing is shut by the one its row names, slowed by any."""
    return _calendars(facts.digest())


@cache
def _calendars(_digest: str) -> dict[str, tuple[dict, ...]]:
    named = {row["id"]: row["season"] for row in facts.rows("crossings")}
    held: dict[str, list[dict]] = {}
    for season in facts.rows("seasons"):
        for place in season["places"]:
            if season["effect"] == "slow" or named.get(place) == season["code"]:
                held.setdefault(place, []).append(season)
    return {place: tuple(rows) for place, rows in held.items()}
