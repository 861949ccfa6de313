"""Maintainer's script: who administers which land, and the lines of a map, from Natural Earth.

    python scripts/prepare/borders.py world-atlas/package

Reads countries-10m.json and countries-50m.json of the npm package world-atlas 2.0.2 (TopoJSON; the data are
public domain). Longitudes are unwrapped ring by ring and cut at +-180, since the raw rings break there and
North Atlantic fills with land. Out come territories.parquet (polygon parts for looking up points),
outlines.parquet (the same from the 50 m file for maps) and border_lines.parquet (each line between two
countries, with whether it is disputed).

Natural Earth draws who holds the land. Where a row of disputed_areas.csv names another country in
`administered_by`, that part is cut out and counted there, so that points, places and maps agree; the line
stays and is dashed.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Polygon, box, make_valid
from shapely.affinity import translate

ROOT = Path(__file__).resolve().parents[2] / "src" / "comity"
DATA = ROOT / "places" / "data"
TABLES = ROOT / "facts" / "tables"
FINE_GRID = 2.0**-10  # about 0.001 degrees; a power of two leaves zeros in each double, which zstd likes
COARSE_GRID = 2.0**-8
AT_POLE = 89.9  # the 50 m file traces the pole as Antarctica's outer ring, and the coast as a hole in it

# ISO 3166 gives these a code of their own; the file draws them as parts of another country.
APART = [
    ("FRA", "GUF", box(-55, 1.5, -51, 6.5)), ("FRA", "GLP", box(-62, 15.8, -60.9, 16.6)),
    ("FRA", "MTQ", box(-61.4, 14.3, -60.7, 15)), ("FRA", "REU", box(55, -21.6, 56, -20.7)),
    ("FRA", "MYT", box(44.9, -13.1, 45.4, -12.5)), ("NLD", "BES", box(-70, 11.5, -62, 18)),
    ("NOR", "SJM", box(-10, 70.5, 0, 72)), ("NOR", "SJM", box(9, 74, 36, 82)),
    ("NOR", "BVT", box(2, -56, 5, -53)),
    ("AUS", "CXR", box(105, -11, 106, -10)), ("AUS", "CCK", box(96, -13, 98, -11)),
    ("NZL", "TKL", box(-174, -10, -170, -8)),
]  # fmt: skip


@cache
def table(name: str) -> tuple[dict, ...]:
    with open(TABLES / f"{name}.csv", encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def codes() -> dict[str, str]:
    """Natural Earth's numeric id or name -> alpha-3 ("" where no single country administers the land)."""
    numbers = {row["numeric"]: row["alpha3"] for row in table("countries") if row["numeric"]}
    own = {row["name"]: row["administered_by"] for row in table("territories")}
    return numbers | own


def code_of(geometry: dict) -> str:
    """Alpha-3 of a feature; a name of territories.csv goes before its number. Raises KeyError."""
    known, name = codes(), geometry["properties"]["name"]
    return known[name] if name in known else known[geometry["id"]]


def arcs_of(topology: dict) -> list[np.ndarray]:
    scale, move = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    return [np.cumsum(np.array(arc), axis=0) * scale + move for arc in topology["arcs"]]


def unwrapped(points: np.ndarray) -> np.ndarray:
    """The same line with longitudes that never jump: it may leave [-180, 180]."""
    turn = np.diff(points[:, 0])
    moved = points.copy()
    moved[1:, 0] += np.cumsum(np.where(turn > 180, -360, np.where(turn < -180, 360, 0)))
    return moved


def ring(arcs: list[np.ndarray], numbers: list[int]) -> np.ndarray:
    parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    return unwrapped(np.concatenate([part if k == 0 else part[1:] for k, part in enumerate(parts)]))


def shape(arcs: list[np.ndarray], geometry: dict) -> MultiPolygon:
    """A country's land inside [-180, 180]."""
    groups = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    parts = []
    for group in groups:
        rings = [points for numbers in group if len(points := ring(arcs, numbers)) >= 4]
        if rings:
            parts += pieces(closed([points for points in rings if np.abs(points[:, 1]).min() < AT_POLE]))
    return shapely.union_all(parts)


