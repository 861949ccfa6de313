"""How likely, how long: what is expected to shut, how often and for how long, and what is shut already.

A *shock* strikes one thing, or a group at once: a whole border, all of a country, its ports (a common cause). Shocks
come at random; how often is known only as a gamma distribution, how long a closure lasts as a lognormal one (`rates`,
`lengths`). Of a group, a shock strikes all as one thing, or each member by chance: independent draws would hide the
day on which every road is shut. A war, a blockade or a change of regime strikes a country as a whole (`nation`): its
land borders, its ports and the straits on its shore, each by chance, on one day. Method and figures:
docs/methods/closures.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

import numpy as np

from comity import facts
from comity.errors import BadInput
from comity.routing.impedance import light_border
from comity.scenarios.closures import history, lengths, rates
from comity.scenarios.closures.history import Event
from comity.scenarios.closures.targets import (
    Target,
    keys_of,
    members,
    nations,
    parts_of,
    target,
    targets,
    watched_since,
)
from comity.scenarios.closures.usual import CLASS_OF, CLASSES, Usual
from comity.scenarios.closures.usual import usual as learnt

__all__ = ["Expected", "Hazard", "Ongoing", "Shock", "Usual", "expected", "fitted", "hazard", "keys_of"]

WORLD = "world/pandemic"
YEAR_D = 365.25
DRAWS = 500  # of unknown rates and lengths, when an expectation is shown with its range


@dataclass(frozen=True, slots=True, kw_only=True)
class Shock:
    """One way in which `target` (a key) is struck. Events a year are gamma (shape, rate in years) distributed.

    A shock with `hits` below one strikes a group, each member with that probability; one of the kind `world` strikes
    borders, and each for a length of its own; one of the kind `nation` strikes the parts of a country (land borders,
    ports, straits), each at a level and for a length of its own. Months are 12 weights of mean one. Levels are shares
    of slow, partial and shut. Lengths in days are lognormal, their log's mean by level, known to within `log_mean_sd`.
    """

    id: str
    target: str
    kind: str  # own | pair | country | ports | nation | world
    cause: str
    shape: float
    rate: float
    months: tuple[float, ...]
    levels: tuple[float, float, float]
    log_mean: tuple[float, float, float]
    log_mean_sd: tuple[float, float, float]
    log_sd: float
    hits: float = 1.0

    @property
    def per_year(self) -> float:
        """Mean events a year."""
        return self.shape / self.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Ongoing:
    """A closure in force on the day: what it strikes, how hard, its age, and how its length is distributed."""

    id: str
    keys: tuple[str, ...]
    level: int
    age_days: float
    seen_days: float  # its age when it was last seen
    cause: str
    log_mean: float
    log_mean_sd: float
    log_sd: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Hazard:
    """Everything that may strike, as known on a day. Shocks of a key are made when asked for, and kept."""

    on: date
    units: Mapping[tuple[str, str], rates.Unit]  # by class and unit
    pools: Mapping[str, rates.Pool]
    lengths: lengths.Lengths
    usual: Usual
    world: tuple[float, float]  # gamma (shape, rate in years) of pandemics that shut borders
    ongoing: tuple[Ongoing, ...]
    _made: dict[str, tuple[Shock, ...]] = field(default_factory=dict)

    def shocks(self, key: str) -> tuple[Shock, ...]:
        """Shocks that `key` bears: its own, and those of its groups that strike members one by one.

        The key of a group bears those that strike all of it, and the world's; that of a country's land borders, its
        ports or a strait also those of the country as a whole, as one part of it. Raises BadInput for a key of nothing.
        """
        if key not in self._made:
            self._made[key] = tuple(self._group(key) if key.endswith(("/land", "/ports")) else self._own(target(key)))
        return self._made[key]

    def ongoing_at(self, key: str) -> tuple[Ongoing, ...]:
        """Closures in force on the day that strike a key."""
        return tuple(item for item in self.ongoing if key in item.keys)

    def _own(self, item: Target) -> Iterable[Shock]:
        factor = _unwatched(item.countries, item.kind)
        yield from self._shocks(item.key, item.key, "own", item.kind, item.family, factor)
        for group in item.groups:
            kind = _group_kind(group)
            yield from self._shocks(
                f"{group}#some", group, kind, f"{kind} some", _family(group), _factor_of(group), self.usual.hits[kind]
            )

        yield from self._nations(item.key, wide=False)

    def _group(self, key: str) -> Iterable[Shock]:
        kind = _group_kind(key)
        yield from self._shocks(f"{key}#all", key, kind, f"{kind} whole", _family(key), _factor_of(key))
        if kind == "pair":
            hits = self.usual.hits["world"] * _factor_of(key)
            yield self._shock(WORLD, WORLD, "world", "pandemic", *self.world, hits, wide=False)
        yield from self._nations(key, wide=True)

    def _nations(self, key: str, wide: bool) -> Iterable[Shock]:
        """Shocks of each country that a key is a part of; the same for all parts, but for how long they last."""
        shares = self._shares("people", "nation")
        total = sum(shares[cause] for cause in history.OF_A_NATION)
        for country, hits in _parts_hit(nations(key), self.usual.hits["nation"]).items():
            unit, factor = _nation(country), _unwatched((country,), "")
            shape, rate = self._posterior("people", unit, "nation", country)
            for cause in history.OF_A_NATION:
                slower = rate * total / (shares[cause] * factor)
                yield self._shock(f"{unit}#{cause}", f"{country}/nation", "nation", cause, shape, slower, hits, wide)

    def _shocks(self, unit: str, key: str, kind: str, of: str, family: str, factor: float, hits: float = 1.0):
        """One shock for each cause that can strike a unit, from the posterior of its class; `factor` scales its rate."""
        wide = kind != "own" and hits == 1.0
        for name, causes in CLASSES.items():
            shape, rate = self._posterior(name, unit, of, family)
            for cause in causes:
                slower = rate / (self._shares(name, of)[cause] * factor)
                yield self._shock(f"{unit}#{cause}", key, kind, cause, shape, slower, hits, wide)

    def _posterior(self, name: str, unit: str, of: str, family: str) -> tuple[float, float]:
        """Gamma (shape, rate in years) of the events of one class at a unit, also at one that nobody watched."""
        known = self.units.get((name, unit)) or rates.Unit(
            key=unit, kind=of, family=family, count=0.0, exposure_y=0.0, shared="#" in unit
        )
        return self.pools[name].posterior(known)

    def _shares(self, name: str, of: str) -> Mapping[str, float]:
        """Shares of the causes in a class at one kind of unit."""
        return self.usual.causes[of if (of, name) in self.usual.causes else "", name]

    def _shock(
        self, id: str, key: str, kind: str, cause: str, shape: float, rate: float, hits: float, wide: bool
    ) -> Shock:
        by_level = [self.lengths.of(cause, level, wide) for level in (1, 2, 3)]
        return Shock(
            id=id,
            target=key,
            kind=kind,
            cause=cause,
            shape=shape,
            rate=rate,
            months=self.usual.months.get(cause, (1.0,) * 12),
            levels=self.usual.levels[cause],
            log_mean=(by_level[0][0], by_level[1][0], by_level[2][0]),
            log_mean_sd=(by_level[0][1], by_level[1][1], by_level[2][1]),
            log_sd=by_level[0][2],
            hits=hits,
        )


def _group_kind(key: str) -> str:
    place, _, kind = key.partition("/")
    return "ports" if kind == "ports" else "pair" if "-" in place else "country"


def _parts_hit(countries: Sequence[str], hits: float) -> dict[str, float]:
    """Chance that what strikes each country strikes one part of it.

    Shores that nobody watched share it: the guess for them is one of a strait, and must not grow with their number.
    """
    unwatched = set(countries) - {row["country"] for row in facts.rows("closure_watch")}
    return {country: hits / len(unwatched) if country in unwatched else hits for country in countries}


def _nation(country: str) -> str:
    """Unit of what strikes a country as a whole."""
    return f"{country}#nation"


def _family(group: str) -> str:
    return group.partition("/")[0]


def _factor_of(group: str) -> float:
    return _unwatched(tuple(_family(group).split("-")), "")


def _unwatched(countries: Sequence[str], kind: str) -> float:
    """Factor on the rate of what nobody watched: less than in the watched region, and less still at light borders."""
    watched = {row["country"] for row in facts.rows("closure_watch")}
    if kind == "strait" or watched & set(countries):
        return 1.0
    light = len(countries) == 2 and light_border(*countries) is not None
    union = facts.figure("hazard.union", "rate_factor").value if light else 1.0
    return union * facts.figure("hazard.unwatched", "rate_factor").value


def hazard(on: date, rows: Iterable[dict] | None = None) -> Hazard:
    """The hazard on a day, from closures.csv or from rows like its; deterministic. What began later is not known."""
    return _hazard(on, facts.digest()) if rows is None else fitted(on, rows)


@cache
def _hazard(on: date, _digest: str) -> Hazard:
    return fitted(on, facts.rows("closures"))


def fitted(on: date, rows: Iterable[dict], half_life_y: float | None = None) -> Hazard:
    """Fit everything to what the rows tell of the days before `on`.

    Raises BadInput where nothing is known of earlier days.
    half_life_y : years after which an event and the year it fell in count half; None takes the fact row.
    """
    known = history.known_before(rows, on)
    first = min(row["since"] for row in facts.rows("closure_watch"))
    if on <= first or not known:
        raise BadInput(
            f"No closure is known from before {on} (they were looked for from {first} on). Take a later day."
        )
    until = history.last_look(known)
    told = history.events(known)
    counted = [event for event in told if history.watched(event) and not event.sequel]
    usual = learnt(counted)
    half_life_y = half_life_y or facts.figure("hazard.rate", "half_life_y").value
    units = {(name, unit.key): unit for name in CLASSES for unit in _units(counted, name, until, half_life_y, usual)}
    return Hazard(
        on=on,
        units=units,
        pools={name: rates.pool([unit for (of, _), unit in units.items() if of == name]) for name in CLASSES},
        lengths=(long := lengths.fit([_sample(event) for event in counted])),
        usual=usual,
        world=_world(counted, until),
        ongoing=tuple(_ongoing(told, on, long)),
    )


def _sample(event: Event) -> lengths.Sample:
    wide = event.whole and event.kind != "world"
    return lengths.Sample(cause=event.cause, level=event.level, wide=wide, low_d=event.low_d, high_d=event.high_d)


def _unit_of(event: Event) -> str:
    if event.common:
        return _nation(event.common[0])
    return event.key if event.kind == "own" else f"{event.key}#{'all' if event.whole else 'some'}"


def _units(counted: Sequence[Event], name: str, until: date, half_life_y: float, usual: Usual) -> list[rates.Unit]:
    """Everything under watch with its events of one class and its years, both discounted by age."""
    count: dict[str, float] = {}
    for event in history.apart(counted):
        if event.kind != "world" and CLASS_OF[event.cause] == name:
            age_y = (until - event.start).days / YEAR_D
            count[_unit_of(event)] = count.get(_unit_of(event), 0.0) + 0.5 ** (age_y / half_life_y)
    return [replace(unit, count=count.get(unit.key, 0.0)) for unit in _exposed(until, half_life_y, usual)]


def _exposed(until: date, half_life_y: float, usual: Usual) -> Iterable[rates.Unit]:
    """Units under watch with no event yet. What strikes by chance is seen only when two or more are struck."""
    for item in targets().values():
        since = watched_since(item)
        if since:
            years = _years(since, until, half_life_y)
            yield rates.Unit(key=item.key, kind=item.kind, family=item.family, count=0.0, exposure_y=years)
    for group in sorted({group for item in targets().values() for group in item.groups}):
        since, kind = watched_since(group), _group_kind(group)
        if since:
            years, family = _years(since, until, half_life_y), _family(group)
            some = years * float(rates.seen(len(members(group)), usual.hits[kind])) if len(members(group)) > 2 else 0.0
            if _factor_of(group) == 1.0:  # of a country that is no watched one only the watched borders are seen
                yield _common(f"{group}#all", f"{kind} whole", family, years)
            yield _common(f"{group}#some", f"{kind} some", family, some)
    yield from _nations_exposed(until, half_life_y, usual.hits["nation"])


def _nations_exposed(until: date, half_life_y: float, hits: float) -> Iterable[rates.Unit]:
    """Watched countries of several parts: a war that strikes fewer than two of them shows as an event of that part."""
    for row in facts.rows("closure_watch"):
        parts = len(parts_of(row["country"]))
        if parts > 1:
            years = _years(row["since"], until, half_life_y) * float(rates.seen(parts, hits, whole=True))
            yield _common(_nation(row["country"]), "nation", row["country"], years)


def _common(key: str, kind: str, family: str, years: float) -> rates.Unit:
    return rates.Unit(key=key, kind=kind, family=family, count=0.0, exposure_y=years, shared=True)


def _years(since: date, until: date, half_life_y: float) -> float:
    """Years of watch, each weighed by its age: the integral of 0.5 ** (age / half_life_y)."""
    span = max((until - since).days, 0) / YEAR_D
    return half_life_y / np.log(2) * (1 - 0.5 ** (span / half_life_y))


def _world(counted: Sequence[Event], until: date) -> tuple[float, float]:
    """Gamma (shape, rate) of pandemics a year: those seen, after a prior of one in `prior_y` years."""
    starts = sorted(event.start for event in counted if event.kind == "world")
    waves = sum(n == 0 or (start - starts[n - 1]).days > history.WORLD_GAP_D for n, start in enumerate(starts))
    since = min(row["since"] for row in facts.rows("closure_watch"))
    return 1.0 + waves, facts.figure("hazard.pandemic", "prior_y").value + max((until - since).days, 0) / YEAR_D


def _ongoing(told: Sequence[Event], on: date, long: lengths.Lengths) -> Iterable[Ongoing]:
    """Closures in force on the day, each event once; what struck a whole group is one thing."""
    for event in told:
        holding = [part for part in event.parts if part.holds(on)]
        for level in sorted({part.level for part in holding}):
            here = [part for part in holding if part.level == level]
            keys = {event.key} if event.whole and event.kind != "own" else {key for part in here for key in part.keys}
            start = min(part.start for part in here)
            log_mean, log_mean_sd, log_sd = long.of(event.cause, level, event.whole and event.kind != "world")
            yield Ongoing(
                id="+".join(id for part in here for id in part.ids),
                keys=tuple(sorted(keys)),
                level=level,
                age_days=float((on - start).days),
                seen_days=float((max(part.seen for part in here) - start).days),
                cause=event.cause,
                log_mean=log_mean,
                log_mean_sd=log_mean_sd,
                log_sd=log_sd,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What to expect of one key, closures that begin from now on: middle, and P10 to P90 of what is uncertain."""

    events_per_year: float
    events_low: float
    events_high: float
    median_days: float
    days_low: float
    days_high: float
    share_shut: float  # of all days, shut altogether
    share_low: float
    share_high: float


