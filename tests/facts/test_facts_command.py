"""`comity facts`: data on standard output, talk beside it, one clear sentence for a slip."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from comity import facts as known
from comity.cli.facts import facts
from comity.errors import BadInput, FactMissing, TableFaults


def run(*arguments: str):
    return CliRunner().invoke(facts, arguments, catch_exceptions=True)


def lines(*arguments: str) -> list[list[str]]:
    result = run(*arguments)
    assert result.exit_code == 0, result.exception
    return [line.split("\t") for line in result.stdout.splitlines()]


def test_the_tables_are_listed_with_rows_and_meaning():
    header, *rows = lines()
    assert header == ["table", "rows", "what it holds"]
    assert {row[0]: int(row[1]) for row in rows} == {name: len(known.rows(name)) for name in known.names()}
    assert all(row[2] for row in rows)


def test_a_table_is_printed_and_filtered():
    header, *rows = lines("crossings", "--where", "country_a=pak", "--where", "modes=road")
    assert rows and all(row[header.index("country_a")] == "PAK" for row in rows)
    assert any(row[header.index("modes")] == "road;rail" for row in lines("crossings", "--where", "modes=rail")[1:])
    assert len(lines("transport", "--limit", "3")) == 4


def test_a_table_too_wide_for_a_terminal_is_told_row_by_row(monkeypatch):
    monkeypatch.setattr("comity.cli.facts._crowded", lambda names: len(names) > 10)
    header, row = lines("crossings", "--where", "id=khunjerab")
    assert header == ["row", "what it says"] and row[0] == "khunjerab"
    assert "country_a PAK" in row[1] and "country_b CHN" in row[1] and "source " in row[1]
    assert lines("transport", "--limit", "1")[0][0] == "subject"


def test_what_is_said_goes_beside_the_data():
    result = run("transport", "--limit", "3")
    assert result.stderr.startswith(f"3 of {len(known.rows('transport'))} rows")
    assert "rows" not in result.stdout


def test_json_is_one_object_with_typed_values():
    answer = json.loads(run("closures", "--where", "id=C001", "--json").stdout)
    assert answer["schema"] == "comity.facts/1"
    (row,) = answer["rows"]
    assert row["targets"] == ["torkham"] and row["start"] == "2010-09-30" and row["assumed_days"] == 10
    assert {column["name"] for column in answer["columns"]} == set(row)
    assert json.loads(run("--json").stdout)["digest"] == known.digest()


def test_a_source_is_shown_with_every_row_that_rests_on_it():
    result = run("--source", "cpmm-2020-rail")
    assert "https://cpmm.carecprogram.org/2020-report/rail-transport" in result.stdout
    assert "rail gauge_change_usd" in result.stdout
    answer = json.loads(run("--source", "cpmm-2020-rail", "--json").stdout)
    assert len(answer["rows"]) == len(list(known.citing("cpmm-2020-rail")))


def test_the_columns_of_a_table_are_explained():
    header, *rows = lines("closures", "--columns")
    assert [row[0] for row in rows] == [column.name for column in known.schema("closures")]
    assert ["severity", "code", "shut|partial|slow"] in [row[:3] for row in rows]


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (["transprot"], BadInput, "Did you mean transport"),
        (["crossings", "--where", "contry_a=KAZ"], BadInput, "Did you mean country_a"),
        (["crossings", "--where", "KAZ"], BadInput, "COLUMN=VALUE"),
        (["--source", "cpmm-2020-rial"], FactMissing, "cpmm-2020-rail"),
    ],
)
def test_a_slip_gets_a_suggestion(arguments, error, says):
    result = run(*arguments)
    assert isinstance(result.exception, error) and says in str(result.exception)


def test_check_tells_every_fault_and_fails(small):
    (small / "waits.csv").write_text((small / "waits.csv").read_text().replace("10,5,20", "10,11,9"))
    result = run("--check")
    assert isinstance(result.exception, TableFaults) and len(result.exception.faults) == 2


def test_check_is_content_with_the_shipped_tables():
    result = run("--check")
    assert result.exit_code == 0 and "no fault" in result.stderr and result.stdout == ""
