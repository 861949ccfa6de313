"""The extended network on disk, and that it answers as the one it was made from while its lines are shut."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csgraph, csr_matrix

from comity.errors import NetworkUnusable
from comity.network import extend, store
from comity.network.lines import planned
from comity.routing.cargo import cargo
from comity.routing.engine import SHUT
from comity.routing.itinerary import Reader
from comity.routing.planner import planner
from comity.routing.states import state

DAY = date(2026, 11, 24)
UAP = "uap-trans-afghan-railway-termez"


def metric(network, open_=()):
    warm = planner(network, cargo("40ft", 20.0))
    day = state(network, DAY, (), open_)
    return warm.lay("overall", list(day.shut), Reader(network, warm.tariff, day))


def ends(network, seed: int, n: int = 15):
    region = network.end_nodes["road"]
    lon, lat = network.node_lon[region], network.node_lat[region]
    region = region[(lon > 45) & (lon < 90) & (lat > 22) & (lat < 52)]  # where the planned lines are
    return np.random.default_rng(seed).choice(region, (2, n))


def test_with_its_lines_shut_the_network_answers_as_the_one_it_was_made_from(network, extended):
    sources, targets = ends(network, 7)
    assert np.array_equal(metric(extended).distances(sources, targets), metric(network).distances(sources, targets))


def test_an_open_line_never_makes_the_least_way_dearer_and_helps_somebody(network, extended):
    sources, targets = ends(network, 8)
    before = metric(extended).distances(sources, targets)
    helped = 0
    for line in planned():
        after = metric(extended, (line.id,)).distances(sources, targets)
        assert (after <= before).all(), line.id
        helped += bool((after < before).any())
    assert helped >= 3


def test_distances_equal_dijkstra_with_a_line_open(extended):
    sources, targets = ends(extended, 9, 4)
    laid = metric(extended, (UAP, "AFG-PAK"))
    kept = laid.now < SHUT
    tail, head, weight = extended.arc_tail[kept], extended.arc_head[kept], laid.now[kept].astype(float)
    order = np.lexsort((weight, head, tail))
    tail, head, weight = tail[order].astype(np.int64), head[order].astype(np.int64), weight[order]
    first = np.r_[True, (np.diff(tail) != 0) | (np.diff(head) != 0)]  # SciPy would add up arcs side by side
    n = len(extended.node_lon)
    plain = csgraph.dijkstra(csr_matrix((weight[first], (tail[first], head[first])), (n, n)), indices=sources)
    found = laid.distances(sources, targets).astype(float)
    found[found >= SHUT] = np.inf
    assert np.array_equal(found, plain[:, targets])


def test_line_gates_are_two_rows_that_the_day_shuts(extended):
    rows = extend.line_gates(extended, UAP)
    assert len(rows) == 2
    assert set(rows) <= set(state(extended, DAY).shut) & state(extended, DAY).always
    assert not set(rows) & set(state(extended, DAY, (), (UAP,)).shut)
    assert extend.line_gates(extended, "no-such-line") == []


def test_what_is_read_back_is_what_was_laid(extended):
    assert store.damage(Path(extended.folder)) is None
    assert {item.id for item in extend.laid(extended)} == {line.id for line in planned()}


def test_figures_of_a_line_need_no_network_of_their_own(network, extended):
    from comity.facts import figure

    faster = replace(figure("rail.AFG.new", "speed_kmh"), subject="rail.AFG.new", value=60.0, low=None, high=None)
    lines = [replace(line, figures=(faster,)) if line.id == UAP else line for line in planned()]
    quick = extend.extended(network, lines)
    assert quick.folder == extended.folder
    assert quick.figures == (faster,)
    opened = ("AFG-PAK", UAP)
    sources, targets = ends(network, 8)
    assert (
        metric(quick, opened).distances(sources, targets) <= metric(extended, opened).distances(sources, targets)
    ).all()


def test_a_killed_build_leaves_nothing_half_made(network, tmp_path, monkeypatch):
    elsewhere = replace(network, folder=str(tmp_path / Path(network.folder).name))
    monkeypatch.setattr(store, "_write", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        extend.extended(elsewhere, planned())
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_one_sentence_with_the_mend(network, tmp_path, monkeypatch):
    elsewhere = replace(network, folder=str(tmp_path / "net"))
    monkeypatch.setattr(store, "_write", lambda *a: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(NetworkUnusable, match="No space left.*COMITY_CACHE"):
        extend.extended(elsewhere, planned())


def test_damage_is_mended_by_building_again(extended, network, tmp_path, monkeypatch):
    copy = tmp_path / Path(extended.folder).name
    shutil.copytree(extended.folder, copy)
    (copy / "gates.json").write_text("{")
    built = []
    monkeypatch.setattr(
        extend, "_build", lambda *a: built.append(a) or shutil.copy(f"{extended.folder}/gates.json", copy)
    )
    extend.extended(replace(network, folder=str(tmp_path / Path(network.folder).name)), planned())
    assert len(built) == 1


def test_old_extensions_make_room(network, tmp_path):
    base = replace(network, folder=str(tmp_path / f"network-{network.id}"))
    for number in range(5):
        (tmp_path / f"network-{network.id}-{number}").mkdir()
    (tmp_path / f"network-{network.id}").mkdir()
    extend._sweep(base, tmp_path / f"network-{network.id}-new")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert f"network-{network.id}" in left
    assert len(left) == extend.KEPT_EXTENSIONS  # the base, and all but one of those kept: the new one is to come
