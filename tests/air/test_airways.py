"""Airways: a small file worked out by hand, bad files, and the published figures of a real one where it is at hand."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import box

from comity.air.airways import along_airways, geodesic_km, read_airways
from comity.errors import BadInput

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "air"
CITIES = {"ALA": (77.042828, 43.354267), "NQZ": (71.466904, 51.022202), "LHE": (74.403603, 31.521601),
          "ISB": (72.82566, 33.549), "KHI": (67.160797, 24.9065)}  # fmt: skip
LADDER = """A1 001 WEST 0.0 0.0
A1 002 MID 0.0 2.0
A1 003 EAST 0.0 4.0
B2 001 WEST 0.0 0.0
B2 002 MID 0.0 2.0
C3 001 WEST 0.0 0.0
C3 002 NORTH 3.0 2.0
C3 003 EAST 0.0 4.0
"""
START, END = np.array([[-0.5, 0.0]]), np.array([[4.5, 0.0]])


@pytest.fixture
def ladder(tmp_path):
    path = tmp_path / "airways.dat"
    path.write_text(LADDER)
    return read_airways(path)


def on(airways, regions=(), allowed=frozenset()):
    return along_airways(airways, airways.shut_by(regions, allowed), START, END, regions)[0][0]


def test_the_shortest_open_way_is_flown(ladder):
    straight = geodesic_km(START, END)[0]
    assert on(ladder).length_km == pytest.approx(straight, abs=1e-6)
    north = on(ladder, [box(1.5, -1, 2.5, 1)])
    assert north.length_km > straight and [2.0, 3.0] in north.points.tolist()


def test_a_stretch_of_two_airways_is_flown_once(ladder):
    assert sorted(len(names) for names in ladder.names) == [1, 1, 1, 2]
    assert on(ladder).length_km == pytest.approx(geodesic_km(START, END)[0], abs=1e-6)


def test_an_airway_may_stay_open_through_a_shut_region(ladder):
    shut = [box(2.5, -1, 3.0, 1)]
    assert on(ladder, shut).length_km > on(ladder, shut, frozenset({"A1"})).length_km
    assert on(ladder, [box(1.5, -5, 2.5, 5)]) is None


def test_airports_far_from_any_fix_have_no_way(ladder):
    assert along_airways(ladder, ladder.shut_by([]), np.array([[40.0, 40.0]]), END)[0][0] is None


@pytest.mark.parametrize("text", ["A1 one X 0 0\n", "A1 1 X 95 0\n", "A1 1 X 0\n", "", "A1 1 X 0 0\n"])
def test_a_file_that_is_none_is_told(tmp_path, text):
    path = tmp_path / "airways.dat"
    path.write_text(text)
    with pytest.raises(BadInput, match="airways.dat"):
        read_airways(path)


# --- a real file -----------------------------------------------------------------------------------------------------------

PAIRS = [("ALA", "LHE"), ("ALA", "ISB"), ("ALA", "KHI"), ("NQZ", "ISB"), ("NQZ", "KHI")]
KNOWN = {(): (1679, 1400, 2437, 2169, 3207), ("OAKX",): (1953, 1652, 2807, 2666, 3821), ("OAKX", "ZWUQ"): (4309, 4258, 3834, 4494, 4060)}  # fmt: skip
FLOWN = {(): (1603, 1304, 2337, 2092, 3125), ("OAKX",): (1907, 1653, 2768, 2667, 3621), ("OAKX", "ZWUQ"): (3925, 3842, 3323, 4139, 3621)}  # fmt: skip
needs_file = pytest.mark.skipif(not SHARED.is_dir(), reason="the airway file is not beside this tree; it does not ship")


@pytest.fixture(scope="module")
def real():
    return read_airways(SHARED / "traffic_earth_awy.dat.gz")


@pytest.fixture(scope="module")
def firs():
    from shapely.geometry import shape

    with gzip.open(SHARED / "vatspy_boundaries.geojson.gz", "rt") as file:
        features = json.load(file)["features"]
    wanted = {"OAKX", "ZWUQ"}
    return {row["properties"]["id"]: shape(row["geometry"]) for row in features if row["properties"]["id"] in wanted}


@needs_file
@pytest.mark.parametrize("shut", KNOWN, ids=str)
def test_lengths_on_a_real_file(real, firs, shut):
    regions = [firs[name] for name in shut]
    closed = real.shut_by(regions)
    told = [
        along_airways(real, closed, np.array([CITIES[a]]), np.array([CITIES[b]]), regions)[0][0].length_km
        for a, b in PAIRS
    ]
    assert np.abs(np.array(told) - FLOWN[shut]).max() <= 1, told


@needs_file
@pytest.mark.parametrize("shut", KNOWN, ids=str)
def test_known_figures_come_out_where_shared_stretches_are_added_up(real, firs, shut):
    """Figures known before for this file count a stretch once for each airway that shares it, on a sphere: then they agree to 1 km.

    They are kept as a witness that file, regions and search are read as they were; a flight does not fly a stretch twice.
    """
    from scipy.sparse import bmat, coo_matrix
    from scipy.sparse.csgraph import dijkstra

    regions = [firs[name] for name in shut]
    keep = ~real.shut_by(regions)
    ends = real.ends[keep]
    times = np.array([len(names) for names in real.names])[keep]
    length = sphere_km(real.points[ends[:, 0]], real.points[ends[:, 1]]) * times
    many = len(real.fixes)
    graph = coo_matrix((length, (ends[:, 0], ends[:, 1])), shape=(many, many)).tocsr()
    for (a, b), known in zip(PAIRS, KNOWN[shut], strict=True):
        start, end = (near(real, CITIES[code], regions) for code in (a, b))
        row = coo_matrix((start[1], (np.zeros(len(start[0]), int), start[0])), shape=(1, many))
        whole = bmat([[graph, None], [row, coo_matrix((1, 1))]]).tocsr()
        far = dijkstra(whole, directed=False, indices=many)
        assert abs((far[end[0]] + end[1]).min() - known) <= 1, (a, b)


@needs_file
def test_no_airway_crosses_a_border_but_at_its_gates(real):
    """The rows of airway_borders against the file they were read from."""
    import shapely

    from comity import facts
    from comity.places.outline import border_lines

    for row in facts.rows("airway_borders"):
        ends = {row["country_a"], row["country_b"]}
        line = shapely.union_all([shapely.LineString(one) for a, b, _, one in border_lines() if {a, b} == ends])
        crossing = real.lines[shapely.intersects(line, real.lines)]
        told = [shapely.Point(*map(float, gate.split())) for gate in row["gates"]]
        met = [shapely.intersection(line, one) for one in crossing]
        assert all(min(gate.distance(one) for gate in told) < 0.2 for one in met), row
        assert all(min(gate.distance(one) for one in met) < 0.2 for gate in told), row


def sphere_km(one, two):
    one, two = np.radians(one), np.radians(two)
    half = np.sin((two - one) / 2) ** 2
    return 2 * 6371.0 * np.arcsin(np.sqrt(half[:, 1] + np.cos(one[:, 1]) * np.cos(two[:, 1]) * half[:, 0]))


def near(airways, point, regions):
    import shapely

    spread = np.broadcast_to(np.array(point), airways.points.shape)
    length = sphere_km(spread, airways.points)
    fixes = np.flatnonzero(length <= 160)
    if regions:
        lines = shapely.linestrings(np.stack([spread[fixes], airways.points[fixes]], axis=1))
        fixes = fixes[~shapely.intersects(shapely.union_all(regions), lines)]
    return fixes, length[fixes]
