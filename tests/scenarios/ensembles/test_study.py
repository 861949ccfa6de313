"""A pair and its simulated years: every shipment on the least way of its day, and what the question shuts or opens."""

from __future__ import annotations

import numpy as np
import pytest

from comity.errors import BadInput, NoRoute
from comity.scenarios import Change, Scenario
from comity.scenarios.ensembles.study import Years, study
from tests.scenarios.conftest import ON, SOME


@pytest.mark.parametrize("pair", [("Almaty", "Karachi"), ("Nairobi", "Kampala"), ("Santos", "Lagos")], ids="-".join)
def test_each_shipment_takes_what_a_fresh_search_finds_for_its_day(studies, pair):
    of = studies(*pair)
    sample = of.sample(SOME)
    outcome = of.outcome(sample)
    for row in range(0, sample.rows, sample.rows // 25):
        raised = frozenset(
            (key, int(sample.levels(key)[row])) for key in of.keys.gates_of if "?" not in key and _met(sample, key, row)
        )
        fresh = of.ensemble.fresh(of.given | raised)
        if fresh is None:
            assert np.isnan(outcome.weight_usd[row])
        else:
            assert outcome.weight_usd[row] == pytest.approx(fresh.weight / 10_000, abs=1e-9)


def _met(sample, key: str, row: int) -> bool:
    """Whether a key that any search has asked about is raised for a shipment; the world's others were never drawn."""
    return key in sample._levels and sample.levels(key)[row] > 0


def test_closing_a_country_never_helps_and_opening_one_never_hurts(studies):
    usual, shut, free = (
        studies("Almaty", "Karachi", **asked) for asked in ({}, {"close": ("CHN",)}, {"open_": ("AFG-PAK",)})
    )
    weights = [one.outcome(one.sample(SOME)).weight_usd for one in (free, usual, shut)]
    filled = [np.where(np.isnan(weight), np.inf, weight) for weight in weights]
    assert (filled[0] <= filled[1]).all() and (filled[1] <= filled[2]).all()
    assert (filled[0] < filled[1]).any() and (filled[1] < filled[2]).any()


def test_a_shut_country_is_on_no_way_and_an_open_border_is_never_shut(studies):
    shut = studies("Almaty", "Karachi", close=("CHN",))
    shut.outcome(shut.sample(SOME))
    assert all("CHN" not in way.itinerary.countries for way in shut.ensemble.ways)


def test_a_scenario_lies_over_all_years(network, studies):
    late = Scenario(
        name="late", title="Korday slow", changes=(Change(action="delay", target="korday-akzhol", hours=48.0),)
    )
    usual = studies("Almaty", "Karachi")
    with_it = study("Almaty", "Karachi", on=ON, network=network, scenario=late)
    before, after = (one.outcome(one.sample(SOME)) for one in (usual, with_it))
    there = before.way >= 0  # on days with every border of Kazakhstan shut there is no way, with the delay or without
    assert (there == (after.way >= 0)).all() and there.any()
    assert (after.weight_usd >= before.weight_usd - 1e-6)[there].all()
    gates = [
        [one.ensemble.ways[way].gates if way >= 0 else None for way in out.way]
        for one, out in ((usual, before), (with_it, after))
    ]
    korday = {row for row, gate in enumerate(network.gates) if gate.id == "korday-akzhol"}
    same = np.array([a is not None and a == b and not korday.isdisjoint(a) for a, b in zip(*gates, strict=True)])
    hours = (after.mean_h - before.mean_h)[same]
    assert same.any() and hours == pytest.approx(48.0, rel=0.15)  # what no part explains grows with the whole


def test_a_scenario_that_makes_a_crossing_easier_is_searched_on_the_whole_network(network, studies):
    half = Change(action="delay", target="sarakhs", factor=0.02)
    eased = study("Almaty", "Karachi", on=ON, network=network, scenario=Scenario(name="e", title="e", changes=(half,)))
    before = studies("Almaty", "Karachi").outcome(studies("Almaty", "Karachi").sample(SOME))
    rest, settled = eased.settled(eased.sample(SOME))
    after = eased.outcome_of(eased.sample(SOME), (rest, settled))
    known = ~np.isnan(before.weight_usd) & ~np.isnan(after.weight_usd)
    assert (after.weight_usd[known] <= before.weight_usd[known] + 1e-6).all()
    for raised, found in settled[::9]:
        fresh = eased.ensemble.fresh(raised)
        assert (fresh and fresh.weight) == (found and found.weight)


def test_a_ban_on_trade_is_told_and_not_searched_round(network):
    with pytest.raises(NoRoute, match="forbidden.*--open IND-PAK"):
        study("Karachi", "Delhi", on=ON, network=network)


def test_a_scenario_that_shuts_an_area_of_road_is_refused(network, tmp_path):
    from comity.scenarios import load

    file = tmp_path / "area.toml"
    file.write_text(
        '[scenario]\nname="area"\ntitle="area"\n[[change]]\naction="close"\ntarget_kind="polygon"\n'
        'target="Sistan"\npolygon=[[60.0,30.0],[61.0,30.0],[61.0,31.0],[60.0,31.0],[60.0,30.0]]\n'
    )
    with pytest.raises(BadInput, match="crossings around it"):
        study("Almaty", "Karachi", on=ON, network=network, scenario=load(str(file), network))


def test_modes_that_are_not_wanted_are_never_used(network):
    of = study("Almaty", "Karachi", on=ON, network=network, modes=("road",))
    of.outcome(of.sample(Years(scenarios=50, months=3)))
    assert {mode for way in of.ensemble.ways for mode in way.itinerary.modes} == {"road"}
