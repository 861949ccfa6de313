"""Where a brief's promises come from: the user's own register, else the one that ships for the pair, else nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from comity.brief.promised import NONE
from comity.errors import RegisterUnusable
from comity.settings import register_url


@dataclass(frozen=True, slots=True)
class Told:
    """answer : comity.promises/1, None where nothing is known · own : from the user's register · words : why there is none."""

    answer: dict[str, Any] | None
    own: bool = False
    words: str = ""


def promises_of(countries: tuple[str, str], on: str, register: str | Path | bool | None = None) -> Told:
    """What two countries (alpha-3) promised each other, on a day (ISO).

    register : a register's file or URL; None takes the user's own if it knows the pair, else the one that ships; False none
    Raises RegisterUnusable for a register that was named and cannot be read.
    """
    pair = "-".join(sorted(countries))
    if register is False or countries[0] == countries[1]:
        return Told(None)
    if register not in (None, True):
        answer = _own(str(register), pair, on)
        return Told(answer, own=True, words="" if answer else f"The register {register} has no promises of {pair}.")
    fault = ""
    try:
        answer = _own(register_url(), pair, on) if _is_there(register_url()) else None
    except RegisterUnusable as told:  # the brief is written all the same, and says so
        answer, fault = None, str(told)
    if answer:
        return Told(answer, own=True)
    answer = _shipped(pair, on)
    return Told(answer, words=fault or ("" if answer else NONE))


def promises(a: str, b: str, *, on: str | None = None, register: str | Path | None = None) -> dict[str, Any] | None:
    """What two countries promised each other and what came of it: the answer comity.promises/1, None where nothing is known.

    a, b : countries by code or name · on : day that counts as today (ISO) · register : as in `promises_of`
    Raises PlaceUnknown, RegisterUnusable.
    """
    from comity.places import country

    codes = country(a).alpha3, country(b).alpha3
    return promises_of(codes, on or date.today().isoformat(), register).answer


def _is_there(url: str) -> bool:
    return "://" in url or Path(url).expanduser().exists()


def _own(url: str, pair: str, on: str) -> dict[str, Any] | None:
    from comity.store import open_register

    with open_register(url) as register:
        return _answer(register, pair, on)


def _shipped(pair: str, on: str) -> dict[str, Any] | None:
    from comity.store.shipped import pairs, shipped

    if pair not in pairs():
        return None
    with shipped(pair) as register:
        return _answer(register, pair, on)


def _answer(register, pair: str, on: str) -> dict[str, Any] | None:
    """The answer of an open register, None where it has no promises of the pair."""
    from comity.agreements.book import book
    from comity.agreements.promises import promises

    with register.reading() as read:
        whole = book(read, pair)
    return promises(whole, on) if whole.commitments else None
