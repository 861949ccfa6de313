"""What people do with a register, and what it remembers of it."""

from __future__ import annotations

import pytest

from comity.agreements import work
from comity.agreements.reading import read
from comity.errors import BadInput

TEXT = "ACCRA, 15 May 2024 - Ghana will open an embassy in Lima next year. Peru agreed to lower duties on cocoa and to train officers."


def proposed(register, text=TEXT):
    reading = read(text, parties=("GHA", "PER"))
    with register.writing("desk") as write:
        return work.propose(write, reading, text, title="Report", source="https://example.org")


def test_each_promise_read_is_a_draft_with_its_sentence_in_the_document(register):
    found = proposed(register)
    assert len(found.new) == 3 and (found.known, found.rejected) == (0, 0)
    for identity in found.new:
        record, (source,) = register.get(identity), register.rows("sources", commitment=identity)
        document = register.get(source["document"])
        assert record["decision"] == "draft" and record["pair"] == "GHA-PER"
        assert document["text"][source["start"] : source["end"]] == source["sentence"]
    assert [register.get(one)["side"] for one in found.new] == ["GHA", "PER", "PER"]


def test_the_same_text_proposes_nothing_twice_and_a_rejected_one_stays_rejected(register):
    first = proposed(register)
    with register.writing("desk") as write:
        work.reject(write, first.new[0])
    again = proposed(register)
    assert (again.document, again.new, again.known, again.rejected) == (first.document, (), 3, 1)
    assert register.get(first.new[0])["decision"] == "rejected"


def test_the_doer_proposes_done_and_a_meeting_confirms_it(desk):
    one = desk.made["overdue"]
    with desk.writing("port") as write:
        assert work.set_status(write, one, "done") == "proposed"
    assert (desk.get(one)["status"], desk.get(one)["proposed_status"]) == ("not started", "done")
    with desk.writing("desk") as write:
        assert work.set_status(write, one, "done", meeting="m1", on="2026-05-01") == "set"
    record = desk.get(one)
    assert (record["status"], record["proposed_status"], record["confirmed_in"], record["closed_on"]) == (
        "done",
        None,
        "m1",
        "2026-05-01",
    )


def test_what_is_done_is_opened_again_with_a_reason_only(desk):
    with pytest.raises(BadInput, match="reason"), desk.writing("desk") as write:
        work.set_status(write, desk.made["kept"], "under way")
    with desk.writing("desk") as write:
        work.set_status(write, desk.made["kept"], "under way", why="the text was never sent")
    assert desk.get(desk.made["kept"])["closed_on"] is None


def test_splitting_keeps_the_sentence_and_merging_gives_it_on(register):
    found = proposed(register)
    with register.writing("desk") as write:
        parts = work.split(write, found.new[0], ["open an embassy", "send an ambassador"])
        work.merge(write, parts[1], found.new[1])
    assert register.get(parts[1])["merged_into"] == found.new[1]
    sentences = {source["sentence"] for source in register.rows("sources", commitment=found.new[1])}
    assert len(sentences) == 2
    with pytest.raises(BadInput, match="itself"), register.writing("desk") as write:
        work.merge(write, parts[0], parts[0])
    with pytest.raises(BadInput, match="circle|merged itself"), register.writing("desk") as write:
        work.merge(write, found.new[1], parts[1])


def test_a_chain_of_renewals_never_goes_in_a_circle(desk):
    with pytest.raises(BadInput, match="renews"), desk.writing("desk") as write:
        work.link(write, desk.made["old"], "renews", desk.made["new"])


def test_who_answered_before_does_until_the_next_begins(desk):
    one = desk.made["overdue"]
    with desk.writing("desk") as write:
        work.assign(write, one, side="GHA", body="Ghana Ports", person="A. Made", office="director", since="2025-01-01")
        work.assign(write, one, side="GHA", body="Ghana Ports", person="B. Made", office="director", since="2026-01-01")
    first, second = desk.rows("responsible", commitment=one)
    assert (first["until"], second["until"]) == ("2026-01-01", None)
    assert len(desk.rows("bodies")) == 1 and len(desk.rows("people")) == 2


