"""A change: one row of a scenario, as a person writes it.

What it says can be judged here; what it touches, only on a network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

ACTIONS = {  # action: the figures it may have
    "close": (),
    "reopen": (),
    "delay": ("hours", "factor"),
    "price": ("usd", "factor"),
    "slow": ("hours", "factor"),
    "restrict": ("trucks_per_day", "usual_trucks_per_day", "queued_trucks"),
}
KINDS = ("crossing", "country", "pair", "line", "pass", "port", "strait", "passage", "mode", "polygon")
MODES = ("road", "rail", "sea", "ferry")
FIGURES = ("hours", "factor", "usd", "trucks_per_day", "usual_trucks_per_day", "queued_trucks")
POSITIVE = ("factor", "trucks_per_day", "usual_trucks_per_day")
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
EVER, NEVER = date.min, date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is done to what, from a day to a day. Both days are within it; without one it has no such end."""

    action: str  # a key of ACTIONS
    target: str  # a name as --close takes it, a mode, or what a polygon is called
    target_kind: str = ""  # one of KINDS, "" to find out from the name
    modes: tuple[str, ...] = ()  # of MODES: gates of these alone
    hours: float | None = None  # more at each passage
    factor: float | None = None  # times the usual wait, or the usual fee
    usd: float | None = None  # more for one unit of cargo at each passage
    trucks_per_day: float | None = None  # what is let through
    usual_trucks_per_day: float | None = None  # what comes
    queued_trucks: float | None = None  # waiting already on the first day
    start: date | None = None
    end: date | None = None
    polygon: str = ""  # WKT in degrees
    author: str = ""
    note: str = ""
    source: str = ""  # an id of sources.csv, or words of the author's own
    label: str = ""  # what an answer calls it; a scenario numbers its rows by itself

    def holds(self, on: date) -> bool:
        """Whether a day is within it."""
        return (self.start or EVER) <= on <= (self.end or NEVER)

    def meets(self, other: Change) -> bool:
        """Whether there is a day that both are in force."""
        return max(self.start or EVER, other.start or EVER) <= min(self.end or NEVER, other.end or NEVER)

    def faults(self, whole: bool = True) -> Iterator[str]:
        """What is wrong with the row on any network, a sentence each with its mend.

        whole : False where some cell of it could not be read, which is then not told as missing too
        """
        yield from self._word_faults()
        yield from self._figure_faults()
        yield from self._missing() if whole else ()
        yield from self._day_faults()

    def _word_faults(self) -> Iterator[str]:
        if self.action not in ACTIONS:
            yield f"action {self.action!r} is not known. {meant(self.action, ACTIONS)}"
        if not self.target.strip():
            yield "target is empty. Name a crossing, port, strait, country, pair as AFG-PAK, or mode."
        if self.target_kind and self.target_kind not in KINDS:
            yield f"target_kind {self.target_kind!r} is not known. {meant(self.target_kind, KINDS)}"
        if (self.target_kind == "polygon") != bool(self.polygon) and self.target_kind:
            yield f"target_kind {self.target_kind!r} and polygon go only together. Give both, or neither."
        for mode in self.modes:
            if mode not in MODES:
                yield f"mode {mode!r} is not known. {meant(mode, MODES)}"

    def _figure_faults(self) -> Iterator[str]:
        given = [name for name in FIGURES if getattr(self, name) is not None]
        may = ACTIONS.get(self.action, FIGURES)
        for name in given:
            value = getattr(self, name)
            if name not in may:
                yield f"{name} means nothing for {self.action}. {_fitting(name)}"
            elif value < 0 or value == 0 and name in POSITIVE:
                yield f"{name} {value:g} is {'negative' if value < 0 else 'zero'}. {_least(name)}"

    def _missing(self) -> Iterator[str]:
        may = ACTIONS.get(self.action, ())
        if self.action in ("delay", "price") and all(getattr(self, name) is None for name in may):
            yield f"{self.action} needs {' or '.join(may)}."
        if self.action == "restrict" and self.trucks_per_day is None:
            yield "restrict needs trucks_per_day, how many are let through."
        if self.action == "restrict" and self.start is None:
            yield "restrict needs a start, since the queue grows from its first day."

    def _day_faults(self) -> Iterator[str]:
        for name in ("start", "end"):
            day = getattr(self, name)
            if day is not None and not FIRST_DAY <= day <= LAST_DAY:
                yield f"{name} {day} is outside {FIRST_DAY.year} to {LAST_DAY.year}, of which nothing is known."
        if self.start and self.end and self.end < self.start:
            yield f"end {self.end} is before start {self.start}. Change the two round, or mend one."

    @property
    def words(self) -> str:
        """What it does, without its days: "shut", "72 h more at each passage"."""
        more = {
            "hours": f"{self.hours or 0:g} h more",
            "usd": f"USD {self.usd or 0:,.0f} more for one unit",
            "factor": f"{'the fee' if self.action == 'price' else 'the usual wait'} times {self.factor or 0:g}",
        }
        own = " and ".join(text for name, text in more.items() if getattr(self, name) is not None)
        if self.action == "restrict":
            return f"{self.trucks_per_day:,.0f} trucks a day let through{self._crowd()}"
        plain = {"close": "shut", "reopen": "open again", "slow": "slower than usual"}.get(self.action, "")
        return f"{plain}: {own}" if plain and own else plain or f"{own}, at each passage"

    def _crowd(self) -> str:
        usual = f" of {self.usual_trucks_per_day:,.0f} that come" if self.usual_trucks_per_day is not None else ""
        queued = f", {self.queued_trucks:,.0f} waiting on the first day" if self.queued_trucks else ""
        return f"{usual}{queued}"

    @property
    def days(self) -> str:
        """Its days in words: "from 2025-10-12", "on every day"."""
        if self.start and self.end:
            return f"from {self.start} to {self.end}"
        return f"from {self.start}" if self.start else f"until {self.end}" if self.end else "on every day"


def meant(word: str, known) -> str:
    """The nearest of some words to one that is none of them, or all of them."""
    near = get_close_matches(word.lower(), known, n=2, cutoff=0.6)
    return f"Did you mean {' or '.join(near)}?" if near else f"Choose from {', '.join(known)}."


def _fitting(name: str) -> str:
    fit = [action for action, figures in ACTIONS.items() if name in figures]
    return f"It belongs to {', '.join(fit)}."


def _least(name: str) -> str:
    if name == "factor":
        return "Write more than 0; below 1 it is quicker or cheaper than usual."
    if name == "trucks_per_day":
        return "Write more than 0, or close it."
    return "Write more than 0." if name in POSITIVE else "Write 0 or more."
