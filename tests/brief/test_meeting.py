"""What to ask for: each rule where it holds and where it does not, with no pair in mind."""

from __future__ import annotations

import pytest

from comity.brief import hangs, meeting, shut
from tests.brief.made import NOTHING, closed, dwell, hazard, hold, plan, risk, split

CHINA = hold("CHN", "country", "China", use=0.85, loss=3650, days=16)
KHUNJERAB = hold("khunjerab", "crossing", "Khunjerab (Sost)", use=0.85, loss=3600, days=16)
CHAMAN = hold("chaman-spinboldak", "crossing", "Chaman - Spin Boldak", use=0.1, loss=50, gain=270, gain_days=-1.1)
SHUT = {"shut": (closed("C023", "Chaman - Spin Boldak"),), "hazards": (hazard("AFG-PAK/land", 0.7, "C023"),)}


def dependence(*holds) -> str:
    told = risk(*holds)
    return meeting.dependence(told, hangs.holds(told))


def reopening(*holds, **more) -> str:
    told = risk(*holds, **more)
    return meeting.reopening(told, hangs.holds(told), hangs.in_force(told))


# --- what most hangs on -----------------------------------------------------------------------------------------


def test_a_country_that_one_gate_decides():
    said = dependence(CHINA, KHUNJERAB)
    assert said.startswith("Most hangs on China: 85 of 100 shipments cross it, and in a year without it")
    assert "16 days, which with the costs comes to USD 3,650, nearly all of it at Khunjerab." in said
    assert "Ask for it to be kept open all year" in said


def test_a_country_that_no_single_gate_decides():
    said = dependence(CHINA, KHUNJERAB | {"if_shut": {"usd": 900.0, "days": 2.0, "no_way_share": 0.0}})
    assert "nearly all" not in said
    assert "Ask for its borders and ports on the way" in said


def test_gates_alone():
    said = dependence(hold("BRSSZ", "port", "Santos", loss=1480, days=2))
    assert said.startswith("No third country decides over this trade; most hangs on the port of Santos")


@pytest.mark.parametrize("holds", [(), (hold("KGZ", "country", "Kyrgyzstan", loss=80),)])
def test_no_dependence_is_said_to_be_none(holds):
    assert dependence(*holds).startswith("No single country, crossing, port or strait decides")


def test_shipments_without_a_way_are_told_before_dollars():
    said = dependence(hold("ZAF", "country", "South Africa", use=1.0, loss=10, none=0.4))
    assert "all shipments cross it" in said
    assert "40 of 100 shipments find no way, and the others lose USD 10" in said
    all_of_it = hold("ZAF", "country", "South Africa", use=0.997, none=0.996)
    assert "without it no shipment that takes it finds another way" in dependence(all_of_it)


# --- what is shut today -----------------------------------------------------------------------------------------


def test_the_costliest_closure_with_what_opening_it_brings():
    said = reopening(CHINA, CHAMAN, **SHUT)
    assert "Chaman costs this trade most (shut since 12 Oct 2025, last confirmed 2 Apr 2026)" in said
    assert "would save USD 270, though it would travel 1.1 days longer" in said
    assert "Ask for it to be opened" in said
    quicker = CHAMAN | {"if_never_shut": {"usd": 270.0, "days": 3.0, "no_way_share": 0.0}}
    assert "would save USD 270 and gain 3 days." in reopening(quicker, **SHUT)


def test_what_is_slow_is_not_asked_to_be_opened():
    slow = SHUT | {"shut": (closed("C023", "Chaman - Spin Boldak", severity="slow"),)}
    assert "brought back to its usual state" in reopening(CHAMAN, **slow)


def test_several_gates_and_a_country_are_named_so_that_the_sentence_holds():
    pair = [hold(f"chaman-spinboldak{x}", "crossing", f"Gate{x}", loss=600, gain=270) for x in ("", "-2")]
    assert "Gate and Gate-2 cost this trade most" in reopening(*pair, **SHUT)
    assert "if they could never shut" in reopening(*pair, **SHUT)
    assert "how they are kept open" in dependence(*pair)
    iran = {
        "shut": (closed("D005", "Iran", kind="country", severity="slow"),),
        "hazards": (hazard("IRN/land", 0.7, "D005"),),
    }
    assert "the way through Iran costs this trade most (slow since" in reopening(
        hold("IRN", "country", "Iran", gain=300), **iran
    )


def test_no_closure_and_none_that_costs_anything():
    assert reopening(CHINA) == "No closure in force today touches these ways."
    small = CHAMAN | {"if_never_shut": {"usd": 10.0, "days": 0.0, "no_way_share": 0.0}}
    assert "next to nothing" in reopening(small, **SHUT)
    assert "next to nothing" in reopening(CHINA, **SHUT)


