"""Places: countries, cities, ports, terminals, crossings, and whose land a point lies on."""

from __future__ import annotations

from comity.places.country import Country, countries, country
from comity.places.freight import freight_places
from comity.places.place import Place
from comity.places.search import find, search

__all__ = [
    "Country", "Place", "Territory", "border_lines", "cities", "countries", "country", "country_outline",
    "find", "freight_places", "near_names", "parted", "search", "territories", "territory", "world_land",
]  # fmt: skip

_LATE = {  # these need NumPy, which a search by name does not
    "Territory": "lands", "territories": "lands", "territory": "lands", "parted": "lands",
    "border_lines": "outline",
    "cities": "near", "country_outline": "outline", "world_land": "outline", "near_names": "near",
}  # fmt: skip


def __getattr__(name: str):
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_LATE[name]}"), name)
