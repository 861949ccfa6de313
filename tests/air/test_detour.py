"""The shortest way round shut regions: known shapes, laws, and ten thousand random pairs checked by another library's geometry."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import Point, Polygon, box

from comity.air.detour import around, obstacles, ways
from comity.errors import BadInput
from comity.places.outline import outlines
from comity.places.sphere import unit
from comity.units import EARTH_RADIUS_KM

CITIES = {"ALA": (77.0405, 43.3521), "LHE": (74.4036, 31.5216), "KHI": (67.1608, 24.9065), "NQZ": (71.4669, 51.0222)}


def arc_km(a, b) -> float:
    one, two = unit(*a)[0], unit(*b)[0]
    return float(np.arccos(np.clip(one @ two, -1, 1))) * EARTH_RADIUS_KM


def along(points: np.ndarray, step_km: float = 5.0) -> np.ndarray:
    """Points every few kilometres along great circles, lon and lat."""
    found = []
    for a, b in zip(points, points[1:], strict=False):
        one, two = unit(*a)[0], unit(*b)[0]
        many = max(2, int(arc_km(a, b) / step_km) + 1)
        angle = np.arccos(np.clip(one @ two, -1, 1)) or 1.0
        part = np.linspace(0, 1, many)[:, None]
        vectors = (np.sin((1 - part) * angle) * one + np.sin(part * angle) * two) / np.sin(angle)
        found.append(np.c_[np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0])), np.degrees(np.arcsin(vectors[:, 2]))])
    return np.vstack(found)


def drawn(region) -> Polygon:
    """A region with its sides followed along great circles."""
    return Polygon(along(np.asarray(region.exterior.coords), 5.0)).buffer(0)


def test_nothing_shut_is_the_great_circle():
    track = around(obstacles([]), *CITIES["ALA"], *CITIES["LHE"])
    assert track.length_km == pytest.approx(arc_km(CITIES["ALA"], CITIES["LHE"]), abs=1e-6)


def test_a_wall_is_gone_round_at_its_end():
    wall = obstacles([box(9.9, -10, 10.1, 4)])
    track = around(wall, 0, 0, 20, 0)
    over = sum(arc_km(a, b) for a, b in (((0, 0), (9.9, 4)), ((9.9, 4), (10.1, 4)), ((10.1, 4), (20, 0))))
    assert track.length_km == pytest.approx(over, abs=0.01)
    assert np.allclose(track.points[1:-1], [[9.9, 4], [10.1, 4]], atol=1e-9)


def test_two_walls_with_a_gap_between_are_passed_in_the_gap():
    walls = obstacles([box(9.9, -20, 10.1, -1), box(9.9, 1, 10.1, 20)])
    assert around(walls, 0, 0, 20, 0).length_km == pytest.approx(arc_km((0, 0), (20, 0)), abs=1e-6)
    closed = obstacles([box(9.9, -20, 10.1, 1), box(9.9, 1, 10.1, 20)])  # they touch: no gap is left
    assert around(closed, 0, 0, 20, 0).length_km > arc_km((0, 0), (10, 19)) + arc_km((10, 19), (20, 0))


def test_a_bay_is_a_trap_and_a_hole_is_a_prison():
    bay = Polygon([(0, 0), (10, 0), (10, 10), (0, 10), (0, 9), (9, 9), (9, 1), (0, 1)])
    out = around(obstacles([bay]), 5, 5, 15, 5)
    assert out.length_km > arc_km((5, 5), (0, 9)) + arc_km((0, 10), (15, 5)) - 200
    ring = box(0, 0, 10, 10).difference(box(3, 3, 7, 7))
    assert around(obstacles([ring]), 5, 5, 15, 5) is None
    assert around(obstacles([ring]), 4, 4, 6, 6) is not None


def test_no_way_begins_or_ends_in_shut_air():
    shut = obstacles([box(70, 30, 80, 40)])
    assert around(shut, *CITIES["LHE"], *CITIES["KHI"]) is None
    assert around(shut, *CITIES["KHI"], *CITIES["LHE"]) is None
    assert around(shut, *CITIES["KHI"], *CITIES["ALA"]) is not None


def test_a_region_across_the_180th_is_one():
    russia = [shape for code, shape in outlines() if code == "RUS"]
    track = around(obstacles(russia), 150, 30, -150, 75)
    assert (
        track is not None
        and not shapely.union_all(russia).buffer(-0.3).intersects(shapely.points(along(track.points))).any()
    )
    wall = obstacles([box(175, -10, 180, 10), box(-180, -10, -175, 10)])
    assert around(wall, 170, 0, -170, 0).length_km > arc_km((170, 0), (180, 9)) + arc_km((180, 9), (-170, 0))


def test_more_shut_is_never_shorter_and_back_is_as_long_as_there():
    afghan = [shape for code, shape in outlines() if code == "AFG"]
    iran = [shape for code, shape in outlines() if code == "IRN"]
    before = 0.0
    for regions in ([], afghan, afghan + iran):
        shut = obstacles(regions)
        there = around(shut, *CITIES["NQZ"], *CITIES["KHI"]).length_km
        assert there >= before
        assert around(shut, *CITIES["KHI"], *CITIES["NQZ"]).length_km == pytest.approx(there, abs=1e-6)
        before = there


def test_ten_thousand_ways_never_enter_what_is_shut():
    """Random stars, sixteen hundred pairs in each of seven worlds; the check is shapely's, in degrees, on points along the ways."""
    chance = np.random.default_rng(5)
    pairs = 0
    for _ in range(7):
        regions = []
        for _ in range(int(chance.integers(2, 9))):
            many = int(chance.integers(3, 30))
            turn = np.sort(chance.uniform(0, 2 * np.pi, many))
            far = chance.uniform(1, 9, many)
            middle = chance.uniform([-30, -50], [30, 50])
            star = Polygon(np.c_[middle[0] + far * np.cos(turn), middle[1] + far * np.sin(turn)])
            if star.is_valid and star.area > 0.1:
                regions.append(star)
        shut = obstacles(regions)
        solid = shapely.union_all([drawn(region) for region in regions]).buffer(-0.02)
        wide = shapely.union_all([drawn(region) for region in regions]).buffer(0.02)
        shapely.prepare(solid)
        points = chance.uniform([-40, -60], [40, 60], (400, 2))
        clear = points[~shapely.intersects(wide, shapely.points(points))]
        starts, ends = clear[:40], clear[40:80]
        told = []
        for row, start in zip(ways(shut, starts, ends), starts, strict=True):
            for track, end in zip(row, ends, strict=True):
                pairs += 1
                if track is None:  # shut in by regions on all sides: then no straight way is free either
                    assert shapely.intersects(wide, shapely.LineString(along(np.array([start, end]))))
                    continue
                told.append(along(track.points, 40.0))
                assert track.length_km >= arc_km(start, end) - 1e-6
        assert not shapely.intersects(solid, shapely.points(np.vstack(told))).any()
    assert pairs >= 10_000


def test_what_cannot_be_gone_round_is_told():
    with pytest.raises(BadInput, match="no plain polygon"):
        obstacles([Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])])
    with pytest.raises(BadInput, match="pole"):
        obstacles([box(-180, 60, 180, 90)])


def test_insides_agree_with_shapely():
    shapes = [shape for code, shape in outlines() if code in ("AFG", "IRN", "PAK")]
    shut, whole = obstacles(shapes), shapely.union_all(shapes)
    points = np.random.default_rng(3).uniform([40, 20], [85, 42], (2000, 2))
    near = shapely.distance(shapely.points(points), whole.boundary) < 0.05
    told = shut.inside(unit(*points.T))
    assert (told == shapely.contains(whole, shapely.points(points)))[~near].all()
    assert Point(69.2, 34.5).within(whole) and shut.inside(unit(69.2, 34.5))[0]
