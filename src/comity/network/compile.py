"""From plain links and fact tables to one network of cells and gates. No files are written here: see `store`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from comity import facts
from comity.network import borders, chains, gauge, heal, transfers
from comity.network.geo import Nearest, great_circle_km
from comity.network.links import Links
from comity.network.model import Cell, Gate, Mode
from comity.network.sheet import Ground, Sheet

RAIL_GAP_KM, ROAD_GAP_KM = 8.0, 2.0  # how far a dead end may be joined to another piece of the map
RAIL_END_GAP_KM = 6.0
NAMED_REACH_KM = (
    30.0  # a named link starts at the nearest track of its country within this distance, else at a new node
)
MAIN_PIECE_NODES = {"road": 200, "rail": 40, "sea": 100}

Progress = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """Everything a compiled network holds, in memory."""

    arrays: dict[str, np.ndarray]
    cells: tuple[Cell, ...]
    gates: tuple[Gate, ...]


def compile_network(roads: Links, rails: Links, sea: Links, progress: Progress, whole: bool = False) -> Compiled:
    """All four modes as one directed network. `progress` is called with stage, done, total.

    whole : every node stays, for those who look for holes in the map; else plain chains are contracted (see `chains`).
    """
    progress("roads", 0, 6)
    road = _ground(Mode.ROAD, roads, offset=0)
    progress("railways", 1, 6)
    rail = _ground(Mode.RAIL, rails, offset=len(road.links.lon))
    sheet = Sheet()
    sea_offset = rail.offset + len(rail.links.lon)
    progress("borders and gauges", 2, 6)
    for ground in (road, rail):
        _add_ground(sheet, ground)
    progress("sea lanes", 3, 6)
    transfers.add_sea(sheet, sea, sea_offset)
    progress("ports, terminals and ferries", 4, 6)
    lon = [road.links.lon, rail.links.lon, sea.lon]
    lat = [road.links.lat, rail.links.lat, sea.lat]
    cell = [_node_cells(sheet, road), _node_cells(sheet, rail), np.full(len(sea.lon), sheet.cell_of(Mode.SEA, ""))]
    *extra, islands = transfers.add_hubs(sheet, road, rail, sea, sea_offset)
    for column, more in zip((lon, lat, cell), extra, strict=True):
        column.append(np.asarray(more))
    progress("arrays", 5, 6)
    starts = {
        "end_road": np.r_[np.flatnonzero(road.main), islands].astype(np.int64),
        "end_rail": np.flatnonzero(rail.main) + rail.offset,
        **transfers.quays(sheet),
    }
    arrays = _packed(sheet, np.concatenate(lon), np.concatenate(lat), np.concatenate(cell), starts)
    cells = tuple(sheet.cells)
    attached = chains.attached(arrays, first_hub=sea_offset + len(sea.lon))
    wanted = np.arange(len(arrays["node_lon"])) if whole else np.r_[attached, _by_towns(arrays, cells)]
    return Compiled(arrays=chains.contracted(arrays, cells, wanted), cells=cells, gates=tuple(sheet.gates))


def _by_towns(arrays: dict[str, np.ndarray], cells: Sequence[Cell]) -> np.ndarray:
    from comity import places

    _, _, country, lon, lat = zip(*places.cities(at_least=0), strict=True)
    return chains.nearest_to(np.array(country), np.array(lon), np.array(lat), arrays, cells)


def _packed(sheet: Sheet, lon, lat, cell, starts: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What was gathered as the arrays of model.Network, arcs in no order yet."""
    return {
        "node_lon": lon.astype(np.float32),
        "node_lat": lat.astype(np.float32),
        "node_cell": cell.astype(np.uint16),
        "arc_tail": np.concatenate(sheet.tail).astype(np.uint32),
        "arc_head": np.concatenate(sheet.head).astype(np.uint32),
        "arc_km": np.concatenate(sheet.km).astype(np.float32),
        "arc_cell": np.concatenate(sheet.cell).astype(np.uint16),
        "arc_gate": np.concatenate(sheet.gate).astype(np.int32),
        **{name: nodes.astype(np.int32) for name, nodes in starts.items()},
    }


