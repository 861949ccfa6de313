"""How to split cargo over several ways so that a bad month hurts less, and what that safety costs.

Shares x of a year's cargo are booked on the ways of the day. In month i way k costs c[i, k] (see `booked`), so a split
costs c[i] . x. Expected cost is traded against CVaR, the mean of the worst 5 % of months, by the linear programme of
Rockafellar & Uryasev (2000, *Optimization of conditional value-at-risk*, J. of Risk 2): with the weight r of safety,

    min (1 - r) sum p c x + r (t + sum p u / 0.05)   with u >= c x - t, u >= 0, sum x = 1, 0 <= x <= capacity

solved by HiGHS. Least lots, where a way has one, make x zero or at least the lot (a mixed-integer programme). Months that
cost the same on every way are one row with their weight p.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from comity import facts, places
from comity.errors import BadInput, NoRoute
from comity.routing.plan import Alternative
from comity.routing.titles import title
from comity.scenarios.ensembles.booked import Booked, booked, offered
from comity.scenarios.ensembles.outcome import TAIL
from comity.scenarios.ensembles.sample import Sample
from comity.scenarios.ensembles.study import Study, Years, study

FITTED = 2000  # scenarios that shares are chosen on; the rest of the question is answered on fresh ones
FRESH = 1_000_003  # added to the seed for scenarios that the choice has not seen
STEPS = 10  # of the weight of safety, along the frontier
LEAST_SHARE = 1e-6  # what the solver leaves of a way that it does not use
CENT = 0.01  # USD; costs nearer than this are one
ALIKE = 0.8  # correlation from which two ways are one risk
MOST_VOLUME = 10_000_000.0
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Shares of the ways, with expected cost and CVaR of a month on the scenarios chosen on and on fresh ones, USD a unit."""

    name: str
    risk: float | None  # weight of safety that it is best for
    shares: tuple[float, ...]
    mean_usd: float
    cvar_usd: float
    fresh_mean_usd: float
    fresh_cvar_usd: float
    fresh_shut_share: float  # of cargo that finds its booked way shut

    def json(self) -> dict:
        """As an answer tells it, in round figures."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return told | {
            "shares": [round(share, 4) for share in self.shares],
            **{name: round(value, 2) for name, value in told.items() if name.endswith("_usd")},
            "fresh_shut_share": round(self.fresh_shut_share, 4),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """The answer: the ways, the split asked for, the frontier, and splits to compare with."""

    study: Study
    years: Years
    volume: float
    risk: float
    ways: tuple[Alternative, ...]
    titles: tuple[str, ...]
    most: tuple[float, ...]  # share that each way can carry
    lots: tuple[float, ...]  # least share that a way is booked with
    chosen: Split
    frontier: tuple[Split, ...]
    beside: tuple[Split, ...]
    alike: tuple[dict, ...]
    last_step: dict | None

    def to_json(self) -> dict:
        """The object that `comity portfolio --json` prints: comity.portfolio/1."""
        return as_json(self)


def portfolio(
    origin,
    destination,
    *,
    volume: float = 1000.0,
    risk: float = 0.5,
    years: Years | None = None,
    alternatives: int = 6,
    **asked,
) -> Portfolio:
    """Shares of a year's cargo over the ways between two places.

    volume : units (containers or truckloads) a year · risk : weight of safety, 0 (least expected cost) to 1 (least CVaR)
    asked : as `plan` takes it. Raises BadInput with every fault, NoRoute when no way is open on any day.
    """
    faults = []
    if not _number(volume) or not 0 < volume <= MOST_VOLUME:
        faults.append(f"volume {volume!r}: units a year, more than 0 and at most {MOST_VOLUME:,.0f}, are needed.")
    if not _number(risk) or not 0 <= risk <= 1:
        faults.append(
            f"risk {risk!r}: a weight of safety from 0 (least expected cost) to 1 (least bad month) is needed."
        )
    if faults:
        raise BadInput("\n".join(faults))
    years = (years or Years()).checked()
    return split(study(origin, destination, **asked), float(volume), float(risk), years, alternatives)


def _number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value)


def split(of: Study, volume: float, risk: float, years: Years, alternatives: int = 6) -> Portfolio:
    """The portfolio of a study that is ready."""
    ways = offered(of, alternatives)
    if not ways:
        raise NoRoute("No way is left to book on: what the question shuts lies on all of them. Reopen something.")
    seen = _costs(of, replace(years, scenarios=min(FITTED, years.scenarios)), ways)
    fresh = _costs(of, replace(years, seed=years.seed + FRESH), ways)
    if bool(seen.shut.all()) and bool(fresh.shut.all()):
        raise NoRoute(
            "Every way is shut in every month of every scenario, so there is nothing to book. Reopen one with --open."
        )
    most, lots = _capacities(ways, volume), _lots(ways, volume)
    usable = [least <= upper for least, upper in zip(lots, most, strict=True)]
    most = tuple(upper if fits else 0.0 for upper, fits in zip(most, usable, strict=True))
    _check_capacity(volume, most)
    costs, weight = merged(seen.cost_usd)
    points = [
        _named(f"{r:g}", r, solved(costs, weight, r, most, lots), seen, fresh) for r in np.linspace(0, 1, STEPS + 1)
    ]
    chosen = _named("chosen", risk, solved(costs, weight, risk, most, lots), seen, fresh)
    frontier = _distinct(points)
    return Portfolio(
        study=of,
        years=years,
        volume=volume,
        risk=risk,
        ways=ways,
        titles=_titles(ways),
        most=most,
        lots=lots,
        chosen=chosen,
        frontier=frontier,
        beside=_beside(seen, fresh),
        alike=_alike(of, ways, fresh),
        last_step=_last_step(frontier),
    )


def _costs(of: Study, years: Years, ways: Sequence[Alternative]) -> Booked:
    sample: Sample = of.sample(years)
    return booked(of, sample, of.outcome(sample), ways)


def merged(cost_usd: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Months that cost the same to a cent on every way, each once, and their share of all. cost_usd : float64[months, ways]"""
    rows, count = np.unique(np.rint(cost_usd / CENT).astype(np.int64), axis=0, return_counts=True)
    return rows * CENT, count / count.sum()


