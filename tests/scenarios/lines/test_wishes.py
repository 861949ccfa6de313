"""What a person asks to be built or made quicker, found or told with the nearest names."""

from __future__ import annotations

import pytest

from comity.errors import BadInput
from comity.scenarios.lines.wishes import improvements, region_members, resolved

UAP = "uap-trans-afghan-railway-termez"


@pytest.mark.parametrize("name", [UAP, "uap", "UAP", "Trans-Afghan railway Termez"])
def test_a_part_of_a_name_is_enough(name):
    (line,), notes = resolved([name])
    assert line.id == UAP and notes == ()


def test_other_figures_of_a_plan_are_that_plan():
    (line,), _ = resolved(["uap-trans-afghan-railway-july"])
    assert line.id == UAP
    (line,), _ = resolved(["cku"])
    assert line.id == "china-kyrgyzstan-uzbekistan-railway"


def test_a_plan_asked_for_twice_is_built_once():
    lines, _ = resolved(["uap", UAP])
    assert len(lines) == 1


def test_a_second_track_lays_nothing_and_says_so():
    lines, (note,) = resolved(["dostyk-moiynty-second-track"])
    assert lines == ()
    assert "shortens no journey by itself" in note


def test_all_unknown_names_are_told_at_once_with_the_nearest():
    with pytest.raises(BadInput) as told:
        resolved(["uapp", "railway", "canal"])
    one, several, none = str(told.value).splitlines()
    assert UAP in one and "no planned line" in one
    assert "fits several plans" in several
    assert "--list" in none


def test_hours_and_days_are_read_and_the_usual_is_told(extended):
    (item,), (figure,) = improvements(["torkham=6h"], extended)
    assert (item.id, item.hours) == ("torkham", 6.0)
    assert 10 < item.usual_h[0] < item.usual_h[1]
    assert (figure.subject, figure.value) == ("gate.torkham", 6.0)
    assert improvements(["Torkham = 1.5 days"], extended)[0][0].hours == 36.0


@pytest.mark.parametrize("text", ["torkham", "torkham=", "torkham=-6h", "torkham=soon", "torkham=6 weeks"])
def test_hours_that_are_none_are_told(extended, text):
    with pytest.raises(BadInput, match="torkham=6h; 0 or more"):
        improvements([text], extended)


def test_what_cannot_be_made_quicker_is_told_all_at_once(extended):
    with pytest.raises(BadInput) as told:
        improvements(["torkam=6h", "AFG=6h", f"{UAP}=6h"], extended)
    assert "torkham" in str(told.value).splitlines()[0]
    assert str(told.value).count("is no crossing, port or ferry") == 2


def test_regions_by_name_and_by_countries():
    assert {"KAZ", "PAK", "MNG"} < set(region_members("carec"))
    assert region_members("kz, Pakistan,UZB") == ("KAZ", "PAK", "UZB")


@pytest.mark.parametrize("text", ["KAZ", "KAZ,KAZ", "Narnia,KAZ", ""])
def test_a_region_that_is_none_is_told(text):
    with pytest.raises(BadInput, match="--region"):
        region_members(text)
