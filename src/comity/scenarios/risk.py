"""How a pair of places fares over many years of closures: days, dollars, what it depends on, how diverse its ways are.

docs/methods/risk.md has the definitions and their sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from comity import places
from comity.errors import BadInput, NoRoute
from comity.routing.alternatives import transit
from comity.routing.itinerary import Itinerary
from comity.routing.titles import title
from comity.scenarios.ensembles import booked, onroad, pieces
from comity.scenarios.ensembles.ensemble import CLOSED, OPEN, Raised
from comity.scenarios.ensembles.outcome import Figures, Outcome
from comity.scenarios.ensembles.sample import Sample
from comity.scenarios.ensembles.study import Settled, Study, Years, study

PROBED = 500  # scenarios on which "what if it were shut, or could never shut" is worked out
SERIOUS = 0.005  # share of shipments below which a gate is no dependence
NOTICED = 0.02  # share left without a way, in steps of which it goes before dollars
MOST_PROBED = 40
MOST_WAYS = 12
REPLAN = ("departure", "road")
Engine = Callable[[Study, Years, str, Callable[[int, int], None]], Iterable[pieces.Piece]]
KINDS = {"crossing": "crossing", "ferry": "ferry", "port": "port", "passage": "strait", "pass": "pass"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """What hangs on one country, crossing, port or strait, per shipment of all units.

    use_share   : of shipments whose way passes it
    loss        : mean over all shipments if it were shut all year: dollars, days, and share left without a way
    gain        : mean over all shipments if it could never shut or slow: dollars and days
    """

    key: str
    kind: str  # country | crossing | ferry | port | strait | pass
    name: str
    use_share: float
    loss_usd: float
    loss_days: float
    loss_no_way: float
    gain_usd: float
    gain_days: float
    gain_no_way: float

    def json(self) -> dict:
        """As an answer tells it, in round figures."""
        return {
            "key": self.key,
            "kind": self.kind,
            "name": self.name,
            "use_share": round(self.use_share, 4),
            "if_shut": {
                "usd": round(self.loss_usd, 2),
                "days": round(self.loss_days, 3),
                "no_way_share": round(self.loss_no_way, 4),
            },
            "if_never_shut": {
                "usd": round(self.gain_usd, 2),
                "days": round(self.gain_days, 3),
                "no_way_share": round(self.gain_no_way, 4),
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """The answer: a study, its years, each shipment's outcome, and what hangs on what."""

    study: Study
    years: Years
    outcome: Outcome
    probe: Sample  # the first scenarios, on which "what if" is worked out
    usual: Figures | None  # every gate open as usual
    dependences: tuple[Dependence, ...]
    effective_ways: float
    effective_routes: float
    met: onroad.Met | None  # None: the way is chosen at departure and kept

    def to_json(self) -> dict:
        """The object that `comity risk --json` prints: comity.risk/1."""
        from comity.scenarios.risk_answer import as_json

        return as_json(self)


def risk(
    origin,
    destination,
    *,
    years: Years | None = None,
    replan: str = "departure",
    engine: Engine = pieces.in_this_process,
    tell: Callable[[int, int], None] = lambda done, total: None,
    **asked,
) -> Risk:
    """What many years of closures do to shipments between two places, one a month.

    years : how many, how long, and the seed · replan : "departure" (the way is chosen for the day it leaves) or "road"
    (and chosen anew where a shut gate is met) · engine : who does the work · tell(done, total) : how far it has come
    asked : as `plan` takes it. Raises BadInput, PlaceUnknown, PlaceAmbiguous, NoRoute.
    """
    if replan not in REPLAN:
        raise BadInput(f"replan {replan!r}: choose {' or '.join(REPLAN)}.")
    years = (years or Years()).checked()
    of = study(origin, destination, **asked)
    return measured(of, years, replan, list(engine(of, years, replan, tell)))


def measured(of: Study, years: Years, replan: str, done: Sequence[pieces.Piece]) -> Risk:
    """The risk of a study whose pieces are done."""
    outcome, met = pieces.joined(of, done)
    offered = booked.offered(of)  # which says itself what is missing where the two ends are not joined at all
    if (outcome.way < 0).all():
        raise NoRoute(
            f"None of the {len(outcome.way):,} simulated shipments from {of.request.origin.name} to "
            f"{of.request.destination.name} finds a way: what the question shuts, or its modes, lies on all. Reopen something."
        )
    probe = of.sample(replace(years, scenarios=min(PROBED, years.scenarios)))
    at = of.settled(probe)
    base = of.outcome_of(probe, at)
    return Risk(
        study=of,
        years=years,
        outcome=outcome,
        probe=probe,
        usual=of.usual(),
        dependences=dependences(of, probe, base, at),
        effective_ways=effective_number(_shares(of, outcome)),
        effective_routes=effective_routes(booked.yearly(of, probe, base, offered)),
        met=met,
    )


