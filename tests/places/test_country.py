"""Countries by every code and name."""

from __future__ import annotations

import pytest

from comity import places
from comity.errors import BadInput, PlaceUnknown


def test_every_code_and_name_finds_its_country():
    for country in places.countries():
        texts = [
            country.alpha3,
            country.alpha2,
            country.numeric,
            country.name,
            country.short,
            *country.aliases,
        ]
        for text in filter(None, texts):
            for typed in (text, text.upper(), text.lower(), f"  {text} "):
                assert places.country(typed) == country


def test_codes_are_those_of_the_standard():
    found = places.countries()
    assert len(found) == 250  # 249 of ISO 3166-1, and Kosovo
    assert len({country.alpha3 for country in found}) == len({country.alpha2 for country in found}) == 250
    assert all(len(c.alpha3) == 3 and len(c.alpha2) == 2 for c in found)
    assert all(len(c.numeric) == 3 for c in found if c.alpha3 != "XKX")


@pytest.mark.parametrize(
    ("text", "alpha3"),
    [
        ("Россия", "RUS"),
        ("Қазақстан", "KAZ"),
        ("Казахстан", "KAZ"),
        ("پاکستان", "PAK"),
        ("Deutschland", "DEU"),
        ("Turkey", "TUR"),
        ("Türkiye", "TUR"),
        ("Turkiye", "TUR"),
        ("Vietnam", "VNM"),
        ("Viet Nam", "VNM"),
        ("Swaziland", "SWZ"),
        ("Ivory Coast", "CIV"),
        ("Cote d’Ivoire", "CIV"),
        ("UK", "GBR"),
        ("USA", "USA"),
        ("中国", "CHN"),
        ("Iran", "IRN"),
        ("Syria", "SYR"),
        ("Taiwan", "TWN"),
        ("Hong Kong", "HKG"),
        ("XKX", "XKX"),
        ("south korea", "KOR"),
        ("Schweiz", "CHE"),
        ("Ελλάδα", "GRC"),
        ("ქართული", None),
        ("საქართველო", "GEO"),
    ],
)
def test_usual_and_native_names(text, alpha3):
    if alpha3 is None:  # a language, no country
        with pytest.raises(PlaceUnknown):
            places.country(text)
    else:
        assert places.country(text).alpha3 == alpha3


def test_names_follow_the_united_nations():
    names = {country.alpha3: country.name for country in places.countries()}
    assert names["TUR"] == "Türkiye" and names["SWZ"] == "Eswatini" and names["VNM"] == "Viet Nam"
    assert names["TWN"] == "Taiwan, Province of China" and names["PSE"] == "State of Palestine"
    assert "1244" in places.country("XKX").note


def test_no_alias_means_two_countries():
    from comity.places.words import plain

    owner: dict[str, str] = {}
    for country in places.countries():
        for word in {plain(name) for name in (country.name, *country.aliases)}:
            assert owner.setdefault(word, country.alpha3) == country.alpha3, word


def test_a_slip_gets_suggestions():
    with pytest.raises(PlaceUnknown, match="Kazakhstan") as caught:
        places.country("Kazakstan")
    assert caught.value.candidates[0].alpha3 == "KAZ"


@pytest.mark.parametrize("text", ["", " ", "x" * 200, "\ud800", "\x07"])
def test_what_cannot_be_a_country_is_refused(text):
    with pytest.raises(BadInput):
        places.country(text)
