"""Distances on the sphere and nearest neighbours. Pure functions over arrays of degrees."""

from __future__ import annotations

import numpy as np

from comity.places.sphere import unit
from comity.units import EARTH_RADIUS_KM


def great_circle_km(lon_a, lat_a, lon_b, lat_b) -> np.ndarray:
    """Great-circle distance in km between points given in degrees (haversine; arrays broadcast)."""
    lon_a, lat_a, lon_b, lat_b = (np.radians(np.asarray(x, float)) for x in (lon_a, lat_a, lon_b, lat_b))
    half = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def on_sphere(lon, lat) -> np.ndarray:
    """Points as km from the Earth's centre, float64[n, 3]. Straight lines there order points as arcs do."""
    return EARTH_RADIUS_KM * unit(lon, lat)


def chord_km(arc_km: float) -> float:
    """Straight line through the Earth under an arc of `arc_km`, for radius queries on `Nearest`."""
    return 2 * EARTH_RADIUS_KM * np.sin(arc_km / EARTH_RADIUS_KM / 2)


class Nearest:
    """Nearest of a fixed set of points. Built once, asked often."""

    def __init__(self, lon: np.ndarray, lat: np.ndarray):
        from scipy.spatial import cKDTree  # a fifth of a second to import, and a route needs none

        self.tree = cKDTree(on_sphere(lon, lat))

    def __call__(self, lon, lat, k: int = 1) -> tuple[np.ndarray, np.ndarray]:
        """Distance in km and index of the k nearest points, each shape [n] (k = 1) or [n, k]."""
        chord, index = self.tree.query(on_sphere(lon, lat), k=k)
        return 2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / (2 * EARTH_RADIUS_KM), 0, 1)), index

    def within(self, lon, lat, reach_km: float) -> list[list[int]]:
        """Indices of all points within `reach_km` of each asked point."""
        return list(self.tree.query_ball_point(on_sphere(lon, lat), chord_km(reach_km)))
