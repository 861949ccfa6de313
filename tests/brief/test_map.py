"""The map of a plan: sound SVG, a true projection, dashes where a line is disputed."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from datetime import date

import numpy as np
import pytest
import shapely

from comity import places
from comity.brief import map as drawn

DAY = date(2026, 11, 24)
SVG = "{http://www.w3.org/2000/svg}"
PAIRS = [("Almaty", "Karachi"), ("Tashkent", "Mumbai"), ("Hamburg", "Shanghai"), ("Karachi", "Lahore")]


@pytest.fixture(scope="module", params=PAIRS, ids="-".join)
def sheet(request, plan) -> tuple[dict, str]:
    told = plan(*request.param, on=DAY).to_json()
    return told, drawn.draw(told)


def test_the_svg_is_well_formed_and_every_number_is_one(sheet):
    _, svg = sheet
    root = ET.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert not re.search(r"\b(nan|inf)\b", svg, re.I)
    for shape in root.iter(f"{SVG}path"):
        assert re.fullmatch(r"[-MLlhvmZ0-9.,e]+", shape.get("d")), shape.get("d")[:80]


def test_sources_and_the_note_on_boundaries_stand_on_every_map(sheet):
    text = " ".join(ET.fromstring(sheet[1]).itertext())
    for word in (
        "OpenStreetMap contributors (ODbL)",
        "searoute",
        "Natural Earth",
        "GeoNames (CC BY 4.0)",
        "no opinion",
    ):
        assert word in text
    assert "Disputed lines are dashed" in text


def test_both_ends_and_every_way_are_named(sheet):
    told, svg = sheet
    texts = [text.text for text in ET.fromstring(svg).iter(f"{SVG}text")]
    assert {told["origin"]["name"], told["destination"]["name"]} <= set(texts)
    for way in told["alternatives"]:
        assert f"Way {way['id'].removeprefix('a')}" + ("" if way["open"] else ", shut") in texts


def test_open_ways_have_a_colour_of_their_own_and_shut_ones_are_grey(sheet):
    told, _ = sheet
    colours = [drawn.colour(number, way) for number, way in enumerate(told["alternatives"]) if way["open"]]
    assert len(set(colours)) == len(colours)
    assert {drawn.colour(n, way) for n, way in enumerate(told["alternatives"]) if not way["open"]} <= {drawn.SHUT}
    assert drawn.SHUT not in colours


def test_a_place_with_signs_of_markup_in_its_name_does_no_harm(plan):
    told = plan("Karachi", "Lahore", on=DAY).to_json()
    told = told | {"origin": told["origin"] | {"name": 'A & B <script> "x"'}}
    texts = [text.text for text in ET.fromstring(drawn.draw(told)).iter(f"{SVG}text")]
    assert 'A & B <script> "x"' in texts


def test_disputed_lines_are_dashed_and_others_are_not(sheet):
    """Every dashed border of the map lies on a disputed line, every whole one on another."""
    _, svg = sheet
    flags = [flag for _, _, flag, _ in places.border_lines()]
    assert any(flags)
    assert not all(flags)
    borders = [shape for shape in ET.fromstring(svg).iter(f"{SVG}path") if shape.get("stroke") == "#a9a59a"]
    assert borders
    assert {shape.get("stroke-dasharray") for shape in borders} <= {None, "3 2.5"}


def test_the_line_of_control_is_drawn_dashed(plan):
    told = plan("Karachi", "Lahore", on=DAY).to_json()
    lines = [np.array(line) for way in told["alternatives"] for line in way["geometry"]["coordinates"]]
    kashmir = [line for a, b, flag, line in places.border_lines() if flag and {a, b} == {"IND", "PAK"}]
    assert kashmir
    view = drawn.view_of([*lines, *kashmir])
    sheet = drawn.Sheet()
    drawn._borders(sheet, view)
    middle = view(kashmir[0])[len(kashmir[0]) // 2]
    near = [shape for shape in sheet.shapes if shapely.distance(_drawn_line(shape), shapely.Point(middle)) < 1.5]
    assert near
    assert any('stroke-dasharray="3 2.5"' in shape for shape in near)


def _drawn_line(shape: str) -> shapely.Geometry:
    points = [tuple(map(float, pair)) for pair in re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", shape)]
    return shapely.LineString(points) if len(points) > 1 else shapely.Point(1e6, 1e6)


# --- projection -----------------------------------------------------------------------------------------------


def test_the_middle_keeps_true_directions_and_chords():
    """Azimuthal: a point c degrees off lies in its true direction, 2 sin(c/2) radii from the middle."""
    for lon0, lat0, c in ((-100.0, 0.0, 30.0), (75.0, 40.0, 45.0), (10.0, -20.0, 100.0)):
        x, y = drawn.project([[lon0, lat0 + c]], lon0, lat0)[0]  # due north
        assert (x, y) == (pytest.approx(0.0, abs=1e-12), pytest.approx(2 * math.sin(math.radians(c) / 2)))
    x, y = drawn.project([[35.0, 0.0]], -55.0, 0.0)[0]  # a quarter round the equator, due east
    assert (x, y) == (pytest.approx(math.sqrt(2)), pytest.approx(0.0, abs=1e-12))


def test_a_point_beyond_150_degrees_is_not_drawn():
    """Snyder's own example (1987, p. 332), 20 S 100 E seen from 40 N 100 W, is 153.7 degrees away."""
    assert np.isnan(drawn.project([[100.0, -20.0]], -100.0, 40.0)).all()
    assert np.isfinite(drawn.project([[100.0, -10.0]], -100.0, 40.0)).all()


