"""The risk of many pairs of countries: a unit of work for each directed pair, kept in a folder as it is finished.

A country stands where its main freight place is. A pair that no way joins is a row with the reason, and stops nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from comity import facts, places
from comity.errors import BadInput, NoRoute
from comity.network import Network, open_network
from comity.places import Place
from comity.routing.request import MODES, Request, checked
from comity.routing.states import state
from comity.scenarios.ensembles.outcome import spread_of
from comity.scenarios.ensembles.study import Years
from comity.scenarios.risk import REPLAN, Dependence, Risk, risk
from comity.scenarios.risk_answer import extra
from comity.scenarios.work.engines import ALONE, Edition, edition_of, opened
from comity.scenarios.work.estimate import Estimate, estimate
from comity.scenarios.work.kept import PAIR_COLUMNS, Kept, Pair, manifest
from comity.scenarios.work.runners import Here, Runner

WORLD = "world"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Many pairs under one set of conditions, checked. `asked` : cargo, day, modes, what is shut and opened; its ends
    are those of the first pair."""

    pairs: tuple[Pair, ...]
    ends: dict[str, Place]
    asked: Request
    years: Years
    replan: str
    edition: Edition

    def plain(self) -> dict:
        """What a manifest holds of it: conditions and versions, and not the pairs, which may grow."""
        asked = self.asked
        return {
            "conditions": {
                "on": asked.on.isoformat(),
                "cargo": asked.cargo.kind,
                "tonnes": asked.cargo.tonnes,
                "value_usd_per_t": asked.cargo.value_usd_per_t,
                "modes": list(asked.modes),
                "close": list(asked.close),
                "open": list(asked.open_),
                "scenarios": self.years.scenarios,
                "months": self.years.months,
                "seed": self.years.seed,
                "replan": self.replan,
            },
            "version": {"comity": self.edition.comity, "network": self.edition.network, "facts": self.edition.facts},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One job: a directed pair, all its scenarios."""

    edition: Edition
    pair: Pair
    request: Request
    years: Years
    replan: str


def question(
    countries: str | Sequence[str],
    others: str | Sequence[str] | None = None,
    *,
    years: Years | None = None,
    replan: str = "departure",
    folder: str | Path | None = None,
    network: Network | None = None,
    on: date | str | None = None,
    **asked,
) -> Question:
    """Every directed pair of some countries, or between two lists of them in both directions, all checked.

    countries, others : names or codes, in a text with commas or a sequence; also "world" and the unions of `unions.csv`
    folder : of an earlier run; without `on`, its day is asked about again, so that a run can go on the day after
    asked : cargo, tonnes, value_usd_per_t, modes, close, open_, as `plan` takes them
    Raises BadInput with every fault at once.
    """
    faults: list[str] = []
    first = _countries(countries, faults)
    second = first if others is None else _countries(others, faults)
    pairs = _pairs(first, second)
    if not pairs and not faults:
        faults.append("Two countries at least are needed, with commas between them: KAZ,UZB,PAK.")
    if replan not in REPLAN:
        faults.append(f"replan {replan!r}: choose {' or '.join(REPLAN)}.")
    years = _checked(years or Years(), faults)
    ends = _ends({*first, *second}, faults)
    if on is None and folder is not None:
        on = (manifest(folder) or {}).get("conditions", {}).get("on")
    request = _request(ends, pairs, on, asked, faults)
    if faults or request is None:
        raise BadInput("\n".join(faults))
    network = network or open_network()
    state(network, request.on, request.close, request.open_)  # names to shut and to open that nothing has are told now
    return Question(
        pairs=tuple(pairs), ends=ends, asked=request, years=years, replan=replan, edition=edition_of(network)
    )


def _countries(given: str | Sequence[str], faults: list[str]) -> list[str]:
    """Alpha-3 codes of countries and of the members of unions, each once, in the order they are named in."""
    words = given.split(",") if isinstance(given, str) else list(given)
    unions = {row["id"]: row["members"] for row in facts.rows("unions")}
    found: list[str] = []
    for word in (str(word).strip() for word in words):
        if word.lower() == WORLD:
            found += [country.alpha3 for country in places.countries() if _place(country.alpha3)]
        elif word.lower() in unions:
            found += unions[word.lower()]
        elif word:
            try:
                found.append(places.country(word).alpha3)
            except BadInput as fault:
                faults.append(str(fault))
    return list(dict.fromkeys(found))


def _pairs(first: Sequence[str], second: Sequence[str]) -> list[Pair]:
    there = [(a, b) for a in first for b in second if a != b]
    return list(dict.fromkeys(there + [(b, a) for a, b in there]))


def _checked(years: Years, faults: list[str]) -> Years:
    try:
        return years.checked()
    except BadInput as fault:
        faults.append(str(fault))
        return years


def _place(alpha3: str) -> Place | None:
    try:
        return places.freight_places(alpha3, 1)[0]
    except BadInput:
        return None


def _ends(codes: set[str], faults: list[str]) -> dict[str, Place]:
    ends: dict[str, Place] = {}
    for code in sorted(codes):
        try:
            ends[code] = places.freight_places(code, 1)[0]
        except BadInput as fault:
            faults.append(str(fault))
    return ends


def _request(ends: dict[str, Place], pairs: Sequence[Pair], on, asked: dict, faults: list[str]) -> Request | None:
    """The first pair's question, which stands for all; any two places will do where there is no pair."""
    known = [pair for pair in pairs if pair[0] in ends and pair[1] in ends]
    start, stop = (ends[code] for code in known[0]) if known else ("Almaty", "Karachi")
    told = {
        "cargo": "40ft", "tonnes": 20.0, "value_usd_per_t": None, "modes": MODES, "close": (), "open_": (),
    } | asked  # fmt: skip
    try:
        return checked(
            start, stop, told["cargo"], told["tonnes"], told["value_usd_per_t"], on, told["modes"], told["close"],
            told["open_"], 1,
        )  # fmt: skip
    except BadInput as fault:
        faults.append(str(fault))
        return None


# --- the run ----------------------------------------------------------------------------------------------


def many(
    question: Question,
    folder: str | Path,
    runner: Runner | None = None,
    tell: Callable[[int, int, str], None] = lambda done, total, name: None,
    agree: Callable[[Estimate, int], None] = lambda estimate, finished: None,
) -> Kept:
    """The units of a question that are not finished yet, and then the tables of all. tell(done, total, pair) after each.

    runner : who does the work (see `runners.runner`), this process unless told. What is finished stays, whatever stops
    the run; the same question goes on from there. agree(estimate, units finished before) is told what is to come before
    anything is written, and may raise. Raises BadInput for a folder of another question or a scheduler that is not
    there, with nothing written either; ComityError where workers keep dying.
    """
    kept = Kept(folder, question.plain())
    left = unfinished(kept, question)
    total, done = len(question.pairs), len(question.pairs) - len(left)
    if left:
        with runner or Here() as chosen:
            agree(estimate(question.years, len(left), chosen.workers), done)
            kept.begin()
            with closing(chosen.each(unit_done, list(_units(question, left)))) as coming:
                for _, row in coming:
                    kept.put(row)
                    done += 1
                    tell(done, total, f"{row['origin']}-{row['destination']}")
    kept.gather(question.pairs)
    return kept


def unfinished(kept: Kept, question: Question) -> list[Pair]:
    """Pairs whose unit is not there yet, in the order asked."""
    there = kept.finished(question.pairs)
    return [pair for pair in question.pairs if pair not in there]


def _units(question: Question, pairs: Sequence[Pair]) -> Iterator[Unit]:
    for origin, destination in pairs:
        yield Unit(
            edition=question.edition,
            pair=(origin, destination),
            request=replace(question.asked, origin=question.ends[origin], destination=question.ends[destination]),
            years=question.years,
            replan=question.replan,
        )


# --- in the worker ----------------------------------------------------------------------------------------


def unit_done(unit: Unit) -> dict:
    """The row of a pair (see `kept.PAIR_COLUMNS`), with the reason where there is no answer. Raises as `opened` does."""
    with ALONE:
        network = opened(unit.edition)
        asked, cargo = unit.request, unit.request.cargo
        row = dict.fromkeys(PAIR_COLUMNS) | dict(zip(("origin", "destination"), unit.pair, strict=True))
        row |= {"origin_place": asked.origin.name, "destination_place": asked.destination.name, "depends_on": []}
        try:
            found = risk(
                asked.origin, asked.destination, years=unit.years, replan=unit.replan, network=network, cargo=cargo.kind,
                tonnes=cargo.tonnes, value_usd_per_t=cargo.value_usd_per_t, on=asked.on, modes=asked.modes,
                close=asked.close, open_=asked.open_,
            )  # fmt: skip
        except (NoRoute, BadInput) as fault:
            return row | {"reason": str(fault)}
        return row | summary(found)


def summary(found: Risk) -> dict:
    """A risk as one row, in the figures of its JSON; days and dollars per shipment of all units."""
    out, units = found.outcome, found.study.request.cargo.units
    more, usual = extra(found), found.usual
    spreads = {"days": spread_of(out.time_h / 24), "usd": spread_of(out.cost_usd * units)}
    return {
        "usual_days": None if usual is None else round(usual.mean_h / 24, 2),
        "usual_usd": None if usual is None else round(usual.mean_usd * units, 2),
        **{f"{what}_{name}": value for what, told in spreads.items() for name, value in told.items()},
        "no_way_share": round(float((out.way < 0).mean()), 5),
        "extra_days": None if more is None else more["days_per_shipment"],
        "extra_usd": None if more is None else more["usd_per_shipment"],
        "corridors_used": round(found.effective_ways, 2),
        "diversity_index": round(1 - 1 / found.effective_ways, 3) if found.effective_ways else None,
        "independent_routes": round(found.effective_routes, 2),
        "met_share": None if found.met is None else round(found.met.met_share, 5),
        "depends_on": [_flat(one) for one in found.dependences],
    }


def _flat(one: Dependence) -> dict:
    told = one.json()
    for what in ("if_shut", "if_never_shut"):
        told |= {f"{what}_{name}": value for name, value in told.pop(what).items()}
    return told
