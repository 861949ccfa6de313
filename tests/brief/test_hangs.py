"""What a pair hangs on: the heaviest first, what shuts the same ways told once, closures of one cause told once."""

from __future__ import annotations

import pytest

from comity.brief import hangs
from tests.brief.made import closed, hazard, hold, plan, risk

KARAKORAM = (
    hold("CHN", "country", "China", use=0.85, loss=3650, days=16, gain=314),
    hold("gojal", "pass", "Karakoram Highway: Gojal", use=0.85, loss=3649, days=16, gain=62),
    hold("hunza", "pass", "Karakoram Highway: Hunza", use=0.85, loss=3649, days=16, gain=87, gain_days=0.4),
    hold("khunjerab", "crossing", "Khunjerab (Sost)", use=0.85, loss=3648, days=16, gain=59),
    hold("torugart", "crossing", "Torugart", use=0.84, loss=594, days=3.3, gain=249),
)


def test_gates_that_shut_the_same_ways_are_one_and_a_country_stands_alone():
    found = hangs.holds(risk(*KARAKORAM))
    assert [one.name for one in found] == ["China", "Khunjerab and Karakoram Highway (Gojal, Hunza)", "Torugart"]
    assert set(found[1].keys) == {"khunjerab", "gojal", "hunza"}
    assert (found[1].gain_usd, found[1].gain_days) == (87, 0.4)  # opening one of them does not open the others


@pytest.mark.parametrize("other", [{"use": 0.6}, {"loss": 500.0}, {"gain": 300.0}, {"none": 0.1}])
def test_gates_that_differ_in_use_loss_or_gain_are_told_apart(other):
    same = {"use": 0.5, "loss": 1000.0, "gain": 10.0}
    pair = risk(hold("a", "crossing", "A", **same), hold("b", "crossing", "B", **same | other))
    assert len(hangs.holds(risk(hold("a", "crossing", "A", **same), hold("b", "crossing", "B", **same)))) == 1
    assert len(hangs.holds(pair)) == 2


def test_what_leaves_no_way_comes_before_any_dollars():
    found = hangs.holds(risk(hold("a", "port", "A", loss=9000), hold("b", "port", "B", loss=1, none=0.4)))
    assert [one.keys for one in found] == [("b",), ("a",)]
    (rows,) = hangs.bars(found).values()
    assert rows[0]["loss"] == rows[1]["loss"]
    assert (rows[0]["stops"], rows[0]["loss_text"], rows[0]["beside"]) == (True, "no way", "no way for 40 of 100")


def test_at_most_twelve_bars_and_none_too_short_to_see():
    many = [hold(f"C{n:02}", "country", f"Land {n}", loss=1000 - 10 * n) for n in range(9)]
    many += [hold(f"g{n}", "crossing", f"Gate {n}", loss=900 - 30 * n) for n in range(15)]
    shown = hangs.seen(hangs.holds(risk(*many, hold("tiny", "port", "Tiny", loss=5))))
    assert len(shown) == 12
    assert sum(one.kind == "country" for one in shown) == 5
    assert "port of Tiny" not in [one.name for one in shown]


@pytest.mark.parametrize(
    ("kind", "name", "told"),
    [
        ("crossing", "Chaman - Spin Boldak", "Chaman"),
        ("crossing", "KEN-UGA border near Busia", "Busia"),
        ("port", "Bandar Abbas (Shahid Rajaee)", "port of Bandar Abbas"),
        ("ferry", "Aktau - Alat ferry", "Aktau - Alat ferry"),
        ("strait", "Strait of Hormuz", "Strait of Hormuz"),
    ],
)
def test_places_are_called_as_a_person_calls_them(kind, name, told):
    assert hangs.named(kind, name) == told


def test_many_names_are_cut_short():
    assert hangs.together(["A", "B", "C", "D", "E"]) == "A, B, C and 2 more"
    assert hangs.together(["Road: north", "B"]) == "Road: north and B"


# --- closures in force ------------------------------------------------------------------------------------------

SHUT = (
    closed("C013", "Torkham"),
    closed("C023", "Chaman - Spin Boldak", confirmed="2026-05-01"),
    closed("D001", "Pakistan - Afghanistan", kind="country_pair"),
    closed("D005", "Iran", kind="country", severity="slow", since="2026-04-08"),
    closed("C061", "Bab el-Mandeb", kind="strait", severity="partial"),
    closed("season-x", "Pass", kind="season", severity="slow", since=None, confirmed=None),
)
TOUCHED = (hazard("AFG-PAK/land", 0.7, "C013+C023+D001"), hazard("IRN/land", 0.5, "D005", "D999"))


def test_closures_of_one_cause_are_told_once_with_the_newest_word():
    found = hangs.in_force(risk(shut=SHUT, hazards=TOUCHED))
    assert [one.names for one in found] == ["Torkham, Chaman - Spin Boldak and Pakistan - Afghanistan", "Iran"]
    assert found[0].state == "Shut since 12 Oct 2025, last confirmed 1 May 2026"
    assert found[1].state.startswith("Slow since 8 Apr 2026")


def test_a_comma_in_the_name_of_a_pair_parts_no_targets():
    pair = closed("D006", "Pakistan - India, trade and transit", kind="country_pair")
    (found,) = hangs.in_force(risk(shut=(pair,), hazards=(hazard("IND-PAK/land", 0.1, "D006"),)))
    assert found.names == "Pakistan - India, trade and transit"


def test_what_only_a_way_of_the_day_meets_is_in_force_too_and_seasons_are_not():
    told = plan()
    told["alternatives"][0]["closures"] = ["C061", "season-x", "C013"]
    found = hangs.in_force(risk(shut=SHUT, hazards=TOUCHED), told)
    assert [one.names for one in found][2:] == ["Bab el-Mandeb"]


def test_the_closure_that_costs_most_is_a_gate_where_it_brings_most_of_its_country():
    def best(*holds):
        told = risk(*holds, shut=SHUT, hazards=TOUCHED)
        found = hangs.costliest(hangs.holds(told), hangs.in_force(told))
        return found and found[0].keys[0]

    afghanistan = hold("AFG", "country", "Afghanistan", gain=300)
    chaman = hold("chaman-spinboldak", "crossing", "Chaman - Spin Boldak", gain=270)
    assert best(afghanistan, chaman) == "chaman-spinboldak"
    assert best(afghanistan, chaman | {"if_never_shut": {"usd": 100, "days": 0, "no_way_share": 0}}) == "AFG"
    assert best(hold("IRN", "country", "Iran", gain=10), afghanistan) == "AFG"
    assert best(hold("CHN", "country", "China", gain=999)) is None  # nothing in force strikes it


def test_a_pair_of_countries_strikes_the_crossings_between_them_alone():
    told = risk(
        hold("ghulamkhan", "crossing", "Ghulam Khan", gain=50),
        hold("khunjerab", "crossing", "Khunjerab", gain=900),
        shut=SHUT,
        hazards=(hazard("AFG-PAK/land", 0.7, "D001"),),
    )
    assert hangs.costliest(hangs.holds(told), hangs.in_force(told))[0].keys == ("ghulamkhan",)
