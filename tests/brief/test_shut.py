"""The section "If a border shuts": plain sentences that are true of the figures, the same on page and paper."""

from __future__ import annotations

import re
from datetime import date

import pytest

from comity import facts
from comity.brief import played, shut
from comity.brief.notes import Notes
from comity.errors import BadInput
from tests.brief.made import DAYS, NOTHING, closed, hazard, hold, plan, risk, split

HOLDS = (
    hold("CHN", "country", "China", use=0.85, loss=3650, days=16, gain=300, gain_days=1),
    hold("AFG", "country", "Afghanistan", use=0.13, loss=72, days=-0.3, gain=309, gain_days=-1.1),
    hold("torugart", "crossing", "Torugart", use=0.84, loss=594, days=3.3),
)
STATISTICS = re.compile(r"P10|P50|P90|CVaR|percentile|quantile|median|ensemble|correlat|distribution|variance|hazard", re.I)  # fmt: skip


def section(told: dict, **more) -> dict:
    return shut.section(plan(), {}, Notes(), told, **more)


def texts(value) -> list[str]:
    """Every text of a value, but the small print and the drawings' markup."""
    if isinstance(value, dict):
        return [text for key, inner in value.items() if key not in ("small", "svg") for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


def test_three_sentences_with_the_figures_of_the_risk():
    assert shut.found_in(risk()) == [
        "In nine months of ten a container arrives within 22 days, in half of them within 12 days.",
        "In the worst month of twenty it takes 35 days on average; with everything open as usual the average is 12 days.",
        "Closures add 2 days to the average shipment and USD 500 to its cost; in 2 months of 1,000 no way is open at all.",
    ]


@pytest.mark.parametrize(
    ("days", "usd", "says"),
    [
        (0.01, 5, "hardly change"),
        (2.0, -400, "while its freight costs USD 400 less, since the ways then left are slower but cheaper"),
        (2.0, 10, "leave its cost about as it is"),
        (0.0, 900, "its cost rises by USD 900"),
        (-1.0, 900, "take 1 day off the average shipment, and its cost rises by USD 900"),
        (-1.0, -400, "while its freight costs USD 400 less"),
    ],
)
def test_what_closures_add_is_told_by_its_signs(days, usd, says):
    said = shut.extra(risk(extra={"days_per_shipment": days, "usd_per_shipment": usd}))
    assert says in said
    assert ("since the ways" in said) == (days > 0 and usd < -90)


def test_where_nothing_was_ever_open_to_compare_with():
    assert "no way at all to compare" in shut.extra(risk(usual=None, extra=None))
    assert "with everything open" not in shut.found_in(risk(usual=None, extra=None))[1]


def test_nothing_ever_arrives():
    told = section(risk(days=NOTHING, no_way_share=1.0))
    assert told["found"] == ["In none of the simulated months is any way open."]
    assert told["charts"] == {}
    assert told["bars"] == ""


@pytest.mark.parametrize(("share", "says"), [(0, "in every month"), (0.3, "in 30 months of 100"), (1.0, "in every month no way")])  # fmt: skip
def test_months_without_a_way(share, says):
    assert says in shut.no_way(share)


def test_no_word_of_statistics_outside_the_small_print():
    in_force = {"shut": (closed("C013", "Torkham"),), "hazards": (hazard("AFG-PAK/land", 0.7, "C013"),)}
    alike = [{"ways": [0, 1], "shut_together": 0.5, "common": ["AFG-PAK/land"]}]
    told = section(risk(*HOLDS, **in_force), split=split([0.7, 0.3], paid=100, saved=900, alike=alike))
    assert len(texts(told)) > 40
    assert not [text for text in texts(told) if STATISTICS.search(text)]
    assert not [text for text in re.findall(r">([^<]+)<", told["charts"]["months"]["svg"]) if STATISTICS.search(text)]
    assert STATISTICS.search(told["small"])


def test_the_question_says_how_many_years_from_which_day_and_what_is_in_force():
    in_force = {"shut": (closed("C013", "Torkham"),), "hazards": (hazard("torkham/road", 0.7, "C013"),)}
    told = section(risk(**in_force))
    assert "5,000 possible years from 24 Nov 2026" in told["asked"]
    assert "60,000 shipments" in told["asked"]
    (row,) = told["in_force"]
    assert (row["names"], row["state"]) == ("Torkham", "Shut since 12 Oct 2025, last confirmed 2 Apr 2026")
    assert row["notes"]


def test_countries_of_today_and_of_the_years_are_in_one_table_the_heaviest_first():
    way = {"open": True, "countries": ["KAZ", "CHN", "RUS", "PAK"]}
    told = plan()
    told["alternatives"][0] |= way
    rows = shut.section(told, {"CHN": None, "RUS": told}, Notes(), risk(*HOLDS))["countries"]
    assert [row["country"] for row in rows] == ["China", "Afghanistan", "Russia"]
    china, afghanistan, russia = rows
    assert (china["share"], china["best"]) == ("85 of 100", "no way remains")
    assert (china["if_shut"], china["if_never_shut"]) == ("USD 3,650, 16 days more", "USD 300, 1 day fewer")
    assert (afghanistan["used"], afghanistan["best"]) == (0, "on no open way today")
    assert (afghanistan["if_shut"], afghanistan["if_never_shut"]) == (
        "USD 72, 7 hours fewer",
        "USD 309, 1.1 days more",
    )
    assert (russia["share"], russia["if_shut"]) == ("hardly any", "–")


def test_charts_only_where_there_is_something_to_draw():
    assert list(section(risk(*HOLDS))["charts"]) == ["months", "histogram", "countries", "gates"]
    assert list(section(risk(HOLDS[2]))["charts"]) == ["months", "histogram", "gates"]
    assert list(section(risk())["charts"]) == ["months", "histogram"]


def test_months_are_those_of_the_calendar_whatever_the_day():
    rows = shut.month_rows(risk() | {"by_month": [{"from": "2027-01-31", "days": DAYS}] * 12})
    assert [row["month"] for row in rows] == "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    rows = shut.month_rows(risk())
    assert [(row["month"], row["year"]) for row in rows][:2] == [("Nov", "2026"), ("Dec", "2026")]
    assert rows[2]["year"] == "2027"


def test_shares_are_those_of_the_chosen_split_and_the_most_cautious():
    told = section(risk(), split=split([0.7, 0.3, 0.0], paid=100, saved=900))["split"]
    assert [(row["way"], row["chosen"], row["careful"]) for row in told["rows"]] == [
        ("Truck by way 0", "70 %", "70 %"),
        ("Truck by way 1", "30 %", "30 %"),
    ]
    assert told["left_out"] == "1 more way gets no share in either."
    assert "1,000 containers a year" in told["said"]
    assert told["chart"]
    only = section(risk(), split=split([1.0]))["split"]
    assert (only["chart"], only["rows"]) == (None, [])


def test_footnotes_carry_the_standing_of_their_rows_and_capacities_are_cited_where_they_bind():
    free, bound = Notes(), Notes()
    section_free = shut.section(plan(), {}, free, risk(), split=split([0.7, 0.3], paid=1))
    section_bound = shut.section(plan(), {}, bound, risk(), split=split([0.7, 0.3], paid=1, most=0.8))
    capacities = {row["source"] for row in facts.rows("capacities")}
    assert capacities <= {note["id"] for note in bound.listed()}
    assert not capacities <= {note["id"] for note in free.listed()}
    assert set(section_free["split"]["notes"]) < set(section_bound["split"]["notes"])
    assert "No more fits" in section_bound["split"]["said"] and "No more fits" not in section_free["split"]["said"]


def test_without_lines_or_split_the_section_stands():
    told = section(risk(*HOLDS), faults=["The ways can carry 3 units."])
    assert told["split"] is None
    assert told["lines"] == []
    assert told["faults"] == ["The ways can carry 3 units."]
    assert told["ask"].startswith("Most hangs on China")


# --- many years of the brief ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [-1, 2_000_000, 1.5, True, "many"])
def test_a_number_of_years_that_is_none_is_told(many):
    with pytest.raises(BadInput, match="scenarios"):
        played.checked(many)


def test_zero_years_are_fine():
    assert played.checked(0) == 0


def test_a_scenario_is_laid_over_the_years_as_well(network):
    from comity.scenarios import load

    laid = load("afghanistan-stable", network)
    told = played.played("KAZ", "PAK", scenarios=60, network=network, on=date(2026, 11, 24), scenario=laid)
    assert told["risk"]["conditions"]["scenario"]["name"] == "afghanistan-stable"
    assert told["lines"] == [] and told["split"] is not None


def test_trade_that_is_forbidden_leaves_the_years_out_and_says_why(network):
    told = played.played("IND", "PAK", scenarios=5, network=network, on=date(2026, 11, 24), alternatives=3)
    assert told["risk"] is None
    assert "forbidden" in told["faults"][0]
