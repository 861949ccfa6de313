"""What is usual among the events: which causes, at which level, in which months, and how many of a group are struck.

Events of one cause or kind are few, so each count is taken together with some events that have the shares of all (a
Dirichlet prior; how many is a row `hazard.*` of transport.csv).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from comity import facts
from comity.scenarios.closures import lengths, rates
from comity.scenarios.closures.history import Event, apart
from comity.scenarios.closures.targets import members, parts_of, target, targets, watched_since

CLASSES = {
    "people": ("security", "political", "strike"),
    "works": ("technical",),
    "nature": ("weather", "natural hazard"),
    "holiday": ("holiday",),
}
CLASS_OF = {cause: name for name, causes in CLASSES.items() for cause in causes}
DATED = ("weather", "natural hazard", "holiday")  # causes that keep to months; people and works strike all year


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """Shares learnt from the events: causes of each kind and class, levels and months of each cause, members hit."""

    causes: Mapping[tuple[str, str], Mapping[str, float]]
    levels: Mapping[str, tuple[float, float, float]]
    months: Mapping[str, tuple[float, ...]]
    hits: Mapping[str, float]  # by kind of group: pair, country, ports, nation, world


def kind_of(event: Event) -> str:
    """Kind of the unit that an event counts for: road, port ... or `pair whole`, `country some`, `nation`."""
    if event.kind == "nation":
        return "nation"
    return target(event.key).kind if event.kind == "own" else f"{event.kind} {'whole' if event.whole else 'some'}"


def usual(counted: Sequence[Event]) -> Usual:
    """Learn the shares from events under watch."""
    return Usual(causes=_causes(counted), levels=_levels(counted), months=_months(counted), hits=_hits(counted))


def _drawn_to(count: np.ndarray, all_of_it: np.ndarray, weight: float) -> np.ndarray:
    """Shares of a count after a Dirichlet prior of `weight` events with the shares of the whole."""
    return (count + weight * all_of_it / all_of_it.sum()) / (count.sum() + weight)


def _causes(counted: Sequence[Event]) -> dict[tuple[str, str], dict[str, float]]:
    """Shares of the causes in each class, by kind of unit; kind "" stands for all."""
    weight = facts.figure("hazard.cause", "prior_events").value
    found = {}
    for name, causes in CLASSES.items():
        of_class = [event for event in apart(counted) if event.cause in causes and event.kind != "world"]
        whole = np.array([sum(event.cause == cause for event in of_class) + 1.0 for cause in causes])
        for kind in ["", *sorted({kind_of(event) for event in of_class})]:
            here = [event for event in of_class if kind in ("", kind_of(event))]
            count = np.array([float(sum(event.cause == cause for event in here)) for cause in causes])
            found[kind, name] = dict(zip(causes, _drawn_to(count, whole, weight).tolist(), strict=True))
    return found


def _levels(counted: Sequence[Event]) -> dict[str, tuple[float, float, float]]:
    weight = facts.figure("hazard.level", "prior_events").value
    whole = np.bincount([event.level - 1 for event in counted], minlength=3) + 1.0
    found = {}
    for cause in lengths.CAUSES:
        count = np.bincount([event.level - 1 for event in counted if event.cause == cause], minlength=3)
        slow, partial, shut = _drawn_to(count, whole, weight).tolist()
        found[cause] = (slow, partial, shut)
    return found


def _months(counted: Sequence[Event]) -> dict[str, tuple[float, ...]]:
    """Weights of the months for causes that keep to them; a month's events count half for its neighbours together."""
    weight = facts.figure("hazard.season", "prior_events").value
    found = {}
    for cause in DATED:
        count = np.bincount([event.start.month - 1 for event in counted if event.cause == cause], minlength=12)
        spread = 0.5 * count + 0.25 * (np.roll(count, 1) + np.roll(count, -1))
        found[cause] = tuple((12 * _drawn_to(spread, np.ones(12), weight)).tolist())
    return found


def _hits(counted: Sequence[Event]) -> dict[str, float]:
    """Chance that a shock to part of a group strikes one member, a war one part of a country, a pandemic one border."""
    some = [event for event in counted if event.kind in ("pair", "country", "ports") and not event.whole]
    by_kind = {"pair": ("pair", "ports"), "ports": ("pair", "ports"), "country": ("country",)}
    found = {kind: _hits_of([event for event in some if event.kind in alike]) for kind, alike in by_kind.items()}
    shut = len({event.key for event in counted if event.kind == "world"})
    borders = {group for item in targets().values() for group in item.groups if "-" in group and watched_since(item)}
    found["nation"] = _nation_hits(counted)
    return found | {"world": (shut + 0.5) / (len(borders) + 1)}  # Jeffreys' prior


def _nation_hits(counted: Sequence[Event]) -> float:
    """Chance that what strikes a country as a whole strikes one of its parts: land borders, ports, each strait."""
    struck: dict[tuple[str, date], set[str]] = {}
    for event in counted:
        if event.common:
            struck.setdefault(event.common, set()).add(event.key)
    return rates.hits(
        [len(keys) for keys in struck.values()], [len(parts_of(country)) for country, _ in struck], whole=True
    )


def _hits_of(some: Sequence[Event]) -> float:
    told = [(len(event.struck), len(members(event.key))) for event in some]
    told = [(struck, of) for struck, of in told if 2 <= struck < of]
    return rates.hits([struck for struck, _ in told], [of for _, of in told])
