"""Comity: the desk for two countries that want to trade more with each other.

import comity
plan = comity.plan("Almaty", "Karachi")
print(plan.best.title)
"""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "find_place",
    "flights",
    "open_network",
    "plan",
    "portfolio",
    "promises",
    "read",
    "risk",
    "whatif",
]

_LATE = {  # names that need NumPy are imported when they are first used
    "plan": ("comity.routing", "plan"),
    "risk": ("comity.scenarios.risk", "risk"),
    "portfolio": ("comity.scenarios.portfolio", "portfolio"),
    "whatif": ("comity.scenarios.lines.newlines", "whatif"),
    "read": ("comity.agreements.reading", "read"),
    "flights": ("comity.air.flights", "flights"),
    "promises": ("comity.brief.register", "promises"),
    "open_network": ("comity.network", "open_network"),
    "find_place": ("comity.places", "find"),
}


def __getattr__(name: str):
    if name not in _LATE:
        raise AttributeError(f"module 'comity' has no attribute {name!r}")
    import importlib

    module, member = _LATE[name]
    return getattr(importlib.import_module(module), member)
