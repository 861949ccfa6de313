"""A place that cargo can come from, go to or pass."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = (
    "city", "port", "dry_port", "rail_terminal", "gauge_terminal", "crossing", "airport", "point", "country",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A named place in degrees, WGS 84.

    `country` is alpha-3, "" for a bare point; a crossing belongs to two countries, and this is the first of
    them. `region` is the first-order division where it helps to tell namesakes apart. A country stands
    where its main freight place is.
    """

    id: str
    name: str
    kind: str  # one of KINDS
    country: str
    lon: float
    lat: float
    population: int = 0
    region: str = ""
    aliases: tuple[str, ...] = ()
    note: str = ""

    def __str__(self) -> str:
        people = f", {self.population:,} people" if self.population else ""
        where = "".join(f", {part}" for part in (self.region, self.country) if part)
        return f"{self.name}{where} ({self.kind.replace('_', ' ')}, {self.lat:.2f} {self.lon:.2f}{people})"
