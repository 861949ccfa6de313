"""The command line as a person meets it: one clear message, the right exit code, and never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from comity.routing import export

HEAVY = ("numpy", "scipy", "shapely", "duckdb", "typst", "pyroutingkit", "rich")


def comity(*words: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "comity.cli.main", *words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        **more,
    )


def test_help_imports_nothing_heavy():
    code = f"import sys, comity.cli.main as m\ntry: m.main(['--help'])\nexcept SystemExit: pass\nprint([n for n in {HEAVY!r} if n in sys.modules], file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stderr.strip() == "[]"
    assert all(
        name in ran.stdout
        for name in ("places", "routes", "brief", "scenarios", "network", "facts", "validate", "doctor")
    )


@pytest.mark.parametrize(
    "command", ["places", "routes", "brief", "scenarios", "network", "facts", "validate", "doctor"]
)
def test_every_command_has_help(command):
    ran = comity(command, "--help")
    assert ran.returncode == 0
    assert "Usage" in ran.stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("routs", "A", "B"), 2, "routes"),
        (("routes", "Karatchi", "Almaty"), 3, "Karachi"),
        (("routes", "Hyderabad", "Almaty"), 3, "can mean 2 places"),
        (("routes", "Almaty", "Almaty"), 2, "same place"),
        (("routes", "Almaty", "Karachi", "--tonnes", "-3"), 2, "weight"),
        (("routes", "Almaty", "Karachi", "--on", "soon"), 2, "not a day"),
        (("routes", "Almaty", "Karachi", "--close", "torkam"), 2, "torkham"),
        (("routes", "Almaty", "Karachi", "--output", "x.doc"), 2, ".geojson"),
        (("routes", "Almaty", "Karachi", "--scenario", "hormuz-shu"), 2, "hormuz-shut"),
        (("routes", "Almaty", "Karachi", "--delay", "torkham=-3h"), 2, "negative"),
        (("routes", "0,-30", "Almaty"), 5, "no road"),
        (("routes", "91,10", "Almaty"), 2, "Latitude|latitude"),
        (("routes", "Almaty", "Tokyo", "--modes", "road"), 5, "modes"),
        (("facts", "crossing"), 2, "crossings"),
        (("facts", "--source", "nobody"), 6, "nobody"),
        (("places", ""), 2, "empty"),
        (("validate", "nowhere.csv"), 2, "nowhere.csv"),
    ],
)
def test_bad_input_has_one_clear_message_and_its_exit_code(network, words, code, says):
    import re

    ran = comity(*words)
    assert ran.returncode == code, ran.stderr
    assert re.search(says, ran.stderr)
    assert ran.stderr.startswith("comity: ")
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


def test_debug_shows_the_traceback():
    assert "Traceback" in comity("routes", "Almaty", "Almaty", "--debug").stderr


def test_json_alone_on_standard_output(network):
    told = json.loads(comity("routes", "Almaty", "Karachi", "--on", "2026-11-24", "--json").stdout)
    assert told["schema"] == "comity.routes/1"
    assert set(told) == {"schema", "origin", "destination", "conditions", "alternatives", "version"}


def test_explain_names_the_source_of_every_figure(network):
    said = comity("routes", "Almaty", "Karachi", "--on", "2026-11-24", "--explain").stdout
    parts = [line for line in said.splitlines() if " -> " in line or line.startswith("    wait ")]
    assert len(parts) > 30
    assert all(line.rstrip().endswith("]") for line in parts)


def test_wrong_trips_tell_every_fault_with_line_and_column(tmp_path):
    path = tmp_path / "trips.csv"
    head = "id,origin,origin_lat,origin_lon,destination,dest_lat,dest_lon,via,modes,distance_km,days"
    path.write_text(f"{head}\nA,x,99,10,y,10,ten,,road,100,2\nB,x,1,1,y,2,2,,zeppelin,-5,2\n")
    ran = comity("validate", str(path))
    assert ran.returncode == 4
    for fault in (
        "line 2, column origin_lat",
        "line 2, column dest_lon",
        "line 3, column modes",
        "line 3, column distance_km",
    ):
        assert fault in ran.stderr


def test_trips_without_columns_say_which(tmp_path):
    path = tmp_path / "trips.csv"
    path.write_bytes(b"id,origin\n1,Almaty\n")
    assert "column destination is missing" in comity("validate", str(path)).stderr
    path.write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in comity("validate", str(path)).stderr


def test_validate_json_has_its_shape(network, tmp_path):
    path = tmp_path / "trips.csv"
    path.write_text(
        "id,origin,origin_lat,origin_lon,destination,dest_lat,dest_lon,via,modes,distance_km,days,notes\n"
        'K,Karachi,24.86,67.01,Peshawar,34.01,71.57,,road,1400,4,"x"\nL,Lahore,31.55,74.34,Karachi,24.86,67.01,,rail,9999,2,"distance not be scored"\n'
    )
    told = json.loads(comity("validate", str(path), "--json").stdout)
    assert told["schema"] == "comity.validate/1"
    assert told["n"] == 2
    assert told["distance"]["n"] == 1
    assert told["time"]["n"] == 2
    assert set(told["distance"]) == {"n", "median_abs_pct_error", "p90_abs_pct_error", "bias_pct"}


def test_doctor_finds_a_network_and_says_so(network):
    told = json.loads(comity("doctor", "--json").stdout)
    assert {check["name"]: check["ok"] for check in told["checks"]}["network"]


def test_doctor_tells_the_mend_when_there_is_none(tmp_path):
    ran = comity("doctor", "--json", env=os.environ | {"COMITY_CACHE": str(tmp_path)})
    assert ran.returncode == 1
    assert "comity network build" in ran.stdout


def test_exports_read_back_the_same(plan, tmp_path):
    from datetime import date

    answer = plan("Almaty", "Karachi", on=date(2026, 11, 24)).to_json()
    assert export.from_geojson(export.as_geojson(answer)) == json.loads(json.dumps(answer))
    rows = export.from_csv(export.as_csv(answer))
    legs = [row for row in rows if row["part"] == "leg"]
    assert sum(row["distance_km"] for row in legs) == pytest.approx(
        sum(leg["distance_km"] for way in answer["alternatives"] for leg in way["legs"])
    )
    export.write(answer, tmp_path / "ways.html")
    assert "<svg" in (tmp_path / "ways.html").read_text(encoding="utf-8")


def test_a_full_disk_leaves_the_old_export_whole(plan, tmp_path, monkeypatch):
    path = tmp_path / "ways.csv"
    path.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        export.save(path, b"new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["ways.csv"]


def test_python_answers_in_three_lines(network):
    import comity as package

    assert package.plan("Almaty", "Tashkent", network=network).best.title
    assert Path(package.__file__).name == "__init__.py"


def test_a_point_in_the_south_is_no_option():
    ran = comity("routes", "-17.24,-67.91", "-18.48, -70.3", "--modes", "road", "--alternatives", "1", "--json")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert (told["origin"]["country"], told["destination"]["country"]) == ("BOL", "CHL")
