"""One real Dask cluster for all tests that want one: two worker processes, as somebody else would have started them."""

from __future__ import annotations

import logging

import pytest


@pytest.fixture(scope="session")
def cluster():
    """Address of its scheduler."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
    ) as running:
        yield running.scheduler_address