def solved(
    cost_usd: np.ndarray, weight: np.ndarray, risk: float, most: Sequence[float], lots: Sequence[float]
) -> np.ndarray:
    """Shares that trade expected cost against CVaR best, float64[ways], summing to 1.

    cost_usd : float64[months, ways] · weight : float64[months], summing to 1 · risk : 0 to 1
    most : greatest share of each way · lots : least share where it is used at all, 0 for none
    Raises BadInput where no shares keep to the limits.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import bmat, csr_matrix, identity

    months, ways = cost_usd.shape
    used = np.asarray(lots) > 0
    scale = float(np.abs(cost_usd).mean()) or 1.0
    cost = cost_usd / scale
    objective = np.r_[(1 - risk) * weight @ cost, np.zeros(ways), risk, risk * weight / (1 - TAIL)]
    above = bmat([[-csr_matrix(cost), csr_matrix((months, ways)), csr_matrix(np.ones((months, 1))), identity(months)]])
    rest = csr_matrix((ways, 1 + months))
    whole = csr_matrix(np.r_[np.ones(ways), np.zeros(ways + 1 + months)][None])
    at_most = bmat([[identity(ways), -csr_matrix(np.diag(most)), rest]])
    at_least = bmat([[identity(ways), -csr_matrix(np.diag(lots)), rest]])
    found = milp(
        objective,
        integrality=np.r_[np.zeros(ways), used.astype(int), np.zeros(1 + months)],
        bounds=Bounds(
            np.r_[np.zeros(ways), np.where(used, 0.0, 1.0), -np.inf, np.zeros(months)],
            np.r_[np.ones(2 * ways), np.inf, np.full(months, np.inf)],
        ),
        constraints=[
            LinearConstraint(above, lb=0),
            LinearConstraint(whole, 1, 1),
            LinearConstraint(at_most, ub=0),
            LinearConstraint(at_least, lb=np.where(used, 0.0, -np.inf)),
        ],
    )
    if found.x is None:
        raise BadInput(
            "No split keeps to the capacities and the least lots together. Book less, or more ways with --alternatives."
        )
    shares = np.where(found.x[:ways] < LEAST_SHARE, 0.0, found.x[:ways])
    return shares / shares.sum()


def of_split(cost_usd: np.ndarray, shares: np.ndarray) -> tuple[float, float]:
    """Expected cost and CVaR of a month under a split, USD a unit. cost_usd : float64[months, ways]"""
    from comity.scenarios.ensembles.outcome import cvar

    total = cost_usd @ shares
    return float(total.mean()), cvar(total)


def _named(name: str, risk: float | None, shares: np.ndarray, seen: Booked, fresh: Booked) -> Split:
    mean, tail = of_split(seen.cost_usd, shares)
    fresh_mean, fresh_tail = of_split(fresh.cost_usd, shares)
    return Split(
        name=name, risk=risk, shares=tuple(shares.tolist()), mean_usd=mean, cvar_usd=tail, fresh_mean_usd=fresh_mean,
        fresh_cvar_usd=fresh_tail, fresh_shut_share=float((fresh.shut @ shares).mean()),
    )  # fmt: skip


def _distinct(points: Sequence[Split]) -> tuple[Split, ...]:
    """The frontier's corners: points whose expected cost and CVaR both differ from the last by a cent."""
    found: list[Split] = []
    for point in points:
        if (
            not found
            or abs(point.cvar_usd - found[-1].cvar_usd) > CENT
            and abs(point.mean_usd - found[-1].mean_usd) > CENT
        ):
            found.append(point)
    return tuple(found)


def _last_step(frontier: Sequence[Split]) -> dict | None:
    """What the last dollar of safety costs: expected dollars paid for each dollar less in a bad month."""
    if len(frontier) < 2:
        return None
    before, last = frontier[-2:]
    paid, saved = last.mean_usd - before.mean_usd, before.cvar_usd - last.cvar_usd
    return {
        "paid_usd": round(paid, 2),
        "saved_in_a_bad_month_usd": round(saved, 2),
        "paid_per_usd_saved": round(paid / saved, 3),
    }


