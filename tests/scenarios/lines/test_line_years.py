"""A new line over simulated years: the same years on both sides, nobody worse off, and what hangs on whom."""

from __future__ import annotations

import json

import numpy as np
import pytest

from comity.scenarios.ensembles.study import Years
from comity.scenarios.lines.newlines import whatif

YEARS = Years(scenarios=150, months=4, seed=6)
UAP = "uap-trans-afghan-railway-termez"


@pytest.fixture(scope="module")
def found(network, extended):
    return whatif("KAZ", "PAK", build=[UAP], years=YEARS, on="2026-11-24", network=network)


def test_years_are_compared_as_things_stand_and_with_the_lines_own_borders_open(found):
    assert [case.opened for case in found.ahead] == [(), ("AFG-PAK",)]


def test_no_shipment_is_worse_off_with_a_line_more(found):
    for case in found.ahead:
        before, after = (
            np.where(np.isnan(risk.outcome.weight_usd), np.inf, risk.outcome.weight_usd)
            for risk in (case.before, case.after)
        )
        assert (after <= before + 1e-6).all() and (after < before - 1).any()


def test_the_line_is_used_more_where_its_borders_are_always_open(found):
    today, opened = (case.use_share for case in found.ahead)
    assert 0.05 < today < opened <= 1


def test_a_line_through_afghanistan_makes_the_pair_hang_on_it_more_and_on_china_less(found):
    told = {row["country"]: row for row in found.ahead[1].json()["dependence"]}
    assert told["AFG"]["after_usd"] > told["AFG"]["before_usd"]
    assert told["CHN"]["after_usd"] < told["CHN"]["before_usd"]


def test_years_are_told_in_the_answer(found):
    told = found.to_json()["years"]
    assert [case["scenarios"] for case in told] == [150, 150]
    assert told[0]["before"]["days"]["mean"] > 0
    json.dumps(told, allow_nan=False)


def test_without_years_none_are_drawn(network, extended):
    assert whatif("KAZ", "PAK", build=[UAP], on="2026-11-24", network=network).ahead == ()
