"""What a day lays over the metrics that are kept warm, and that it is gone with the next day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from comity.routing.cargo import cargo
from comity.routing.engine import SHUT
from comity.routing.itinerary import Reader
from comity.routing.planner import planner
from comity.routing.states import arcs_inside, state

DAY = date(2026, 11, 24)
AREA = "POLYGON ((54 35, 62 35, 62 38.2, 54 38.2, 54 35))"


def test_roads_and_railways_of_an_area_are_shut_and_open_again_on_a_day_without_it(network):
    warm = planner(network, cargo("40ft", 20.0))
    arcs = arcs_inside(network, AREA)
    usual = state(network, DAY)
    shut = replace(usual, land={0: arcs})
    laid = warm.lay("overall", list(usual.shut), Reader(network, warm.tariff, shut))
    assert (laid.now[arcs] == SHUT).all()
    outside = np.setdiff1d(np.arange(len(network.arc_km)), arcs)
    before = warm.lay("overall", list(usual.shut), Reader(network, warm.tariff, usual)).now.copy()
    after = warm.lay("overall", list(usual.shut), Reader(network, warm.tariff, shut)).now
    assert (before[arcs] != SHUT).any()
    assert (before[outside] == after[outside]).all()
