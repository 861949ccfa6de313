"""What is exported is read back the same."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from comity.routing import export

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
IDS = st.lists(st.sampled_from(["comity", "cpmm-2023-pakistan", "c013"]), max_size=3, unique=True)
NUMBER = st.floats(0, 1e7, allow_nan=False)
SPAN = st.fixed_dictionaries({"p10": NUMBER, "p50": NUMBER, "p90": NUMBER})
LINE = st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(list), min_size=2, max_size=4)
CITED = {"cost_usd": NUMBER, "sources": IDS, "standing": st.sampled_from(["measured", "assumption"])}
LEG = st.fixed_dictionaries(
    CITED
    | {"mode": st.sampled_from(["road", "rail", "sea"]), "from": NAMES, "to": NAMES, "country": NAMES}
    | {"distance_km": NUMBER, "time_h": NUMBER, "co2e_kg": NUMBER}
)
DWELL = st.fixed_dictionaries(
    CITED | {"kind": st.sampled_from(["crossing", "port", "rest"]), "at": NAMES, "id": NAMES, "time_h": SPAN}
)


@st.composite
def ways(draw, number: int) -> dict:
    legs = draw(st.lists(LEG, min_size=1, max_size=4))
    dwells = [draw(DWELL) | {"after_leg": draw(st.integers(-1, len(legs) - 1))} for _ in range(draw(st.integers(0, 3)))]
    geometry = {"type": "MultiLineString", "coordinates": [draw(LINE) for _ in legs]}
    told = {"id": f"a{number}", "title": draw(NAMES), "open": draw(st.booleans())}
    return told | {"legs": legs, "dwells": dwells, "geometry": geometry}


@st.composite
def answers(draw) -> dict:
    return {"alternatives": [draw(ways(number)) for number in range(draw(st.integers(0, 3)))]}


@given(answers())
def test_geojson_reads_back_the_same(answer):
    assert export.from_geojson(export.as_geojson(answer)) == answer


@given(answers())
def test_csv_reads_back_the_same(answer):
    assert export.from_csv(export.as_csv(answer)) == export.rows(answer)


@given(answers())
def test_csv_has_every_leg_and_dwell_once_in_order(answer):
    for way in answer["alternatives"]:
        rows = [row for row in export.rows(answer) if row["alternative"] == way["id"]]
        assert [row["step"] for row in rows] == list(range(len(way["legs"]) + len(way["dwells"])))
        assert [row["distance_km"] for row in rows if row["part"] == "leg"] == [
            leg["distance_km"] for leg in way["legs"]
        ]


def test_a_real_plan_reads_back_the_same(plan):
    from datetime import date

    answer = json.loads(json.dumps(plan("Almaty", "Karachi", on=date(2026, 11, 24)).to_json()))
    assert export.from_geojson(export.as_geojson(answer)) == answer
    assert export.from_csv(export.as_csv(answer)) == export.rows(answer)
