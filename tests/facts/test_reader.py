"""A user's own rows take the place of ours, are added to them, and are checked as strictly."""

from __future__ import annotations

import pytest

from comity import facts
from comity.errors import BadInput, TableFaults

HEADER = "subject,parameter,value,low,high,unit,year,source,standing,note\n"
SPEED = "road.KAZ,speed_kmh,61,50,70,km/h,2026,comity,assumption,our own trucks\n"


def test_a_row_with_a_key_of_ours_replaces_it_and_others_are_added(mine):
    facts.forget()
    before = facts.rows("transport")
    mine("transport.csv", HEADER + SPEED + SPEED.replace("road.KAZ", "road.KAZ.steppe"))
    after = facts.rows("transport")
    assert len(after) == len(before) + 1
    assert facts.figure("road.KAZ", "speed_kmh").value == 61
    assert facts.figure("road.KAZ.steppe.far", "speed_kmh").subject == "road.KAZ.steppe"
    assert [row for row in after if row not in before and row["subject"] == "road.KAZ"][0]["note"] == "our own trucks"
    untouched = ("road.PAK", "speed_kmh")
    keys = ("subject", "parameter")
    assert facts.keyed("transport", keys)[untouched] in before


def test_columns_that_are_not_required_may_be_left_out(mine):
    header = "id,target_kind,targets,start,ended,confirmed,severity,reason,source\n"
    mine(
        "closures.csv",
        header + "mine-1,crossing,khunjerab,2026-11-20,open,2026-11-23,shut,landslide,comity\n",
    )
    assert facts.check() == []
    row = facts.rows("closures")[-1]
    assert row["id"] == "mine-1" and row["modes"] == () and row["season"] is None


def test_a_file_of_a_header_alone_changes_nothing(mine):
    facts.forget()
    before = facts.rows("transport")
    mine("transport.csv", HEADER)
    assert facts.rows("transport") == before and facts.check() == []


def test_faults_name_the_users_file(mine):
    path = mine("transport.csv", HEADER + SPEED.replace("61,", "sixty,"))
    with pytest.raises(TableFaults, match="sixty") as caught:
        facts.rows("transport")
    assert str(caught.value).startswith(f"{path} has 1 fault:")
    assert facts.check() == [f"{path}, line 2, column value: 'sixty' is not a number"]


def test_a_source_of_ones_own_may_be_cited(mine):
    path = mine("transport.csv", HEADER + SPEED.replace("comity,", "our-log,"))
    assert facts.check() == [f"{path}, line 2, column source: 'our-log' is not in sources.csv"]
    mine(
        "sources.csv",
        "id,title,publisher,published,retrieved,url,licence\nour-log,Log of our trucks,,2026,,,own\n",
    )
    assert facts.check() == []
    assert facts.source("our-log").title == "Log of our trucks"


def test_a_file_that_is_no_table_is_told(mine):
    mine("transprot.csv", HEADER + SPEED)
    with pytest.raises(BadInput, match=r"transprot\.csv is no fact table\. Did you mean transport\?"):
        facts.rows("countries")


def test_a_folder_that_is_not_there_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("COMITY_FACTS", str(tmp_path / "nowhere"))
    facts.forget()
    with pytest.raises(BadInput, match="that is no folder"):
        facts.rows("countries")


def test_the_digest_changes_when_a_byte_changes_and_not_otherwise(small):
    before, posts = facts.digest(), facts.digest("posts")
    facts.forget()
    assert facts.digest() == before
    (small / "waits.csv").write_text((small / "waits.csv").read_text().replace("10,5,20", "11,5,20"))
    facts.forget()
    assert facts.digest() != before
    assert facts.digest("posts") == posts


def test_the_digest_counts_the_users_rows(mine):
    facts.forget()
    before = facts.digest()
    mine("transport.csv", HEADER + SPEED)
    assert facts.digest() != before
