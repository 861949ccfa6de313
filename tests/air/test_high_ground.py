"""Legs over high ground: named, measured against what is known of a few ways, none where the ground is low."""

from __future__ import annotations

import numpy as np
import pytest

from comity import facts
from comity.air import high_ground as module
from comity.air.airways import geodesic_km
from comity.air.detour import Track
from comity.air.high_ground import BREATHABLE_M, CLEARANCE_M, high_ground


def straight(*points: tuple[float, float]) -> Track:
    at = np.array(points, float)
    return Track(at, float(geodesic_km(at[:-1], at[1:]).sum()))


ALMATY, LAHORE, KARACHI = (77.04, 43.35), (74.40, 31.52), (67.16, 24.91)


def test_a_way_over_the_plain_has_none():
    assert high_ground(straight(KARACHI, (55.36, 25.25))) == ()  # Karachi to Dubai
    assert high_ground(straight((71.47, 51.02), (73.1, 49.8))) == ()  # Astana to Karaganda
    assert high_ground(None) == ()


def test_almaty_to_lahore_crosses_the_great_ranges():
    legs = high_ground(straight(ALMATY, LAHORE))
    names = " ".join(leg.name for leg in legs)
    assert "Tian Shan" in names and ("Karakoram" in names or "Himalaya" in names or "Kunlun" in names)
    assert max(leg.ground_m for leg in legs) > 6000 and any(leg.drift_down for leg in legs)
    assert sum(leg.km for leg in legs) <= straight(ALMATY, LAHORE).length_km + 2 * module.STEP_KM
    assert [leg.from_km for leg in legs] == sorted(leg.from_km for leg in legs)


def test_it_names_ranges_of_other_continents():
    andes = high_ground(straight((-70.79, -33.39), (-58.54, -34.82)))  # Santiago to Buenos Aires
    alps = high_ground(straight((8.72, 45.63), (11.79, 48.35)))  # Milan to Munich
    assert andes[0].name == "Andes" and andes[0].ground_m > 5000
    assert alps[0].name == "Alps" and 3000 < alps[0].ground_m < 4900


def test_what_clears_the_ground_is_two_thousand_feet_above_it():
    for leg in high_ground(straight(ALMATY, LAHORE)):
        needed_ft = (leg.ground_m + CLEARANCE_M) / 0.3048
        assert leg.ground_m + CLEARANCE_M > BREATHABLE_M
        assert needed_ft <= leg.safe_fl * 100 < needed_ft + 1000
        assert leg.escape_min == pytest.approx(leg.escape_km / 11, abs=0.1)


def test_a_way_and_its_reverse_cross_the_same_ground():
    there, back = high_ground(straight(ALMATY, LAHORE)), high_ground(straight(LAHORE, ALMATY))
    assert max(leg.ground_m for leg in there) == max(leg.ground_m for leg in back)
    assert sum(leg.km for leg in there) == pytest.approx(sum(leg.km for leg in back), abs=60)


def test_known_peaks_are_in_their_cells():
    grid = module._grid()
    for row in facts.rows("high_peaks"):
        at = module._place(np.array([row["lon"]]), np.array([row["lat"]]))
        if row["elevation_m"] + CLEARANCE_M > BREATHABLE_M:
            assert grid.ground_m[grid.row[at]][0] >= row["elevation_m"], row["peak"]


def test_lowlands_and_plateaus_lie_where_they_do():
    def cell(lon: float, lat: float) -> int:
        return int(module._grid().row[module._place(np.array([lon]), np.array([lat]))][0])

    for lon, lat in ((67, 25), (30, 31), (37, 55), (-60, -3), (4.9, 52.4), (77, 28.6)):
        assert cell(lon, lat) == -1
    for lon, lat in ((91.1, 29.6), (86.9, 28.0), (-68.1, -16.5), (73, 38.5)):  # Lhasa, Everest, La Paz, Pamir
        assert cell(lon, lat) >= 0