def _ground(mode: Mode, links: Links, offset: int) -> Ground:
    country = borders.smooth(links, countries_of(links.lon, links.lat))
    links = _without_front_lines(links)
    links, country = _named_links(links, country, facts.rows(f"{mode.word}_links"))
    if mode is Mode.RAIL:
        links = heal.join_pieces(links, country, RAIL_GAP_KM)
        links = heal.join_dead_ends(links, country, RAIL_END_GAP_KM)
    else:
        links = heal.join_pieces(links, country, ROAD_GAP_KM)
    links = borders.along(links, country)
    links, country = borders.at_the_line(links, country, countries_of)
    found = borders.assign(links, country, mode.word, facts.rows("crossings"), _border_rules(), _near_name)
    links, country, source = borders.waypoints(found.links, found.country)
    return Ground(
        mode=mode,
        links=links,
        country=country,
        gauge_mm=_gauges(mode, links, country),
        points=found.points,
        point_of_link=found.point_of_link[source],
        main=_main(mode, links, country),
        offset=offset,
    )


def _without_front_lines(links: Links) -> Links:
    """Links that no freight passes although both ends count to one country: into Crimea, Abkhazia, over the Golan."""
    from comity import places

    ends = [(links.lon[end], links.lat[end]) for end in (links.tail, links.head)]
    kept = ~places.parted(*ends[0], *ends[1])
    columns = {name: getattr(links, name)[kept] for name in ("tail", "head", "km", "label")}
    return replace(links, **columns)


