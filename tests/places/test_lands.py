"""Whose land a point lies on, and the lines of the map."""

from __future__ import annotations

import numpy as np
import pytest

from comity import facts, places

POINTS = {  # lon, lat -> administered_by, part of the name when disputed
    "Almaty": (76.91, 43.25, "KAZ", ""),
    "Astana": (71.43, 51.13, "KAZ", ""),
    "Aktau": (51.17, 43.66, "KAZ", ""),
    "Baikonur": (63.3, 45.95, "KAZ", ""),
    "Karachi": (67.01, 24.86, "PAK", ""),
    "Lahore": (74.34, 31.55, "PAK", ""),
    "Islamabad": (73.05, 33.68, "PAK", ""),
    "Sialkot": (74.53, 32.49, "PAK", ""),
    "Murree": (73.39, 33.90, "PAK", ""),
    "Srinagar": (74.80, 34.08, "IND", "Jammu"),
    "Jammu": (74.86, 32.73, "IND", "Jammu"),
    "Leh": (77.58, 34.16, "IND", "Jammu"),
    "Gilgit": (74.31, 35.92, "PAK", "Jammu"),
    "Muzaffarabad": (73.47, 34.37, "PAK", "Jammu"),
    "Skardu": (75.63, 35.30, "PAK", "Jammu"),
    "Aksai Chin": (79.2, 35.2, "CHN", "Aksai"),
    "Rutog": (79.73, 33.38, "CHN", ""),
    "Tawang": (91.87, 27.59, "IND", "Arunachal"),
    "Itanagar": (93.61, 27.10, "IND", "Arunachal"),
    "Tezpur": (92.79, 26.63, "IND", ""),
    "Simferopol": (34.10, 44.95, "UKR", "Crimea"),
    "Kerch": (36.47, 45.36, "UKR", "Crimea"),
    "Novorossiysk": (37.77, 44.72, "RUS", ""),
    "Kyiv": (30.52, 50.45, "UKR", ""),
    "Nicosia north": (33.36, 35.20, "CYP", "N. Cyprus"),
    "Limassol": (33.04, 34.69, "CYP", ""),
    "Hong Kong": (114.17, 22.30, "HKG", ""),
    "Taipei": (121.56, 25.04, "TWN", ""),
    "Pristina": (21.16, 42.66, "XKX", "Kosovo"),
    "Belgrade": (20.46, 44.80, "SRB", ""),
    "Laayoune": (-13.20, 27.15, "ESH", "Western Sahara"),
    "Tifariti": (-10.57, 26.16, "ESH", "Western Sahara"),
    "Agadir": (-9.60, 30.42, "MAR", ""),
    "Sukhumi": (41.01, 43.00, "GEO", "Abkhazia"),
    "Zugdidi": (41.87, 42.51, "GEO", ""),
    "Tskhinvali": (43.97, 42.23, "GEO", "South Ossetia"),
    "Gori": (44.11, 41.98, "GEO", ""),
    "Tiraspol": (29.63, 46.84, "MDA", "Transnistria"),
    "Chisinau": (28.86, 47.01, "MDA", ""),
    "Hargeisa": (44.06, 9.56, "SOM", "Somaliland"),
    "Mogadishu": (45.34, 2.04, "SOM", ""),
    "Golan": (35.80, 33.00, "SYR", "Golan"),
    "Damascus": (36.29, 33.51, "SYR", ""),
    "Haifa": (35.0, 32.79, "ISR", ""),
    "Ramallah": (35.20, 31.90, "PSE", "West Bank"),
    "Gaza": (34.45, 31.50, "PSE", "Gaza"),
    "Iturup": (147.88, 45.22, "RUS", "Kuril"),
    "Urup": (150.0, 45.9, "RUS", ""),
    "Nemuro": (145.58, 43.33, "JPN", ""),
    "Stanley": (-57.86, -51.70, "FLK", "Falkland"),
    "Cayenne": (-52.33, 4.92, "GUF", ""),
    "Saint-Denis": (55.45, -20.90, "REU", ""),
    "Longyearbyen": (15.6, 78.2, "SJM", ""),
    "Oslo": (10.75, 59.91, "NOR", ""),
    "Chukotka west of 180": (178.0, 67.0, "RUS", ""),
    "Chukotka east of 180": (-175.0, 66.5, "RUS", ""),
    "Taveuni, Fiji": (-179.95, -16.80, "FJI", ""),
    "Vanua Levu, Fiji": (179.3, -16.6, "FJI", ""),
    "Suva": (178.44, -18.14, "FJI", ""),
    "Attu": (172.9, 52.9, "USA", ""),
    "Adak": (-176.6, 51.88, "USA", ""),
    "South Pole": (0.0, -89.9, "ATA", ""),
    "Singapore": (103.85, 1.29, "SGP", ""),
    "Male": (73.51, 4.17, "MDV", ""),
    "Macao": (113.55, 22.17, "MAC", ""),
    "Maseru": (27.48, -29.31, "LSO", ""),
    "Kaliningrad": (20.5, 54.71, "RUS", ""),
    "Guantanamo base": (-75.14, 19.93, "CUB", "Guantanamo"),
}


