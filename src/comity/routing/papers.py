"""Which agreements cover a way, and where cargo must change truck."""

from __future__ import annotations

from comity import facts
from comity.routing.itinerary import Itinerary

LIVE = ("in_force",)
TRUCK_STATES = ("yes",)


def regimes(way: Itinerary) -> tuple[str, ...]:
    """Ids of the regimes in force whose members include every country of the way, for the modes that cross its borders.

    A truck that only brings a box to the train needs no paper of road carriage.
    """
    modes = {gate.mode_from for gate in way.crossings} | ({"sea"} if way.ports else set())
    passed = set(way.countries)
    crossed = {gate.id for gate in way.crossings}
    found = []
    for row in facts.rows("regimes"):
        tied = set(row["crossings"] or ())
        members = set(row["members"] or ()) | _members(row["id"])
        if row["state"] in LIVE and len(passed) > 1 and members and (modes & set(row["modes"] or modes)):
            inside = passed <= members
            if inside and (not tied or tied & crossed):
                found.append(row["id"])
    return tuple(found)


def _members(regime: str) -> set[str]:
    return {row["country"] for row in facts.rows("regime_members") if row["regime"] == regime}


def truck_changes(way: Itinerary) -> tuple[str, ...]:
    """Names of the road crossings where the cargo must be moved to another truck."""
    must = {row["id"] for row in facts.rows("crossings") if row["transship"] == "yes"}
    return tuple(gate.name for gate in way.crossings if gate.id in must and gate.mode_from == "road")
