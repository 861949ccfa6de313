"""What is shut on a day and for whom; polygons given and not given; files that are none."""

from __future__ import annotations

import json
from datetime import date

import pytest
from shapely.geometry import box, mapping

from comity.air import airspace, own
from comity.errors import BadInput

SELF = {"type": "Polygon", "coordinates": [[[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]]]}


def write(path, **shapes):
    features = [{"type": "Feature", "properties": {"id": name}, "geometry": one} for name, one in shapes.items()]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.fixture
def mine(tmp_path, monkeypatch):
    monkeypatch.setenv("COMITY_AIR", str(tmp_path))
    yield tmp_path


def test_rules_have_a_day_and_somebody_they_are_for():
    before = {one.id for one in airspace.closures(date(2019, 1, 1))}
    spring = airspace.closures(date(2019, 3, 1))
    assert any(set(one.area) == {"OPKR", "OPLR"} for one in spring if one.id not in before)
    kabul = [one for one in airspace.closures(date(2024, 1, 1)) if "OAKX" in one.area and one.kind == "contingency"]
    assert kabul and {"P500", "G500"} <= set(kabul[0].airways)
    everybody, some = airspace.closures(date(2024, 6, 1)), airspace.closures(date(2024, 6, 1), ["DEU"])
    assert set(everybody) < set(some)


def test_borders_stand_for_whole_regions_only(mine):
    assert airspace.regions(["OAKX"]) == airspace.regions(["Afghanistan"]) == airspace.regions(["af"])
    assert airspace.regions(["OPKR", "OPLR"])
    for part in ("OPKR", "ZWUQ"):
        with pytest.raises(BadInput, match="import firs"):
            airspace.regions([part])
    with pytest.raises(BadInput, match="Atlantis"):
        airspace.regions(["Atlantis"])


def test_polygons_of_ones_own_come_first(mine):
    write(mine / own.FIRS, ZWUQ=mapping(box(73, 35, 96, 49)), XXXX=SELF)
    assert airspace.regions(["zwuq"])[0].bounds == (73, 35, 96, 49)
    with pytest.raises(BadInput, match="XXXX cannot be gone round: it crosses itself"):
        airspace.regions(["XXXX"])


def test_files_that_are_none_are_told(tmp_path):
    found, faults = airspace.read_regions(
        write(tmp_path / "a.json", GOOD=mapping(box(0, 0, 1, 1)), POLE=mapping(box(-180, 60, 180, 90)))
    )
    assert set(found) == {"GOOD"} and "pole" in faults["POLE"]
    with pytest.raises(BadInput, match="crosses itself"):
        airspace.read_regions(write(tmp_path / "b.json", BAD=SELF))
    for text in ("{}", "nothing", '{"features": [{"properties": {}, "geometry": null}]}'):
        (tmp_path / "c.json").write_text(text)
        with pytest.raises(BadInput, match="c.json"):
            airspace.read_regions(tmp_path / "c.json")


def test_airways_leave_central_asia_for_the_south_and_east_only_at_gates():
    """The Wakhan and the Karakoram are passed where airways pass them, and nowhere else."""
    import numpy as np

    from comity.air.detour import obstacles, ways

    walls = obstacles(airspace.walls())
    almaty, lahore, islamabad = [77.04, 43.35], [74.40, 31.52], [72.83, 33.55]
    ((to_lahore, to_islamabad),) = ways(walls, np.array([almaty]), np.array([lahore, islamabad]))
    for track in (to_lahore, to_islamabad):
        gaps = np.abs(track.points[:, None] - np.array([[71.63, 36.72], [71.63, 36.44], [75.35, 36.91]])[None]).max(
            axis=2
        )
        assert gaps.min() < 0.3, track.points  # the Wakhan strip or the Karakoram's PURPA
    ((free,),) = ways(obstacles([]), np.array([almaty]), np.array([lahore]))
    assert 1.02 < to_lahore.length_km / free.length_km < 1.15
