"""Points on a globe of radius 1, for straight-line searches of what lies nearest."""

from __future__ import annotations

import numpy as np


def unit(lon, lat) -> np.ndarray:
    """Points given in degrees, as vectors from the centre, float64[n, 3]. Straight lines there order points as arcs do."""
    lon, lat = np.radians(np.atleast_1d(lon)), np.radians(np.atleast_1d(lat))
    return np.c_[np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
