"""The nearest town of each point, for naming places on a line."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from comity.places.index import connection


@cache
def _towns() -> tuple[list[str], Any]:
    from scipy.spatial import cKDTree

    rows = (
        connection().execute("SELECT name, lon, lat FROM place WHERE kind = 'city' AND population >= 5000").fetchall()
    )
    return [row[0] for row in rows], cKDTree(
        _unit(np.array([row[1] for row in rows]), np.array([row[2] for row in rows]))
    )


def _unit(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    lon, lat = np.radians(lon), np.radians(lat)
    return np.c_[np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]


def near_names(lon, lat) -> list[str]:
    """Name of the nearest town of 5,000 people and more for each point in degrees."""
    names, tree = _towns()
    return [names[row] for row in tree.query(_unit(np.atleast_1d(lon), np.atleast_1d(lat)))[1]]


def cities(at_least: int) -> list[tuple[str, str, str, float, float]]:
    """(id, name, alpha-3, lon, lat) of every city with this many people, the largest first."""
    query = (
        "SELECT id, name, country, lon, lat FROM place WHERE kind = 'city' AND population >= ? "
        "ORDER BY population DESC, id"
    )
    return connection().execute(query, [at_least]).fetchall()