def countries_of(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Alpha-3 code of the country that administers each point, str[n].

    A bridge, a pier or a coast road may lie off the drawn land: such a node takes the country of the nearest node.
    """
    from comity import places

    index = places.territory(lon, lat)
    codes = np.array([land.administered_by for land in places.territories()], "U3")
    country = np.where(index >= 0, codes[index], "")
    at_sea = np.flatnonzero(country == "")
    if len(at_sea) and len(at_sea) < len(lon):
        ashore = np.flatnonzero(country != "")
        _, nearest = Nearest(lon[ashore], lat[ashore])(lon[at_sea], lat[at_sea])
        country[at_sea] = country[ashore[nearest]]
    return country


def _named_links(links: Links, country: np.ndarray, rows: Sequence[dict]) -> tuple[Links, np.ndarray]:
    """The rows of rail_links.csv or road_links.csv that the map lacks; an end far from the map becomes a new node."""
    near = Nearest(links.lon, links.lat)  # ends that become nodes are far from any track, so the old tree serves
    there = len(links.lon)
    ball = heal.Ball(links)
    for row in rows:
        links, country, ends = _ends_of(row, links, country, near)
        straight = float(great_circle_km(*(coord[end] for end in ends for coord in (links.lon, links.lat))))
        told = float(row["length_km"] or straight)
        known = max(ends) < there and heal.way_km(ball, ends[0], ends[1], limit=1.6 * told + 10) is not None
        if ends[0] != ends[1] and not known:
            links = links.joined([ends[0]], [ends[1]], [max(told, straight)])
    return links, country


def _ends_of(row: dict, links: Links, country: np.ndarray, near: Nearest) -> tuple[Links, np.ndarray, list[int]]:
    """Nodes of a named link's two ends, each in its own country; an end far from any track there becomes a node."""
    ends = []
    for side, code in (("from", row["country"][0]), ("to", row["country"][-1])):
        lon, lat = row[f"{side}_lon"], row[f"{side}_lat"]
        away, nodes = near([lon], [lat], k=400)
        fits = (away[0] <= NAMED_REACH_KM) & (country[nodes[0]] == code)
        if fits.any():
            ends.append(int(nodes[0][int(np.argmax(fits))]))
            continue
        links = replace(links, lon=np.r_[links.lon, lon], lat=np.r_[links.lat, lat])
        country = np.append(country, code)
        ends.append(len(links.lon) - 1)
    return links, country, ends


def _border_rules():
    from comity import places

    rows = facts.rows("border_rules")
    neighbours = frozenset((min(a, b), max(a, b)) for a, b, _, _ in places.border_lines())
    region = frozenset(row["country_a"] for row in rows if row["country_b"] == "*")
    return borders.rules([row for row in rows if row["country_b"] != "*"], region, neighbours)


def _near_name(lon: np.ndarray, lat: np.ndarray, countries: Sequence[str] = ()) -> list[str]:
    from comity import places

    return places.near_names(lon, lat, countries)


def _gauges(mode: Mode, links: Links, country: np.ndarray) -> np.ndarray:
    if mode is not Mode.RAIL:
        return np.zeros(len(links.lon), np.int32)
    return gauge.of_nodes(links.lon, links.lat, country, facts.rows("gauges"), facts.rows("gauge_exceptions"))


def _main(mode: Mode, links: Links, country: np.ndarray) -> np.ndarray:
    """Nodes of pieces large enough to lead somewhere; on a small island the largest piece of its country."""
    piece = heal.pieces(links)
    size = np.bincount(piece)
    codes, inverse = np.unique(country, return_inverse=True)
    largest = np.zeros(len(codes), np.int64)
    np.maximum.at(largest, inverse, size[piece])
    return size[piece] >= np.minimum(MAIN_PIECE_NODES[mode.word], largest[inverse])


def _factor(ground: Ground) -> np.ndarray:
    """Length on the ground over length on the simplified map, per node; rows of distance_factors.csv, later ones first."""
    factor = np.ones(len(ground.links.lon))
    for row in facts.rows("distance_factors"):
        factor[_in_area(ground, row)] = row["value"]
    return factor


def _line_class(ground: Ground) -> np.ndarray:
    """Class of road or line of each node, str[n], "" for the usual; rows of line_classes.csv, later ones first."""
    found = np.full(len(ground.links.lon), "", "U12")
    for row in facts.rows("line_classes"):
        found[_in_area(ground, row)] = row["line_class"]
    return found


def _in_area(ground: Ground, row: dict) -> np.ndarray:
    """Nodes that a row by mode, country ("*" for all) and box speaks of, bool[n]. A row without a box means all of it."""
    links, country = ground.links, row["country"]
    if row["mode"] != ground.mode.word:
        return np.zeros(len(links.lon), bool)
    mine = np.full(len(links.lon), True) if country == "*" else ground.country == country
    if row["lon_min"] is not None:
        mine &= (links.lon >= row["lon_min"]) & (links.lon <= row["lon_max"])
        mine &= (links.lat >= row["lat_min"]) & (links.lat <= row["lat_max"])
    return mine


def _node_cells(sheet: Sheet, ground: Ground) -> np.ndarray:
    classes = _line_class(ground)
    key = np.char.add(np.char.add(ground.country, "|"), np.char.add(ground.gauge_mm.astype("U4"), classes))
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    rows = [sheet.cell_of(ground.mode, str(ground.country[i]), int(ground.gauge_mm[i]), str(classes[i])) for i in first]
    return np.asarray(rows, np.int64)[inverse]


def _add_ground(sheet: Sheet, ground: Ground) -> None:
    links = ground.links
    cell, factor = _node_cells(sheet, ground), _factor(ground)
    gate_of = _border_gates(sheet, ground)
    passes: dict[str, int] = {}
    change = ground.gauge_mm[links.tail] != ground.gauge_mm[links.head]
    inside_change = np.flatnonzero(change & (ground.point_of_link < 0))
    for forward in (True, False):
        tail, head = (links.tail, links.head) if forward else (links.head, links.tail)
        gate = np.full(len(tail), -1, np.int64)
        for row in np.flatnonzero(ground.point_of_link >= 0):
            gate[row] = gate_of[
                int(ground.point_of_link[row]),
                str(ground.country[tail[row]]),
                int(ground.gauge_mm[tail[row]]),
                int(ground.gauge_mm[head[row]]),
            ]
        for row in inside_change:
            gate[row] = sheet.add_gate(_gauge_gate(ground, int(tail[row]), int(head[row])))
        _mark_passes(sheet, ground, gate, passes)
        km = links.km * (factor[tail] + factor[head]) / 2
        # a link over a border belongs to the country it enters: the leg begins where the crossing lets go
        sheet.add(tail + ground.offset, head + ground.offset, km, cell[head], gate)


def _mark_passes(sheet: Sheet, ground: Ground, gate: np.ndarray, passes: dict[str, int]) -> None:
    """Links at a known choke point (a high pass, a gorge, a line) lead through its gate, since it can shut by itself.

    passes : its row by id; both directions share one, since a road drawn now this way, now that is passed but once.
    """
    links = ground.links
    for row in facts.rows("choke_points"):
        if ground.mode.word not in row["modes"]:
            continue
        country = row["countries"][0]
        home = (ground.country[links.tail] == country) & (ground.country[links.head] == country) & (gate < 0)
        mine = np.flatnonzero(home & (np.abs(links.lat[links.tail] - row["lat"]) < 1.5))
        ends = [
            great_circle_km(links.lon[end[mine]], links.lat[end[mine]], row["lon"], row["lat"])
            for end in (links.tail, links.head)
        ]
        inside = mine[np.minimum(*ends) <= row["radius_km"]]  # a long link may leap over the pass with one end on it
        if len(inside) and row["id"] not in passes:
            passes[row["id"]] = sheet.add_gate(
                Gate(
                    id=row["id"],
                    kind="pass",
                    name=row["name"],
                    mode_from=ground.mode.word,
                    mode_to=ground.mode.word,
                    country_from=country,
                    country_to=country,
                    lon=row["lon"],
                    lat=row["lat"],
                    rule="place",
                )
            )
        if len(inside):
            gate[inside] = passes[row["id"]]


def _border_gates(sheet: Sheet, ground: Ground) -> dict:
    """Gate row by (point, country left, gauge left, gauge entered): one for each direction that a link needs."""
    gates: dict = {}
    for row in np.flatnonzero(ground.point_of_link >= 0):
        index = int(ground.point_of_link[row])
        point = ground.points[index]
        for a, b in (
            (ground.links.tail[row], ground.links.head[row]),
            (ground.links.head[row], ground.links.tail[row]),
        ):
            key = index, str(ground.country[a]), int(ground.gauge_mm[a]), int(ground.gauge_mm[b])
            if key not in gates:
                gates[key] = sheet.add_gate(
                    Gate(
                        id=point.id,
                        kind="crossing",
                        name=point.name,
                        mode_from=ground.mode.word,
                        mode_to=ground.mode.word,
                        country_from=key[1],
                        country_to=str(ground.country[b]),
                        lon=point.lon,
                        lat=point.lat,
                        rule=point.rule,
                        reason=point.reason,
                        gauge_from=key[2],
                        gauge_to=key[3],
                    )
                )
    return gates


def _gauge_gate(ground: Ground, a: int, b: int) -> Gate:
    lon, lat = float(ground.links.lon[a]), float(ground.links.lat[a])
    name = _near_name(np.array([lon]), np.array([lat]))[0]
    country = str(ground.country[a])
    return Gate(
        id=f"gauge-{country.lower()}-{name.lower().replace(' ', '-')}",
        kind="gauge",
        name=f"{name} (change of gauge)",
        mode_from="rail",
        mode_to="rail",
        country_from=country,
        country_to=country,
        lon=lon,
        lat=lat,
        rule="place",
        gauge_from=int(ground.gauge_mm[a]),
        gauge_to=int(ground.gauge_mm[b]),
    )