def expected(of: Hazard, key: str) -> Expected:
    """Events a year at any level, the usual length in days, and the share of days shut, each with P10 and P90.

    Of the key alone: what shuts the whole border is told under the border's own key, and what is in force today is left
    out. The share is that of a queue with many servers, 1 - exp(-rate times mean length), the mean length cut at
    `longest_y`. Shocks to a group count by the chance that they hit the key. Raises BadInput for a key of nothing.
    """
    random = np.random.Generator(np.random.Philox(key=1))
    shocks = of.shocks(key)
    rate = np.array([shock.hits * random.gamma(shock.shape, 1 / shock.rate, DRAWS) for shock in shocks])
    z = random.standard_normal((len(shocks), DRAWS))
    shut = np.array([_shut_days(shock, z[n]) for n, shock in enumerate(shocks)])
    share = 1 - np.exp(-(rate * shut).sum(0) / YEAR_D)
    days = _median_days(shocks, rate, z)
    return Expected(
        events_per_year=sum(shock.hits * shock.per_year for shock in shocks),
        **_ends("events", rate.sum(0)),
        median_days=float(np.median(days)),
        **_ends("days", days),
        share_shut=float(share.mean()),
        **_ends("share", share),
    )


def _ends(name: str, values: np.ndarray) -> dict[str, float]:
    low, high = np.quantile(values, (0.1, 0.9))
    return {f"{name}_low": float(low), f"{name}_high": float(high)}


def _shut_days(shock: Shock, z: np.ndarray) -> np.ndarray:
    """Mean days shut altogether that one event brings, for draws of the unknown log-mean."""
    most_d = facts.figure("hazard.length", "longest_y").value * YEAR_D
    log_mean = shock.log_mean[2] + shock.log_mean_sd[2] * z
    return shock.levels[2] * lengths.mean_d(log_mean, shock.log_sd, most_d)


def _median_days(shocks: Sequence[Shock], rate: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Geometric middle of the lengths of all shocks, weighed by how often each comes. float64[DRAWS]"""
    log_mean = np.array([sum(share * mean for share, mean in zip(s.levels, s.log_mean, strict=True)) for s in shocks])
    sd = np.array([s.log_mean_sd[2] for s in shocks])
    log_d = log_mean[:, None] + sd[:, None] * z
    return np.exp((rate * log_d).sum(0) / np.maximum(rate.sum(0), 1e-12))
