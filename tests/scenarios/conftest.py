"""Studies of real pairs, made once: what the tests of ensembles, risk and portfolios ask about."""

from __future__ import annotations

from datetime import date

import pytest

from comity.scenarios.study import Study, Years, study

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
