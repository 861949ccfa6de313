"""Laws of a scenario laid over the real network."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from comity.errors import BadInput, TableFaults
from comity.routing.states import state
from comity.scenarios import Change, Scenario, together

DAY = date(2026, 11, 24)
KOPET_DAG = (54.0, 35.0, 62.0, 38.2)  # west, south, east, north: the north-east of Iran with Sarakhs and Incheh Borun


def of(*changes: Change, name: str = "test") -> Scenario:
    return Scenario(name=name, changes=changes)


def row(action: str, target: str, **told) -> Scenario:
    return of(Change(action=action, target=target, **told))


def box(west: float, south: float, east: float, north: float) -> str:
    return f"POLYGON (({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"


def best(plan, scenario=None, pair=("Almaty", "Karachi"), on=DAY):
    return plan(*pair, on=on, alternatives=1, scenario=scenario).best.way


@pytest.mark.parametrize("target", ["khunjerab", "KAZ-KGZ", "CHN", "hormuz", "rail", "sea", "torugart"])
def test_a_close_never_makes_the_best_way_cheaper(plan, target):
    assert best(plan, row("close", target)).weight >= best(plan).weight


@pytest.mark.parametrize("target", ["AFG", "torkham", "AFG-PAK", "IRN", "rail"])
def test_a_reopening_never_makes_it_dearer(plan, target):
    assert best(plan, row("reopen", target)).weight <= best(plan).weight


@pytest.mark.parametrize(
    "nothing",
    [
        Change(action="delay", target="khunjerab", hours=0.0),
        Change(action="delay", target="rail", factor=1.0),
        Change(action="price", target="sea", usd=0.0),
        Change(action="price", target="CHN", factor=1.0),
        Change(action="restrict", target="khunjerab", trucks_per_day=50.0, usual_trucks_per_day=50.0, start=DAY),
    ],
)
def test_a_change_of_nothing_changes_nothing(plan, nothing):
    with_it, without = (
        plan("Almaty", "Karachi", on=DAY, scenario=scenario).to_json() for scenario in (of(nothing), None)
    )
    figures = [
        [(way["title"], way["time_h"], way["cost_usd"], way["open"]) for way in told["alternatives"]]
        for told in (with_it, without)
    ]
    assert figures[0] == figures[1]


def waits_at(way, id: str) -> list:
    return [dwell for dwell in way.dwells if dwell.id == id]


def test_a_delay_adds_exactly_its_hours_at_each_passage(plan):
    before, after = best(plan), best(plan, row("delay", "khunjerab", hours=5.0))
    (usual,), (delayed,) = waits_at(before, "khunjerab"), waits_at(after, "khunjerab")
    assert [delayed.time_h.p10, delayed.time_h.p50, delayed.time_h.p90] == pytest.approx(
        [usual.time_h.p10 + 5, usual.time_h.p50 + 5, usual.time_h.p90 + 5]
    )
    others = [[dwell.time_h for dwell in way.dwells if dwell.id != "khunjerab"] for way in (before, after)]
    assert others[0] == others[1]


def test_a_factor_multiplies_the_wait_and_a_price_the_fee(plan):
    (usual,) = waits_at(best(plan), "khunjerab")
    (twice,) = waits_at(best(plan, row("delay", "khunjerab", factor=1.1)), "khunjerab")
    assert twice.time_h.p90 == pytest.approx(1.1 * usual.time_h.p90)
    (dearer,) = waits_at(best(plan, row("price", "khunjerab", usd=100.0, factor=1.5)), "khunjerab")
    assert dearer.cost_usd.p50 == pytest.approx(1.5 * usual.cost_usd.p50 + 100)
    assert dearer.time_h == usual.time_h
    assert "scenario" in dearer.sources and dearer.standing == "assumption"


def test_two_rows_on_one_gate_add_up(plan):
    (usual,) = waits_at(best(plan), "khunjerab")
    both = of(
        Change(action="delay", target="khunjerab", hours=2.0), Change(action="delay", target="khunjerab", hours=3.0)
    )
    (delayed,) = waits_at(best(plan, both), "khunjerab")
    assert delayed.time_h.p50 == pytest.approx(usual.time_h.p50 + 5)


def test_a_long_delay_sends_cargo_elsewhere(plan):
    assert not waits_at(best(plan, row("delay", "khunjerab", hours=2000.0)), "khunjerab")


def test_slow_without_figures_is_the_facts_slow(plan):
    from comity import facts

    (usual,) = waits_at(best(plan), "khunjerab")
    (slow,) = waits_at(best(plan, row("slow", "khunjerab")), "khunjerab")
    factor, more = (facts.figure("closure.slow", name).value for name in ("dwell_factor", "added_h"))
    assert slow.time_h.p50 == pytest.approx(usual.time_h.p50 * factor + more)


def test_a_restriction_is_its_queue_on_the_day_and_has_an_end(plan, network):
    queue = row("restrict", "torkham", trucks_per_day=100.0, usual_trucks_per_day=120.0, start=date(2026, 11, 14))
    (item,) = queue.laid(network, DAY).closed
    assert item.added_h == pytest.approx((120 - 100) / 100 * 10 * 24)  # ten days on
    (long,) = queue.laid(network, date(2040, 1, 1)).closed
    assert long.added_h == 336  # closure.restrict longest_wait_h
    assert long.added_h_range == (168, 1008)


def test_a_crossing_of_which_the_usual_number_is_known_needs_none_in_the_row(network):
    (own,) = (
        row("restrict", "khorgos-nurzholy", trucks_per_day=725.0, start=DAY).laid(network, date(2026, 11, 28)).closed
    )
    assert own.added_h == pytest.approx((800 - 725) / 725 * 4 * 24)


# --- over the facts, and under the flags -------------------------------------------------------------------


def gate_ids(network, rows) -> set[str]:
    return {network.gates[gate].id for gate in rows}


def test_a_reopening_takes_the_facts_closures_and_slowness_away(network):
    laid = row("reopen", "AFG-PAK").laid(network, DAY)
    before, after = state(network, DAY), state(network, DAY, laid=laid)
    opened = gate_ids(network, before.shut) - gate_ids(network, after.shut)
    assert {"torkham", "chaman-spinboldak"} <= opened
    iran = state(network, DAY, laid=row("reopen", "IRN").laid(network, DAY))
    assert gate_ids(network, before.slow) - gate_ids(network, iran.slow)


def test_the_best_way_through_what_a_scenario_opens_is_shown(plan):
    for gate in ("torkham", "chaman-spinboldak", "ghulamkhan"):
        answer = plan("Almaty", "Karachi", on=DAY, alternatives=3, scenario=row("reopen", gate))
        assert any(item.open and gate in {post.id for post in item.way.crossings} for item in answer.alternatives)


def test_a_reopened_pair_may_trade_by_sea_again(network):
    pair = frozenset(("IND", "PAK"))
    assert pair in state(network, DAY).barred
    assert pair not in state(network, DAY, laid=row("reopen", "IND-PAK").laid(network, DAY)).barred
    by_road = row("reopen", "IND-PAK", modes=("road",)).laid(network, DAY)
    assert pair in state(network, DAY, laid=by_road).barred
    quiet = date(2018, 3, 1)
    assert pair not in state(network, quiet).barred
    assert pair in state(network, quiet, laid=row("close", "IND-PAK").laid(network, quiet)).barred


def test_flags_lie_over_a_scenario_and_a_scenario_over_the_facts(network):
    shut, opened = row("close", "khunjerab").laid(network, DAY), row("reopen", "torkham").laid(network, DAY)
    assert "khunjerab" in gate_ids(network, state(network, DAY, laid=shut).shut)
    assert "khunjerab" not in gate_ids(network, state(network, DAY, laid=shut, open_=("khunjerab",)).shut)
    assert "torkham" not in gate_ids(network, state(network, DAY, laid=opened).shut)
    assert "torkham" in gate_ids(network, state(network, DAY, laid=opened, close=("torkham",)).shut)


def test_one_scenario_may_shut_and_reopen_on_different_days(network):
    both = of(
        Change(action="reopen", target="torkham", end=date(2026, 11, 30)),
        Change(action="close", target="torkham", start=date(2026, 12, 1)),
    )
    days = [date(2026, 11, 30), date(2026, 12, 1)]
    shut = ["torkham" in gate_ids(network, state(network, on, laid=both.laid(network, on)).shut) for on in days]
    assert shut == [False, True]


def test_a_row_of_another_day_does_nothing_and_says_so(plan, network):
    later = row("close", "khunjerab", start=date(2027, 1, 1))
    told = plan("Almaty", "Karachi", on=DAY, scenario=later).to_json()
    assert told["alternatives"] == plan("Almaty", "Karachi", on=DAY).to_json()["alternatives"]
    (said,) = told["conditions"]["scenario"]["rows"]
    assert said["idle"] == "it holds from 2027-01-01"
    (open_already,) = row("reopen", "khunjerab").laid(network, DAY).told["rows"]
    assert "nothing of it" in open_already["idle"]
    (works,) = row("reopen", "torkham").laid(network, DAY).told["rows"]
    assert works["idle"] == ""


def test_without_a_scenario_the_answer_does_not_speak_of_one(plan):
    assert "scenario" not in plan("Almaty", "Karachi", on=DAY).to_json()["conditions"]


# --- a polygon ---------------------------------------------------------------------------------------------


def test_no_open_way_leads_through_a_polygon_that_is_shut(plan, network):
    west, south, east, north = KOPET_DAG
    area = row("close", "Kopet Dag", polygon=box(*KOPET_DAG))

    def inside(way) -> bool:
        points = [network.line(leg.arcs) for leg in way.legs if leg.mode in ("road", "rail")]
        return any(((p[:, 0] > west) & (p[:, 0] < east) & (p[:, 1] > south) & (p[:, 1] < north)).any() for p in points)

    assert any(inside(item.way) for item in plan("Almaty", "Karachi", on=DAY).alternatives if item.open)
    answer = plan("Almaty", "Karachi", on=DAY, scenario=area)
    assert not any(inside(item.way) for item in answer.alternatives if item.open)
    shut = [item for item in answer.alternatives if "test-1" in item.closures]
    assert shut and all(inside(item.way) and not item.open for item in shut)


def test_a_polygon_without_a_gate_shuts_the_roads_in_it(plan):
    """A box on the Karakoram Highway south of Khunjerab, in which no border lies."""
    area = row("close", "Indus gorge", polygon=box(72.5, 35.0, 74.0, 35.8))
    before, after = best(plan), best(plan, area)
    assert waits_at(before, "khunjerab")
    assert after.weight > before.weight


def test_a_way_that_the_facts_and_a_polygon_shut_is_shown_as_shut_by_both(plan):
    around_kabul = row("close", "Kabul", polygon=box(68.5, 34.0, 70.0, 35.0))
    answer = plan("Almaty", "Peshawar", on=DAY, scenario=around_kabul)
    both = [item for item in answer.alternatives if {"test-1", "C013"} <= set(item.closures)]
    assert both and not any(item.open for item in both)


def test_a_delay_in_a_polygon_acts_on_the_gates_inside(network):
    (item,) = row("delay", "around Torkham", polygon=box(70, 33, 72.5, 35), hours=4.0).laid(network, DAY).closed
    assert "torkham" in gate_ids(network, item.gates)
    assert item.area == ""
    (empty,) = row("delay", "the open sea", polygon=box(-30, 30, -29, 31), hours=4.0).laid(network, DAY).told["rows"]
    assert empty["idle"] == "no gate lies in it"


# --- ends, contradictions, several at once -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("scenario", "end"),
    [
        (row("close", "KAZ"), "origin"),
        (row("close", "Pakistan", target_kind="country"), "destination"),
        (row("close", "Semirechye", polygon=box(76, 42, 78, 44)), "origin"),
    ],
)
def test_a_scenario_that_shuts_an_end_itself_is_refused(plan, scenario, end):
    with pytest.raises(BadInput, match=f"shuts the {end} itself") as told:
        plan("Almaty", "Karachi", on=DAY, scenario=scenario)
    assert len(str(told.value).splitlines()) == 1


def test_an_end_shut_on_another_day_or_by_one_mode_is_not_refused(plan):
    later = row("close", "KAZ", start=date(2027, 1, 1))
    by_rail = row("close", "KAZ", modes=("rail",))
    for scenario in (later, by_rail):
        assert plan("Almaty", "Karachi", on=DAY, alternatives=1, scenario=scenario).best.open


@pytest.mark.parametrize(
    "pair",
    [
        (Change(action="close", target="torkham"), Change(action="reopen", target="torkham")),
        (Change(action="reopen", target="AFG"), Change(action="close", target="Torkham")),
        (Change(action="close", target="around", polygon=box(70, 33, 72.5, 35)), Change(action="reopen", target="PAK")),
    ],
)
def test_to_close_and_reopen_the_same_gates_on_one_day_is_a_contradiction(network, pair):
    with pytest.raises(TableFaults, match="on the same days") as told:
        of(*pair).laid(network, DAY)
    assert len(told.value.faults) == 1
    apart = replace(pair[0], end=date(2026, 1, 1)), replace(pair[1], start=date(2026, 1, 2))
    of(*apart).laid(network, DAY)


def test_the_same_row_twice_and_two_limits_on_one_gate_are_told(network):
    delay = Change(action="delay", target="torkham", hours=1.0)
    with pytest.raises(TableFaults, match="says the same as test-1"):
        of(delay, delay).laid(network, DAY)
    limits = [Change(action="restrict", target="torkham", trucks_per_day=n, start=DAY) for n in (10.0, 20.0)]
    with pytest.raises(TableFaults, match="restricts Torkham"):
        of(*limits).laid(network, DAY)


def test_scenarios_laid_together_keep_their_rows_names_and_tell_contradictions(plan, network):
    shut, delayed = of(Change(action="close", target="hormuz"), name="a"), row("delay", "khunjerab", hours=3.0)
    both = together([shut, delayed])
    assert (both.name, [both.label(n) for n in range(2)]) == ("a + test", ["a-1", "test-1"])
    assert together([shut]) is shut
    twins = together([shut, row("delay", "khunjerab", hours=3.0), of(Change(action="slow", target="salang"))])
    assert len({twins.label(n) for n in range(3)}) == 3
    with pytest.raises(TableFaults, match="which a-1 closes"):
        together([shut, row("reopen", "hormuz")]).laid(network, DAY)


def test_faults_of_all_rows_are_told_before_any_work(network):
    with pytest.raises(TableFaults) as told:
        of(
            Change(action="delay", target="torkam", hours=-1.0),
            Change(action="close", target="torkham"),
            Change(action="reopen", target="torkham"),
        ).laid(network, DAY)
    assert len(told.value.faults) == 3


def test_a_name_in_place_of_a_scenario_says_how_to_load_it(network):
    from comity.routing import plan as ask

    with pytest.raises(BadInput, match="comity.scenarios.load"):
        ask("Almaty", "Karachi", network=network, scenario="hormuz-shut")
