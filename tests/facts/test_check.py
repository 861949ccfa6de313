"""Each kind of fault is found, with its line and column, and all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity import facts
from comity.errors import TableFaults


def test_sound_tables_have_no_fault(small):
    assert facts.check() == []
    first, second = facts.rows("waits")
    assert first["value"] == 10.0 and first["open"] is True and first["seen"].isoformat() == "2023-05-01"
    assert second["year"] is None and second["open"] is None
    assert facts.rows("posts")[1]["modes"] == ("road", "rail")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("mode,value,low,high,year", "mode,value,low,high,yaer", "line 1, column yaer: is not in the schema"),
        ("mode,value,low,high,year", "mode,valeu,low,high,year", "line 1, column value: is missing"),
        ("year,seen,open", "year,seen,seen", "line 1, column seen: stands there twice"),
        ("torkham,road,10,", "torkham,road,ten,", "line 2, column value: 'ten' is not a number"),
        ("torkham,road,10,", "torkham,road,nan,", "line 2, column value: 'nan' is not a number"),
        ("torkham,road,10,", "torkham,road,1_0,", "line 2, column value: '1_0' is not a number"),
        ("torkham,road,10,", "torkham,road,,", "line 2, column value: is empty"),
        ("20,2023,", "20,2023.5,", "line 2, column year: '2023.5' is not a whole number"),
        ("2023-05-01", "2023-02-30", "line 2, column seen: '2023-02-30' is not a day like 2026-11-24"),
        ("2023-05-01", "20230501", "line 2, column seen: '20230501' is not a day like 2026-11-24"),
        (",yes,", ",maybe,", "line 2, column open: 'maybe' is not yes, no or unknown"),
        ("POLYGON((1 2,", "POLIGON((1 2,", "is not a shape in WKT"),
        ("torkham,road,10,5", "torkham,road,10,12", "line 2, column low: 12 is above the middle 10"),
        ("10,5,20,", "10,5,9,", "line 2, column high: 9 is below the middle 10"),
        ("8,4,16,", "8,,16,", "line 3, column low: is empty, and an assumption needs its range"),
        (
            "page,measured",
            "page,certain",
            "line 2, column standing: 'certain' is not one of official, measured",
        ),
        ("page,measured", "pgae,measured", "line 2, column source: 'pgae' is not in sources.csv"),
        ("torkham,road", "torkam,road", "line 2, column post: 'torkam' is not in posts.csv"),
        ("torkham,road", "torkham,raod", "line 2, column mode: 'raod' is not one of road, rail"),
        ("torkham,road", "tor kham,road", "line 2, column post: 'tor kham' is not a code (one word)"),
        ("chaman,rail,", "torkham,road,", "line 3, column post: torkham road stands in line 2 already"),
        (",comity,assumption", ",comity", "line 3: has 10 cells, the header 11"),
        ("torkham,road,10", "torkham,road ,10", "line 2, column mode: 'road ' is not a code (one word)"),
        ("torkham,road", '"torkham,road', "line 1: the file cannot be read as CSV in UTF-8"),
    ],
)
def test_a_fault_is_told_with_its_place(small, old, new, fault):
    text = (small / "waits.csv").read_text()
    assert old in text
    (small / "waits.csv").write_text(text.replace(old, new, 1))
    found = facts.check()
    assert any(line.startswith("waits.csv, line") and fault in line for line in found), found


def test_every_fault_of_a_table_is_told_at_once(small):
    text = (small / "waits.csv").read_text().replace("10,5,20,2023,", "ten,5,20,MMXXIII,").replace("8,4,16", "8,9,16")
    (small / "waits.csv").write_text(text)
    with pytest.raises(TableFaults) as caught:
        facts.rows("waits")
    assert caught.value.exit_code == 4
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "line 2, column value",
        "line 2, column year",
        "line 3, column low",
    ]


def test_the_line_is_that_of_the_file_when_a_cell_runs_over_lines(small):
    area = '"POLYGON((1 2,3 4,5 6,1 2))"'
    text = (small / "waits.csv").read_text().replace(area, '"POLYGON((1 2,\n3 4,5 6,1 2))"').replace("chaman", "chamam")
    (small / "waits.csv").write_text(text)
    assert "waits.csv, line 4, column post: 'chamam' is not in posts.csv" in facts.check()


def test_a_stray_word_in_a_list_is_a_fault(small):
    (small / "posts.csv").write_text("id,modes\ntorkham,road;air\nchaman,rail\n")
    assert facts.check() == ["posts.csv, line 2, column modes: 'air' is not one of road, rail"]


def test_a_range_may_be_named_after_its_column(small):
    names = ("wait_h", "wait_h_low", "wait_h_high")
    columns = "id,code,,yes,yes,x\n" + "".join(f"{name},number,h,no,no,x\n" for name in names)
    (small / "posts.schema.csv").write_text(f"column,type,unit,required,key,meaning\n{columns}")
    (small / "posts.csv").write_text("id,wait_h,wait_h_low,wait_h_high\ntorkham,3,4,5\nchaman,3,2,5\n")
    assert facts.check() == ["posts.csv, line 2, column wait_h_low: 4 is above the middle 3"]


def test_a_schema_is_checked_too(small):
    text = "column,type,unit,required,key,meaning\nid,code,,yes,no,name\nmodes,lsit,,no,no,\n"
    (small / "posts.schema.csv").write_text(text)
    found = facts.check()
    assert "posts.schema.csv, line 1, column key: no column is the key" in found
    assert "posts.schema.csv, line 3, column meaning: says nothing of modes" in found
    assert any(line.startswith("posts.schema.csv, line 3, column type: 'lsit' is not one of text") for line in found)


def test_a_table_without_schema_and_a_schema_without_table_are_faults(small: Path):
    (small / "stray.csv").write_text("id\n1\n")
    (small / "posts.csv").unlink()
    found = facts.check()
    assert "stray.csv has no schema" in found
    assert any(line.startswith("posts.csv, line 1: the file cannot be read") for line in found)


def test_a_file_in_another_encoding_is_a_fault(small):
    (small / "posts.csv").write_bytes("id,modes\nХайратон,road\n".encode("cp1251"))
    assert any("posts.csv, line 1: the file cannot be read as CSV in UTF-8" in fault for fault in facts.check())