# --- what hangs on what -----------------------------------------------------------------------------------


def dependences(of: Study, probe: Sample, base: Outcome, at: Settled) -> tuple[Dependence, ...]:
    """Each transit country, crossing, ferry, port, strait and pass on the ways used; the heaviest loss first.

    base, at : outcome of the probe's shipments, and where the search of each came to rest
    All questions are asked in one go, so that what they have in common is searched once.
    """
    rest, settled = at
    things = _things(of, base)
    if not things:  # no way at all, or one that passes nothing
        return ()
    starts: list[tuple[Raised, np.ndarray]] = []
    touched = [_touched(of, settled, gates) for _, _, _, gates in things]
    for (kind, key, _, gates), (on_it, hit) in zip(things, touched, strict=True):
        thing = of.keys.thing(f"{kind}:{key}", gates)
        for level, settled_there in ((CLOSED, on_it), (OPEN, hit)):
            starts.append((frozenset({(thing, level)}), np.flatnonzero(settled_there[rest])))
    rows = np.concatenate([rows for _, rows in starts]) if starts else np.empty(0, np.int64)
    if not len(rows):  # nothing is passed, or nothing that is passed was ever struck
        return ()
    now = of.outcome_of(probe, of.settled(probe, starts), rows)
    cuts = np.cumsum([0, *(len(rows) for _, rows in starts)])
    changes = [
        _change(of, base, now, rows[first:last], slice(first, last), probe.rows)
        for first, last in zip(cuts[:-1], cuts[1:], strict=True)
    ]
    share = [float(on_it[rest].mean()) for on_it, _ in touched]
    told = [
        Dependence(
            key=key, kind=kind, name=name, use_share=share[n],
            loss_usd=changes[2 * n][0], loss_days=changes[2 * n][1], loss_no_way=changes[2 * n][2],
            gain_usd=0.0 - changes[2 * n + 1][0], gain_days=0.0 - changes[2 * n + 1][1],
            gain_no_way=0.0 - changes[2 * n + 1][2],
        )
        for n, (kind, key, name, _) in enumerate(things)
    ]  # fmt: skip
    return tuple(sorted(told, key=lambda one: (-(one.loss_no_way // NOTICED), -one.loss_usd, one.key)))


def _touched(of: Study, settled, gates: frozenset[int]) -> tuple[np.ndarray, np.ndarray]:
    """Of the places where searches came to rest: is a gate on the way, and did anything that strikes one matter."""
    strikes = {strike for gate in gates for strike in of.keys.of_gate[gate]}
    on_it = [found is not None and not gates.isdisjoint(found.gates) for _, found in settled]
    hit = [any(change[0] in strikes for change in raised) for raised, _ in settled]
    return np.array(on_it), np.array(hit)


def _things(of: Study, base: Outcome) -> list[tuple[str, str, str, frozenset[int]]]:
    """Kind, key, name and gates of everything that a serious share of shipments passes."""
    count: dict[tuple[str, str], int] = {}
    for number, many in _used(of, base):
        for thing in {*_on(of, number)}:
            count[thing] = count.get(thing, 0) + many
    serious = [
        thing for thing in sorted(count, key=lambda t: (-count[t], t)) if count[thing] >= SERIOUS * len(base.way)
    ]
    return [(kind, key, *_gates_of(of, kind, key)) for kind, key in serious[:MOST_PROBED]]


def _on(of: Study, way: int) -> Iterable[tuple[str, str]]:
    """Transit countries and gates of one way, as kind and key."""
    yield from (("country", code) for code in transit(of.ensemble.ways[way].itinerary))
    for row in of.ensemble.ways[way].gates:
        gate = of.network.gates[row]
        yield KINDS[gate.kind], gate.id


def _gates_of(of: Study, kind: str, key: str) -> tuple[str, frozenset[int]]:
    """Name and gate rows of a thing. A country's are its borders, ferries, ports and passes."""
    gates = of.network.gates
    if kind == "country":
        rows = (
            row
            for row, gate in enumerate(gates)
            if of.keys.switchable[row] and key in (gate.country_from, gate.country_to)
        )
        return places.country(key).short, frozenset(rows)
    rows_of = [row for row, gate in enumerate(gates) if gate.id == key and KINDS.get(gate.kind) == kind]
    return gates[rows_of[0]].name, frozenset(rows_of)


def _change(
    of: Study, base: Outcome, now: Outcome, rows: np.ndarray, there: slice, among: int
) -> tuple[float, float, float]:
    """Mean change over `among` shipments in dollars (money and valued time, all units), days, and share without a way.

    rows : shipments that can be touched, and where `now` has them; the others stay as they are. Dollars and days count
    those with a way before and after.
    """
    usd = (now.weight_usd[there] - base.weight_usd[rows]) * of.request.cargo.units
    days = (now.mean_h[there] - base.mean_h[rows]) / 24
    lost = int(np.isnan(now.weight_usd[there]).sum()) - int(np.isnan(base.weight_usd[rows]).sum())
    return float(np.nansum(usd) / among), float(np.nansum(days) / among), lost / among


# --- how diverse ------------------------------------------------------------------------------------------


def corridor(of: Study, way: int) -> tuple[str, ...]:
    """What makes two ways one corridor: the same transit countries, by sea or not."""
    itinerary = of.ensemble.ways[way].itinerary
    return (*sorted(transit(itinerary)), *(("sea",) if "sea" in itinerary.modes else ()))


def _used(of: Study, outcome: Outcome) -> list[tuple[int, int]]:
    """Way numbers with their counts of shipments, the most used first; ways as much used by their gates."""
    numbers, count = np.unique(outcome.way[outcome.way >= 0], return_counts=True)
    pairs = zip(numbers.tolist(), count.tolist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], of.ensemble.ways[pair[0]].gates))


def _shares(of: Study, outcome: Outcome) -> np.ndarray:
    """Shipments by corridor."""
    count: dict[tuple[str, ...], int] = {}
    for number, many in _used(of, outcome):
        count[corridor(of, number)] = count.get(corridor(of, number), 0) + many
    return np.array(list(count.values()), float)


def effective_number(shares: Sequence[float] | np.ndarray) -> float:
    """Number of equal shares that would be as diverse: 1 / sum p^2 (Hill 1973, *Ecology* 54, of order 2); 0 for none."""
    shares = np.asarray(shares, float)
    total = shares.sum()
    return float(total**2 / (shares**2).sum()) if total > 0 else 0.0


def effective_routes(cost_usd: np.ndarray) -> float:
    """Number of independent routes that would spread risk as well: the squared diversification ratio of equal shares.

    cost_usd : float64[scenarios, routes], yearly mean cost of each. (sum of w s)^2 / (w' C w) with standard deviations s
    and covariance C (Choueifaty, Froidure & Reynier 2013, *J. of Investment Strategies* 2). 1 where none varies.
    """
    if cost_usd.shape[1] < 2 or len(cost_usd) < 2:
        return float(min(1, cost_usd.shape[1]))
    covariance = np.cov(cost_usd, rowvar=False)
    variance = float(covariance.sum())
    apart = float(np.sqrt(np.maximum(np.diag(covariance), 0.0)).sum()) ** 2
    return apart / variance if variance > 1e-9 * max(apart, 1e-9) else 1.0


def ways_used(risk: Risk, most: int = MOST_WAYS) -> list[dict]:
    """The ways that shipments took, the most used first; ways of one name, that differ in a pass, are one."""
    of, outcome = risk.study, risk.outcome
    order = _used(of, outcome)
    shown = [of.ensemble.ways[number].itinerary for number, _ in order[: 2 * most]]
    units = of.request.cargo.units
    found: dict[str, dict] = {}
    for (_, many), way in zip(order, shown, strict=False):
        name = title(way, lambda code: places.country(code).short, [other for other in shown if other is not way])
        found.setdefault(name, {"title": name, "shipments": 0} | _as_usual(way, units))["shipments"] += many
    ranked = sorted(found.values(), key=lambda one: -one["shipments"])[:most]
    return [{"title": one["title"], "share": round(one.pop("shipments") / len(outcome.way), 5)} | one for one in ranked]


def _as_usual(way: Itinerary, units: int) -> dict:
    """A way's countries, gates, days and dollars with everything open."""
    return {
        "countries": list(way.countries),
        "crossings": [gate.id for gate in way.crossings],
        "ports": [gate.id for gate in way.ports],
        "time_h": way.time_h.json(),
        "cost_usd": way.cost_usd.times(units).json(),
        "co2e_kg": round(way.co2e_kg * units, 1),
    }
