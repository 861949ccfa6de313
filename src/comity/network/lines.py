"""Lines that are not there yet: stations in order, with lengths and gauges; and those of the fact tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from comity import facts
from comity.facts import Figure
from comity.network.geo import great_circle_km
from comity.network.model import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A place on a line. `run_km` is the length from the station before it, where it is known by itself.

    gauge_mm : 0 on a road · joins : it joins the nearest railway (or road) of its country
    terminal : cargo changes between train and truck here
    """

    name: str
    lon: float
    lat: float
    country: str
    gauge_mm: int = 0
    joins: bool = False
    terminal: bool = False
    run_km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line to lay. `length_km` is spread by great circle over the runs that have no length of their own.

    `figures` are laid over the tables' (a user's speed, say); they need no network of their own. What stands after them
    is told to the reader and moves no train.
    """

    id: str
    name: str
    stations: tuple[Station, ...]
    length_km: float | None = None
    line_class: str = "new"
    mode: Mode = Mode.RAIL
    figures: tuple[Figure, ...] = ()
    state: str = "planned"
    opens_year: int | None = None
    capacity_mt_per_year: float | None = None
    cost_usd_bn: float | None = None
    source: str = "user"
    standing: str = "assumption"
    note: str = ""

    @property
    def runs_km(self) -> tuple[float, ...]:
        """Length of each run between two stations; great circle where nothing is told."""
        straight = [float(great_circle_km(a.lon, a.lat, b.lon, b.lat)) for a, b in pairwise(self.stations)]
        told = [station.run_km for station in self.stations[1:]]
        free = sum(km for km, known in zip(straight, told, strict=True) if known is None)
        left = (self.length_km or 0.0) - sum(known for known in told if known is not None)
        factor = left / free if self.length_km and free else 1.0
        return tuple(k * factor if known is None else known for k, known in zip(straight, told, strict=True))

    @property
    def km(self) -> float:
        return sum(self.runs_km)


def planned() -> tuple[Line, ...]:
    """The lines of links_planned.csv that have stations, as lines to lay."""
    stations: dict[str, list[dict]] = {}
    for row in facts.rows("planned_stations"):
        stations.setdefault(row["line"], []).append(row)
    plans = facts.keyed("links_planned", ("id",))
    return tuple(_line(plans[id,], rows) for id, rows in stations.items() if (id,) in plans)


def _line(plan: dict, rows: Iterable[dict]) -> Line:
    stations = [
        Station(
            gauge_mm=int(row["gauge_mm"] or plan["gauge_mm"]),
            joins=bool(row["joins"]),
            terminal=bool(row["terminal"]),
            **{name: row[name] for name in ("name", "lon", "lat", "country", "run_km")},
        )
        for row in sorted(rows, key=lambda row: row["place"])
    ]
    line_class = "upgrade" if plan["laid_as"] == "upgrade" else "new"
    length_km = None if all(s.run_km is not None for s in stations[1:]) else plan["length_km"]
    told = ("id", "name", "state", "opens_year", "capacity_mt_per_year", "cost_usd_bn", "source", "standing")
    return Line(
        stations=tuple(stations),
        length_km=length_km,
        line_class=line_class,
        note=plan["note"] or "",
        **{name: plan[name] for name in told},
    )


def faults_of(line: Line) -> list[str]:
    """What keeps a line from being laid, a sentence for each fault."""
    faults = []
    if len(line.stations) < 2:
        faults.append(f"{line.name}: a line needs two stations at least.")
    straight = sum(float(great_circle_km(a.lon, a.lat, b.lon, b.lat)) for a, b in pairwise(line.stations))
    if line.length_km is not None and line.length_km < straight * 0.98:  # stations are good to a few km
        faults.append(
            f"{line.name}: {line.length_km:,.0f} km is less than the straight line through its stations, "
            f"{straight:,.0f} km. Give a longer length_km, or leave it out."
        )
    return faults


def slug(name: str) -> str:
    """A name as part of an id: lower case, a dash for all but letters and digits."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
