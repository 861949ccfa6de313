"""Fixtures of all tests: the real compiled network, built once into the cache; and CI's rule that nothing is skipped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def network():
    """The whole world, compiled: opened from the cache, or built on the first run."""
    from comity.network import open_network

    return open_network()


@pytest.fixture(scope="session")
def extended(network):
    """The compiled network with every planned line on it, all of them shut; built once into the cache."""
    from comity.network import extend, lines

    return extend.extended(network, lines.planned())


@pytest.fixture(scope="session")
def plan(network):
    """`comity.routing.plan` on the real network, each question asked once."""
    from functools import cache

    from comity import routing

    @cache
    def asked(origin, destination, **told):
        return routing.plan(origin, destination, network=network, **told)

    return asked


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], Path]]:
    """Writes a file into a user's folder of rows, which COMITY_FACTS names."""
    from comity import facts

    folder = tmp_path / "mine"
    folder.mkdir()
    monkeypatch.setenv("COMITY_FACTS", str(folder))

    def write(name: str, text: str) -> Path:
        (folder / name).write_text(text)
        facts.forget()
        return folder / name

    facts.forget()
    yield write
    monkeypatch.delenv("COMITY_FACTS")
    facts.forget()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI a skipped test is a failed one: everything it needs must be there."""
    outcome = yield
    report = outcome.get_result()
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
