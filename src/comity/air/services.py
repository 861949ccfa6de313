"""Air services that were seen between two airports, and between which countries they were looked for."""

from __future__ import annotations

from functools import cache

from comity import facts
from comity.air import catchment
from comity.air.ends import country_of


def services_of(a: str, b: str) -> tuple[dict, ...]:
    """Rows of air_services between two airports, either way."""
    known = catchment.known_as
    return tuple(
        row for row in facts.rows("air_services") if {known(row["origin"]), known(row["destination"])} == {a, b}
    )


def looked_for(a: str, b: str) -> bool:
    """Whether services between two countries (alpha-3) were looked for at all: else that none is known says nothing."""
    sides = _sides()
    return (a in sides[0] and b in sides[1]) or (b in sides[0] and a in sides[1])


@cache
def _sides() -> tuple[frozenset[str], frozenset[str]]:
    known = catchment.known_as
    rows = facts.rows("air_services")
    return (
        frozenset(country_of(known(row["origin"])) for row in rows),
        frozenset(country_of(known(row["destination"])) for row in rows),
    )
