"""When a border shuts: changes laid over the network, how likely they are, and what they do to a pair of countries."""

from __future__ import annotations

from comity.scenarios.rows.change import Change
from comity.scenarios.rows.reading import asked_for, load, names
from comity.scenarios.rows.scenario import Scenario, together

__all__ = ["Change", "Scenario", "asked_for", "load", "names", "together"]
