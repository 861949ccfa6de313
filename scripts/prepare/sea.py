"""Maintainer's script: the world's sea lanes from searoute's marine network (Apache-2.0), as Parquet.

    python scripts/prepare/sea.py searoute-1.6.0/searoute/data/marnet_searoute.geojson

Every vertex of a lane becomes a node, every step a link whose length is the great circle. Longitudes are brought
into [-180, 180), which joins the lanes that meet at the antimeridian. Named passages (Suez, Hormuz ...) keep
their name on their links, since a passage can shut.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from roads_rails import DATA, save

EARTH_RADIUS_KM = 6371.0088
# searoute's spelling -> the name used in this project
PASSAGES = {
    "babalmandab": "bab_el_mandeb",
    "bosporus": "bosporus",
    "dardanelles": "dardanelles",
    "gibraltar": "gibraltar",
    "malacca": "malacca",
    "ormuz": "hormuz",
    "panama": "panama",
    "suez": "suez",
    "sunda": "sunda",
    "bering": "bering",
    "northwest": "northwest_passage",
    "chili": "magellan",
    "south_africa": "cape_of_good_hope",
}


def steps(features: list[dict]):
    """(lon, lat) pairs of every step with its passage name ("" for open sea)."""
    for feature in features:
        geometry, passage = feature["geometry"], feature["properties"].get("passage") or ""
        lines = geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
        for line in lines:
            for start, end in zip(line, line[1:], strict=False):
                yield wrap(start), wrap(end), PASSAGES.get(passage, "")


def wrap(point: list[float]) -> tuple[float, float]:
    return (round((point[0] + 180) % 360 - 180, 4), round(point[1], 4))


def great_circle_km(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    lon_a, lat_a, lon_b, lat_b = np.radians([a[:, 0], a[:, 1], b[:, 0], b[:, 1]])
    half = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))


def main(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        found = {}
        for start, end, passage in steps(json.load(file)["features"]):
            if start != end:
                found.setdefault((min(start, end), max(start, end)), passage)
    nodes = sorted({point for link in found for point in link})
    number = {point: index for index, point in enumerate(nodes)}
    coords = np.array(nodes)
    tail, head = np.array([[number[a], number[b]] for a, b in found]).T
    length_m = np.maximum(np.rint(great_circle_km(coords[tail], coords[head]) * 1000), 1)
    save(DATA / "sea_nodes.parquet", {"lon": coords[:, 0], "lat": coords[:, 1]})
    save(
        DATA / "sea_links.parquet",
        {
            "tail": tail.astype(np.int32),
            "head": head.astype(np.int32),
            "length_m": length_m.astype(np.int32),
            "passage": np.array(list(found.values())),
        },
    )
    print(len(nodes), "nodes,", len(found), "links,", sorted(set(found.values())))


if __name__ == "__main__":
    main(sys.argv[1])
