"""A question as it is asked, checked: every fault of it is found before a word is said."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from comity import places
from comity.errors import BadInput
from comity.routing.cargo import KINDS, Cargo, cargo

MODES = ("road", "rail", "sea")
MOST_ALTERNATIVES = 40
LEAST_TONNES, MOST_TONNES = 0.001, 100_000.0
FIRST_YEAR, LAST_YEAR = 2000, 2100  # closures and calendars say nothing of other years


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A checked question."""

    origin: places.Place
    destination: places.Place
    cargo: Cargo
    on: date
    modes: tuple[str, ...]
    close: tuple[str, ...]
    open_: tuple[str, ...]
    alternatives: int


def checked(origin, destination, kind, tonnes, value, on, modes, close, open_, wanted, scenario=None) -> Request:
    """The question with its places found and its cargo weighed; what `plan` takes, in its order.

    Raises BadInput with every fault at once, and then PlaceUnknown or PlaceAmbiguous for an end.
    """
    faults: list[str] = []
    when = _day(on, faults)
    modes = _modes(modes, faults)
    close, open_ = _names("close", close, faults), _names("open", open_, faults)
    kind = kind.lower() if isinstance(kind, str) else kind
    for end, given in (("origin", origin), ("destination", destination)):
        if not isinstance(given, str | places.Place):
            faults.append(f"{end} {given!r}: a place's name or code, a country, or lat,lon as text is needed.")
    faults += _cargo_faults(kind, tonnes, value)
    if not isinstance(wanted, int) or isinstance(wanted, bool) or not 1 <= wanted <= MOST_ALTERNATIVES:
        faults.append(f"alternatives {wanted!r}: a whole number from 1 to {MOST_ALTERNATIVES} is needed.")
    if scenario is not None and not callable(getattr(scenario, "laid", None)):
        faults.append(f"scenario {scenario!r}: a scenario is needed, as comity.scenarios.load({scenario!r}) gives it.")
    if faults:
        raise BadInput("\n".join(faults))
    start, stop = _place(origin), _place(destination)
    if (start.lon, start.lat) == (stop.lon, stop.lat):
        raise BadInput(f"Origin and destination are the same place, {start.name}. Name two places.")
    return Request(
        origin=start,
        destination=stop,
        cargo=cargo(kind, float(tonnes), None if value is None else float(value)),
        on=when,
        modes=modes,
        close=close,
        open_=open_,
        alternatives=wanted,
    )


def _cargo_faults(kind, tonnes, value) -> Iterator[str]:
    if kind not in KINDS:
        yield f"cargo {kind!r} is not known; choose {', '.join(KINDS)}."
    if not _number(tonnes) or not LEAST_TONNES <= float(tonnes) <= MOST_TONNES:
        yield f"tonnes {tonnes!r}: a weight from {LEAST_TONNES} to {MOST_TONNES:,.0f} tonnes is needed."
    if value is not None and (not _number(value) or not 0 <= float(value) <= 1e9):
        yield f"value {value!r}: USD per tonne, 0 or more, is needed."


def _number(value) -> bool:
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return False


def day(on) -> date:
    """A day that was asked about; None is today. Raises BadInput."""
    faults: list[str] = []
    found = _day(on, faults)
    if faults:
        raise BadInput("\n".join(faults))
    return found


def _day(on, faults: list[str]) -> date:
    if on is None:
        return date.today()
    try:
        day = on if isinstance(on, date) else date.fromisoformat(str(on))
        day = day.date() if isinstance(day, datetime) else day  # an instant is a day too, but compares with none
    except ValueError:
        faults.append(f"date {on!r} is not a day; write it as 2026-11-24.")
        return date.today()
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        faults.append(f"date {on!s} is outside {FIRST_YEAR} to {LAST_YEAR}, of which nothing is known.")
    return day


def _modes(modes, faults: list[str]) -> tuple[str, ...]:
    if not isinstance(modes, Iterable):
        faults.append(f"modes {modes!r}: choose from {', '.join(MODES)}.")
        return ()
    asked = tuple(modes.split(",")) if isinstance(modes, str) else tuple(modes)
    asked = tuple(str(mode).strip().lower() for mode in asked if str(mode).strip())
    unknown = [mode for mode in asked if mode not in MODES]
    if unknown or not asked:
        faults.append(f"modes {', '.join(map(repr, unknown)) or 'are empty'}: choose from {', '.join(MODES)}.")
    return tuple(mode for mode in MODES if mode in asked)


def _names(flag: str, given, faults: list[str]) -> tuple[str, ...]:
    """What is to be shut or opened, as names; one name may stand alone."""
    names = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
    for name in names:
        if not isinstance(name, str) or not name.strip():
            faults.append(f"--{flag} {name!r}: the name of a crossing, port, strait, country or pair is needed.")
    return names


def _place(given) -> places.Place:
    found = given if isinstance(given, places.Place) else places.find(given)
    if found.kind == "country":
        return places.freight_places(found.country, 1)[0]
    return found
