"""The answer that the brief tells, on the real history of Kazakhstan and Pakistan and on a small one."""

from __future__ import annotations

import json

from comity.agreements.promises import points, promises
from tests.agreements.conftest import ON


def test_chains_lead_from_promise_to_outcome(history):
    told = promises(history, "2026-11-25")
    by = {chain["title"]: chain for chain in told["chains"]}
    flights = by["fly Almaty-Lahore from 8 July"]
    assert flights["state"] == "kept late" and flights["outcomes"][0]["date"] == "2023-07-08"
    assert [one["due_end"] for one in flights["promises"]] == ["2023-04-26", "2023-05-31", "2023-07-10", "2023-07-08"]
    visit = by["visit of the President of Kazakhstan in November 2025"]
    assert (visit["state"], visit["promises"][0]["due_end"], visit["outcomes"][0]["date"]) == (
        "kept late",
        "2022-12-31",
        "2026-02-03",
    )
    transit = next(chain for title, chain in by.items() if "Transit Trade" in title)
    assert len(transit["promises"]) == 5 and transit["outcomes"][-1]["date"] == "2026-02-04"
    assert any(chain["state"] == "never heard of" for chain in told["chains"])


def test_every_promise_stands_in_one_chain_once_and_in_order_of_time(history):
    seen = [one["id"] for chain in promises(history, ON)["chains"] for one in chain["promises"]]
    assert len(seen) == len(set(seen))
    for chain in promises(history, ON)["chains"]:
        days = [one["said_on"] for one in chain["promises"]]
        assert days == sorted(days) and chain["promises"]


def test_every_line_carries_its_sentence_and_address(history):
    told = promises(history, "2026-11-25")
    for one in (*told["overdue"], *told["to_raise"], *(link for chain in told["chains"] for link in chain["promises"])):
        assert one["sentence"] and one["address"].startswith("http")


def test_what_is_raised_has_the_most_reasons(history):
    raised = promises(history, "2026-11-25")["to_raise"]
    assert len(raised) == 10
    worth = points()
    counted = [sum(worth[name] for name in one["reasons"]) for one in raised]
    assert counted == sorted(counted, reverse=True) == [one["points"] for one in raised]
    assert all(one["state"] not in ("kept", "kept late", "superseded", "cancelled") for one in raised)


def test_what_moved_is_dated_since_the_last_meeting(desk, whole):
    told = promises(whole, ON)
    assert told["last_meeting"]["date"] == "2025-03-01"
    assert [one["date"] for one in told["moved"]] == ["2025-09", "2025-06-15"]
    assert told["moved"][0]["for"] == [desk.made["late"], desk.made["overdue"]]


def test_the_answer_is_plain_json(whole):
    assert json.loads(json.dumps(promises(whole, ON)))["schema"] == "comity.promises/1"
