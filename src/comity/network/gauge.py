"""Track gauge of every rail node: the country's main gauge, or that of an exception it lies in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

STANDARD_MM = 1435


def of_nodes(lon, lat, country: np.ndarray, mains: Sequence[dict], exceptions: Sequence[dict]) -> np.ndarray:
    """Gauge in mm, int32[n]. `mains` : rows of gauges.csv · `exceptions` : boxes of gauge_exceptions.csv.

    A later exception overrides an earlier one, so a small box may lie in a large one.
    """
    main = {row["country"]: row["gauge_mm"] for row in mains if row["role"] == "main"}
    codes, inverse = np.unique(country, return_inverse=True)
    gauge = np.array([int(main.get(code, STANDARD_MM)) for code in codes], np.int32)[inverse]
    for row in exceptions:
        inside = (lon >= row["lon_min"]) & (lon <= row["lon_max"]) & (lat >= row["lat_min"]) & (lat <= row["lat_max"])
        gauge[inside & (country == row["country"])] = int(row["gauge_mm"])
    return gauge
