"""Maintainer's script: who administers which land, and the lines of a map, from Natural Earth (public domain).

    python scripts/prepare/borders.py world-atlas/package

Reads countries-10m.json and countries-50m.json of the npm package world-atlas 2.0.2 (TopoJSON). Longitudes are
unwrapped ring by ring and cut at +-180, since the raw rings break there and the North Atlantic fills with land. Out
come territories.parquet (polygon parts for looking up points, to 0.001 degrees), outlines.parquet (the same from the
50 m file for maps) and border_lines.parquet (each line between two countries, with whether it is disputed).
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import duckdb
import numpy as np
import shapely
from shapely import MultiPolygon, Polygon, box, make_valid
from shapely.affinity import translate

ROOT = Path(__file__).resolve().parents[2] / "src" / "comity"
DATA = ROOT / "places" / "data"
TABLES = ROOT / "facts" / "tables"


def table(name: str) -> list[dict]:
    with open(TABLES / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes() -> dict[str, str]:
    """Natural Earth's numeric id or name -> name of the territory in territories.csv."""
    numbers = {row["numeric"]: row["alpha3"] for row in table("countries") if row["numeric"]}
    own = {row["name"]: row["administered_by"] for row in table("territories")}
    return numbers | own


def arcs_of(topology: dict) -> list[np.ndarray]:
    scale, move = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    return [np.cumsum(np.array(arc), axis=0) * scale + move for arc in topology["arcs"]]


def ring(arcs: list[np.ndarray], numbers: list[int]) -> np.ndarray:
    """A closed ring with longitudes that never jump: it may leave [-180, 180]."""
    parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    points = np.concatenate([part if k == 0 else part[1:] for k, part in enumerate(parts)])
    turn = np.diff(points[:, 0])
    points[1:, 0] += np.cumsum(np.where(turn > 180, -360, np.where(turn < -180, 360, 0)))
    return points


def shape(arcs: list[np.ndarray], geometry: dict) -> MultiPolygon:
    """A country's land inside [-180, 180]."""
    groups = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    parts = []
    for group in groups:
        rings = [ring(arcs, numbers) for numbers in group]
        rings = [points for points in rings if len(points) >= 4]
        if rings:
            parts += pieces(closed(rings))
    return shapely.union_all(parts)


def closed(rings: list[np.ndarray]) -> Polygon:
    outer = rings[0]
    if abs(outer[0, 0] - outer[-1, 0]) > 180:  # runs once round the pole (Antarctica): close it along the pole
        pole = -90.0 if outer[:, 1].mean() < 0 else 90.0
        outer = np.r_[outer, [[outer[-1, 0], pole], [outer[0, 0], pole], outer[0]]]
    return make_valid(Polygon(outer, rings[1:]))


def pieces(land) -> list:
    """Parts of a shape west of -180, between, and east of 180, each moved to where it belongs."""
    world = [(box(-540, -90, -180, 90), 360), (box(-180, -90, 180, 90), 0), (box(180, -90, 540, 90), -360)]
    return [translate(cut, move) for frame, move in world if not (cut := land.intersection(frame)).is_empty]


def polygons(geometry) -> list[Polygon]:
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]


def write_shapes(path: Path, topology: dict, grid: float) -> None:
    arcs, known = arcs_of(topology), codes()
    rows: dict[str, list] = {"name": [], "country": [], "shape": []}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        code = known.get(geometry.get("id") or "") or known.get(name)
        if code is None or "arcs" not in geometry:
            print("left out:", name)
            continue
        named = name if any(row["name"] == name for row in table("territories")) else ""
        for part in polygons(shapely.set_precision(shape(arcs, geometry), grid)):
            rows["name"].append(named)
            rows["country"].append(code)
            rows["shape"].append(shapely.to_wkb(part, output_dimension=2))
    save(path, rows)


def write_lines(path: Path, topology: dict) -> None:
    """Arcs that two countries share, with their codes; disputed where a row of disputed_areas.csv says so."""
    arcs, known = arcs_of(topology), codes()
    owners: dict[int, set[str]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = known.get(geometry.get("id") or "") or known.get(geometry["properties"]["name"])
        name = geometry["properties"]["name"]
        for number in flat(geometry.get("arcs", [])):
            owners.setdefault(number if number >= 0 else ~number, set()).add(f"{code}|{name}")
    areas = [shapely.from_wkt(row["polygon"]) for row in table("disputed_areas")]
    special = {row["name"] for row in table("territories") if row["disputed"] == "yes"}
    rows: dict[str, list] = {"country_a": [], "country_b": [], "disputed": [], "line": []}
    for number, pair in sorted(owners.items()):
        if len(pair) != 2:
            continue
        line = shapely.set_precision(shapely.LineString(arcs[number]), 0.001)
        inside = any(area.contains(line.interpolate(0.5, normalized=True)) for area in areas)
        a, b = sorted(pair)
        rows["country_a"].append(a.split("|")[0])
        rows["country_b"].append(b.split("|")[0])
        rows["disputed"].append(inside or bool({a.split("|")[1], b.split("|")[1]} & special))
        rows["line"].append(shapely.to_wkb(line))
    save(path, rows)


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
    write_shapes(DATA / "territories.parquet", fine, 0.001)
    write_shapes(DATA / "outlines.parquet", coarse, 0.01)
    write_lines(DATA / "border_lines.parquet", coarse)


if __name__ == "__main__":
    main(sys.argv[1])
