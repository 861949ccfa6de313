"""Land and border lines: areas as published, nothing lost at 180 degrees, disputed lines flagged."""

from __future__ import annotations

import numpy as np
import pytest

from comity import places
from comity.places import outline


def area_km2(code: str) -> float:
    """Area on the sphere of equal area, by the cylindrical projection that keeps areas."""
    import shapely

    radius_km = 6371.0072
    parts = [shape for owner, shape in outline.outlines("fine") if owner == code]
    dense = shapely.segmentize(parts, 0.1)
    flat = shapely.transform(dense, lambda at: np.c_[np.radians(at[:, 0]), np.sin(np.radians(at[:, 1]))])
    return float(shapely.area(flat).sum() * radius_km**2)


@pytest.mark.parametrize(
    ("code", "published_km2", "within"),
    [
        ("KAZ", 2_724_900, 0.01),
        ("RUS", 17_098_246 - 27_000, 0.02),
        ("CAN", 9_984_670, 0.03),
        ("FJI", 18_272, 0.05),
        ("PAK", 881_913, 0.02),
        ("AUS", 7_692_024, 0.01),
        ("NZL", 268_021, 0.03),
        ("ESH", 266_000, 0.03),
        ("BRA", 8_515_767, 0.01),
        ("FRA", 551_500, 0.02),
        ("GUF", 83_534, 0.04),
        ("MNG", 1_564_116, 0.01),
    ],
)
def test_areas_are_those_published(code, published_km2, within):
    assert area_km2(code) == pytest.approx(published_km2, rel=within)


def test_no_land_is_lost_or_doubled_at_180_degrees():
    lon = np.concatenate([np.linspace(170, 180, 101), np.linspace(-180, -170, 101)])
    grid = np.array(np.meshgrid(lon, np.linspace(62, 70, 161))).reshape(2, -1)
    found = places.territory(*grid, coast_km=0)
    land = np.array([t.administered_by for t in places.territories()] + [""])[found]
    at_180 = np.abs(np.abs(grid[0]) - 180) < 0.05
    inland = at_180 & (grid[1] > 65.3) & (grid[1] < 68.7)
    assert (land[inland] == "RUS").all()
    for code, shape in outline.outlines():
        west, _, east, _ = shape.bounds
        assert -180 <= west <= east <= 180
        assert east - west < 170 or code == "ATA", code  # a ring that jumps the line spans the whole map
    assert all(np.abs(np.diff(line[:, 0])).max() < 30 for _, _, _, line in places.border_lines())


def test_lines_in_disputed_areas_are_flagged():
    def near(lon: float, lat: float, reach: float = 0.35) -> set[bool]:
        flags = set()
        for _, _, disputed, line in places.border_lines():
            if (np.hypot(line[:, 0] - lon, line[:, 1] - lat) < reach).any():
                flags.add(disputed)
        return flags

    assert near(74.0, 33.8) == {True}  # Line of Control
    assert near(78.7, 34.0, 0.6) == {True}  # Line of Actual Control
    assert near(94.0, 29.0, 0.6) == {True}
    assert near(33.8, 46.1) == {True}  # between Crimea and the mainland
    assert near(-11.0, 27.667, 3.0) >= {True}
    assert near(21.0, 43.0, 0.3) >= {True}  # Kosovo and Serbia
    assert near(70.0, 28.0, 1.0) == {False}  # India and Pakistan in the desert
    assert near(80.3, 44.5, 0.8) == {False}  # Kazakhstan and China
    assert near(40.0, 48.5, 1.0) == {False}  # Ukraine and the Russian Federation
    assert near(71.1, 34.1) == {False}  # Torkham


def test_neighbours_have_a_line():
    pairs = {(min(a, b), max(a, b)) for a, b, _, _ in places.border_lines()}
    for pair in [
        ("CHN", "KAZ"),
        ("KAZ", "RUS"),
        ("AFG", "PAK"),
        ("CHN", "PAK"),
        ("IRN", "PAK"),
        ("BRA", "GUF"),
        ("CAN", "USA"),
        ("CHN", "HKG"),
        ("ESH", "MRT"),
        ("GBR", "IRL"),
        ("ESP", "GIB"),
        ("ITA", "VAT"),
    ]:
        assert pair in pairs
    assert ("KAZ", "MNG") not in pairs and ("BRA", "FRA") not in pairs


def test_every_country_has_an_outline():
    for country in places.countries():
        rings = places.country_outline(country.alpha3)
        fine = places.country_outline(country.alpha3, "fine")
        assert (rings and fine) or country.alpha3 == "TKL", country.alpha3  # three atolls too flat to draw
        assert all(ring.shape[1] == 2 and len(ring) >= 4 for ring in rings + fine)


def test_an_unknown_detail_is_refused():
    with pytest.raises(ValueError, match="coarse or fine"):
        places.country_outline("KAZ", "finest")
