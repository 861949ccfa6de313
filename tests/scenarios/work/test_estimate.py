"""An estimate grows with what is asked for, shrinks with workers, and says itself in plain words."""

from __future__ import annotations

import pytest

from comity.errors import BadInput
from comity.scenarios.ensembles.study import Years
from comity.scenarios.work.estimate import PAIR_S, START_S, estimate

YEARS = Years()


def test_twice_the_pairs_take_twice_the_time_and_the_disk():
    one, two = estimate(YEARS, pairs=1000), estimate(YEARS, pairs=2000)
    assert two.seconds - START_S == 2 * (one.seconds - START_S)
    assert two.disk_mb == 2 * one.disk_mb
    assert two.memory_mb == one.memory_mb  # a worker has one pair in hand


def test_workers_share_the_time_and_add_up_in_memory():
    one, four = estimate(YEARS, pairs=1000), estimate(YEARS, pairs=1000, workers=4)
    assert four.seconds - START_S == (one.seconds - START_S) / 4
    assert four.memory_mb > 4 * one.memory_mb  # and the process that began them
    assert estimate(YEARS, pairs=3, workers=64).workers == 3


def test_one_pairs_blocks_are_shared_and_its_shipments_are_in_one_process():
    many = Years(scenarios=1_000_000)
    one, two = estimate(many), estimate(many, workers=2)
    assert one.seconds > two.seconds > one.seconds / 2  # what is done once is not shared
    half, least = estimate(Years(scenarios=500_000)), estimate(Years(scenarios=1))
    assert one.memory_mb - least.memory_mb == pytest.approx(2 * (half.memory_mb - least.memory_mb), rel=1e-5)
    assert two.process_mb == one.process_mb
    assert estimate(Years(scenarios=10_000), workers=8).workers == 1  # one block


def test_the_range_holds_the_middle_and_small_jobs_are_not_asked_about():
    for pairs in (1, 30, 3540, 39_800):
        told = estimate(YEARS, pairs=pairs, workers=2)
        assert told.seconds_low < told.seconds < told.seconds_high
        assert told.large == (pairs > 1000)
    assert estimate(YEARS).seconds_low > PAIR_S[0]
    assert not estimate(YEARS, pairs=100, workers=64).large  # much memory, and of many machines
    assert estimate(Years(scenarios=1_000_000, months=60)).large  # much memory in one process


def test_it_is_said_in_round_units():
    words = "about 4 seconds (3 seconds to 6 seconds) on 1 core, 772 MB of memory"
    assert estimate(YEARS).words == words
    words = estimate(YEARS, pairs=39_800, workers=2).words
    assert words.startswith("about 6 hours (2 hours to 14 hours) on 2 cores, 2.3 GB of memory, 318 MB of disk")


@pytest.mark.parametrize("scenarios", [0, 1_000_000_000])
def test_none_and_a_billion_are_refused(scenarios):
    with pytest.raises(BadInput, match=f"scenarios {scenarios}: a whole number from 1 to 1,000,000 is needed"):
        estimate(Years(scenarios=scenarios))
