"""The same bytes from one process, two, and a cluster."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from comity.errors import BadInput
from comity.scenarios.ensembles import pieces
from comity.scenarios.ensembles.study import Years
from comity.scenarios.risk import risk
from comity.scenarios.work import engines, runners
from comity.scenarios.work.engines import edition_of, engine, opened, shared_out

ASKED = {"on": "2026-11-24", "replan": "road"}


@pytest.fixture(scope="module")
def alone(network):
    return risk("Nairobi", "Kampala", years=Years(scenarios=11_000), network=network, **ASKED)


@pytest.mark.parametrize("name", ["local", "dask"])
def test_two_processes_and_dask_give_the_bytes_of_one(name, network, alone, cluster):
    address = cluster if name == "dask" else None
    told = []
    found = risk(
        "Nairobi", "Kampala", years=Years(scenarios=11_000), network=network, engine=engine(name, 2, address),
        tell=lambda *one: told.append(one), **ASKED,
    )  # fmt: skip
    assert json.dumps(found.to_json()) == json.dumps(alone.to_json())
    for field in fields(found.outcome):
        if field.name != "way":
            assert getattr(found.outcome, field.name).tobytes() == getattr(alone.outcome, field.name).tobytes()
    assert _gates(found) == _gates(alone)  # ways are numbered as they are met, and told by their gates
    assert told == [(1, 2), (2, 2)]


def _gates(found) -> list:
    ways = [way.gates for way in found.study.ensemble.ways]
    return [None if number < 0 else ways[number] for number in found.outcome.way.tolist()]


def test_blocks_are_shared_out_once_each_and_to_every_worker():
    for blocks in (1, 2, 3, 7, 20, 200):
        for workers in (1, 2, 3, 64):
            jobs = shared_out(range(blocks), workers)
            assert [block for job in jobs for block in job] == list(range(blocks))
            assert all(len(job) <= engines.BLOCKS_AT_ONCE for job in jobs)
            assert len(jobs) >= min(blocks, workers) / 2


def test_one_block_begins_no_process(network, monkeypatch):
    monkeypatch.setattr(runners, "ProcessPoolExecutor", None)
    found = risk("Nairobi", "Kampala", years=Years(scenarios=50), network=network, engine=engine("local", 2), **ASKED)
    assert found.outcome.way.size == 600


def test_one_process_is_this_one():
    assert engine() is pieces.in_this_process


def test_a_worker_that_knows_other_facts_refuses(network):
    mine = edition_of(network)
    assert opened(mine).id == network.id
    with pytest.raises(BadInput, match="facts .* for 0, network .* for 1"):
        opened(replace(mine, facts="0", network="1"))
    with pytest.raises(BadInput, match="no file road=/nowhere/roads.parquet"):
        opened(replace(mine, networks=("road=/nowhere/roads.parquet",)))


def test_a_worker_keeps_the_study_of_one_question(network, alone):
    job = engines.Blocks(
        edition=edition_of(network), request=alone.study.request, years=Years(scenarios=50), replan="road", blocks=(0,)
    )
    first, again = engines.blocks_done(job), engines.blocks_done(job)
    assert list(engines._STUDIES) == [(job.edition, job.request)]
    assert first[0].outcome.time_h.tobytes() == again[0].outcome.time_h.tobytes()
    engines.blocks_done(replace(job, request=replace(job.request, close=("Malaba",))))
    assert len(engines._STUDIES) == 1
