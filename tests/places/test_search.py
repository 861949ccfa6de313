"""Names people type, in many scripts and spellings, and what they must find."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity import facts, places
from comity.errors import BadInput, PlaceAmbiguous, PlaceUnknown

CITIES = {
    "Almaty": "KAZ",
    "Алматы": "KAZ",
    "Alma-Ata": "KAZ",
    "Алма-Ата": "KAZ",
    "Almati": "KAZ",
    "阿拉木圖": "KAZ",
    "Karachi": "PAK",
    "Карачи": "PAK",
    "کراچی": "PAK",
    "كراتشي": "PAK",
    "卡拉奇": "PAK",
    "Karatschi": "PAK",
    "Астана": "KAZ",
    "Шымкент": "KAZ",
    "Ақтау": "KAZ",
    "لاہور": "PAK",
    "Lahore": "PAK",
    "Пешавар": "PAK",
    "Москва": "RUS",
    "北京": "CHN",
    "上海": "CHN",
    "Xi'an": "CHN",
    "Xian": "CHN",
    "Urumqi": "CHN",
    "Ürümqi": "CHN",
    "São Paulo": "BRA",
    "Sao Paulo": "BRA",
    "SAO  PAULO": "BRA",
    "Київ": "UKR",
    "Kiev": "UKR",
    "東京": "JPN",
    "서울": "KOR",
    "Αθήνα": "GRC",
    "القاهرة": "EGY",
    "मुंबई": "IND",
    "Bombay": "IND",
    "Saigon": "VNM",
    "თბილისი": "GEO",
    "Երևան": "ARM",
    "תל אביב": "ISR",
    "Bishkek": "KGZ",
    "Кабул": "AFG",
    "Ho Chi Minh City": "VNM",
    "Łódź": "POL",
    "Lodz": "POL",
    "Göteborg": "SWE",
    "Diyarbakır": "TUR",
    "DIYARBAKIR": "TUR",
    "St. Petersburg": "RUS",
    "Paris": "FRA",
    "London": "GBR",
    "Lima": "PER",
    "New York": "USA",
    "Poti": "GEO",
    "Barcelona": "ESP",
}


@pytest.mark.parametrize(("text", "country"), CITIES.items())
def test_cities_are_found_in_any_script(text, country):
    found = places.find(text)
    assert (found.kind, found.country) == ("city", country)


@pytest.mark.parametrize("text", ["Hyderabad", "Birmingham", "Springfield", "San José", "Cordoba", "Khorgos"])
def test_an_ambiguous_name_is_never_guessed(text):
    with pytest.raises(PlaceAmbiguous) as caught:
        places.find(text)
    assert len(caught.value.candidates) > 1
    assert all(str(place) in str(caught.value) for place in caught.value.candidates[:12])


@pytest.mark.parametrize(
    "text", ["Springfield", "San Jose", "Hyderabad", "Victoria", "Khorgos", "Cordoba", "Birmingham"]
)
def test_the_advice_of_an_ambiguous_name_works(text):
    with pytest.raises(PlaceAmbiguous) as caught:
        places.find(text)
    advised = str(caught.value).split('"')[1]
    assert places.find(advised) == caught.value.candidates[0]


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Hyderabad, IN", "Hyderabad", "IND"),
        ("Hyderabad, IND", "Hyderabad", "IND"),
        ("Hyderabad, Pakistan", "Hyderabad", "PAK"),
        ("Hyderabad Pakistan", "Hyderabad", "PAK"),
        ("хайдарабад, Пакистан", "Hyderabad", "PAK"),
        ("Paris, TX", "Paris", "USA"),
        ("Paris, Texas", "Paris", "USA"),
        ("Paris, Texas, USA", "Paris", "USA"),
        ("Birmingham, England", "Birmingham", "GBR"),
        ("Birmingham, Alabama", "Birmingham", "USA"),
        ("Córdoba, España", "Córdoba", "ESP"),
        ("London, Ontario", "London", "CAN"),
    ],
)
def test_a_country_or_region_narrows_a_name(text, name, country):
    found = places.find(text)
    assert (found.name, found.country) == (name, country)


def test_a_city_in_the_wrong_country_is_not_found_but_told():
    with pytest.raises(PlaceUnknown, match="not in that country") as caught:
        places.find("Karachi, India")
    assert caught.value.candidates[0].country == "PAK"


def test_a_name_of_city_and_port_means_the_city_unless_the_port_is_named():
    assert places.find("Karachi").kind == "city"
    for text in ("port of Karachi", "Karachi port", "Port of Karachi, Pakistan", "PKKHI", "pkkhi"):
        assert places.find(text).id == "PKKHI"


@pytest.mark.parametrize("table", ["container_ports", "rail_terminals", "crossings"])
def test_every_hub_of_the_tables_is_found_by_its_code(table):
    for row in facts.rows(table):
        id = row.get("locode") or row["id"]
        found = places.find(id)
        assert (found.id, found.lon, found.lat) == (id, row["lon"], row["lat"])


def test_terminals_and_crossings_are_found_by_name():
    assert places.find("Torkham").kind == "crossing"
    assert places.find("Khorgos Gateway dry port").kind == "dry_port"
    assert places.find("Termez").kind == "city"


def test_three_letters_are_a_country_before_an_airport():
    assert places.find("KAZ").kind == places.find("kaz").kind == "country"
    assert places.find("ALA").country == "ALA"
    assert (places.find("KHI").kind, places.find("KHI").country) == ("airport", "PAK")
    assert places.find("Bra").kind == "city"  # in Italy; BRA and bra are Brazil
    assert places.find("BRA").kind == places.find("bra").kind == "country"


def test_coordinates():
    point = places.find("43.25, 76.91")
    assert (point.kind, point.lat, point.lon, point.country) == ("point", 43.25, 76.91, "")
    assert places.find("-33.9 18.4").lat == -33.9
    assert places.find("0,180").lon == 180 and places.find("-90,-180").lat == -90


@pytest.mark.parametrize("text", ["91,0", "0,181", "-90.01,0", "0,-1000"])
def test_coordinates_off_the_earth_are_refused(text):
    with pytest.raises(BadInput, match="no point on Earth"):
        places.find(text)


def test_swapped_coordinates_get_a_hint():
    with pytest.raises(BadInput, match="Did you mean 43.25,176.91"):
        places.find("176.91,43.25")


@pytest.mark.parametrize("text", ["", "   ", "x" * 500, "\ud800", "\x00", "Almaty\x1b[31m", "1,2,3", "43.25"])
def test_what_cannot_be_a_place_is_refused(text):
    with pytest.raises(BadInput):
        places.find(text)


@pytest.mark.parametrize("text", ["a", "é", "🙂", "...", "'", '"', "%", "-", "NEAR(", "*", "Zzyzxqq", "KZXXX"])
def test_what_is_no_place_is_unknown(text):
    with pytest.raises(PlaceUnknown):
        places.find(text)


def test_invisible_marks_do_not_matter():
    assert places.find("\u200eAlmaty\u200f") == places.find("\ufeffalmaty")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Karatchi", "Karachi"),
        ("Peshawer", "Peshawar"),
        ("Алмоты", "Almaty"),
        ("Istambul", "Istanbul"),
        ("Hambrug", "Hamburg"),
        ("Rawalpendi", "Rawalpindi"),
        ("Chimkent city", "Shymkent"),
        ("Taschkend", "Tashkent"),
        ("Novosibrisk", "Novosibirsk"),
        ("Islambad", "Islamabad"),
        ("Shangai", "Shanghai"),
    ],
)
def test_a_slip_of_the_hand_is_suggested(text, meant):
    try:
        found = [places.find(text)]
    except PlaceUnknown as error:
        found = list(error.candidates[:3])
    assert meant in [place.name for place in found]


def test_search_puts_the_very_name_first_and_scores_fall():
    found = places.search("Karachi", limit=8)
    assert (found[0][0].kind, found[0][0].country, found[0][1]) == ("city", "PAK", 1.0)
    assert all(0 < score <= 1 for _, score in found)
    assert len({place.id for place, _ in found}) == len(found) <= 8
    assert "Peshawar" in [place.name for place, _ in places.search("Pesha", limit=2)]  # what is typed so far


def test_search_knows_countries_and_points():
    assert places.search("Kazakhstan")[0][0].kind == "country"
    assert [place.kind for place, _ in places.search("43.2,76.9")] == ["point"]
    assert places.search("qqqqqqqqq") == [] or places.search("qqqqqqqqq")[0][1] < 0.9


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_any_text_gets_a_place_or_one_of_our_errors(text):
    try:
        found = places.find(text)
    except BadInput as error:
        assert str(error)
    else:
        assert -90 <= found.lat <= 90 and -180 <= found.lon <= 180
    try:
        places.search(text)
    except BadInput:
        pass


def test_the_largest_cities_of_the_first_two_countries_need_no_more_than_their_name():
    for alpha3 in ("KAZ", "PAK"):
        for place in places.freight_places(alpha3, 12):
            if place.name != "Hyderabad":
                assert places.find(place.name).id == place.id


def test_a_country_stands_on_its_land():
    for country in places.countries():
        found = places.find(country.alpha3)
        assert (found.kind, found.country) == ("country", country.alpha3)
        assert (found.lon, found.lat) != (0.0, 0.0)


def test_two_names_in_a_fresh_process_need_neither_numpy_nor_a_database_engine():
    places.find("Almaty")  # the index is there
    code = (
        "import sys; from comity import places; places.find('Almaty'); places.find('Karachi'); "
        "print('duckdb' in sys.modules, 'numpy' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert run.stdout.split() == ["False", "False"]


def test_a_damaged_index_is_built_again_and_a_folder_that_cannot_be_written_does_no_harm(tmp_path, monkeypatch):
    from comity.places import index

    monkeypatch.setattr(index, "cache_folder", lambda: tmp_path / "cache")
    index.connection.cache_clear()
    try:
        assert places.find("Almaty").country == "KAZ"
        (path,) = (tmp_path / "cache").glob("places-*.sqlite")
        path.write_bytes(b"no database")
        index.connection.cache_clear()
        assert places.find("Almaty").country == "KAZ"
        (tmp_path / "file").write_text("")
        monkeypatch.setattr(index, "cache_folder", lambda: tmp_path / "file" / "below")
        index.connection.cache_clear()
        assert places.find("Almaty").country == "KAZ"
    finally:
        index.connection.cache_clear()