def closed(rings: list[np.ndarray]) -> MultiPolygon:
    outer = rings[0]
    if abs(outer[0, 0] - outer[-1, 0]) > 180:  # runs once round the pole (Antarctica): close it there
        pole = -90.0 if outer[:, 1].mean() < 0 else 90.0
        outer = np.r_[outer, [[outer[-1, 0], pole], [outer[0, 0], pole], outer[0]]]
    holes = [beside(hole, outer) for hole in rings[1:]]
    return only_land(make_valid(Polygon(outer, holes)))


def only_land(geometry) -> MultiPolygon:
    """The polygons of a shape, however deep; threads and points that mending leaves behind are dropped."""
    return MultiPolygon(polygons(geometry))


def polygons(geometry) -> list[Polygon]:
    if geometry.geom_type == "Polygon":
        return [] if geometry.is_empty else [geometry]
    return [polygon for part in getattr(geometry, "geoms", ()) for polygon in polygons(part)]


def beside(hole: np.ndarray, outer: np.ndarray) -> np.ndarray:
    """The hole moved by whole turns until it lies within the longitudes of its outer ring."""
    turns = np.round((outer[:, 0].mean() - hole[:, 0].mean()) / 360)
    return hole + [360 * turns, 0]


def pieces(land) -> list:
    """Parts of a shape west of -180, between, and east of 180, each moved to where it belongs."""
    world = [(box(-540, -90, -180, 90), 360), (box(-180, -90, 180, 90), 0), (box(180, -90, 540, 90), -360)]
    return [translate(cut, move) for frame, move in world if not (cut := land.intersection(frame)).is_empty]


@cache
def areas() -> tuple[tuple[dict, Polygon], ...]:
    return tuple((row, shapely.from_wkt(row["polygon"])) for row in table("disputed_areas"))


def moved_parts() -> list[tuple[str, str, Polygon]]:
    """(code as drawn, code that the land counts to, where)."""
    moved = [
        (drawn, row["administered_by"], area)
        for row, area in areas()
        for drawn in row["within"].split(";")
        if row["administered_by"] and drawn != row["administered_by"]
    ]
    return APART + moved


def lands(topology: dict) -> Iterator[tuple[str, str, MultiPolygon]]:
    """(name of a special territory or "", alpha-3, land) of every feature, parts moved where they count."""
    arcs, special = arcs_of(topology), {row["name"] for row in table("territories")}
    for geometry in topology["objects"]["countries"]["geometries"]:
        if "arcs" not in geometry:
            continue
        code, land = code_of(geometry), shape(arcs, geometry)
        name = geometry["properties"]["name"]
        for drawn, other, area in moved_parts():
            if code == drawn and land.intersects(area):
                yield "", other, land.intersection(area)
                land = land.difference(area)
        yield name if name in special else "", code, land


def write_shapes(path: Path, topology: dict, grid: float) -> None:
    rows: dict[str, list] = {"name": [], "country": [], "shape": []}
    for name, code, land in lands(topology):
        snapped = polygons(shapely.set_precision(only_land(land), grid))
        for part in snapped or polygons(land):  # an islet may be smaller than the grid
            rows["name"].append(name)
            rows["country"].append(code)
            rows["shape"].append(shapely.to_wkb(part, output_dimension=2))
    save(path, rows)


