"""Which agreements cover a way, and where cargo must change truck."""

from __future__ import annotations

from datetime import date

from comity import facts
from comity.routing.itinerary import Itinerary


def regimes(way: Itinerary, on: date) -> tuple[str, ...]:
    """Ids of the regimes in force on a day that bind every country of the way and hold for all modes that cross its borders.

    A truck that only brings a box to the train needs no paper of road carriage, and a voyage alone no paper of transit.
    """
    if not way.crossings:
        return ()
    modes = {gate.mode_from for gate in way.crossings} | ({"sea"} if way.ports else set())
    passed = set(way.countries)
    crossed = {gate.id for gate in way.crossings}
    found = []
    for row in facts.rows("regimes"):
        tied = set(row["crossings"] or ())
        members = _bound(row, on)
        if row["state"] == "in_force" and len(passed) > 1 and members and modes <= set(row["modes"] or modes):
            if passed <= members and (not tied or tied & crossed):
                found.append(row["id"])
    return tuple(found)


def _bound(regime: dict, on: date) -> set[str]:
    """Countries that a regime binds on a day; one whose day is not known is bound as long as the regime is in force."""
    if not _begun(regime["entry_into_force"], on):
        return set()
    since = {row["country"]: row["since"] for row in facts.rows("regime_members") if row["regime"] == regime["id"]}
    return {country for country in {*regime["members"], *since} if _begun(since.get(country), on)}


def _begun(day: str | None, on: date) -> bool:
    """Whether a day or year such as 2016-01-21 or 2016 has come."""
    return not day or day <= on.isoformat()


def truck_changes(way: Itinerary) -> tuple[str, ...]:
    """Names of the road crossings where the cargo must be moved to another truck."""
    must = {row["id"] for row in facts.rows("crossings") if row["transship"] == "yes"}
    return tuple(gate.name for gate in way.crossings if gate.id in must and gate.mode_from == "road")
