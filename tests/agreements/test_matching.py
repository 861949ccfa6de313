"""The same promise is found in other words, and others are not."""

from __future__ import annotations

from comity.agreements.matching import Index, evidence_for


def one(identity, action, topic="air", side="GHA", said="2025-01-01", strength="will"):
    return {
        "id": identity,
        "action": action,
        "topic": topic,
        "side": side,
        "said_on": said,
        "strength": strength,
        "decision": "confirmed",
    }


OTHERS = [
    one("c1", "open direct flights between Accra and Lima"), one("c2", "sign a transit agreement", "trade"), one("c3", "train ten customs officers", "education"),
    one("c4", "launch a direct flight from Accra to Lima", said="2025-06-01"), one("c5", "lower the duty on cocoa", "trade"),
]  # fmt: skip


def test_the_likest_stand_first_with_the_words_that_say_why():
    found = Index(OTHERS).like(one("c9", "start direct flights Accra-Lima"))
    assert [like.identity for like in found[:2]] == ["c1", "c4"]
    assert "lima" in found[0].why and "air" in found[0].why


def test_what_shares_no_rare_word_is_not_alike():
    assert Index(OTHERS).like(one("c9", "exchange students", "education")) == []


def test_a_commitment_is_not_like_itself_and_likeness_is_at_most_one():
    found = Index(OTHERS).like(OTHERS[0])
    assert all(like.identity != "c1" and 0 < like.score <= 1 for like in found)
    assert Index(OTHERS).like({**OTHERS[0], "id": "c9"})[0].score > 0.95


def test_something_done_is_offered_for_what_was_promised_before_it(history):
    signed = {
        "id": "new",
        "action": "sign the Transit Trade Agreement",
        "topic": "trade",
        "side": "both",
        "said_on": "2026-02-04",
        "strength": "done",
        "decision": "draft",
    }
    offered = evidence_for(signed, list(history.commitments.values()))
    assert "transit" in offered[0].why
    assert all(history.commitments[like.identity]["said_on"] <= "2026-02-04" for like in offered)
    assert "ransit" in history.commitments[offered[0].identity]["action"]


def test_the_promises_of_one_chain_find_each_other(history):
    """The chain of the transit agreement was joined by hand; the measure finds most of it by itself."""
    chain = [one for one in history.commitments.values() if "Transit Trade" in one["action"]]
    index = Index(history.commitments.values())
    found = [
        any("Transit Trade" in history.commitments[like.identity]["action"] for like in index.like(record))
        for record in chain
    ]
    assert sum(found) >= len(chain) - 1
