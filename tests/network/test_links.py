"""Cutting links: nothing is lost, and a long link over a border is cut at the border."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.network import borders
from comity.network.links import Links, cut


def chain(lon, km) -> Links:
    n = len(lon)
    return Links(
        lon=np.array(lon, float),
        lat=np.zeros(n),
        tail=np.arange(n - 1),
        head=np.arange(1, n),
        km=np.array(km, float),
        label=np.array([f"l{row}" for row in range(n - 1)], "U24"),
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0.2, 0.4, 0.5, 0.9])), unique=True, max_size=8))
def test_cutting_keeps_lengths_labels_and_order(cuts):
    links = chain([0, 1, 3, 4, 10], [100, 210, 90, 700])
    cuts = sorted(cuts)
    made, source = cut(links, np.array([row for row, _ in cuts], int), np.array([at for _, at in cuts]))
    assert len(made.lon) == len(links.lon) + len(cuts)
    assert np.bincount(source, made.km, minlength=4) == pytest.approx(links.km)
    assert (made.label == links.label[source]).all()
    for row in range(4):  # the pieces of a link follow one another from its tail to its head
        pieces = np.flatnonzero(source == row)
        assert made.tail[pieces[0]] == links.tail[row]
        assert made.head[pieces[-1]] == links.head[row]
        assert (made.head[pieces[:-1]] == made.tail[pieces[1:]]).all()
    assert np.allclose(
        made.km,
        np.abs(made.lon[made.head] - made.lon[made.tail]) * links.km[source] / np.abs(np.diff(links.lon))[source],
    )


def test_a_long_link_over_a_border_is_cut_at_it():
    links = chain([0, 1], [111])
    east = lambda lon, lat: np.where(np.asarray(lon) > 0.3, "BBB", "AAA")  # noqa: E731
    made, country = borders.at_the_line(links, np.array(["AAA", "BBB"]), east)
    assert list(country) == ["AAA", "BBB", "AAA", "BBB"]
    over = np.flatnonzero(country[made.tail] != country[made.head])
    assert len(over) == 1
    assert made.lon[made.tail[over[0]]] <= 0.3 <= made.lon[made.head[over[0]]]
    assert made.km[over[0]] < 4
    assert made.km.sum() == pytest.approx(111)


def test_a_border_right_behind_the_first_node_is_found():
    links = chain([0, 3], [331])
    east = lambda lon, lat: np.where(np.asarray(lon) > 0.005, "BBB", "AAA")  # noqa: E731
    made, country = borders.at_the_line(links, np.array(["AAA", "BBB"]), east)
    over = np.flatnonzero(country[made.tail] != country[made.head])
    assert made.lon[made.head[over[0]]] < 0.05


def test_long_links_inside_a_country_get_waypoints():
    made, country, source = borders.waypoints(chain([0, 1, 2], [111, 30]), np.array(["AAA", "AAA", "AAA"]))
    assert made.km.max() <= borders.WAYPOINT_KM
    assert list(np.bincount(source)) == [3, 1]
    assert set(country) == {"AAA"}


def test_a_town_by_a_long_road_lies_on_it(network):
    from comity import places
    from comity.routing.ends import ends

    for text, mode in (("Nakonde", "road"), ("Zamyn-Uud", "rail"), ("Moyale, KEN", "road")):
        assert ends(network, places.find(text), (mode,))[0].access_km < 30
