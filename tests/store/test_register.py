"""Records are written with their history or not at all, and the rules hold."""

from __future__ import annotations

import pytest

from comity.errors import BadInput, RegisterUnusable
from comity.store import open_register
from comity.store.chain import checked, replay
from tests.store.conftest import PROMISE


def test_a_change_is_one_row_of_history_that_tells_who_when_before_after_and_why(register):
    with register.writing("attaché", why="read in the protocol") as write:
        promise = write.add("commitments", **PROMISE)
    with register.writing("desk") as write:
        write.change(promise, why="checked", decision="confirmed")
    made, changed = register.history(promise)
    assert (made.who, made.why, made.before) == ("attaché", "read in the protocol", None)
    assert (changed.who, changed.why) == ("desk", "checked")
    assert (changed.before, changed.after) == ({"decision": "draft"}, {"decision": "confirmed"})


def test_history_makes_the_very_records(register):
    with register.writing("desk") as write:
        promise = write.add("commitments", **PROMISE)
        write.change(promise, decision="confirmed", due_start="2026-03-01", due_end="2026-03-31")
    entries = register.history()
    broken = []
    state, faults = replay(checked(entries, register.head().register, broken))
    assert not faults and not broken
    kept = register.get(promise)
    told = state["commitments", promise]
    assert {
        name: list(value) if isinstance(value, tuple) else value for name, value in kept.items() if name in told
    } == told


def test_what_breaks_a_rule_is_not_written_and_nor_is_the_rest_of_its_transaction(register):
    with pytest.raises(BadInput, match="meeting"), register.writing("desk") as write:
        promise = write.add("commitments", **PROMISE | {"decision": "confirmed"})
        write.change(promise, status="done", closed_on="2026-02-01")
    assert register.rows("commitments") == [] and register.head().seq == 0


def test_every_fault_is_told_at_once(register):
    with pytest.raises(BadInput) as fault, register.writing("desk") as write:
        write.add("commitments", **PROMISE | {"topic": "weather", "due_end": "soon", "side": None, "colour": "red"})
    assert all(word in str(fault.value) for word in ("topic", "due_end", "side", "colour"))


def test_a_change_that_changes_nothing_leaves_no_trace(register):
    with register.writing("desk") as write:
        promise = write.add("commitments", **PROMISE)
    with register.writing("desk") as write:
        assert not write.change(promise, topic="air")
    assert register.head().seq == 1


def test_words_are_found_until_the_record_is_withdrawn(register):
    with register.writing("desk") as write:
        promise = write.add("commitments", **PROMISE)
    assert register.search("Flights lah") == [("commitments", promise)]
    assert register.search('" OR ) * lahore') == []
    with register.writing("desk") as write:
        write.change(promise, withdrawn=True, why="entered twice")
    assert register.search("flights") == []


def test_the_database_itself_lets_nothing_be_deleted(register):
    with register.writing("desk") as write:
        write.add("commitments", **PROMISE)
    for sql in ("DELETE FROM commitments", "DELETE FROM history", "UPDATE history SET who = 'nobody'"):
        with pytest.raises(RegisterUnusable, match="added to"), register.connected(writes=True) as connection:
            connection.exec_driver_sql(sql)


def test_an_unsigned_change_is_refused(register):
    with pytest.raises(BadInput, match="signed"), register.writing(" "):
        pass


def test_no_register_is_one_clear_sentence(tmp_path):
    with pytest.raises(RegisterUnusable, match="register init"):
        open_register(str(tmp_path / "none.sqlite"))