def land_at(lon: float, lat: float) -> places.Territory | None:
    row = places.territory(lon, lat)[0]
    return places.territories()[row] if row >= 0 else None


@pytest.mark.parametrize("name", POINTS)
def test_known_points(name):
    lon, lat, code, disputed = POINTS[name]
    found = land_at(lon, lat)
    assert found is not None and found.administered_by == code
    assert found.disputed == bool(disputed)
    assert disputed in found.name
    assert not disputed or found.claimed_by


@pytest.mark.parametrize(("lon", "lat"), [(-30.0, 45.0), (180.0, 0.0), (51.0, 41.5), (85.0, 5.0), (-179.0, 40.0)])
def test_open_water_is_no_land(lon, lat):
    assert land_at(lon, lat) is None


def test_a_bridge_or_shore_road_belongs_to_the_nearest_country_up_to_25_km():
    assert land_at(122.00, 30.75).administered_by == "CHN"  # Donghai bridge to the port of Yangshan
    assert places.territory(122.00, 30.75, coast_km=0)[0] == -1
    assert land_at(36.55, 45.30).administered_by in ("UKR", "RUS")  # strait of Kerch
    assert land_at(73.51, 4.17).administered_by == "MDV"
    assert land_at(-179.99, 71.5) is not None and land_at(179.99, 71.5) is not None  # Wrangel island


def test_every_container_port_lies_in_its_country():
    rows = facts.rows("container_ports")
    number = places.territory([row["lon"] for row in rows], [row["lat"] for row in rows])
    codes = [places.territories()[n].administered_by if n >= 0 else "" for n in number]
    wrong = [row["locode"] for row, code in zip(rows, codes, strict=True) if code and code != row["country"]]
    at_sea = [row["locode"] for row, code in zip(rows, codes, strict=True) if not code]
    assert len(wrong) <= len(rows) * 0.02 and len(at_sea) <= len(rows) * 0.02, (wrong, at_sea)


def test_cities_lie_in_the_country_that_the_gazetteer_gives():
    from comity.places.index import connection

    rows = connection().execute("SELECT country, lon, lat, name FROM place WHERE kind = 'city'").fetchall()
    number = places.territory([row[1] for row in rows], [row[2] for row in rows])
    codes = np.array([land.administered_by for land in places.territories()] + [""])[number]
    wrong = [(row[3], row[0], code) for row, code in zip(rows, codes, strict=True) if code != row[0]]
    assert len(wrong) < 0.004 * len(rows), wrong[:40]


def test_many_points_answer_as_each_alone_and_in_any_order():
    random = np.random.default_rng(7)
    lon, lat = random.uniform(-180, 180, 400), np.degrees(np.arcsin(random.uniform(-0.9, 0.98, 400)))
    together = places.territory(lon, lat)
    assert together.dtype == np.int16
    assert [places.territory(x, y)[0] for x, y in zip(lon, lat, strict=True)] == list(together)
    order = random.permutation(400)
    assert (places.territory(lon[order], lat[order]) == together[order]).all()
    assert (places.territory(lon + 360, lat) == together).all()


def test_a_line_inside_a_country_that_no_freight_passes_is_told():
    kyiv, simferopol, yalta = (30.52, 50.45), (34.10, 44.95), (34.16, 44.50)
    sukhumi, zugdidi, tbilisi = (41.01, 43.00), (41.87, 42.51), (44.83, 41.69)
    delhi, srinagar = (77.2, 28.6), (74.80, 34.08)
    assert places.parted(*kyiv, *simferopol)[0] and places.parted(*simferopol, *kyiv)[0]
    assert places.parted(*sukhumi, *zugdidi)[0]
    for pair in ((simferopol, yalta), (zugdidi, tbilisi), (delhi, srinagar), (kyiv, tbilisi)):
        assert not places.parted(*pair[0], *pair[1])[0]


def test_odd_input_is_at_sea_or_empty():
    assert list(places.territory([np.nan, 76.9], [43.0, np.nan])) == [-1, -1]
    assert len(places.territory([], [])) == 0


def test_every_name_in_the_tables_of_territories_is_used():
    names = {land.name for land in places.territories()}
    for row in (*facts.rows("territories"), *facts.rows("disputed_areas")):
        assert row["name"] in names
        for code in (*row["claimed_by"], *row.get("within", ())):
            places.country(code)
