"""The scoring, on answers whose figures are known by counting."""

from __future__ import annotations

from comity.agreements.reading import read
from comity.agreements.score import cue_list, score

TEXT = "Ghana will open an embassy in Lima next year. Trade rose. Peru agreed to lower duties. The line will benefit all. Peru is fond of cocoa."
READ = {"a": read(TEXT, date="2024-05-15", parties=("GHA", "PER"))}


def answer(sentence, strength="will", topic="other", due=None):
    return {"id": "a", "sentence": sentence, "strength": strength, "topic": topic, "due": due}


ANSWERS = [
    answer("Ghana will open an embassy in Lima next year.", due="2025-01-01/2025-12-31"), answer("Peru agreed to lower duties.", "agreed", "trade"),
    answer("Peru is fond of cocoa.", "interest", "agriculture"),
]  # fmt: skip
NEGATIVES = [{"id": "a", "sentence": "Trade rose."}, {"id": "a", "sentence": "The line will benefit all."}]


def test_shares_are_counted():
    told = score(ANSWERS, NEGATIVES, READ)
    assert (told.precision, told.recall, told.firm_recall) == (1.0, round(2 / 3, 4), 1.0)
    assert (told.strength, told.topic, told.due, told.due_invented) == (1.0, 1.0, 1.0, 0.0)
    assert told.missed == ("a: Peru is fond of cocoa.",) and told.wrong == ()


def test_a_negative_found_costs_precision():
    told = score(ANSWERS, [{"id": "a", "sentence": "Peru agreed to lower duties."}], READ)
    assert told.precision == round(2 / 3, 4)


def test_a_due_more_than_a_month_off_is_wrong():
    assert score([answer(ANSWERS[0]["sentence"], due="2025-11-15")], [], READ).due == 0.0
    assert score([answer(ANSWERS[0]["sentence"], due="2025-12-01")], [], READ).due == 1.0


def test_a_due_where_there_is_none_is_invented():
    assert score([answer(ANSWERS[0]["sentence"])], [], READ).due_invented == 1.0


def test_the_list_of_cue_words_takes_the_forecast_for_a_promise():
    assert cue_list(ANSWERS, NEGATIVES) == (round(2 / 3, 4), round(2 / 3, 4))


def test_texts_that_were_not_read_are_not_scored():
    assert score([{**ANSWERS[0], "id": "other"}], [], READ).recall is None
