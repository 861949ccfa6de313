"""The nearest town of each point, for naming places on a line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from comity.places.index import connection
from comity.places.sphere import unit

NEAREST = 60  # towns looked at for one of the countries wanted


@cache
def _towns() -> tuple[np.ndarray, np.ndarray, Any]:
    from scipy.spatial import cKDTree

    query = "SELECT name, country, lon, lat FROM place WHERE kind = 'city' AND population >= 5000"
    name, country, lon, lat = zip(*connection().execute(query).fetchall(), strict=True)
    return np.array(name), np.array(country), cKDTree(unit(np.array(lon), np.array(lat)))


def near_names(lon, lat, countries: Sequence[str] = ()) -> list[str]:
    """Name of the nearest town of 5,000 people and more for each point in degrees, of some countries where one is near."""
    names, country, tree = _towns()
    rows = tree.query(unit(lon, lat), k=NEAREST)[1]
    fits = np.isin(country[rows], list(countries)) if countries else np.ones(rows.shape, bool)
    return names[rows[np.arange(len(rows)), fits.argmax(axis=1)]].tolist()


def cities(at_least: int) -> list[tuple[str, str, str, float, float]]:
    """(id, name, alpha-3, lon, lat) of every city with this many people, the largest first."""
    query = (
        "SELECT id, name, country, lon, lat FROM place WHERE kind = 'city' AND population >= ? "
        "ORDER BY population DESC, id"
    )
    return connection().execute(query, [at_least]).fetchall()