def write_lines(path: Path, topology: dict, fine: dict) -> None:
    """Arcs that two features share, cut where a dispute begins, and the edges of parts that were moved.

    Neighbours that the coarse file is too coarse for come from the fine one.
    """
    rows: dict[str, list] = {"country_a": [], "country_b": [], "disputed": [], "line": []}
    lines = [*shared_lines(topology), *cut_lines(topology)]
    drawn = {frozenset((first[1], second[1])) for first, second, _ in lines}
    lines += [line for line in shared_lines(fine) if frozenset((line[0][1], line[1][1])) not in drawn]
    for first, second, line in lines:
        a, b = sorted((first[1], second[1]))
        for part, disputed in by_dispute(first, second, line):
            if a == b and not disputed:  # a lease or a base, no border between countries
                continue
            for piece in shapely.get_parts(shapely.line_merge(part)):
                rows["country_a"].append(a)
                rows["country_b"].append(b)
                rows["disputed"].append(disputed)
                snapped = shapely.set_precision(piece, COARSE_GRID, mode="pointwise")
                rows["line"].append(shapely.to_wkb(snapped))
    save(path, rows)


def shared_lines(topology: dict) -> Iterator[tuple[tuple, tuple, LineString]]:
    """((name, code), (name, code), line) for every arc between two features."""
    arcs, owners = arcs_of(topology), {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        for number in flat(geometry.get("arcs", [])):
            owner = geometry["properties"]["name"], code_of(geometry)
            owners.setdefault(number if number >= 0 else ~number, set()).add(owner)
    for number, pair in sorted(owners.items()):
        if len(pair) == 2:
            line = LineString(unwrapped(arcs[number]))
            yield *(apart(owner, line) for owner in sorted(pair)), line


def apart(owner: tuple[str, str], line: LineString) -> tuple[str, str]:
    name, code = owner
    return name, next((other for drawn, other, area in APART if drawn == code and area.contains(line)), code)


def cut_lines(topology: dict) -> Iterator[tuple[tuple, tuple, LineString]]:
    """Edges between a country and the land that was cut out of what is drawn as its own."""
    arcs = arcs_of(topology)
    drawn_with_id = [g for g in topology["objects"]["countries"]["geometries"] if "id" in g and "arcs" in g]
    whole = {code_of(geometry): shape(arcs, geometry) for geometry in drawn_with_id}
    for drawn, other, area in moved_parts()[len(APART) :]:
        edge = area.boundary.intersection(whole[drawn].buffer(-COARSE_GRID))
        if edge.length > 0:
            yield (drawn, drawn), (other, other), edge


def by_dispute(first: tuple, second: tuple, line) -> list[tuple]:
    """Parts of a line with whether each is disputed."""
    parties = {first[1], second[1]}
    special = {row["name"]: row for row in table("territories") if row["disputed"] == "yes"}
    for name, other in ((first[0], second[1]), (second[0], first[1])):
        row = special.get(name)
        if row and other in {row["administered_by"], *row["claimed_by"].split(";")}:
            return [(line, True)]
    near = [
        area.buffer(0.02)  # the edge of an area is coarse; a line along it belongs to it
        for row, area in areas()
        if row["dashed"] == "yes"
        and parties <= {*row["within"].split(";"), *row["claimed_by"].split(";"), row["administered_by"]}
    ]
    zone = shapely.union_all(near)
    halves = [(line.intersection(zone), True), (line.difference(zone), False)]
    return [(part, disputed) for part, disputed in halves if part.length > 0]


def flat(nested) -> list[int]:
    return [nested] if isinstance(nested, int) else [number for item in nested for number in flat(item)]


def save(path: Path, rows: dict[str, list]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    names = ", ".join(f"unnest(${name}) AS {name}" for name in rows)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE rows AS SELECT {names}", rows)
        connection.execute(f"COPY rows TO '{path}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)")
    print(path.name, len(next(iter(rows.values()))), "rows", path.stat().st_size, "bytes")


def main(folder: str) -> None:
    fine = json.loads((Path(folder) / "countries-10m.json").read_text())
    coarse = json.loads((Path(folder) / "countries-50m.json").read_text())
    write_shapes(DATA / "territories.parquet", fine, FINE_GRID)
    write_shapes(DATA / "outlines.parquet", coarse, COARSE_GRID)
    write_lines(DATA / "border_lines.parquet", coarse, fine)


if __name__ == "__main__":
    main(sys.argv[1])
