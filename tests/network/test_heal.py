"""Mending: what is joined, what is left alone, and never over a border."""

from __future__ import annotations

import numpy as np
import pytest

from comity.network import heal
from comity.network.links import Links

KM = 1 / 111.195  # degrees of latitude


def line(*points, links):
    lon, lat = np.array(points, float).T
    tail, head = np.array(links).T
    return Links(lon=lon, lat=lat, tail=tail, head=head, km=np.ones(len(tail)), label=np.full(len(tail), ""))


def two_pieces(gap_km: float) -> Links:
    return line((0, 0), (0, KM), (0, KM * (1 + gap_km)), (0, KM * (2 + gap_km)), links=[(0, 1), (2, 3)])


def test_a_small_gap_is_joined_and_its_length_winds():
    mended = heal.join_pieces(two_pieces(3.0), np.array(["KAZ"] * 4), reach_km=5.0)
    assert len(set(heal.pieces(mended))) == 1
    assert mended.km[-1] == pytest.approx(3.0 * heal.WINDING, rel=0.01)


def test_a_wide_gap_and_a_border_are_left_alone():
    far = heal.join_pieces(two_pieces(9.0), np.array(["KAZ"] * 4), reach_km=5.0)
    abroad = heal.join_pieces(two_pieces(3.0), np.array(["KAZ", "KAZ", "UZB", "UZB"]), reach_km=5.0)
    assert len(far.tail) == len(abroad.tail) == 2


def test_joining_makes_no_loop():
    star = line((0, 0), (0, KM), (0.01, 0), (0.01, KM), links=[(0, 1), (2, 3)])
    mended = heal.join_pieces(star, np.array(["KAZ"] * 4), reach_km=5.0)
    assert len(mended.tail) == 3  # two pieces need one joint, though four ends lie within reach


def test_dead_ends_far_apart_along_the_line_are_joined():
    ring = [(0.5 * np.sin(a), 0.5 * np.cos(a)) for a in np.linspace(0.02, 2 * np.pi - 0.02, 40)]
    broken = line(*ring, links=[(i, i + 1) for i in range(39)])
    broken = Links(
        lon=broken.lon, lat=broken.lat, tail=broken.tail, head=broken.head, km=np.full(39, 9.0), label=broken.label
    )
    mended = heal.join_dead_ends(broken, np.array(["IRN"] * 40), reach_km=6.0)
    assert len(mended.tail) == 40


def test_ball_is_the_shortest_way():
    square = line((0, 0), (0, 1), (1, 1), (1, 0), links=[(0, 1), (1, 2), (2, 3), (3, 0)])
    assert heal.Ball(square)(0, 10.0) == {0: 0.0, 1: 1.0, 3: 1.0, 2: 2.0}
    assert heal.way_km(heal.Ball(square), 0, 2, limit=1.5) is None
