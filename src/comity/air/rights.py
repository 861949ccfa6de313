"""The rights a service needs between two countries: what is agreed, what is not known, whom to ask, and the steps to talk about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from comity import facts, places

ITEMS = (
    ("freedoms", "third and fourth freedom, and the points they hold for"),
    ("designation", "which airlines each side may name, and how many"),
    ("capacity", "flights or seats a week for each side"),
    ("tariffs", "who sets the fares, and whether they are filed or approved"),
)
UNKNOWN = "unknown"
PERMITS = 8  # step of the states on the way


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """One line of the checklist. `state` : in force, signed, negotiated, missing or unknown; `told` : what is known of it."""

    item: str
    means: str
    state: str
    told: str
    source: str


def rights_of(a: str, b: str, on: date | None = None) -> tuple[Right, ...]:
    """The checklist of two countries (alpha-3) on a day, from the newest row that speaks of each item, and their policies."""
    on = on or date.today()
    if a == b:
        return (_cabotage(a),)
    rows = [row for row in facts.rows("air_agreements") if {row["party_a"], row["party_b"]} == {a, b}]
    rows = [row for row in rows if not _later(row["signed"], on)]
    rows.sort(key=lambda row: row["signed"] or "")
    found = [
        _newest(rows, ("agreement",), "agreement", "an agreement on air services between the two states"),
        _newest(
            rows,
            ("arrangement", "talks", "rights"),
            "arrangement",
            "what the authorities settled beside it, or talk of",
        ),
    ]
    for item, means in ITEMS:
        row = next((row for row in reversed(rows) if row[item]), None)
        found.append(
            Right(
                item=item,
                means=means,
                state=_plain(row["state"]) if row else UNKNOWN,
                told=row[item] if row else "not known; to be read in the agreement",
                source=row["source"] if row else "",
            )
        )
    return (*found, *(right for code in sorted((a, b)) for right in _policy(code, on)))


def _later(day: str | None, on: date) -> bool:
    """Whether a day, month or year in words lies after a day."""
    return bool(day) and str(day) > on.isoformat()[: len(str(day))]


def _cabotage(country: str) -> Right:
    return Right(
        item="cabotage",
        means="flights inside one state",
        state=UNKNOWN,
        told=f"inside {places.country(country).short} its own airlines fly; whether it lets others was not read",
        source="",
    )


def _newest(rows: list[dict], kinds: tuple[str, ...], item: str, means: str) -> Right:
    row = next((row for row in reversed(rows) if row["kind"] in kinds), None)
    if row is None:
        return Right(item=item, means=means, state=UNKNOWN, told="none was found; ask both authorities", source="")
    told = row["title"] + (f" ({row['signed']})" if row["signed"] else "")
    return Right(item=item, means=means, state=_plain(row["state"]), told=told, source=row["source"])


def _policy(country: str, on: date) -> tuple[Right, ...]:
    """What a state gives to foreign airlines by itself, beside agreements; rows of air_regimes that have not run out."""
    rows = [row for row in facts.rows("air_regimes") if row["country"] == country]
    rows = [row for row in rows if not _later(row["since"], on)]
    rows = [row for row in rows if not row["until"] or str(row["until"]) >= on.isoformat()[: len(str(row["until"]))]]
    if not rows:
        return ()
    told = [row["regime"] + (f" ({', '.join(row['airports'])})" if row["airports"] else "") for row in rows]
    return (
        Right(
            item=f"policy of {places.country(country).short}",
            means="what the state gives to foreign airlines by itself",
            state="in force" if any(row["standing"] == "official" or row["until"] for row in rows) else UNKNOWN,
            told="; ".join(told),
            source=rows[-1]["source"],
        ),
    )


def authorities(country: str) -> tuple[dict, ...]:
    """Bodies of a country that answer for air services, as rows. Raises PlaceUnknown."""
    code = places.country(country).alpha3
    return tuple(row for row in facts.rows("aviation_authorities") if row["country"] == code)


def steps(ends: Iterable[str], over: Iterable[str] = ()) -> tuple[dict, ...]:
    """Steps from an idea to a first flight, in order, as rows: those of every state, and those that these ask for.

    ends : alpha-3 of both ends · over : of what is flown over, whose permits (step PERMITS) are asked for too
    """
    here, crossed = set(ends), {*ends, *over}
    return tuple(
        row
        for row in facts.rows("route_steps")
        if not row["countries"] or not (crossed if int(row["step"]) == PERMITS else here).isdisjoint(row["countries"])
    )


def _plain(state: str) -> str:
    return state.replace("_", " ")
