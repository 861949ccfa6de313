"""Which rules of airspace hold for whose flights at which level."""

from __future__ import annotations

from datetime import date

import pytest

from comity import facts
from comity.air import airspace, way
from comity.air.airspace import closures
from comity.air.way import Sky, for_one_side, today
from comity.errors import BadInput

ON = date(2026, 11, 25)


def row(**changed) -> dict:
    return {
        "id": "T1", "area": ("OAKX",), "kind": "closed", "start": date(2026, 1, 1), "end": None, "end_status": "open",
        "applies_to": ("all",), "from_fl": None, "to_fl": None, "airways": (), "summary": "made up", "source": "comity", "standing": "assumption",
    } | changed  # fmt: skip


@pytest.fixture
def told(monkeypatch, tmp_path):
    """Rules of our own in place of the table's."""
    monkeypatch.setenv("COMITY_AIR", str(tmp_path))
    rows, made = facts.rows, []
    monkeypatch.setattr(airspace.facts, "rows", lambda name: tuple(made) if name == "airspace_closures" else rows(name))
    yield made


def sky(*operators: str, level: int = 350, **more) -> Sky:
    return Sky(on=ON, operators=operators or ("KAZ", "PAK"), level=level, **more)


def test_a_band_shuts_the_levels_in_it_alone(told):
    told.append(row(kind="restricted", from_fl=0, to_fl=320))
    assert today(sky(level=300)).shut == ("OAKX",) and today(sky(level=319)).shut == ("OAKX",)
    assert today(sky(level=320)).shut == () and today(sky(level=350)).rules == ()


def test_a_band_with_airways_leaves_them(told):
    told.append(row(kind="restricted", from_fl=0, to_fl=320, airways=("P500",)))
    low = today(sky(level=300))
    assert low.shut == () and low.passable == (("OAKX", frozenset({"P500"})),)


def test_rules_that_name_airways_leave_those_that_all_of_them_name(told):
    told.extend([row(kind="contingency", airways=("P500", "L750")), row(id="T2", airways=("P500", "N644"))])
    assert today(sky()).passable == (("OAKX", frozenset({"P500"})),) and today(sky()).shut == ()


def test_a_restriction_without_levels_and_advice_shut_nothing_and_are_told(told):
    told.extend(
        [row(kind="restricted"), row(id="T2", kind="advisory", from_fl=0, to_fl=999), row(id="T3", kind="contingency")]
    )
    state = today(sky())
    assert state.shut == () and state.passable == () and {rule.id for rule in state.rules} == {"T1", "T2", "T3"}


def test_a_rule_for_one_side_binds_its_airlines_alone(told):
    told.append(row(applies_to=("PAK",)))
    both = today(sky())
    assert both.shut == () and today(sky("PAK")).shut == ("OAKX",) and today(sky("KAZ")).shut == ()
    ((one, lands),) = for_one_side(sky(), both, ["AFG", "UZB"])
    assert one.name == "airlines of Pakistan" and one.shut == ("OAKX",) and lands == {"AFG"}
    assert [rule.id for rule in one.rules] == ["T1"]
    assert for_one_side(sky(), both, ["IRN", "UZB"]) == []  # nobody flies there
    assert for_one_side(sky("PAK"), today(sky("PAK")), ["AFG"]) == []  # who asks for one side has its own rules


def test_rules_begin_and_end_on_their_days(told):
    yesterday = date(2026, 11, 24)
    told.extend([
        row(start=date(2026, 11, 26)), row(id="T2", end=yesterday, end_status="ended"), row(id="T3", end=ON, end_status="ended"),
        row(id="T4", end_status="unknown"), row(id="T5", end=yesterday, end_status="unknown"),
    ])  # fmt: skip
    assert [one.id for one in closures(ON, ("KAZ",))] == ["T3"]


def test_a_rule_put_off_month_by_month_holds_on_and_says_so(told):
    told.append(row(end=date(2026, 5, 24)))
    (why,) = today(sky()).why
    assert "made up" in why and "2026-05-24" in why and "ask" in why


def test_what_is_avoided_is_shut_too(told):
    assert today(sky(avoid=("OAKX",))).shut == ("OAKX",)
    with pytest.raises(BadInput, match="Atlantis"):
        today(sky(avoid=("Atlantis",)))


def test_us_carriers_stay_above_kabul_at_320():
    """As the United States' order has it: not below FL320, P500 and G500 apart (row AS009)."""
    high, low = (today(sky("USA", level=level)) for level in (330, 310))
    assert "AS009" not in {rule.id for rule in high.rules} and "AS009" in {rule.id for rule in low.rules}
    assert dict(low.passable)["OAKX"] == {"P500", "G500"} and "OAKX" not in low.shut
    assert way.TODAY == high.name
