"""A scenario: rows of change laid over one network, checked whole before any work starts.

Its rows stand beside the facts, not in their place: a gate that the facts make slow and a row slows again is slowed
twice. `reopen` is what takes the facts' word away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from comity import facts
from comity.errors import BadInput, TableFaults
from comity.network import Network
from comity.routing.states import Closed, Laid, in_force, local_posts, out_of_season, targets_of
from comity.scenarios.rows.change import Change
from comity.scenarios.rows.queueing import wait_h
from comity.scenarios.rows.target import Touched, touched

OWN_WORD = "scenario"  # row of sources.csv that stands for whoever wrote a scenario
SEVERITY = {"close": "shut", "delay": "delay", "price": "price", "slow": "slow", "restrict": "restrict"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Changes under one name. `asked` : the words of a command line that lay it again."""

    name: str
    changes: tuple[Change, ...]
    title: str = ""
    author: str = ""
    note: str = ""
    sources: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    def laid(self, network: Network, on: date) -> Laid:
        """The day's rows as closures, and what they open again. Raises TableFaults with every fault of the rows."""
        found = self.checked(network)
        today = [n for n, change in enumerate(self.changes) if change.holds(on)]
        closed = [_closed(self, n, found[n], on) for n in today if self.changes[n].action != "reopen"]
        opened = [n for n in today if self.changes[n].action == "reopen"]
        return Laid(
            closed=tuple(closed),
            reopened=tuple(frozenset(found[n].rows) for n in opened),
            unbarred=frozenset(key for n in opened for key in found[n].keys if self._by_sea(n)),
            told=self._told(network, on, found),
        )

    def _by_sea(self, number: int) -> bool:
        modes = self.changes[number].modes
        return not modes or "sea" in modes

    def checked(self, network: Network) -> tuple[Touched, ...]:
        """What each row touches, in their order. Raises TableFaults with every fault at once."""
        found, faults = examined(network, self.changes, [self.label(n) for n in range(len(self.changes))])
        if faults:
            raise TableFaults(f"Scenario {self.name!r}", faults)
        return tuple(item for item in found if item is not None)

    def label(self, number: int) -> str:
        """What an answer calls a row."""
        return self.changes[number].label or f"{self.name}-{number + 1}"

    def _told(self, network: Network, on: date, found: Sequence[Touched]) -> dict:
        """The scenario as an answer tells it: each row in words, and why it does nothing where it does nothing."""
        by_facts = facts_rows(network, on)
        rows = []
        for n, change in enumerate(self.changes):
            limits = change.action == "restrict" and change.holds(on)
            rows.append(
                {
                    "id": self.label(n),
                    "action": change.action,
                    "target": change.target,
                    "name": found[n].name,
                    "words": change.words,
                    "start": change.start and change.start.isoformat(),
                    "end": change.end and change.end.isoformat(),
                    "gates": len({network.gates[row].id for row in found[n].rows}),
                    "idle": _idle(change, found[n], on, by_facts),
                    "queue_h": round(queue_h(change, found[n], on)[1], 1) if limits else None,
                    "note": change.note,
                    "author": change.author or self.author,
                    "source": change.source,
                }
            )
        about = {"name": self.name, "title": self.title, "author": self.author, "note": self.note}
        return about | {"asked": list(self.asked), "rows": rows}


def examined(network: Network, changes: Sequence[Change], labels: Sequence[str], unread: Collection[str] = ()):
    """What each change touches on a network (None where that cannot be told), and every fault, begun with its label.

    changes, labels : of equal length · unread : labels of rows of which some cell could not be read
    """
    found: list[Touched | None] = []
    faults: list[str] = []
    for change, label in zip(changes, labels, strict=True):
        wrong = list(change.faults(whole=label not in unread))
        found.append(None)
        if change.target.strip() and not _misnamed(change):
            try:
                found[-1] = touched(network, change)
            except BadInput as fault:
                wrong.append(str(fault))
        faults += [f"{label}: {text}" for text in wrong]
    return found, faults + list(_contradictions(network, changes, found, labels))


def _misnamed(change: Change) -> bool:
    """Whether a row's kind or modes are no words of ours: then its target need not be looked for."""
    return any(text.startswith(("target_kind", "mode ")) for text in change.faults())


def _contradictions(network: Network, changes, found, labels) -> Iterator[str]:
    """Pairs of rows that cannot both be meant, once each."""
    for n, change in enumerate(changes):
        for m in range(n):
            both = found[n] is not None and found[m] is not None and change.meets(changes[m])
            common = sorted(set(found[n].rows) & set(found[m].rows)) if both else []
            if common:
                name = network.gates[common[0]].name
                yield from (f"{labels[n]}: {text}" for text in _quarrel(changes[m], change, labels[m], name))


