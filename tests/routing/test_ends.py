"""Where a journey begins: the nearest road of the place's own country, a quay, or nowhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from comity import facts, places
from comity.errors import NoRoute
from comity.network import Cell, Mode
from comity.places import Place
from comity.routing.ends import REACH_KM, ends

ALL = ("road", "rail", "sea")


def point(lat: float, lon: float, country: str = "") -> Place:
    return Place(id="x", name="x", kind="point", country=country, lon=lon, lat=lat)


def away_km(network, nodes, place) -> np.ndarray:
    """Distances by the chord through the Earth, which needs no special case anywhere."""

    def unit(lon, lat):
        lon, lat = np.radians(np.asarray(lon, float)), np.radians(np.asarray(lat, float))
        return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)

    chord = np.linalg.norm(unit(network.node_lon[nodes], network.node_lat[nodes]) - unit(place.lon, place.lat), axis=-1)
    return 2 * 6371.0088 * np.arcsin(np.clip(chord / 2, 0, 1))


@pytest.mark.parametrize(
    "name", ["Almaty", "Karachi", "Termez", "Peshawar", "Kansas City, Missouri", "Strasbourg", "Suva", "Reykjavik"]
)
def test_the_nearest_road_in_its_own_country_by_trying_all(network, name):
    place = places.find(name)
    (end,) = ends(network, place, ALL)
    nodes = network.end_nodes["road"]
    country = np.array([cell.country for cell in network.cells])[network.node_cell[nodes]]
    away = away_km(network, nodes[country == place.country], place)
    assert end.mode == "road"
    assert end.access_km == pytest.approx(away.min(), abs=0.01)
    cell = network.cells[int(network.node_cell[end.node])]
    assert (cell.mode, cell.country) == (Mode.ROAD, place.country)


def test_a_border_town_begins_on_its_own_side(network):
    termez = places.find("Termez")  # the Amu Darya lies between it and Afghan roads
    across = replace(termez, country="AFG")
    sides = [network.cells[int(network.node_cell[ends(network, p, ALL)[0].node])].country for p in (termez, across)]
    assert sides == ["UZB", "AFG"]


def roads(network, *nodes: tuple[float, float]):
    """A world of a few road nodes at lat, lon."""
    return replace(
        network,
        cells=(Cell(mode=Mode.ROAD, country="FJI"),),
        node_lat=np.array([lat for lat, _ in nodes], np.float32),
        node_lon=np.array([lon for _, lon in nodes], np.float32),
        node_cell=np.zeros(len(nodes), np.uint16),
        end_nodes=network.end_nodes | {"road": np.arange(len(nodes))},
    )


def test_the_nearest_road_may_lie_over_the_antimeridian(network):
    few = roads(network, (-16.8, 179.6), (-16.8, -179.9))
    assert ends(few, point(-16.8, 179.95), ("road",))[0].node == 1
    assert ends(few, point(-16.8, 179.70), ("road",))[0].node == 0


def test_reach_is_sixty_km_in_every_direction_and_latitude(network):
    with pytest.raises(NoRoute):  # half a degree north and half a degree east are 78 km
        ends(roads(network, (0.5, 0.5)), point(0, 0), ("road",))
    assert ends(roads(network, (0.5, 0.0)), point(0, 0), ("road",))
    assert ends(roads(network, (70.0, 1.5)), point(70.0, 0.0), ("road",))  # 57 km so far north


@pytest.mark.parametrize("where", [(0.0, -30.0), (-60.0, 100.0), (89.9, 0.0), (-89.9, 0.0)])
def test_a_point_at_sea_or_at_a_pole_has_no_end(network, where):
    with pytest.raises(NoRoute, match=r"no road .* within 60 km. Choose a place on land"):
        ends(network, point(*where), ALL)


def test_without_roads_a_place_has_a_railway_and_a_port(network):
    karachi = places.find("Karachi")
    found = ends(network, karachi, ("rail", "sea"))
    assert [end.mode for end in found] == ["rail", "sea"]
    assert all(end.access_km <= REACH_KM[end.mode] for end in found)
    almaty = ends(network, places.find("Almaty"), ("rail", "sea"))
    assert [end.mode for end in almaty] == ["rail"]  # no port within reach
    with pytest.raises(NoRoute, match="no port"):
        ends(network, places.find("Almaty"), ("sea",))


def test_ships_leave_from_one_quay_and_arrive_at_another(network):
    karachi = places.find("Karachi")
    (out,), (into,) = (ends(network, karachi, ("sea",), arriving) for arriving in (False, True))
    assert out.node in network.end_nodes["sea_out"]
    assert into.node in network.end_nodes["sea_in"]


def test_every_freight_place_of_the_tables_has_an_end(network):
    for row in facts.rows("freight_places"):
        place = places.find(f"{row['place']}, {row['country']}")
        assert ends(network, place, ALL)[0].access_km < 30, place
