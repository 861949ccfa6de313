"""Documented trips beside the model: percentages by hand, what is left out and why, every fault of a file at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.errors import BadInput, TableFaults
from comity.routing.validate import COLUMNS, read_trips, validate

HEAD = ",".join((*COLUMNS, "notes"))
TRIPS = {
    "north": "Karachi,24.86,67.01,Peshawar,34.01,71.57,,road",
    "south": "Almaty,43.25,76.93,Tashkent,41.31,69.28,,road",
    "train": "Karachi,24.86,67.01,Lahore,31.55,74.34,,rail",
}


def written(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "trips.csv"
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def model(network, tmp_path_factory) -> dict[str, dict]:
    """What the model says of the three trips."""
    rows = [f"{id},{trip},100,1," for id, trip in TRIPS.items()]
    told = validate(written(tmp_path_factory.mktemp("trips"), *rows), network)
    return {trip["id"]: trip for trip in told["trips"]}


def test_percentages_by_hand(network, model, tmp_path):
    """The model 10 % too long, 20 % too short and 30 % too long; days half as long again each time."""
    off = {"north": 1.1, "south": 0.8, "train": 1.3}
    rows = [
        f"{id},{trip},{model[id]['model_km'] / off[id]:.6f},{model[id]['model_days'] / 1.5:.6f},"
        for id, trip in TRIPS.items()
    ]
    told = validate(written(tmp_path, *rows), network)
    assert told["n"] == 3
    assert told["distance"] == {
        "n": 3,
        "median_abs_pct_error": 20.0,
        "p90_abs_pct_error": 28.0,  # four fifths of the way from 20 to 30
        "bias_pct": 10.0,  # the middle one of -20, 10 and 30
    }
    assert told["time"]["median_abs_pct_error"] == pytest.approx(50.0, abs=0.01)
    assert told["time"]["bias_pct"] == pytest.approx(50.0, abs=0.01)


def test_days_inside_the_range_are_counted(network, model, tmp_path):
    days = {
        "north": model["north"]["model_days"],
        "south": model["south"]["model_days_p90"] + 1,
        "train": model["train"]["model_days_p10"],
    }
    rows = [f"{id},{trip},,{days[id]}," for id, trip in TRIPS.items()]
    told = validate(written(tmp_path, *rows), network)
    assert told["time"]["inside_p10_p90_pct"] == 66.7
    assert told["distance"] == {"n": 0, "median_abs_pct_error": None, "p90_abs_pct_error": None, "bias_pct": None}


def test_a_trip_is_measured_from_departure_to_arrival(model):
    assert model["north"]["countries"] == ["PAK"]
    assert model["north"]["crossings"] == []
    assert model["south"]["countries"][0] == "KAZ"
    assert model["south"]["countries"][-1] == "UZB"
    assert model["south"]["crossings"]
    for trip in model.values():
        assert trip["model_days_p10"] <= trip["model_days"] <= trip["model_days_p90"]


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        ("", ("distance", "days")),
        ("checked twice", ("distance", "days")),
        ("the distance should not be scored", ("days",)),
        ("Distance of the whole corridor; do not score", ("days",)),
        ("days of a demonstration run: not scored", ("distance",)),
        ("travel time must not be scored", ("distance",)),
        ("must not be scored", ()),
        ("neither km nor days should not be scored", ()),
    ],
)
def test_a_note_can_forbid_scoring(tmp_path, note, kept):
    (trip,) = read_trips(written(tmp_path, f'a,{TRIPS["north"]},1400,4,"{note}"'))
    given = {"distance": trip.distance_km, "days": trip.days}
    assert tuple(name for name, value in given.items() if value is not None) == kept


def test_trips_that_cannot_be_planned_say_why_and_spoil_no_other(network, tmp_path):
    rows = (
        f"good,{TRIPS['north']},1400,4,",
        "blank,Karachi,,,Lahore,31.55,74.34,,road,1200,2,",
        "flown,Karachi,24.86,67.01,Lahore,31.55,74.34,,air,1000,1,",
        "sea,Nowhere,0,-30,Karachi,24.86,67.01,,road,1000,1,",
    )
    told = validate(written(tmp_path, *rows), network)
    skipped = {trip["id"]: trip.get("skipped") for trip in told["trips"]}
    assert told["n"] == 4
    assert told["distance"]["n"] == told["time"]["n"] == 1
    assert skipped["good"] is None
    assert skipped["blank"] == "an end has no coordinates"
    assert "air" in skipped["flown"]
    assert "lies on no road network" in skipped["sea"]


def test_places_on_the_way_are_passed_and_those_not_found_are_told(network, model, tmp_path):
    rows = (
        "via,Karachi,24.86,67.01,Peshawar,34.01,71.57,Quetta;Xyzzyville,road,1400,4,",
        "country,Almaty,43.25,76.93,Tashkent,41.31,69.28,Kyrgyzstan,road,800,2,",
    )
    quetta, bishkek = validate(written(tmp_path, *rows), network)["trips"]
    assert quetta["via_left_out"] == ["Xyzzyville"]
    assert quetta["model_km"] > model["north"]["model_km"] + 50
    assert "KGZ" in bishkek["countries"]
    assert "via_left_out" not in bishkek


def test_every_fault_of_a_file_is_told_with_line_and_column(tmp_path):
    rows = (
        "a,x,99,10,y,10,ten,,road,100,2,",
        "b,x,1,1,y,2,2,,zeppelin;rail,-5,0,",
        f"c,{TRIPS['north']},1400,4,",
        "d,x,1,1,y,2,-181,,,inf,nan,",
    )
    with pytest.raises(TableFaults) as told:
        read_trips(written(tmp_path, *rows))
    assert [fault.split(":")[0] for fault in told.value.faults] == [
        "line 2, column dest_lon",
        "line 2, column origin_lat",
        "line 3, column distance_km",
        "line 3, column days",
        "line 3, column modes",
        "line 5, column distance_km",
        "line 5, column days",
        "line 5, column dest_lon",
        "line 5, column modes",
    ]


def test_every_missing_column_is_told(tmp_path):
    with pytest.raises(TableFaults) as told:
        read_trips(written(tmp_path, "a,Karachi", head="id,origin"))
    assert len(told.value.faults) == len(COLUMNS) - 2


def test_a_file_from_a_spreadsheet_is_read(tmp_path):
    path = tmp_path / "trips.csv"
    text = f'{HEAD}\r\na,"Karachi, the port",24.86,67.01,Peshawar,34.01,71.57, Quetta ; ,road + rail,1400,,"two\r\nlines"\r\n\r\n'
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    (trip,) = read_trips(path)
    assert trip.origin.name == "Karachi, the port"
    assert (trip.via, trip.modes, trip.days) == (("Quetta",), ("road", "rail"), None)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        read_trips(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes(HEAD.encode() + b"\na,K\xe4rachi\n")
    with pytest.raises(BadInput, match="Save it as CSV UTF-8"):
        read_trips(tmp_path / "latin.csv")


def test_a_row_with_more_cells_than_the_header_is_a_fault(tmp_path):
    row = "a,Karachi, the port,24.86,67.01,Peshawar,34.01,71.57,,road,1400,4,x"  # a comma outside quotes
    with pytest.raises(TableFaults, match="line 2: has 13 cells, the header 12"):
        read_trips(written(tmp_path, row))


def test_a_line_ends_only_where_csv_says(tmp_path):
    (trip,) = read_trips(written(tmp_path, f"a,{TRIPS['north']},1400,4,pasted\u2028from a page\x0b"))
    assert trip.days == 4


def test_a_trip_uses_every_mode_that_it_names(network, tmp_path):
    """Over the Caspian a railway goes round by Russia; who says "rail and sea" did not take it."""
    ends = "Altynkol,44.16,80.24,Baku,40.41,49.87"
    rows = (f"R,{ends},Aktau,rail,,9,", f"S,{ends},Aktau,rail;sea,,9,", f"F,{ends},Aktau;Alat,rail;ferry,,9,")
    around, over, ferry = validate(written(tmp_path, *rows), network)["trips"]
    assert "RUS" in around["countries"]
    assert over["crossings"] == ferry["crossings"] == ["aktau-alat-ferry"]
    assert "RUS" not in over["countries"] + ferry["countries"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        (HEAD.replace(",", ";"), "semicolons"),
        (HEAD + ",id", "column id stands there twice"),
        (f"{HEAD}\nA,x,1,1,y,2,2,,road,,1,\nA,x,1,1,y,2,2,,road,,1,", "line 3, column id: 'A' is also that of line 2"),
        (f"{HEAD}\nA,x,1,1", "has 4 cells"),
    ],
)
def test_a_file_that_is_no_trips_file_is_told_why(network, tmp_path, text, says):
    path = tmp_path / "trips.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((BadInput, TableFaults), match=says):
        validate(path, network)
