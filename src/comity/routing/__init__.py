"""Ways for cargo between two places: search, itineraries, alternatives, and `plan`, which puts them together."""

from __future__ import annotations

from comity.routing.plan import Plan, plan

__all__ = ["Plan", "plan"]
