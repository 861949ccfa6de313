"""Files of a user's own: checked first, used from the next question on, and forgotten when asked."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from comity import facts
from comity.air import demand, estimate, own
from comity.air.airways import Airways, gates_found, read_airways
from comity.cli.main import main
from comity.errors import BadInput

from .test_estimate import PLANTED, write_routes

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "air" / "traffic_earth_awy.dat.gz"
needs_file = pytest.mark.skipif(
    not SHARED.is_file(), reason="the airway file is not beside this tree; it does not ship"
)
COUNTS = "origin,destination,passengers\nALA,IST,90000\nALA,DXB,150000\nALA,NQZ,2000000\nNQZ,IST,60000\nALA,DEL,90000\n"
PAIR = np.array([0]), np.array([40])


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COMITY_AIR", str(tmp_path / "air"))
    monkeypatch.chdir(tmp_path)

    def asked(*words: str, code: int = 0) -> str:
        try:
            main(["air", "import", *words])
            left = 0
        except SystemExit as gone:
            left = gone.code or 0
        said = capsys.readouterr()
        assert left == code, (words, said)
        assert "Traceback" not in said.err
        return said.out + said.err

    return asked


@pytest.fixture(scope="module")
def routes(tmp_path_factory):
    return write_routes(tmp_path_factory.mktemp("made") / "routes.csv", planted=PLANTED)


def test_routes_change_the_model_and_forgetting_them_gives_the_shipped_one_back(run, routes, tmp_path):
    shipped, before, hubs = demand.model(), demand.expected(*PAIR), estimate.hubs()
    said = run("routes", str(routes))
    assert f"kept as {tmp_path / 'air' / 'demand.json'}" in said
    told = estimate.estimate(estimate.read_routes(routes), held_out=False)
    np.testing.assert_array_equal(demand.model().coefficients, told.terms)
    assert (demand.model().one, demand.model().link) == (told.relative_one, told.link)
    assert estimate.hubs() == told.hubs and estimate.hubs()[0].hub == PLANTED
    assert demand.expected(*PAIR).relative != pytest.approx(before.relative)
    assert "the shipped model and its hubs hold" in run("routes", "--forget")
    np.testing.assert_array_equal(demand.model().coefficients, shipped.coefficients)
    assert (demand.model().one, demand.model().link) == (shipped.one, shipped.link)
    assert estimate.hubs() == hubs and not list((tmp_path / "air").iterdir())


def test_the_new_scores_stand_beside_the_shipped_ones(run, routes):
    said = run("routes", str(routes)).splitlines()
    found = estimate.estimate(estimate.read_routes(routes))
    known = {row["parameter"]: row["value"] for row in facts.rows("air_demand")}
    for score in found.scores:
        line = next(line for line in said if line.startswith(estimate.HELD_OUT[score.name]))
        shipped = (known[f"held_out.{score.name}_{key}"] for key in ("auc", "average_precision"))
        assert line.split()[-4:] == [f"{value:.3f}" for value in (score.auc, score.average_precision, *shipped)]


def test_a_bad_file_leaves_what_was_kept(run, routes, tmp_path):
    run("routes", str(routes))
    kept = (tmp_path / "air" / "demand.json").read_bytes()
    (tmp_path / "bad.csv").write_text("origin,destination\nALA,IST\n")
    assert "usable pairs" in run("routes", "bad.csv", code=2)
    (tmp_path / "air" / "demand.part").write_text("{")  # an import that was cut short
    assert (tmp_path / "air" / "demand.json").read_bytes() == kept and demand.model().one > 0


@pytest.mark.parametrize(
    "mend",
    [
        lambda own: None,
        lambda own: own | {"schema": "comity.air-demand/older"},
        lambda own: own | {"terms": {"intercept": 1.0}},
        lambda own: own | {"link": [1.0]},
        lambda own: own | {"relative_one": 0},
        lambda own: [own],
    ],
)
def test_a_broken_or_older_estimate_says_to_import_again(run, tmp_path, mend):
    (tmp_path / "air").mkdir()
    shipped = demand.model()
    whole = {
        "schema": demand.KEPT_AS,
        "terms": dict(zip(demand.TERMS, shipped.coefficients.tolist(), strict=True)),
        "relative_one": shipped.one,
        "link": shipped.link,
        "hubs": [asdict(estimate.hubs()[0])],
    }
    path = tmp_path / "air" / "demand.json"
    path.write_text(json.dumps(whole))
    assert demand.model().one == shipped.one and len(estimate.hubs()) == 1
    spoilt = mend(whole)
    path.write_text("{" if spoilt is None else json.dumps(spoilt))
    with pytest.raises(BadInput, match="demand.json is broken or of an older version.*comity air import routes FILE"):
        demand.model()
    path.write_text(json.dumps(whole | {"hubs": [{"hub": "IST"}]}))
    with pytest.raises(BadInput, match="comity air import routes FILE"):
        estimate.hubs()


def test_a_region_without_hubs_keeps_the_shipped_ones(run, routes, tmp_path):
    run("routes", str(routes))
    path = tmp_path / "air" / "demand.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"hubs": []}))
    assert [one.hub for one in estimate.hubs()] == [row["hub"] for row in facts.rows("air_hubs")]


# --- counts ------------------------------------------------------------------------------------------------------------------


def test_counts_set_the_level_and_forgetting_them_gives_the_assumed_one_back(run, tmp_path):
    (tmp_path / "mine.csv").write_text(COUNTS)
    assumed = demand.assumed_level()
    assert demand.level() == assumed
    said = run("counts", "mine.csv")
    level = demand.level_from(tmp_path / "mine.csv")
    assert "5 routes of mine.csv" in said and f"{level.value:,.0f}" in said and f"{assumed.value:,.0f}" in said
    assert demand.level().standing == "measured"
    assert (demand.level().low, demand.level().value, demand.level().high) == (level.low, level.value, level.high)
    (tmp_path / "mine.csv").write_text(COUNTS.replace("0,", "00,").replace("0\n", "00\n"))
    run("counts", "mine.csv")
    assert demand.level().value == pytest.approx(10 * level.value)  # seen without emptying any cache
    assert "the assumed level holds" in run("counts", "--forget")
    assert demand.level() == assumed


def test_the_level_is_told_by_the_model_in_use(run, routes, tmp_path):
    (tmp_path / "mine.csv").write_text(COUNTS)
    run("counts", "mine.csv")
    before = demand.level().value
    run("routes", str(routes))
    assert demand.level().value != pytest.approx(before)
    run("routes", "--forget")
    assert demand.level().value == pytest.approx(before)


def test_counts_that_cannot_be_used_are_told(run, tmp_path):
    (tmp_path / "mine.csv").write_text(COUNTS + "ALA,ALA,5\n")
    assert "line 7" in run("counts", "mine.csv", code=2)
    (tmp_path / "mine.csv").write_bytes(b"\xff\xfe")
    assert "cannot be read as CSV in UTF-8" in run("counts", "mine.csv", code=2)
    (tmp_path / "air").mkdir()
    (tmp_path / "air" / "counts.csv").write_text("origin\n")
    with pytest.raises(BadInput, match=r"(?s)counts.csv cannot be used.*comity air import counts FILE"):
        demand.level()


# --- forgetting ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind, name",
    [
        ("firs", own.FIRS),
        ("airways", own.AIRWAYS),
        ("runways", own.RUNWAYS),
        ("routes", own.ESTIMATE),
        ("counts", own.COUNTS),
    ],
)
def test_every_kind_can_be_forgotten_with_one_line(run, tmp_path, kind, name):
    assert run(kind, "--forget").startswith("There were no ")
    (tmp_path / "air").mkdir()
    (tmp_path / "air" / name).write_text("any")
    assert len(run(kind, "--forget").splitlines()) == 1
    assert not (tmp_path / "air" / name).exists()


def test_a_file_or_forget_and_not_both(run, tmp_path):
    (tmp_path / "mine.csv").write_text(COUNTS)
    for words in (("counts",), ("counts", "mine.csv", "--forget")):
        assert "comity air import counts FILE, or --forget" in run(*words, code=2)
    assert not (tmp_path / "air").exists()


# --- gates ---------------------------------------------------------------------------------------------------------------------

GATES = [{"fix": "NORTH", "lon": 70.0, "lat": 38.0}, {"fix": "EAST", "lon": 71.0, "lat": 37.0},
         {"fix": "SOUTH", "lon": 70.0, "lat": 36.0}, {"fix": "FAR", "lon": -70.0, "lat": 36.0}]  # fmt: skip


def airways(*fixes):
    names, points = [fix for fix, *_ in fixes], np.array([point for _, *point in fixes])
    return Airways(tuple(names), points, np.array([[0, 1]]), np.array([1.0]), (("A1",),))


def test_gates_are_found_by_name_and_place():
    found = gates_found(airways(("NORTH", 70.01, 38.01), ("EAST", 71.5, 37.0), ("SOUTH", 20.0, 36.0)), GATES)
    assert (found.covered, found.found) == (3, 1) and found.doubtful
    assert [name for name, _ in found.astray] == ["EAST", "SOUTH"]
    assert found.astray[0][1] == pytest.approx(44.4, abs=0.2)  # half a degree of longitude at 37 N
    assert found.astray[1][1] is None


def test_two_thirds_of_the_gates_are_enough():
    found = gates_found(airways(("NORTH", 70.0, 38.0), ("EAST", 71.0, 37.0)), GATES)
    assert (found.covered, found.found) == (3, 2) and not found.doubtful


def test_a_file_of_elsewhere_covers_no_gate():
    found = gates_found(airways(("P", 10.0, 50.0), ("Q", 11.0, 50.0)), GATES)
    assert (found.covered, found.found, found.astray) == (0, 0, ()) and not found.doubtful


def test_importing_airways_tells_of_the_gates_and_goes_on(run, tmp_path):
    gates = facts.rows("airway_gates")
    lines = [f"A1 {n:03} {row['fix']} {row['lat']} {row['lon']}" for n, row in enumerate(gates, 1)]
    (tmp_path / "now.dat").write_text("\n".join(lines))
    assert f"{len(gates)} of {len(gates)} known gates are in it" in run("airways", "now.dat")
    moved = [f"A1 {n:03} {row['fix']} {row['lat'] + 0.5} {row['lon']}" for n, row in enumerate(gates, 1)]
    (tmp_path / "old.dat").write_text("\n".join(moved))
    said = run("airways", "old.dat")
    assert f"0 of {len(gates)} known gates" in said and "another cycle or region" in said
    assert said.count(" is 56 km off") + said.count(" is 55 km off") == 3 and "kept as" in said
    (tmp_path / "far.dat").write_text("A1 001 P 50.0 10.0\nA1 002 Q 50.0 11.0\n")
    assert "No known gate" in run("airways", "far.dat")


@needs_file
def test_the_real_file_has_the_gates():
    found = gates_found(read_airways(SHARED), facts.rows("airway_gates"))
    assert found.found == found.covered == len(facts.rows("airway_gates"))
