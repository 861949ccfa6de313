"""Studies of real pairs, made once, and one real Dask cluster: what the tests of ensembles, risk and engines ask about."""

from __future__ import annotations

import logging
from datetime import date

import pytest

from comity.scenarios.ensembles.study import Study, Years, study

ON = date(2026, 11, 24)
SOME = Years(scenarios=300, months=6, seed=3)


@pytest.fixture(scope="session")
def studies(network):
    """Study of a pair on one day, each made once: studies("Almaty", "Karachi", close=("IRN",))."""
    from functools import cache

    @cache
    def made(origin: str, destination: str, **asked) -> Study:
        return study(origin, destination, on=ON, network=network, **asked)

    return made


@pytest.fixture(scope="session")
def cluster():
    """Address of a scheduler with two worker processes, as somebody else would have started it."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
    ) as running:
        yield running.scheduler_address
