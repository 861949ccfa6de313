"""Whole journeys a person of the trade expects to see."""

from __future__ import annotations

from datetime import date

import pytest

DAY = date(2026, 11, 24)


def ways(plan, *pair, **told):
    return plan(*pair, on=DAY, **told).alternatives


def test_kazakhstan_to_pakistan_has_the_expected_ways(plan):
    found = ways(plan, "KAZ", "PAK", alternatives=12)
    is_open = [item.way for item in found if item.open]
    shut = [item.way for item in found if not item.open]
    entries = {gate.id for way in is_open for gate in way.crossings} | {
        gate.id for way in is_open for gate in way.ports
    }
    assert {"khunjerab", "taftan-mirjaveh", "gabd-rimdan"} <= entries
    assert any({"rail", "sea"} <= set(way.modes) and "IRN" in way.countries for way in is_open)
    assert any("UZB" in way.countries and "AFG" in way.countries for way in shut)
    assert {"torkham", "chaman-spinboldak"} & {gate.id for way in shut for gate in way.crossings}


def test_the_first_six_ways_to_pakistan_are_those_of_the_trade(plan):
    found = [item.way for item in ways(plan, "KAZ", "PAK") if item.open]
    assert len(found) == 6
    gates = [{gate.id for gate in (*way.crossings, *way.ports)} for way in found]
    assert any("khunjerab" in mine and way.modes == ("road",) for mine, way in zip(gates, found, strict=True))
    assert any({"taftan-mirjaveh", "taftan-mirjaveh-rail", "gabd-rimdan"} & mine for mine in gates)
    assert any("IRBND" in mine and {"rail", "sea"} <= set(way.modes) for mine, way in zip(gates, found, strict=True))
    assert any("CHN" in way.countries and {"rail", "sea"} <= set(way.modes) for way in found)
    assert any("aktau-alat-ferry" in mine and "GEPTI" in mine for mine in gates)


@pytest.mark.parametrize(
    ("a", "b", "days", "mode"),
    [
        ("DEU", "CHN", (12, 60), "rail"),
        ("UZB", "IND", (8, 60), "sea"),
        ("NGA", "BRA", (12, 60), "sea"),
        ("MNG", "KOR", (6, 40), "sea"),
        ("CHE", "ZMB", (20, 75), "sea"),
        ("BOL", "JPN", (25, 85), "sea"),
    ],
)
def test_other_pairs_are_believable(plan, a, b, days, mode):
    found = [item.way for item in ways(plan, a, b) if item.open]
    assert len(found) >= 2
    assert any(mode in way.modes for way in found)
    best = min(found, key=lambda way: way.cost_usd.p50)
    assert days[0] <= best.time_h.p50 / 24 <= days[1]


def test_documented_trips(network):
    """The calibration trips that ship: the aims of the model, held."""
    import csv
    import io

    from comity import facts
    from comity.routing.validate import COLUMNS, validate

    rows = facts.rows("trips")
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        text = io.StringIO()
        writer = csv.DictWriter(text, [*COLUMNS, "notes"], lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        for row in rows:
            writer.writerow(
                {
                    key: ";".join(value) if isinstance(value, tuple) else "" if value is None else value
                    for key, value in row.items()
                }
            )
        path = Path(folder) / "trips.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        told = validate(path, network)
    assert told["distance"]["median_abs_pct_error"] <= 6
    assert abs(told["time"]["bias_pct"]) <= 10
    assert told["time"]["inside_p10_p90_pct"] >= 70
    assert told["time"]["median_abs_pct_error"] <= 20


def test_published_lengths(network):
    """At least 40 road and 30 rail lengths that others publish: all are found, and the aims of the network hold."""
    import numpy as np

    from distances import compared

    found = compared(network)
    for mode, (fewest, nine_in_ten) in {"road": (40, 10.0), "rail": (30, 10.0)}.items():
        results = found[mode]
        errors = np.array([abs(100 * (r["km"] / r["told"] - 1)) for r in results if r["km"]])
        assert len(errors) == len(results) >= fewest
        assert np.median(errors) <= 4.0
        assert np.quantile(errors, 0.9) <= nine_in_ten
