"""`comity scenarios`, and the flags that lay a scenario over a question."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from comity.brief import sections
from comity.cli.routes import routes
from comity.cli.scenarios import scenarios
from comity.cli.ways import told
from comity.errors import BadInput, TableFaults

BAD = '[[change]]\naction = "delay"\ntarget = "torkam"\nhours = -4\n'
DAY = ("--on", "2026-11-24")


def said(command, *words: str) -> str:
    ran = CliRunner().invoke(command, list(words), catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_list_names_every_scenario_with_its_rows_and_days():
    found = json.loads(said(scenarios, "list", "--json"))
    assert found["schema"] == "comity.scenarios/1"
    by_name = {item["name"]: item for item in found["scenarios"]}
    assert by_name["khunjerab-winter"]["rows"] == 4
    assert by_name["afpak-shut"]["days"] == "2025-10-12 on"
    assert "The Strait of Hormuz shut" in said(scenarios, "list")


def test_show_tells_rows_gates_and_sources(network):
    text = said(scenarios, "show", "khunjerab-winter", "--on", "2026-12-05")
    assert "khunjerab-winter-3  Khunjerab (Sost): shut, from 2026-12-01 to 2027-03-31\n" in text
    assert text.count("not on this day") == 3
    assert "1 gate: Khunjerab (Sost)" in text
    assert "https://dawn.com/news/1876341" in text
    shown = json.loads(said(scenarios, "show", "afghanistan-stable", "--json", *DAY))
    assert {"Torkham", "Chaman - Spin Boldak"} <= set(shown["scenario"]["rows"][0]["gates_named"])
    assert [source["id"] for source in shown["sources"]] == ["comity"]


def test_show_tells_the_queue_of_the_day(network):
    text = said(scenarios, "show", "china-kazakhstan-queue-2025-11", "--on", "2025-11-20")
    assert f"{(1500 + 12 * 75) / 725 * 24:.0f} h in the queue on this day" in text


def test_check_is_short_when_all_is_fine_and_tells_every_fault_when_not(network, tmp_path: Path):
    path = tmp_path / "mine.toml"
    path.write_text(BAD.replace("torkam", "torkham").replace("-4", "4"))
    assert said(scenarios, "check", str(path)).strip() == f"{path}: fine, 1 row."
    path.write_text(BAD)
    with pytest.raises(TableFaults) as fault:
        said(scenarios, "check", str(path))
    assert (len(fault.value.faults), fault.value.exit_code) == (2, 4)
    ran = CliRunner().invoke(scenarios, ["check", str(path), "--json"])
    assert len(json.loads(ran.output)["faults"]) == 2
    assert isinstance(ran.exception, TableFaults)


def test_a_bad_scenario_leaves_no_half_written_file(network, tmp_path: Path):
    (tmp_path / "bad.toml").write_text(BAD)
    out = tmp_path / "ways.csv"
    with pytest.raises(BadInput):
        said(routes, "KAZ", "PAK", "--scenario", str(tmp_path / "bad.toml"), "--output", str(out))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.toml"]


def test_the_answer_says_what_was_laid_over_the_facts(network):
    flags = (
        "--scenario",
        "hormuz-shut",
        "--scenario",
        "khunjerab-winter",
        "--delay",
        "torkham=72h",
        "--price",
        "suez=x2",
    )
    answer = json.loads(said(routes, "KAZ", "PAK", *DAY, *flags, "--json"))
    laid = answer["conditions"]["scenario"]
    assert laid["asked"] == list(flags)
    assert [row["id"] for row in laid["rows"]][-2:] == ["delay-torkham=72h", "price-suez=x2"]
    text = said(routes, "KAZ", "PAK", *DAY, *flags)
    assert "Scenario hormuz-shut + khunjerab-winter + delay torkham=72h, price suez=x2" in text
    assert "  hormuz-shut-1  Strait of Hormuz: shut\n" in text
    assert "khunjerab-winter-1  Khunjerab (Sost): shut (does nothing on this day" in text
    assert "hormuz-shut-1  Strait of Hormuz shut: As declared in March 2026" in text


def test_every_changed_part_can_be_explained(network):
    text = said(routes, "KAZ", "PAK", *DAY, "--delay", "khunjerab=5h", "--explain")
    assert "[scenario] A row of a scenario that was laid over the network" in text
    assert "delay-khunjerab=5h  Khunjerab (Sost) delayed: 5 h more, at each passage [scenario]" in text


def test_a_restriction_is_told_with_its_hours(answer, capsys):
    item = answer["conditions"]["closed"][0] | {"severity": "restrict", "added_h": 79.4, "reason": "725 a day"}
    answer["conditions"]["closed"] = [item]
    told(answer, explain=False)
    assert (
        "Bridge restricted since 2026-10-01, last confirmed 2026-11-01: 725 a day (79 h in the queue on this day)"
        in (capsys.readouterr().out)
    )


def test_the_brief_says_it_and_how_to_get_it_again(plan, network):
    from datetime import date

    from comity.scenarios import asked_for

    laid = asked_for(network, ("hormuz-shut", "khunjerab-winter"), ("torkham=72h",))
    answer = plan("KAZ", "PAK", on=date(2026, 11, 24), scenario=laid).to_json()
    lines = sections.conditions(answer)
    assert any(line.startswith("Scenario laid over what is known: hormuz-shut + khunjerab-winter") for line in lines)
    assert "Strait of Hormuz: shut." in lines
    assert any(line.startswith("Khunjerab (Sost): shut (does nothing on this day") for line in lines)
    command = sections.again(answer, "KAZ", "PAK")["command"]
    assert command.endswith("--scenario hormuz-shut --scenario khunjerab-winter --delay torkham=72h")
