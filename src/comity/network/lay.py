"""Lines laid on a compiled network, in memory: nodes and arcs appended, gates where a line is boarded, left and shut.

Every kilometre of a line, and every metre by which it joins what is there, passes a gate of kind "line" with the line's
id, one row for each direction: so it opens and shuts like anything else, and nobody boards behind the gate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import numpy as np

from comity import facts
from comity.errors import BadInput
from comity.network import chains
from comity.network.compile import Compiled
from comity.network.geo import great_circle_km
from comity.network.hubs import CONNECTOR_WINDING, REACH_KM
from comity.network.lines import Line, Station, faults_of, slug
from comity.network.model import Gate, Mode, Network
from comity.network.sheet import Sheet

JOIN_REACH_KM = 30.0  # a station that is to join a railway or road does so within this distance
CROSSING_REACH_KM = 60.0  # a line that enters another country takes a known crossing this near, else one of its own
NO_TRACK_KM = 15.0  # a crossing without rails is taken for a railway when it is so much nearer than one with them
SAME_STATION_KM = 5.0  # stations of two lines this near are one place
STEP_KM = 2.0  # between points of a railway where a line may join it


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """How a line lies on its network: its length, the countries and borders it passes, and where it joins what."""

    id: str
    name: str
    km: float
    countries: tuple[str, ...]
    crossings: tuple[str, ...]
    notes: tuple[str, ...]
    meets: tuple[tuple[str, str], ...] = ()  # other lines laid, with the station where they meet


def compiled(network: Network, lines: Sequence[Line]) -> tuple[Compiled, tuple[Laid, ...]]:
    """The arrays, cells and gates of the network with the lines on it, and how each was laid. Raises BadInput."""
    faults = [fault for line in lines for fault in faults_of(line)]
    if faults:
        raise BadInput("\n".join(faults))
    work = _Work(network)
    found = [_lay(work, line) for line in lines]
    met = _join_each_other(work)
    if work.faults:
        raise BadInput("\n".join(work.faults))
    return work.compiled(), tuple(replace(item, meets=tuple(met.get(item.id, ()))) for item in found)


@dataclass(slots=True)
class _Work:
    """What is appended to a network while lines are laid. Nodes are numbered after the network's own."""

    network: Network
    sheet: Sheet = field(init=False)
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    cell: list[int] = field(default_factory=list)
    stations: list[tuple[str, Station, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self):
        cells = {cell: row for row, cell in enumerate(self.network.cells)}
        self.sheet = Sheet(cells=cells, gates=list(self.network.gates))

    def node(self, lon: float, lat: float, cell: int) -> int:
        self.lon.append(lon)
        self.lat.append(lat)
        self.cell.append(cell)
        return len(self.network.node_lon) + len(self.lon) - 1

    def both(self, a: int, b: int, km: float, cells: tuple[int, int], gates: tuple[int, int] = (-1, -1)) -> None:
        """An arc each way; `cells` and `gates` are those of the arc from a to b and of the one back."""
        self.sheet.add(a, b, km, cells[0], gates[0])
        self.sheet.add(b, a, km, cells[1], gates[1])

    def compiled(self) -> Compiled:
        """The network's arrays with all that was added."""
        net, sheet = self.network, self.sheet
        more: dict[str, Sequence[Any]] = {
            "node_lon": self.lon, "node_lat": self.lat, "node_cell": self.cell, "arc_tail": sheet.tail,
            "arc_head": sheet.head, "arc_km": sheet.km, "arc_cell": sheet.cell, "arc_gate": sheet.gate,
        }  # fmt: skip
        arrays = {name: _appended(getattr(net, name), added) for name, added in more.items()}
        added = len(arrays["arc_tail"]) - len(net.arc_tail)
        bare = np.full(added, net.shape_first[-1], net.shape_first.dtype)  # between stations a line is drawn straight
        arrays |= {"shape_first": np.r_[net.shape_first, bare], "shape_lon": net.shape_lon, "shape_lat": net.shape_lat}
        arrays |= {f"end_{mode}": nodes for mode, nodes in net.end_nodes.items()}
        arrays["gate_arcs"] = chains.gate_arcs(arrays["arc_gate"])
        return Compiled(arrays=arrays, cells=tuple(sheet.cells), gates=tuple(sheet.gates))


def _appended(column: np.ndarray, more: Sequence[Any]) -> np.ndarray:
    added = np.concatenate([np.atleast_1d(part) for part in more]) if len(more) else np.empty(0)
    return np.r_[column, added.astype(column.dtype)]


def _lay(work: _Work, line: Line) -> Laid:
    gates = _line_gates(work, line)
    nodes = [work.node(s.lon, s.lat, _cell(work, line, s)) for s in line.stations]
    crossings: list[str] = []
    for a, b, tail, head, km in zip(line.stations, line.stations[1:], nodes, nodes[1:], line.runs_km, strict=False):
        crossings += _run(work, line, gates, (a, b), (tail, head), km)
    notes = [_fasten(work, line, gates, number, node) for number, node in enumerate(nodes)]
    work.stations += [(line.id, s, node) for s, node in zip(line.stations, nodes, strict=True) if _named(line, s)]
    return Laid(
        id=line.id,
        name=line.name,
        km=round(line.km, 1),
        countries=tuple(dict.fromkeys(s.country for s in line.stations)),
        crossings=tuple(crossings),
        notes=tuple(note for note in notes if note),
    )


def _named(line: Line, station: Station) -> bool:
    """Whether other lines may join here: not at a mere bend of a drawn line."""
    return line.mode is Mode.RAIL and (station.joins or station.terminal)


def _cell(work: _Work, line: Line, at: Station) -> int:
    return work.sheet.cell_of(line.mode, at.country, at.gauge_mm, line.line_class)


def _line_gates(work: _Work, line: Line) -> tuple[int, int]:
    """The gates that every kilometre of the line passes, out and back, placed at its middle station."""
    at = line.stations[len(line.stations) // 2]
    gate = Gate(
        id=line.id, kind="line", name=line.name, mode_from=line.mode.word, mode_to=line.mode.word,
        country_from=at.country, country_to=at.country, lon=at.lon, lat=at.lat, rule="place",
        gauge_from=at.gauge_mm, gauge_to=at.gauge_mm,
    )  # fmt: skip
    return work.sheet.add_gate(gate), work.sheet.add_gate(gate)


def _run(work: _Work, line: Line, gates, ends: tuple[Station, Station], nodes: tuple[int, int], km) -> list[str]:
    """Track from one station to the next; the id of the border crossing it passes, if any."""
    a, b = ends
    cells = _cell(work, line, a), _cell(work, line, b)
    if a.gauge_mm != b.gauge_mm:
        _change_gauge(work, a, b, nodes, (cells[1], cells[0]))
        return []
    if a.country == b.country:
        work.both(*nodes, km, (cells[0], cells[0]), gates)
        return []
    post = _crossing(line, a, b)
    before, after = (work.node(post.lon, post.lat, cell) for cell in cells)
    to_km, on_km = (float(great_circle_km(post.lon, post.lat, end.lon, end.lat)) for end in (a, b))
    share = to_km / max(to_km + on_km, 1e-9)
    work.both(nodes[0], before, km * share, (cells[0], cells[0]), gates)
    back = replace(post, country_from=b.country, country_to=a.country)
    # a link over a border belongs to the country it enters, as on the map
    work.both(before, after, 0.0, (cells[1], cells[0]), (work.sheet.add_gate(post), work.sheet.add_gate(back)))
    work.both(after, nodes[1], km * (1 - share), (cells[1], cells[1]), gates)
    return [post.id]


def _crossing(line: Line, a: Station, b: Station) -> Gate:
    """The gate from a's country to b's: the known crossing nearest to the run, else one of the line's own."""
    rows = [row for row in facts.rows("crossings") if {row["country_a"], row["country_b"]} == {a.country, b.country}]
    along = np.linspace(0, 1, 21)
    lon, lat = a.lon + (b.lon - a.lon) * along, a.lat + (b.lat - a.lat) * along
    away = {row["id"]: float(great_circle_km(lon, lat, row["lon"], row["lat"]).min()) for row in rows}
    near = [row for row in rows if away[row["id"]] <= CROSSING_REACH_KM]
    best = min(near, key=lambda row: away[row["id"]] + NO_TRACK_KM * (line.mode.word not in row["modes"]), default=None)
    own = {"id": f"{line.id}-{a.country}-{b.country}".lower(), "name": f"{a.name} - {b.name}"}
    middle = {"lon": float(lon[10]), "lat": float(lat[10])}
    return Gate(
        **({name: best[name] for name in ("id", "name", "lon", "lat")} if best else own | middle),
        kind="crossing", mode_from=line.mode.word, mode_to=line.mode.word, country_from=a.country,
        country_to=b.country, rule="listed" if best else "default", gauge_from=a.gauge_mm, gauge_to=b.gauge_mm,
    )  # fmt: skip


def _change_gauge(work: _Work, a: Station, b: Station, nodes: tuple[int, int], cells: tuple[int, int]) -> None:
    out = Gate(
        id=f"gauge-{a.country}-{slug(a.name)}".lower(), kind="gauge", name=f"{a.name} (change of gauge)",
        mode_from="rail", mode_to="rail", country_from=a.country, country_to=a.country, lon=a.lon, lat=a.lat,
        rule="place", gauge_from=a.gauge_mm, gauge_to=b.gauge_mm,
    )  # fmt: skip
    back = replace(out, gauge_from=b.gauge_mm, gauge_to=a.gauge_mm)
    work.both(*nodes, 0.0, cells, (work.sheet.add_gate(out), work.sheet.add_gate(back)))


# --- where a line meets what is there -----------------------------------------------------------------------


def _fasten(work: _Work, line: Line, gates: tuple[int, int], number: int, node: int) -> str:
    """Join a station to the railway or road, and give it a terminal; what a reader should know of it.

    An end that no railway of its country is near to has a terminal in any case: cargo comes and goes by truck.
    """
    station, is_end = line.stations[number], number in (0, len(line.stations) - 1)
    joined, away_km = _join(work, line, gates, station, node) if station.joins else (False, np.inf)
    wants_road = line.mode is Mode.RAIL and (station.terminal or (is_end and not joined))
    reached = _terminal(work, line, station, node) if wants_road else joined
    if is_end and not joined and not reached:
        work.faults.append(
            f"{line.name}: its end at {station.name} ({station.lat:.2f}, {station.lon:.2f}) is out of reach of any "
            f"railway or road of {station.country}. Move it nearer to one."
        )
    if joined:
        return f"{station.name} joins the {line.mode.word} network of {station.country} over {away_km:.0f} km"
    if station.joins and np.isfinite(away_km):
        far = f"the nearest railway of {station.country} is {away_km:,.0f} km away"
        return f"{station.name} joins no railway of today ({far}); containers change to trucks there"
    return f"{station.name} has a terminal, where containers change to trucks" if is_end else ""


def _join(work: _Work, line: Line, gates: tuple[int, int], station: Station, node: int) -> tuple[bool, float]:
    """Track from a station to the nearest railway (or road) of its country: whether one is in reach, and how far off.

    A link is left as it is: the new track leads to both its ends, as long as the way along it.
    """
    away_km, cell, ends = _nearest(work.network, line.mode, station)
    if away_km > JOIN_REACH_KM:
        return False, away_km
    gauge_mm = work.network.cells[cell].gauge_mm
    start = node
    if gauge_mm != station.gauge_mm:
        start = work.node(station.lon, station.lat, cell)
        there = replace(station, gauge_mm=gauge_mm)
        _change_gauge(work, station, there, (node, start), (cell, _cell(work, line, station)))
    off_km = max(away_km * CONNECTOR_WINDING[line.mode.word], 0.1)
    for end, along_km in ends:
        work.both(start, end, off_km + along_km, (cell, cell), gates)
    return True, away_km


Foothold = tuple[float, int, tuple[tuple[int, float], ...]]  # km off, cell, nodes with the km along a link to each


def _nearest(net: Network, mode: Mode, at: Station) -> Foothold:
    """Where a mode's network of one country is nearest to a point: a node, or a spot on a plain link with its two ends.

    A link with a gate (a pass, say) is met at its ends only. inf km where the country has none.
    """
    cells = np.array([cell.mode is mode and cell.country == at.country for cell in net.cells])
    arcs = np.flatnonzero(cells[net.arc_cell] & cells[net.node_cell[net.arc_tail]])
    if not len(arcs):
        return np.inf, -1, ()
    ends = [(net.node_lon[side[arcs]], net.node_lat[side[arcs]]) for side in (net.arc_tail, net.arc_head)]
    away = [great_circle_km(lon, lat, at.lon, at.lat) for lon, lat in ends]
    row = int(away[0].argmin())
    node = int(net.arc_tail[arcs[row]])
    best: Foothold = (float(away[0][row]), int(net.node_cell[node]), ((node, 0.0),))
    plain = (net.arc_gate[arcs] < 0) & (net.arc_tail[arcs] < net.arc_head[arcs])
    least = (away[0] + away[1] - 1.1 * net.arc_km[arcs]) / 2  # no spot of a link is nearer than this
    for row in np.flatnonzero(plain)[np.argsort(least[plain])]:
        if least[row] >= best[0]:
            break
        km, along_km = _on_link(net, int(arcs[row]), at)
        if km < best[0] - STEP_KM:
            best = km, int(net.arc_cell[arcs[row]]), _both_ends(net, int(arcs[row]), along_km)
    return best


def _both_ends(net: Network, arc: int, along_km: float) -> tuple[tuple[int, float], ...]:
    rest_km = max(float(net.arc_km[arc]) - along_km, 0.0)
    return (int(net.arc_tail[arc]), along_km), (int(net.arc_head[arc]), rest_km)


def _on_link(net: Network, arc: int, at: Station) -> tuple[float, float]:
    """How far a point is from a link, and the km along the link to the spot that is nearest."""
    line = net.line(np.array([arc]))
    legs = great_circle_km(*line[:-1].T, *line[1:].T)
    upto = np.r_[0.0, np.cumsum(legs)]
    marks = np.linspace(0, upto[-1], max(2, int(upto[-1] / STEP_KM) + 1))
    lon, lat = (np.interp(marks, upto, line[:, side]) for side in (0, 1))
    away = great_circle_km(lon, lat, at.lon, at.lat)
    best = int(away.argmin())
    return float(away[best]), float(marks[best] / max(upto[-1], 1e-9) * net.arc_km[arc])


def _terminal(work: _Work, line: Line, station: Station, node: int) -> bool:
    """A terminal at a station, joined to the nearest road of its country; False where no road is within reach."""
    net = work.network
    roads = net.end_nodes["road"]
    mine = np.array([cell.country == station.country for cell in net.cells])[net.node_cell[roads]]
    roads = roads[mine]
    if not len(roads):
        return False
    away = great_circle_km(net.node_lon[roads], net.node_lat[roads], station.lon, station.lat)
    if away.min() > REACH_KM["road"]:
        return False
    cell, still = work.sheet.cell_of(Mode.ROAD, station.country), work.sheet.cell_of(Mode.TRANSFER, "")
    yard = work.node(station.lon, station.lat, cell)
    km = max(float(away.min()) * CONNECTOR_WINDING["road"], 0.1)
    work.both(yard, int(roads[away.argmin()]), km, (cell, cell))
    gate = Gate(
        id=f"{line.id}-{slug(station.name)}", kind="terminal", name=f"{station.name} terminal", mode_from="rail",
        mode_to="road", country_from=station.country, country_to=station.country, lon=station.lon, lat=station.lat,
        rule="default",
    )  # fmt: skip
    back = replace(gate, mode_from="road", mode_to="rail")
    work.both(node, yard, 0.0, (still, still), (work.sheet.add_gate(gate), work.sheet.add_gate(back)))
    return True


def _join_each_other(work: _Work) -> dict[str, list[tuple[str, str]]]:
    """Join stations of different lines at one place, through a change of gauge where theirs differ; who meets whom where."""
    met: dict[str, list[tuple[str, str]]] = {}
    for (one, a, tail), (other, b, head) in combinations(work.stations, 2):
        km = float(great_circle_km(a.lon, a.lat, b.lon, b.lat))
        if one == other or a.country != b.country or km > SAME_STATION_KM:
            continue
        met.setdefault(one, []).append((other, a.name))
        met.setdefault(other, []).append((one, b.name))
        cells = work.cell[head - len(work.network.node_lon)], work.cell[tail - len(work.network.node_lon)]
        if a.gauge_mm != b.gauge_mm:
            _change_gauge(work, a, b, (tail, head), cells)
        else:
            work.both(tail, head, km, cells)
    return met
