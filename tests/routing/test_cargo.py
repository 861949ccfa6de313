"""How many containers or trucks a weight needs, and what an hour of their time is worth."""

from __future__ import annotations

import pytest

from comity.routing.cargo import KINDS, cargo
from tests.routing.small_world import certain


@pytest.mark.parametrize(
    ("tonnes", "units"),
    [(0.5, 1), (26.0, 1), (26.1, 2), (52.0, 2), (3 * 26.0, 3), (70.0, 3), (2600.0, 100)],
)
def test_units_are_as_many_as_the_payload_asks(mine, tonnes, units):
    mine("transport.csv", certain("cargo.40ft payload_t 26"))
    sent = cargo("40ft", tonnes)
    assert sent.units == units
    assert sent.units * sent.tonnes_per_unit == pytest.approx(tonnes)
    assert sent.tonnes_per_unit <= 26.0 + 1e-9


def test_a_hair_of_rounding_asks_for_no_further_unit(mine):
    mine("transport.csv", certain("cargo.40ft payload_t 0.1"))
    assert cargo("40ft", 0.1 + 0.2).units == 3  # 0.30000000000000004 t


def test_a_day_in_transit_takes_one_percent_of_the_worth(mine):
    mine("transport.csv", certain("cargo value_of_time_pct_per_day 1", "cargo.40ft payload_t 26"))
    sent = cargo("40ft", 20.0, 2400.0)
    assert 24 * sent.usd_per_h == pytest.approx(480.0)  # of 48,000 dollars
    two = cargo("40ft", 40.0, 2400.0)
    assert two.usd_per_h == pytest.approx(sent.usd_per_h)  # of one of the two units


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_worth_payload_and_teu(kind):
    sent = cargo(kind, 20.0)
    assert sent.value_usd_per_t > 0
    assert 10 < sent.payload_t < 40
    assert sent.json()["teu"] == sent.units * sent.teu_per_unit


def test_a_40_ft_box_is_two_teu_with_or_without_cooling():
    assert [cargo(kind, 10.0).teu_per_unit for kind in ("20ft", "40ft", "reefer")] == [1.0, 2.0, 2.0]


def test_dear_cargo_presses_more_than_bulk():
    assert cargo("bulk", 20.0).usd_per_h < cargo("40ft", 20.0).usd_per_h < cargo("reefer", 20.0).usd_per_h
    assert cargo("40ft", 20.0, 0.0).usd_per_h == 0.0
