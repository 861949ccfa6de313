"""How a year's travellers are spread over its months."""

from __future__ import annotations

import numpy as np
import pytest

from comity import facts
from comity.air.season import ELSEWHERE, season, sources


def test_every_country_has_twelve_months_that_make_a_year():
    shares: dict[str, dict[int, float]] = {}
    for row in facts.rows("air_seasons"):
        shares.setdefault(row["country"], {})[row["month"]] = row["share"]
    assert ELSEWHERE in shares and len(shares) > 20
    for country, months in shares.items():
        assert sorted(months) == list(range(1, 13)), country
        assert sum(months.values()) == pytest.approx(1, abs=2e-3), country


def test_a_season_is_the_mean_of_both_ends():
    assert season("GBR", "GBR").sum() == pytest.approx(12)
    np.testing.assert_allclose(season("GBR", "AUS"), (season("GBR", "GBR") + season("AUS", "AUS")) / 2)
    np.testing.assert_array_equal(season("GBR", "AUS"), season("AUS", "GBR"))


def test_the_north_flies_in_summer():
    assert season("GBR", "DEU").argmax() in (6, 7) and season("GBR", "DEU").argmin() in (0, 1)


def test_a_country_without_rows_has_the_worlds():
    np.testing.assert_array_equal(season("TON", "TON"), season(ELSEWHERE, ELSEWHERE))
    assert set(sources("TON", "GBR")) <= {row["id"] for row in facts.rows("sources")} | {"comity"}