def _quarrel(earlier: Change, later: Change, label: str, gate: str) -> Iterator[str]:
    """What two rows that share a gate and a day contradict each other in."""
    if {earlier.action, later.action} == {"close", "reopen"}:
        verb = {"close": "closes", "reopen": "reopens"}
        yield (
            f"{verb[later.action]} {gate}, which {label} {verb[earlier.action]} on the same days. Give them days that "
            "do not overlap, or name only the gates that are meant."
        )
    elif earlier.action == later.action == "restrict":
        yield f"restricts {gate}, which {label} restricts on the same days. Leave one of the two out."
    elif replace(earlier, label="", note="", author="") == replace(later, label="", note="", author=""):
        yield f"says the same as {label}. Leave one of the two out."


def facts_rows(network: Network, on: date) -> frozenset[int]:
    """Gate rows that the facts shut or slow on a day."""
    targets = targets_of(network)
    items = [*in_force(on), *out_of_season(on), local_posts()]
    return frozenset(row for item in items for row in targets.gates_of(item))


def _idle(change: Change, found: Touched, on: date, by_facts: frozenset[int]) -> str:
    """Why a row does nothing on a day; "" where it does something."""
    if not change.holds(on):
        return f"it holds {change.days}"
    if change.action == "reopen" and not by_facts & set(found.rows):
        return "the facts shut or slow nothing of it on this day"
    if not found.rows and (change.action != "close" or not change.polygon):
        return "no gate lies in it"
    return ""


def _closed(scenario: Scenario, number: int, found: Touched, on: date) -> Closed:
    """A row as a closure of the day, with its hours and dollars."""
    change = scenario.changes[number]
    known = (change.source,) in facts.keyed("sources", ("id",))
    plainly = change.action == "close" or change.action == "slow" and change.hours is None and change.factor is None
    words = "" if plainly and change.note else f"as scenario {scenario.name} has it" if plainly else change.words
    told = [words, change.note, "" if known or not change.source else f"source: {change.source}"]
    whole = change.target_kind != "polygon" and not change.polygon
    plain = Closed(
        id=scenario.label(number),
        name=found.name,
        kind="scenario",
        reason="; ".join(text for text in told if text),
        since=change.start,
        confirmed=None,
        severity=SEVERITY[change.action],
        source=change.source if known else OWN_WORD,
        targets=found.keys if whole else (),
        modes=change.modes,
        gates=found.rows,
        area=change.polygon if change.action == "close" else "",
    )
    return _with_figures(plain, change, found, on)


def _with_figures(plain: Closed, change: Change, found: Touched, on: date) -> Closed:
    if change.action == "price":
        return replace(plain, added_usd=change.usd or 0.0, usd_factor=change.factor or 1.0)
    if change.action == "restrict":
        low, middle, high = queue_h(change, found, on)
        return replace(plain, added_h=middle, added_h_range=(low, high))
    if change.hours is None and change.factor is None:
        return plain  # shut, or slow by the figures of `closure.slow`
    return replace(plain, severity="delay", added_h=change.hours or 0.0, dwell_factor=change.factor or 1.0)


def queue_h(change: Change, found: Touched, on: date) -> tuple[float, float, float]:
    """P10, P50 and P90 of the hours in the queue of a restriction on a day, at most the longest that anyone waits."""
    most = _three(facts.figure("closure.restrict", "longest_wait_h"))
    key = next(iter(found.keys), "")
    usual = _three(facts.figure(f"closure.restrict.{key}", "usual_trucks_per_day"))
    if change.usual_trucks_per_day is not None:
        usual = (change.usual_trucks_per_day,) * 3
    passing, queued = change.trucks_per_day or 1.0, change.queued_trucks or 0.0
    days = (on - (change.start or on)).days
    low, middle, high = (min(cap, wait_h(m, passing, days, queued)) for m, cap in zip(usual, most, strict=True))
    return low, middle, high


def _three(figure: facts.Figure) -> tuple[float, float, float]:
    low = figure.value if figure.low is None else figure.low
    return low, figure.value, figure.value if figure.high is None else figure.high


def together(scenarios: Sequence[Scenario]) -> Scenario:
    """Scenarios laid one after the other, as one. Rows keep their names; contradictions show when it is checked."""
    if len(scenarios) == 1:
        return scenarios[0]
    twins = [sum(other.name == s.name for other in scenarios[:k]) for k, s in enumerate(scenarios)]
    changes = [
        replace(
            change, label=f"{s.label(n)}{f' ({twin + 1})' if twin else ''}"
        )  # files of two folders may share a name
        for s, twin in zip(scenarios, twins, strict=True)
        for n, change in enumerate(s.changes)
    ]

    def joined(name: str, mark: str) -> str:
        return mark.join(dict.fromkeys(text for text in (getattr(s, name) for s in scenarios) if text))

    return Scenario(
        name=joined("name", " + "),
        title=joined("title", "; "),
        author=joined("author", ", "),
        note=joined("note", " "),
        changes=tuple(changes),
        sources=tuple(dict.fromkeys(source for s in scenarios for source in s.sources)),
        asked=tuple(word for s in scenarios for word in s.asked),
    )
