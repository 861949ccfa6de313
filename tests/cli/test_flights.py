"""`comity flights` and `comity air` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from comity.air import own
from comity.cli.main import main


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COMITY_AIR", str(tmp_path / "air"))
    monkeypatch.chdir(tmp_path)

    def asked(*words: str, code: int = 0) -> str:
        try:
            main(list(words))
            left = 0
        except SystemExit as gone:
            left = gone.code or 0
        said = capsys.readouterr()
        assert left == code, (words, said)
        assert "Traceback" not in said.err
        return said.out + said.err

    yield asked


def test_a_screen_and_one_pair(run):
    told = run("flights", "KAZ", "PAK", "--top", "3")
    assert "ALA-LHE" in told and "3 of 150 pairs" in told and "Almaty-Lahore (ALA-LHE)" in told
    one = run("flights", "ALA", "LHE")
    assert "designation" in one and "SCAT Airlines" in one and "great circle 1,333 km" in one
    for words in (
        "stopover",
        "TAS Tashkent",
        "high ground",
        "Karakoram",
        "Jan",
        "policy of Kazakhstan",
        "Level of demand: 33,000",
    ):
        assert words in one, words


def test_forms(run):
    data = json.loads(run("flights", "ALA", "LHE", "--json").splitlines()[0])
    assert data["schema"] == "comity.flights/1" and data["pairs"][0]["rank"] == 1
    for name in ("a.geojson", "a.csv", "a.json", "a.html"):
        assert "written" in run("flights", "ALA", "LHE", "--output", name)
        assert Path(name).stat().st_size > 200
    page = Path("a.html").read_text()
    assert "<h2>Direct flights</h2>" in page and "<svg" in page and "<script" not in page
    assert "the ending tells" in run("flights", "ALA", "LHE", "--output", "a.xyz", code=2)


def test_slips(run):
    for words, code, says in (
        (("flights", "ALA", "LHE", "--on", "soon"), 2, "is no day"),
        (("flights", "ALA", "LHE", "--avoid", "Atlantis"), 2, "Atlantis"),
        (("flights", "ALA", "LHE", "--types", "zeppelin"), 2, "zeppelin"),
        (("flights", "ALA", "LHE", "--fuel-price", "-1"), 2, "fuel price"),
        (("flights", "ALA", "LHE", "--level", "0"), 2, "hundreds of feet"),
        (("flights", "ALA", "LHE", "--airline", "Atlantis"), 3, "Atlantis"),
        (("flights", "ALA", "Nowhereville"), 3, "Nowhereville"),
        (("air", "closures", "--on", "soon"), 2, "is no day"),
    ):
        assert says in run(*words, code=code)


def test_what_flights_stand_on(run):
    assert "Almaty" in run("air", "airports", "KAZ")
    assert "b738" in run("air", "types")
    assert "SCAT" in run("air", "services", "ALA", "LHE") and "No service" in run("air", "services", "ALA", "AKL")
    assert "OAKX" in run("air", "closures", "--on", "2024-01-01")


def test_files_of_ones_own_are_checked_first(run, tmp_path):
    (tmp_path / "ways.dat").write_text("A1 001 P 43.0 77.0\nA1 002 Q 38.0 80.0\n")
    assert "2 fixes, 1 stretches" in run("air", "import", "airways", "ways.dat")
    (tmp_path / "old.dat").write_text("A1,P,43.0\n")
    assert "line 1" in run("air", "import", "airways", "old.dat", code=2)
    (tmp_path / "firs.json").write_text("{}")
    assert "no GeoJSON" in run("air", "import", "firs", "firs.json", code=2)
    assert (tmp_path / "air" / own.AIRWAYS).is_file()
