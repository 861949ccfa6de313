"""A plain network of one mode before it is compiled: nodes with coordinates, undirected links with a length."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import numpy as np

from comity.errors import BadInput
from comity.network.geo import great_circle_km


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """lon, lat : float64[n], degrees · tail, head : int64[m] · km : float64[m] · label : str[m] (a passage, or "")."""

    lon: np.ndarray
    lat: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    km: np.ndarray
    label: np.ndarray

    def joined(self, tail, head, km) -> Links:
        """The same network with more links between nodes it has."""
        return replace(
            self,
            tail=np.r_[self.tail, np.asarray(tail, np.int64)],
            head=np.r_[self.head, np.asarray(head, np.int64)],
            km=np.r_[self.km, np.asarray(km, float)],
            label=np.r_[self.label, np.full(len(tail), "", self.label.dtype)],
        )


def cut(links: Links, rows: np.ndarray, fractions: np.ndarray) -> tuple[Links, np.ndarray]:
    """The network with new nodes on its links, and the old link of each new one, int64[m + len(rows)].

    rows : int[k], links to cut, ascending · fractions : float[k], where from tail to head, ascending within a link.
    New nodes come after the old ones, in the order given.
    """
    rows, fractions = np.asarray(rows, np.int64), np.asarray(fractions, float)
    new = len(links.lon) + np.arange(len(rows))
    cuts = np.bincount(rows, minlength=len(links.tail))
    source = np.repeat(np.arange(len(links.tail)), cuts + 1)
    before = np.arange(len(rows)) + rows  # the piece that ends at each cut: each link and each earlier cut made one
    tail, head = links.tail[source], links.head[source]
    start, end = np.zeros(len(source)), np.ones(len(source))
    head[before], tail[before + 1] = new, new
    end[before], start[before + 1] = fractions, fractions
    along = [
        at[links.tail[rows]] + (at[links.head[rows]] - at[links.tail[rows]]) * fractions
        for at in (links.lon, links.lat)
    ]
    made = Links(
        lon=np.r_[links.lon, along[0]],
        lat=np.r_[links.lat, along[1]],
        tail=tail,
        head=head,
        km=links.km[source] * (end - start),
        label=links.label[source],
    )
    return made, source


def shipped(name: str) -> Links:
    """The network that ships with the package: "roads", "rails" or "sea"."""
    with resources.as_file(resources.files("comity.network") / "data") as folder:
        nodes = _columns(folder / f"{name}_nodes.parquet")
        links = _columns(folder / f"{name}_links.parquet")
    if "lon_e3" in nodes:  # degrees in thousandths, heads as steps from tails: see scripts/prepare
        nodes = {"lon": nodes["lon_e3"] / 1000.0, "lat": nodes["lat_e3"] / 1000.0}
        links["head"] = links["tail"] + links["head_step"]
    return _links(
        nodes["lon"], nodes["lat"], links["tail"], links["head"], links["length_m"] / 1000.0, links.get("passage")
    )


def from_file(path: str | Path) -> Links:
    """A user's own network: a GeoJSON of LineStrings, or Parquet with columns tail_lon, tail_lat, head_lon,
    head_lat and length_km. Ends that share coordinates (to 1e-5 degrees) are one node. Raises BadInput."""
    path = Path(path)
    if path.suffix.lower() in (".geojson", ".json"):
        ends, km = _geojson_ends(path)
    elif path.suffix.lower() == ".parquet":
        table = _columns(path)
        wanted = ("tail_lon", "tail_lat", "head_lon", "head_lat", "length_km")
        missing = [name for name in wanted if name not in table]
        if missing:
            raise BadInput(f"{path.name}: columns {', '.join(missing)} are missing; it needs {', '.join(wanted)}.")
        ends = np.c_[table["tail_lon"], table["tail_lat"], table["head_lon"], table["head_lat"]].astype(float)
        km = np.asarray(table["length_km"], float)
    else:
        raise BadInput(f"{path.name}: a network is a .parquet or a .geojson file.")
    return _from_ends(path.name, ends, km)


def _from_ends(name: str, ends: np.ndarray, km: np.ndarray) -> Links:
    bad = ~np.isfinite(ends).all(axis=1) | (np.abs(ends[:, [1, 3]]) > 90).any(axis=1) | ~(km >= 0)
    if len(ends) == 0 or bad.any():
        rows = ", ".join(str(row + 1) for row in np.flatnonzero(bad)[:10])
        raise BadInput(f"{name}: " + (f"links {rows} have no usable coordinates or length." if rows else "no links."))
    points = np.rint(np.r_[ends[:, :2], ends[:, 2:]] * 1e5).astype(np.int64)
    unique, number = np.unique(points, axis=0, return_inverse=True)
    number = number.ravel()
    return _links(unique[:, 0] / 1e5, unique[:, 1] / 1e5, number[: len(ends)], number[len(ends) :], km, None)


def _geojson_ends(path: Path) -> tuple[np.ndarray, np.ndarray]:
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        lines = [np.asarray(f["geometry"]["coordinates"], float)[:, :2] for f in features]
        given = [f.get("properties", {}).get("length_km") for f in features]
    except (ValueError, KeyError, TypeError, IndexError) as fault:
        raise BadInput(f"{path.name}: not a GeoJSON FeatureCollection of LineStrings ({fault}).") from fault
    ends = np.array([[*line[0], *line[-1]] for line in lines]).reshape(-1, 4)
    drawn = [great_circle_km(*line[:-1].T, *line[1:].T).sum() for line in lines]
    return ends, np.array([d if g is None else float(g) for g, d in zip(given, drawn, strict=True)])


def _links(lon, lat, tail, head, km, label) -> Links:
    labels = np.full(len(tail), "", "U24") if label is None else np.asarray(label, "U24")
    return Links(
        lon=np.asarray(lon, float),
        lat=np.asarray(lat, float),
        tail=np.asarray(tail, np.int64),
        head=np.asarray(head, np.int64),
        km=np.asarray(km, float),
        label=labels,
    )


def _columns(path: Path) -> dict[str, np.ndarray]:
    import duckdb

    with duckdb.connect() as connection:
        try:
            found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchnumpy()
        except duckdb.Error as fault:
            raise BadInput(f"{path.name} cannot be read as Parquet: {str(fault).splitlines()[0]}") from fault
    return {name: np.asarray(column) for name, column in found.items()}