def _beside(seen: Booked, fresh: Booked) -> tuple[Split, ...]:
    """Everything on the cheapest way, and equal shares of all."""
    ways = seen.cost_usd.shape[1]
    cheapest = np.eye(ways)[int(seen.cost_usd.mean(axis=0).argmin())]
    return (
        _named("all on the cheapest", None, cheapest, seen, fresh),
        _named("equal shares", None, np.full(ways, 1 / ways), seen, fresh),
    )


# --- what limits a share ----------------------------------------------------------------------------------


def _capacities(ways: Sequence[Alternative], volume: float) -> tuple[float, ...]:
    """Share of the volume that each way can carry: the tightest of its crossings and ferries whose capacity is known."""
    share = facts.figure("portfolio", "capacity_share").value
    a_day = {(place, row["mode"]): row["value"] for row in facts.rows("capacities") for place in row["place"]}
    found = []
    for one in ways:
        known = [a_day[key] for gate in one.way.crossings if (key := (gate.id, _mode(gate))) in a_day]
        found.append(min(1.0, min(known) * share * DAYS_A_YEAR / volume) if known else 1.0)
    return tuple(found)


def _mode(gate) -> str:
    return "ferry" if gate.kind == "ferry" else gate.mode_from


def _lots(ways: Sequence[Alternative], volume: float) -> tuple[float, ...]:
    """Least share of a way by rail: a lot a month."""
    lot = facts.figure("portfolio", "least_lot_rail_units").value
    return tuple(lot * 12 / volume if "rail" in one.way.modes else 0.0 for one in ways)


def _check_capacity(volume: float, most: Sequence[float]) -> None:
    if sum(most) < 1 - 1e-9:
        raise BadInput(
            f"The ways can carry {sum(most) * volume:,.0f} units a year of the {volume:,.0f} asked for (comity facts "
            "capacities; a lot a month by rail). Ask for less, or for more ways with --alternatives."
        )


# --- when diversification does not pay ----------------------------------------------------------------------


def _alike(of: Study, ways: Sequence[Alternative], fresh: Booked) -> tuple[dict, ...]:
    """Pairs of ways that are shut together, which makes two ways one risk: what strikes both, how often they shut at once."""
    found = []
    for a, b in combinations(range(len(ways)), 2):
        shut_a, shut_b = fresh.shut[:, a], fresh.shut[:, b]
        together, apart = float((shut_a & shut_b).mean()), float(shut_a.mean() * shut_b.mean())
        if min(shut_a.std(), shut_b.std()) == 0:
            continue
        likeness = float(np.corrcoef(shut_a, shut_b)[0, 1])
        if likeness >= ALIKE:
            common = _keys(of, ways[a]) & _keys(of, ways[b])
            found.append(
                {
                    "ways": [a, b],
                    "correlation": round(likeness, 3),
                    "shut_together": round(together, 4),
                    "if_independent": round(apart, 4),
                    "common": sorted(common),
                }  # fmt: skip
            )
    return tuple(sorted(found, key=lambda pair: -pair["correlation"]))


def _keys(of: Study, one: Alternative) -> set[str]:
    return {key for row in one.way.gate_rows for key in of.keys.of_gate[row]}


def _titles(ways: Sequence[Alternative]) -> tuple[str, ...]:
    all_of_them = [one.way for one in ways]
    return tuple(
        title(way, lambda code: places.country(code).short, [other for other in all_of_them if other is not way])
        for way in all_of_them
    )


def as_json(of: Portfolio) -> dict:
    """The whole answer; dollars are money and valued time of one unit, expected or in the worst 5 % of months."""
    from comity import __version__
    from comity.routing.answer import asked, place

    request = of.study.request
    return {
        "schema": "comity.portfolio/1",
        "origin": place(request.origin),
        "destination": place(request.destination),
        "conditions": asked(request)
        | {
            "scenario": of.study.laid.told,
            "volume_units_per_year": of.volume,
            "risk": of.risk,
            "tail": TAIL,
            "scenarios": of.years.scenarios,
            "months": of.years.months,
            "seed": of.years.seed,
        },
        "ways": [
            {
                "title": name,
                "open_today": one.open,
                "share": round(share, 4),
                "units_per_year": round(share * of.volume, 1),
                "most_share": round(upper, 4),
                "least_lot_share": round(lot, 4),
                "time_h": one.way.time_h.json(),
                "cost_usd": one.way.cost_usd.json(),
                "countries": list(one.way.countries),
            }
            for one, name, share, upper, lot in zip(of.ways, of.titles, of.chosen.shares, of.most, of.lots, strict=True)
        ],
        "chosen": of.chosen.json(),
        "frontier": [point.json() for point in of.frontier],
        "beside": [one.json() for one in of.beside],
        "last_step": of.last_step,
        "alike": list(of.alike),
        "version": {"comity": __version__, "network": of.study.network.id, "facts": facts.digest()},
    }
