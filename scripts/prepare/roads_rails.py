"""Maintainer's script: the world's roads and railways from the scgraph_data wheel, as Parquet.

    python scripts/prepare/roads_rails.py scgraph_data-2.0.0-py3-none-any.whl

The wheel holds OpenStreetMap extracts (ODbL) as Python literals. They are read as data, never imported: the
literal's integer keys are quoted and a strict JSON parser does the rest, so nothing in the file can run.
Out come `roads.parquet` and `rails.parquet` under src/comity/network/data, each one table of undirected links
(tail, head_step, length_m) and one of nodes (lon_e3, lat_e3), numbered along a space-filling curve so that
neighbours have near numbers and the delta coding bites.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from pathlib import Path

import duckdb
import numpy as np

DATA = Path(__file__).resolve().parents[2] / "src" / "comity" / "network" / "data"
MEMBERS = {"roads": "scgraph_data/world_highways.py", "rails": "scgraph_data/world_railways.py"}
CURVE_BITS = 16


def literals(source: bytes) -> tuple[list[dict], np.ndarray]:
    """Adjacency (one dict of neighbour -> km per node) and nodes float64[n, 2] as lat, lon."""
    graph_at, nodes_at = source.index(b"graph="), source.index(b"\nnodes=")
    graph = json.loads(re.sub(rb"(\d+): ", rb'"\1":', source[graph_at + 6 : nodes_at]))
    nodes = source[nodes_at + 7 :]
    return graph, np.array(json.loads(nodes[: nodes.index(b"]]") + 2]))


def links(graph: list[dict]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Undirected links tail < head with their length in metres. Loops go; of two lengths the shorter stays."""
    tail = np.repeat(np.arange(len(graph)), [len(row) for row in graph])
    head = np.array([int(key) for row in graph for key in row])
    length_m = np.rint(np.array([km for row in graph for km in row.values()]) * 1000).astype(np.int64)
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    order = np.lexsort((length_m, high, low))
    low, high, length_m = low[order], high[order], length_m[order]
    first = np.r_[True, (np.diff(low) != 0) | (np.diff(high) != 0)] & (low != high)
    return low[first], high[first], length_m[first]


def curve(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Position of each point on a Hilbert curve over the whole world, int64[n] (Hamilton's xy2d)."""
    side = 1 << CURVE_BITS
    x = np.clip(((lon + 180) / 360 * side).astype(np.int64), 0, side - 1)
    y = np.clip(((lat + 90) / 180 * side).astype(np.int64), 0, side - 1)
    position = np.zeros(len(x), np.int64)
    step = side >> 1
    while step:
        right, upper = (x & step) > 0, (y & step) > 0
        position += step * step * ((3 * right) ^ upper)
        flip = ~upper & right
        x, y = np.where(flip, side - 1 - x, x), np.where(flip, side - 1 - y, y)
        x, y = np.where(upper, x, y), np.where(upper, y, x)
        step >>= 1
    return position


def write(name: str, source: bytes) -> None:
    graph, nodes = literals(source)
    tail, head, length_m = links(graph)
    order = np.argsort(curve(nodes[:, 1], nodes[:, 0]), kind="stable")
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    tail, head = number[tail], number[head]
    tail, head = np.minimum(tail, head), np.maximum(tail, head)
    by = np.lexsort((head, tail))
    tables = {
        f"{name}_nodes": {"lon_e3": np.rint(nodes[order, 1] * 1000), "lat_e3": np.rint(nodes[order, 0] * 1000)},
        f"{name}_links": {"tail": tail[by], "head_step": (head - tail)[by], "length_m": length_m[by]},
    }
    for table, columns in tables.items():
        frame = {key: np.asarray(column, np.int32) for key, column in columns.items()}
        save(DATA / f"{table}.parquet", frame)
        print(table, len(next(iter(frame.values()))), "rows", (DATA / f"{table}.parquet").stat().st_size, "bytes")


def save(path: Path, frame: dict[str, np.ndarray]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        con.register("frame", frame)
        con.execute("SET preserve_insertion_order = true")
        con.execute(
            f"COPY (SELECT * FROM frame) TO '{path}' (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd,"
            " COMPRESSION_LEVEL 19, ROW_GROUP_SIZE 1000000)"
        )


def main(wheel: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name, member in MEMBERS.items():
            write(name, archive.read(member))


if __name__ == "__main__":
    main(sys.argv[1])