@pytest.mark.parametrize("centre", [(0.0, 0.0), (70.0, 40.0), (179.0, -35.0), (0.0, 89.0)])
def test_a_cell_has_the_same_area_on_the_map_as_on_the_sphere(centre):
    lon0, lat0 = centre
    for dlon, dlat in ((3, 2), (20, -10), (-30, -25)):
        west, south = lon0 + dlon, max(-80.0, lat0 + dlat - 5)
        edge = np.linspace(0, 1, 60)
        ring = np.r_[
            np.c_[west + edge, np.full(60, south)],
            np.c_[np.full(60, west + 1), south + edge],
            np.c_[west + 1 - edge, np.full(60, south + 1)],
            np.c_[np.full(60, west), south + 1 - edge],
        ]
        sphere = math.radians(1) * (math.sin(math.radians(south + 1)) - math.sin(math.radians(south)))
        assert shapely.Polygon(drawn.project(ring, lon0, lat0)).area == pytest.approx(sphere, rel=1e-3)


def test_a_view_shows_every_line_inside_its_frame():
    for lines in (
        [[60, 20], [80, 50]],
        [[0, 0], [60, 5]],
        [[179, 10], [-179, -10]],
        [[-70, -55], [30, 70]],
        [[67.0, 24.9], [67.1, 24.8]],
    ):
        view = drawn.view_of([np.array(lines, float)])
        x, y = view(lines).T
        assert ((x > 0) & (x < drawn.WIDTH) & (y > 0) & (y < drawn.HEIGHT - drawn.FOOT)).all()


def test_the_far_side_of_the_earth_breaks_a_line_and_draws_no_stroke_across():
    points = np.array([[0.0, 0.0], [10.0, 5.0], [math.nan, math.nan], [50.0, 9.0], [60.0, 9.0]])
    assert drawn._path(points) == "M0.0,0.0L10.0,5.0M50.0,9.0L60.0,9.0"


def test_the_scale_bar_is_as_long_as_it_says():
    view = drawn.view_of([np.array([[67.0, 24.9], [74.3, 31.5]])])
    said = re.search(r"h([\d.]+)v-5.*>([\d,]+) km<", drawn._scale_bar(view))
    km = float(said[2].replace(",", ""))
    centre = np.array([[view.lon, view.lat], [view.lon, view.lat + km / 111.195]])
    assert np.linalg.norm(np.diff(view(centre), axis=0)) == pytest.approx(float(said[1]), rel=0.01)
