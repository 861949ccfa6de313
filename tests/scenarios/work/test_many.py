"""Many pairs: the same files whoever makes them and whatever stops them, and never those of another question."""

from __future__ import annotations

import os
import re
import signal
from datetime import date
from pathlib import Path

import duckdb
import pytest

from comity.errors import BadInput
from comity.scenarios.ensembles.study import Years
from comity.scenarios.risk import risk
from comity.scenarios.work import many as work
from comity.scenarios.work.kept import DEPENDENCE_COLUMNS, PAIR_COLUMNS, Kept, manifest
from comity.scenarios.work.many import many, question
from comity.scenarios.work.runners import Dask, Here, Processes

YEARS = Years(scenarios=300, months=6)
ON = "2026-11-24"


@pytest.fixture(scope="module")
def asked(network):
    return question("KEN,UGA,Rwanda", years=YEARS, network=network, on=ON)


@pytest.fixture(scope="module")
def whole(asked, tmp_path_factory):
    """The folder of a run that nothing stopped, and its files."""
    folder = tmp_path_factory.mktemp("many") / "whole"
    many(asked, folder)
    return folder


def files(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_files_of_a_run(whole):
    pairs = ["KEN-RWA", "KEN-UGA", "RWA-KEN", "RWA-UGA", "UGA-KEN", "UGA-RWA"]
    units = [f"units/{pair}.parquet" for pair in pairs]
    assert list(files(whole)) == ["depends_on.parquet", "manifest.json", "pairs.csv", "pairs.parquet", *units]


def test_two_processes_give_the_bytes_of_one(asked, whole, tmp_path):
    many(asked, tmp_path / "two", Processes(2))
    assert files(tmp_path / "two") == files(whole)


def test_dask_gives_them_too_with_a_worker_killed_in_the_middle(asked, whole, tmp_path):
    chosen, killed, told = Dask(2, None), [], []

    def kill_one(done: int, total: int, name: str) -> None:
        told.append(name)
        if done == 1:
            killed.extend(chosen._client.run(os.getpid).values())
            os.kill(killed[0], signal.SIGKILL)

    many(asked, tmp_path / "dask", chosen, kill_one)
    assert len(killed) == 2
    assert sorted(told) == sorted("-".join(pair) for pair in asked.pairs)  # nothing lost, nothing twice
    assert files(tmp_path / "dask") == files(whole)


class Stop(Here):
    """Does two units, and then somebody presses Ctrl-C."""

    def each(self, do, jobs):
        for number, job in enumerate(jobs):
            if number == 2:
                raise KeyboardInterrupt
            yield number, do(job)


def test_a_run_that_was_stopped_goes_on_with_the_rest_alone(asked, whole, tmp_path, monkeypatch):
    folder = tmp_path / "stopped"
    with pytest.raises(KeyboardInterrupt):
        many(asked, folder, Stop())
    assert sorted(files(folder)) == ["manifest.json", "units/KEN-RWA.parquet", "units/KEN-UGA.parquet"]
    computed = []
    unit_done = work.unit_done
    monkeypatch.setattr(work, "unit_done", lambda unit: computed.append(unit.pair) or unit_done(unit))
    many(asked, folder)
    assert computed == list(asked.pairs[2:])
    assert files(folder) == files(whole)
    many(asked, folder)
    assert len(computed) == 4  # all was there


def test_a_unit_that_was_cut_off_is_done_again(asked, whole, tmp_path, monkeypatch):
    folder = tmp_path / "cut"
    (folder / "units").mkdir(parents=True)
    for name, content in files(whole).items():
        (folder / name).write_bytes(content[:-1] if name == "units/UGA-KEN.parquet" else content)
    told = []
    many(asked, folder, tell=lambda *one: told.append(one))
    assert told == [(6, 6, "UGA-KEN")]
    assert files(folder) == files(whole)


def test_another_question_is_refused_and_changes_nothing(network, whole):
    before = files(whole)
    other = question("KEN,UGA", years=Years(scenarios=301, months=6), network=network, on="2026-11-25")
    with pytest.raises(BadInput, match="on 2026-11-24 there, 2026-11-25 here; scenarios 300 there, 301 here") as told:
        many(other, whole)
    assert len(str(told.value).splitlines()) == 1
    assert files(whole) == before


def test_more_countries_take_what_is_there(network, whole, asked, tmp_path):
    folder = tmp_path / "more"
    small = question("KEN,UGA", years=YEARS, network=network, on=ON)
    many(small, folder)
    told = []
    many(asked, folder, tell=lambda *one: told.append(one))
    assert len(told) == 4
    assert files(folder) == files(whole)


def test_a_folder_of_something_else_is_left_alone(asked, tmp_path):
    (tmp_path / "letter.txt").write_text("dear sir")
    for folder, says in ((tmp_path, "files of something else"), (tmp_path / "letter.txt", "is a file")):
        with pytest.raises(BadInput, match=says):
            many(asked, folder)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(BadInput, match="cannot be read as a manifest"):
        many(asked, tmp_path)
    assert sorted(files(tmp_path)) == ["letter.txt", "manifest.json"]


def test_a_scheduler_that_is_not_there_leaves_nothing_behind(asked, tmp_path):
    with pytest.raises(BadInput, match="No Dask scheduler answers"):
        many(asked, tmp_path / "none", Dask(2, "nonsense"))
    assert not (tmp_path / "none").exists()


def test_who_does_not_agree_has_nothing_written(asked, tmp_path):
    def refuse(estimate, finished):
        assert finished == 0 and estimate.seconds > 0
        raise BadInput("too long.")

    with pytest.raises(BadInput, match="too long"):
        many(asked, tmp_path / "none", agree=refuse)
    assert not (tmp_path / "none").exists()


def test_a_row_has_the_figures_of_the_risk_itself(network, asked, whole):
    row = next(
        row for row in Kept(whole, asked.plain()).rows() if (row["origin"], row["destination"]) == ("UGA", "RWA")
    )
    told = risk("UGA", "RWA", years=YEARS, network=network, on=ON).to_json()
    assert {name: row[f"days_{name}"] for name in told["days"]} == told["days"]
    assert {name: row[f"usd_{name}"] for name in told["cost_usd"]} == told["cost_usd"]
    assert row["no_way_share"] == told["no_way_share"]
    assert (row["extra_days"], row["extra_usd"]) == (
        told["extra"]["days_per_shipment"], told["extra"]["usd_per_shipment"],
    )  # fmt: skip
    assert (row["usual_days"], row["usual_usd"]) == (told["usual"]["days"], told["usual"]["cost_usd"])
    names = {"corridors_used": "corridors_used", "diversity_index": "index", "independent_routes": "independent_routes"}
    assert {row_name: row[row_name] for row_name in names} == {
        row_name: told["diversity"][name] for row_name, name in names.items()
    }
    assert row["reason"] is None and row["origin_place"] == told["origin"]["name"]
    deep = [
        {"if_shut": {}, "if_never_shut": {}} | {name: one[name] for name in ("key", "kind", "name", "use_share")}
        for one in row["depends_on"]
    ]
    for one, flat in zip(deep, row["depends_on"], strict=True):
        for what in ("if_shut", "if_never_shut"):
            one[what] = {name: flat[f"{what}_{name}"] for name in ("usd", "days", "no_way_share")}
    assert deep == told["depends_on"]


def test_the_tables_are_those_of_the_units(whole):
    with duckdb.connect() as read:
        from_units = read.execute(
            "SELECT * EXCLUDE (depends_on) FROM read_parquet(?) ORDER BY ALL", [str(whole / "units" / "*.parquet")]
        ).fetchall()
        table = read.execute("SELECT * FROM read_parquet(?) ORDER BY ALL", [str(whole / "pairs.parquet")]).fetchall()
        sheet = read.execute("SELECT origin, destination, days_p50 FROM read_csv(?)", [str(whole / "pairs.csv")])
        assert from_units == table and len(table) == 6
        assert sorted(sheet.fetchall()) == sorted((row[0], row[1], row[8]) for row in table)


def test_a_pair_that_no_way_joins_is_a_row_with_the_reason(network, tmp_path):
    asked = question("KEN,Andorra", "UGA", years=YEARS, network=network, on=ON)
    rows = many(asked, tmp_path / "some").rows()
    reasons = {(row["origin"], row["destination"]): row["reason"] for row in rows}
    assert list(reasons) == [("KEN", "UGA"), ("AND", "UGA"), ("UGA", "KEN"), ("UGA", "AND")]
    assert reasons["KEN", "UGA"] is None and "no border crossing or port of AND" in reasons["AND", "UGA"]
    assert next(row for row in rows if row["origin"] == "AND")["days_p50"] is None


def test_pairs_are_directed_once_each_and_unions_are_their_members(network):
    told = question("eaeu", "kaz, Pakistan", network=network, on=ON).pairs
    assert len(told) == len(set(told))
    assert {("KGZ", "PAK"), ("PAK", "KGZ"), ("RUS", "KAZ"), ("KAZ", "RUS"), ("KAZ", "PAK")} <= set(told)
    assert not {("KGZ", "RUS"), ("KAZ", "KAZ")} & set(told)


def test_all_faults_of_a_question_are_told_at_once(network):
    with pytest.raises(BadInput) as told:
        question(
            "KAZ,Uzbekstan,Heard Island and McDonald Islands", years=Years(scenarios=0, seed=-1), replan="never",
            network=network, on="soon", cargo="box",
        )  # fmt: skip
    said = str(told.value)
    for part in ("Uzbekistan (UZB)", "no city", "scenarios 0", "seed -1", "replan 'never'", "'soon'", "'box'"):
        assert part in said
    with pytest.raises(BadInput, match="Two countries at least"):
        question("KAZ", network=network)
    with pytest.raises(BadInput, match="Torkhm"):
        question("KAZ,PAK", close=["Torkhm"], network=network)


def test_a_run_goes_on_with_the_day_it_began_on(network, whole):
    assert manifest(whole)["conditions"]["on"] == ON
    assert question("KEN,UGA", years=YEARS, network=network, folder=whole).asked.on == date(2026, 11, 24)
    assert question("KEN,UGA", years=YEARS, network=network, folder=whole / "none").asked.on == date.today()


def test_the_docs_name_every_column():
    told = (Path(__file__).parents[3] / "docs" / "scale.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", told))
    assert {*PAIR_COLUMNS, *DEPENDENCE_COLUMNS} <= named
