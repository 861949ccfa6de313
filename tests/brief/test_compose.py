"""The whole brief as one value: its tables are those of the plan, its notes those it uses."""

from __future__ import annotations

import shlex
from datetime import date

import pytest

from comity import places
from comity.brief import sections
from comity.brief.compose import compose, whole
from comity.errors import NoRoute

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def answer(plan) -> dict:
    return plan("Almaty", "Karachi", on=DAY).to_json()


@pytest.fixture(scope="module")
def brief(answer) -> dict:
    return whole(answer, {}, [], "Almaty", "Karachi")


def number(text: str) -> float:
    return float(text.replace(",", "").split()[0])


def test_the_table_side_by_side_has_the_figures_of_the_plan(answer, brief):
    assert len(brief["alternatives"]) == len(answer["alternatives"])
    for row, way in zip(brief["alternatives"], answer["alternatives"], strict=True):
        hours, usd = way["time_h"], way["cost_usd"]
        low, high = row["days"].split("–")
        assert [float(low), float(row["days_mid"]), float(high)] == pytest.approx(
            [hours[p] / 24 for p in ("p10", "p50", "p90")], rel=0.05, abs=0.051
        )
        low, high = row["usd"].split("–")
        assert [number(low), number(row["usd_mid"]), number(high)] == pytest.approx(
            [usd[p] for p in ("p10", "p50", "p90")], rel=0.006
        )
        assert number(row["km"]) == pytest.approx(way["distance_km"], rel=0.006)
        assert number(row["co2e"]) == pytest.approx(way["co2e_kg"] / 1000, abs=0.051)
        assert (row["title"], row["open"]) == (way["title"], way["open"])
        assert row["countries"] == [places.country(code).short for code in way["countries"]]
        assert len(row["crossings"]) == len(way["crossings"])


def test_every_number_of_a_footnote_has_its_note_and_every_note_a_use(brief):
    def used(value) -> set[int]:
        if isinstance(value, dict):
            own = set(value["notes"]) if isinstance(value.get("notes"), list) else set()
            return own.union(*(used(inner) for key, inner in value.items() if key != "notes"), set())
        return set().union(*(used(inner) for inner in value)) if isinstance(value, list) else set()

    assert used({key: value for key, value in brief.items() if key != "notes"}) == {
        note["number"] for note in brief["notes"]
    }


def test_leg_by_leg_has_every_leg_and_every_wait_in_order(answer, brief):
    for told, way in zip(brief["legs"], answer["alternatives"], strict=True):
        waits = [dwell for dwell in way["dwells"] if dwell["time_h"]["p90"] > 0]
        assert [step["kind"] for step in told["steps"]].count("leg") == len(way["legs"])
        assert [step["kind"] for step in told["steps"]].count("wait") == len(waits)
        km = [number(step["km"]) for step in told["steps"] if step["kind"] == "leg"]
        assert km == pytest.approx([leg["distance_km"] for leg in way["legs"]], rel=0.006, abs=0.51)


def test_shares_of_the_figures_that_decide_fall(brief):
    shares = [float(row["share"].rstrip("%")) for row in brief["figures"]]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 100 for share in shares)


def test_each_transit_country_is_taken_away_once_and_the_rest_is_asked_as_before(answer):
    asked = []

    def planned(start, stop, **told):
        asked.append(told)
        if told.get("close", ())[-1:] == ("CHN",):
            raise NoRoute("none.")
        return answer

    brief = compose("Almaty", "Karachi", planned, on=DAY, close=("torkham",))
    transit = {c for way in answer["alternatives"] if way["open"] for c in way["countries"]} - {"KAZ", "PAK"}
    assert asked[0] == {"on": DAY, "close": ("torkham",)}
    assert {told["close"] for told in asked[1:]} == {("torkham", code) for code in transit}
    china = next(row for row in brief["independence"] if row["country"] == "China")
    assert (china["left"], china["best"], china["days"]) == (0, "no way remains", "–")
    assert brief["independence"][0] == china  # what nothing replaces stands first


def test_more_days_and_dollars_are_the_difference_of_the_middles(answer):
    def shifted(way: dict, hours: float, usd: float) -> dict:
        return way | {
            "time_h": {p: h + hours for p, h in way["time_h"].items()},
            "cost_usd": {p: c + usd for p, c in way["cost_usd"].items()},
        }

    later = answer | {"alternatives": [shifted(way, 60.0, -1200.0) for way in answer["alternatives"]]}
    for left, days, usd in ((later, "+2.5", "−1,200"), (answer, "±0", "±0")):
        (row,) = sections.independence(answer, {"CHN": left})
        assert (row["more_days"], row["more_usd"]) == (days, usd)


def test_years_of_ones_own_are_in_the_command_to_get_it_again(answer):
    assert sections.again(answer, "A", "B", 250)["command"].endswith(" --scenarios 250")
    assert "--scenarios" not in sections.again(answer, "A", "B")["command"]


@pytest.mark.parametrize("closed", [(), ("torkham",), ("Suez Canal", "IRN")])
def test_the_command_to_get_it_again_can_be_typed(answer, closed):
    told = answer | {"conditions": answer["conditions"] | {"close": list(closed)}}
    command = sections.again(told, "Kansas City, Missouri", "Karachi")["command"]
    words = shlex.split(command)
    assert words[:4] == ["comity", "brief", "Kansas City, Missouri", "Karachi"]
    assert [words[n + 1] for n, word in enumerate(words) if word == "--close"] == list(closed)


def test_one_open_way_is_told_as_one(answer):
    first = next(way for way in answer["alternatives"] if way["open"])
    said = sections.summary([first | {"labels": ["fastest", "cheapest"]}], [])
    assert said.startswith("One serious way is open.")
    assert sections.summary([], [first]).startswith("No way is open")
