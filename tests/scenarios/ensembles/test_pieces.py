"""Pieces of work: put together in any order they are the whole, to the byte."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

from comity.scenarios.ensembles.pieces import joined, piece
from comity.scenarios.ensembles.sample import BLOCK
from comity.scenarios.ensembles.study import Years, study
from comity.scenarios.risk import measured
from tests.scenarios.conftest import ON

TWO = Years(scenarios=BLOCK + 500, months=2, seed=4)


@pytest.fixture(scope="module")
def made(network):
    of = study("Nairobi", "Kampala", on=ON, network=network)
    return of, [piece(of, TWO, block) for block in TWO.blocks]


def test_pieces_are_the_whole_in_any_order(made):
    of, pieces = made
    whole = of.outcome(of.sample(TWO))
    for order in (pieces, pieces[::-1]):
        outcome, met = joined(of, order)
        assert met is None
        for name in ("time_h", "cost_usd", "co2e_kg", "mean_h", "weight_usd"):
            assert np.array_equal(getattr(outcome, name), getattr(whole, name), equal_nan=True), name
        gates = [[of.ensemble.ways[way].gates if way >= 0 else () for way in one.way] for one in (outcome, whole)]
        assert gates[0] == gates[1]


def test_a_piece_made_elsewhere_gives_the_same_answer(made, network):
    """Another process knows other ways under other numbers; what it sends is read by its own."""
    of, pieces = made
    there = study("Nairobi", "Kampala", on=ON, network=network)
    elsewhere = [pickle.loads(pickle.dumps(piece(there, TWO, block))) for block in reversed(TWO.blocks)]
    answers = [json.dumps(measured(of, TWO, "departure", each).to_json()) for each in (pieces, elsewhere)]
    assert answers[0] == answers[1]
