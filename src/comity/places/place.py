"""A place that cargo can come from, go to or pass."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("city", "port", "rail_terminal", "dry_port", "gauge_terminal", "crossing", "airport", "point", "country")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`country` is alpha-3, "" for a bare point; `region` the first-order division's code where known."""

    id: str
    name: str
    kind: str
    country: str
    lon: float
    lat: float
    population: int = 0
    region: str = ""

    def __str__(self) -> str:
        people = f", {self.population:,} people" if self.population else ""
        where = f", {self.country}" if self.country else ""
        return f"{self.name}{where} ({self.kind.replace('_', ' ')}, {self.lat:.2f} {self.lon:.2f}{people})"
