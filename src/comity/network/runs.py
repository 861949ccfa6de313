"""Many short lists kept one after another in one array, as the points of each arc's shape are."""

from __future__ import annotations

import numpy as np


def places(first: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Where the items of some runs stand, run after run, int64[sum(count)].

    first : int[n], where each run begins · count : int[n], how many items it has
    """
    count = np.asarray(count, np.int64)
    return np.repeat(np.asarray(first, np.int64) - np.cumsum(count) + count, count) + np.arange(count.sum())


def bounds(count: np.ndarray) -> np.ndarray:
    """Where runs of these lengths begin and end when they stand one after another, int64[len(count) + 1]."""
    return np.r_[0, np.cumsum(count, dtype=np.int64)]