def test_where_nothing_is_ever_open_that_comes_first():
    told = risk(days=NOTHING, no_way_share=1.0, **SHUT)
    said = meeting.ask(plan(), told, [], hangs.in_force(told), None, [])
    assert said.startswith("Ask first for a way to be opened at all")
    assert "Chaman - Spin Boldak (shut since" in said
    assert meeting.never_open([]).startswith("Ask first what would open any way")


# --- waiting, splitting, lines ------------------------------------------------------------------------------------


def test_the_longest_wait_is_at_a_border_or_else_in_a_port():
    by_land = plan(
        dwell("port", "Karachi", 90, 200), dwell("crossing", "Torugart", 28, 53), dwell("crossing", "B", 9, 99)
    )
    assert "wait at a border is at Torugart: 28 hours as a rule, and in one case of ten 2.2 days or more" in meeting.waiting(by_land)  # fmt: skip
    assert "in the port of Karachi: 3.8 days" in meeting.waiting(plan(dwell("port", "Karachi", 90, 200)))
    assert meeting.waiting(plan()) == ""
    assert meeting.waiting({"alternatives": []}) == ""


def test_splitting_that_pays_names_the_shares_and_what_they_cost():
    told = meeting.verdict(split([0.7, 0.3, 0.0], paid=250, saved=1500))
    assert told["said"].startswith("Splitting pays: 70 % on “Truck by way 0” and 30 % on “Truck by way 1”.")
    assert "costs USD 250 more on average and saves USD 1,500 a container" in told["said"]
    assert "book 70 %" in told["ask"]


def test_splitting_that_does_not_pay_says_why():
    one = meeting.verdict(split([1.0, 0.0]))
    assert "does not pay" in one["said"]
    assert "would cost USD 2,000 a container more" in one["said"]
    useless = meeting.verdict(split([0.7, 0.3], paid=250, saved=-40))
    assert "save nothing" in useless["said"]
    assert meeting.verdict(split([1.0]))["ask"] == "Only one way is worth booking, so there is nothing to split."


def test_ways_that_shut_together_are_one_risk():
    titles = ["Truck by A, over X", "Truck by A, over Y", "Truck by A, over Z", "Ship"]
    pairs = [
        {"ways": [a, b], "shut_together": 0.74, "common": ["AFG-PAK/land", "salang/road"]} for a, b in ((0, 1), (1, 2))
    ]
    told = risk(hazards=(hazard("AFG-PAK/land", 0.7), hazard("salang/road", 0.1)))
    said = meeting.one_risk(split([1.0, 0.0, 0.0, 0.0], alike=pairs, titles=titles), told)
    assert said.startswith(
        "Three ways are one risk, since they are shut in the same months (in 74 months of 100 at once"
    )
    assert "mostly through the border between Afghanistan and Pakistan" in said
    assert said.endswith("Truck by A, over X, over Y and over Z.")
    rare = [pair | {"shut_together": 0.0004} for pair in pairs]
    assert meeting.one_risk(split([1.0, 0.0, 0.0, 0.0], alike=rare, titles=titles), told) == ""


def test_ways_tied_by_pairs_are_one_group():
    assert meeting.groups([(6, 7), (1, 2), (7, 8)]) == [(1, 2), (6, 7, 8)]
    assert meeting.groups([(1, 2), (3, 4), (2, 3)]) == [(1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("AFG-PAK/land", "the border between Afghanistan and Pakistan"),
        ("IRN/ports", "the ports of Iran"),
        ("hormuz/sea", "Strait of Hormuz"),
    ],
)
def test_keys_have_names(key, told):
    assert meeting.key_name(key) == told


def test_the_line_that_helps_most():
    row = {"name": "New rail", "days_saved": 2.0, "usd_saved": 412.0, "state": "planned", "opens_year": 2030}
    (told,) = shut.new_lines([row | {"depends_on": ["Torkham", "Chaman"]}])
    said = meeting.line([told])
    assert "New rail, planned, due in 2030, would help most, by USD 412 and 2 days a shipment" in said
    assert said.endswith("It depends on Torkham and Chaman being open.")
    (slower,) = shut.new_lines([row | {"days_saved": -5.8}])
    assert slower["days"] == "5.8 days more"
    assert "by USD 412 a shipment, days counted as money, though it would travel 5.8 days longer." in meeting.line(
        [slower]
    )
    assert meeting.line([]) == ""