def test_one_act_is_evidence_for_several_promises(desk):
    with desk.reading() as read_:
        seen = {one: work.told(read_, desk.made[one])["evidence"] for one in ("late", "overdue")}
    assert seen["late"][0]["id"] == seen["overdue"][0]["id"]


def test_the_time_promised_keeps_its_history(desk):
    with desk.reading() as read_:
        dues = work.told(read_, desk.made["overdue"])["dues"]
    assert [(one["end"], one["why"]) for one in dues] == [("2025-12-31", None), ("2026-03-31", "storm")]


@pytest.mark.parametrize(
    ("action", "dated", "grade"),
    [("promote cooperation", False, "vague"), ("open an office", False, "low"), ("build 2 berths", False, "medium"), ("open an office", True, "verifiable"),
     ("promote cooperation", True, "medium")],
)  # fmt: skip
def test_how_specific_a_promise_is(action, dated, grade):
    assert work.grade(action, ["GHA"], dated) == grade


def test_a_side_is_told_by_who_acts(desk):
    sides = {name: desk.get(one)["side"] for name, one in desk.made.items()}
    assert (sides["kept"], sides["late"], sides["overdue"], sides["silent"]) == ("GHA", "PER", "GHA", "both")


def test_the_same_sentence_in_another_document_is_another_source(register):
    first = proposed(register)
    again = proposed(register, TEXT + " They dined.")
    assert again.document != first.document and again.new == ()
    for identity in first.new:
        assert {source["document"] for source in register.rows("sources", commitment=identity)} == {
            first.document,
            again.document,
        }


def test_nothing_is_merged_into_what_nobody_sees_or_into_another_pair(desk):
    found = proposed(desk)
    with desk.writing("desk") as write:
        work.reject(write, found.new[0])
        other = work.by_hand(write, pair="CHL-PER", actors=["CHL"], action="open an embassy")
    for into, words in ((found.new[0], "rejected"), (other, "CHL-PER")):
        with pytest.raises(BadInput, match=words), desk.writing("desk") as write:
            work.merge(write, found.new[1], into)


def test_merging_takes_everything_along(desk):
    one, into = desk.made["kept"], desk.made["silent"]
    with desk.writing("desk") as write:
        work.assign(write, one, side="GHA", body="Air Authority")
        write.add("notes", about=one, date="2025-01-01", text="remember")
        write.add("milestones", commitment=one, name="draft")
        work.link(write, desk.made["new"], "serves", one)
        work.merge(write, one, into)
    with desk.reading() as read_:
        told = work.told(read_, into)
    assert told["record"]["status"] == "done" and told["record"]["closed_on"] == "2025-06-15"
    assert [len(told[name]) for name in ("evidence", "responsible", "milestones", "notes")] == [1, 1, 1, 1]
    assert desk.rows("links", relation="serves")[0]["object"] == into
    assert (desk.get(one)["decision"], desk.get(one)["closed_on"]) == ("merged", None)


def test_taking_back_leaves_the_records_as_they_were(register):
    found = proposed(register)
    rows, head = register.rows("commitments"), register.head()
    with register.writing("desk") as write:
        work.edit(write, found.new[0], action="something else")
        work.merge(write, found.new[0], found.new[1])
        work.split(write, found.new[2], ["one", "two"])
    with register.writing("desk") as write:
        work.revert(write, [entry for entry in write.entries(after=head.seq)])
    assert register.rows("commitments") == rows
    assert len(register.rows("sources")) == 3 and register.head().seq > head.seq


def test_a_promise_said_again_in_a_later_year_is_another_one(register):
    with register.writing("desk") as write:
        for year in ("2024", "2025"):
            work.by_hand(write, pair="GHA-PER", actors=["Ghana"], action="hold a fair", said_on=year)
    assert [row["actors"] for row in register.rows("commitments")] == [("GHA",), ("GHA",)]


def test_what_is_not_there_is_told_by_its_name(desk):
    with pytest.raises(BadInput, match="no meetings 'm99'"), desk.writing("desk") as write:
        work.set_status(write, desk.made["new"], "done", meeting="m99", on="2026-01-01")
