"""Lines of a user's own: drawn or from place to place; what cannot be is told at once."""

from __future__ import annotations

import json

import numpy as np
import pytest

from comity.errors import BadInput, PlaceUnknown
from comity.network import Mode
from comity.network.lay import compiled
from comity.network.sketch import between, from_file


@pytest.fixture
def drawn(tmp_path):
    def write(value) -> str:
        path = tmp_path / "line.geojson"
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return str(path)

    return write


def feature(*points, **properties) -> dict:
    shape = {"type": "LineString", "coordinates": [list(point) for point in points]}
    return {"type": "Feature", "properties": properties, "geometry": shape}


TERMEZ, KABUL, PESHAWAR = (67.28, 37.22), (69.17, 34.53), (71.55, 34.0)


def test_a_drawn_line_takes_its_countries_from_the_map_and_its_properties_from_the_file(drawn):
    (line,) = from_file(drawn(feature(TERMEZ, KABUL, PESHAWAR, name="Mine", gauge_mm=1520, cost_usd_bn=5)))
    assert [*dict.fromkeys(station.country for station in line.stations)] == ["UZB", "AFG", "PAK"]
    assert {station.gauge_mm for station in line.stations} == {1520}
    assert (line.name, line.cost_usd_bn, line.id) == ("Mine", 5.0, "own-mine")


def test_what_is_told_goes_over_the_file(drawn):
    (line,) = from_file(drawn(feature(TERMEZ, KABUL, gauge_mm=1520)), gauge_mm=1435)
    assert {station.gauge_mm for station in line.stations} == {1435}


def test_the_length_drawn_is_the_length_laid(drawn):
    (line,) = from_file(drawn(feature(KABUL, PESHAWAR)))
    lon, lat = np.radians(np.array([KABUL, PESHAWAR]).T)
    cosine = np.sin(lat[0]) * np.sin(lat[1]) + np.cos(lat[0]) * np.cos(lat[1]) * np.cos(lon[1] - lon[0])
    assert line.km == pytest.approx(6371.0 * np.arccos(cosine), rel=2e-3)  # law of cosines, for the haversine


def test_bends_stay_and_a_line_can_be_laid(network, drawn):
    (line,) = from_file(drawn(feature(KABUL, (70.4, 34.9), PESHAWAR)))
    assert len(line.stations) > 10
    _, (laid,) = compiled(network, [line])
    assert laid.crossings == ("torkham",)
    assert laid.countries == ("AFG", "PAK")


def test_two_names_make_a_line_through_the_countries_between(network):
    line = between("Termez", "Peshawar", speed_kmh=60, tariff_usd_per_km=0.4, gauge_mm=1520)
    assert [*dict.fromkeys(station.country for station in line.stations)] == ["UZB", "AFG", "PAK"]
    _, (laid,) = compiled(network, [line])
    assert len(laid.crossings) == 2
    own = {(figure.subject, figure.parameter): figure.value for figure in line.figures}
    assert own[f"rail.AFG.{line.id}", "speed_kmh"] == 60.0
    assert own[f"rail.PAK.{line.id}", "rate_usd_per_teu_km"] == 0.4


def test_what_is_not_given_is_that_of_other_new_lines():
    from comity import facts

    line = between("Kabul", "Kandahar", speed_kmh=60)
    rate = next(figure for figure in line.figures if figure.parameter == "rate_usd_per_teu_km")
    assert rate.value == facts.figure("rail.AFG.new", "rate_usd_per_teu_km").value
    assert between("Kabul", "Kandahar").line_class == "new"
    assert {station.gauge_mm for station in between("Almaty", "Tashkent").stations} == {1520}  # of Kazakhstan


def test_a_road_of_ones_own():
    road = between("Kabul", "Kandahar", mode="road", speed_kmh=70)
    assert road.mode is Mode.ROAD
    assert {station.gauge_mm for station in road.stations} == {0}
    assert {figure.parameter for figure in road.figures} == {"speed_kmh", "rate_usd_per_km"}


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"gauge_mm": 1234}, "no railway has a gauge of 1234 mm. In use are .*1435, 1520"),
        ({"gauge_mm": "wide"}, "no railway has a gauge"),
        ({"speed_kmh": -5}, "speed_kmh -5 is not a number above 0"),
        ({"speed_kmh": float("nan")}, "speed_kmh"),
        ({"tariff_usd_per_km": 0}, "tariff_usd_per_km"),
        ({"opens_year": 1066}, "opens_year"),
        ({"mode": "canal"}, "'canal' is not rail or road"),
        ({"colour": "red"}, "colour is no property"),
        ({"length_km": "long"}, "length_km"),
    ],
)
def test_a_property_that_cannot_be_is_told(told, says):
    with pytest.raises(BadInput, match=says):
        between("Kabul", "Kandahar", **told)


def test_all_faults_of_a_line_are_told_at_once():
    with pytest.raises(BadInput) as told:
        between("Kabul", "Kandahar", gauge_mm=1, speed_kmh=-1, cost_usd_bn=-1)
    assert len(str(told.value).splitlines()) == 3


def test_an_unknown_end_is_told_with_names_like_it():
    with pytest.raises(PlaceUnknown):
        between("Kabul", "Kandaharistan-on-Sea")


def test_one_place_twice_is_no_line():
    with pytest.raises(BadInput, match="no length"):
        between("Kabul", "Kabul")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("{", "no GeoJSON"),
        ("[]", "no GeoJSON"),
        ({"type": "FeatureCollection", "features": []}, "holds nothing"),
        ({"type": "Point", "coordinates": [67, 37]}, "holds Point: draw each line as one LineString"),
        (feature(TERMEZ), "two points or more"),
        (feature(TERMEZ, (700.0, 37.0)), "two points or more"),
        (feature(TERMEZ, KABUL, gauge_mm=7), "gauge of 7 mm"),
    ],
)
def test_a_file_that_is_no_line_is_one_clear_message(drawn, value, says):
    with pytest.raises(BadInput, match=says):
        from_file(drawn(value))


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        from_file(tmp_path / "none.geojson")
