"""The least way under each state equals a fresh plain Dijkstra on the whole network, and obeys the laws of the field."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csgraph, csr_matrix

from comity import places
from comity.routing.cargo import cargo
from comity.routing.ends import ends
from comity.routing.engine import SHUT
from comity.routing.planner import planner
from comity.scenarios.ensembles.ensemble import CLOSED, OPEN, PARTIAL, SLOW, Ensemble, Keys

MODES = ("road", "rail", "sea")
PAIRS = [("Almaty", "Karachi"), ("Tashkent", "Tehran"), ("Nairobi", "Kampala"), ("Santos", "Lagos")]


def keys_of(gate) -> tuple[str, ...]:
    """Each gate by itself, each border and each country: a simple rule, for tests only."""
    if not gate.passable or gate.kind in ("terminal", "gauge"):
        return ()
    found = [f"{gate.id}/{gate.mode_to}"]
    if gate.country_from != gate.country_to and gate.kind != "port":
        found += ["-".join(sorted((gate.country_from, gate.country_to))), gate.country_from, gate.country_to]
    return tuple(found)


@pytest.fixture(scope="module")
def keys(network):
    return Keys(network.gates, keys_of)


@pytest.fixture(scope="module")
def ensembles(network, keys):
    warm = planner(network, cargo("40ft", 20.0))

    def make(origin: str, destination: str) -> Ensemble:
        a, b = places.find(origin), places.find(destination)
        start, stop = ends(network, a, MODES)[0].node, ends(network, b, MODES, arriving=True)[0].node
        return Ensemble(warm, keys, start, stop, (a, b), lambda key: 0.1)

    return {pair: make(*pair) for pair in PAIRS}


def states(ensemble: Ensemble, count: int, seed: int, share: float = 0.2) -> dict[str, np.ndarray]:
    """Random levels of every key that lies on the least way, or on one after some closures; and of some others."""
    rng = np.random.default_rng(seed)
    met = {key for found in ensemble.least([frozenset()]) if found for key in ensemble.keys_on(found.gates)}
    for key in sorted(met)[:12]:
        found = ensemble.least([frozenset({(key, CLOSED)})])[0]
        met |= set(ensemble.keys_on(found.gates)) if found else set()
    return {
        key: np.where(rng.random(count) < share, rng.integers(1, 4, count), 0).astype(np.int8) for key in sorted(met)
    }


def reader(drawn: dict[str, np.ndarray], count: int):
    usual = np.zeros(count, np.int8)
    return lambda key: drawn.get(key, usual)


def plain_dijkstra(ensemble: Ensemble, raised) -> float:
    """SciPy's answer on all arcs of all modes, with the gates' weights written down one by one."""
    network, keys = ensemble.planner.network, ensemble.keys
    weight = ensemble.planner.metric("overall").whole.astype(np.int64).copy()
    weight[np.isin(network.arc_gate, np.flatnonzero(keys.always))] = SHUT
    level_of = dict(raised)
    for gate in {int(row) for key in level_of for row in keys.gates_of[key]}:
        arcs = ensemble.planner.gate_arcs(gate)
        levels = [level_of.get(key, 0) for key in keys.of_gate[gate]]
        if CLOSED in levels:
            weight[arcs] = SHUT
        else:
            slow = tuple(level - 1 for level in levels if level)
            more = ensemble.planner.slower("overall", gate, ensemble.delays.reader({gate: slow}))
            more /= len(arcs) / 2 if network.gates[gate].kind == "pass" else 1  # each piece has an arc both ways
            weight[arcs] += np.rint(more * 10_000).astype(np.int64)
    kept = weight < SHUT
    tail, head, cost = network.arc_tail[kept], network.arc_head[kept], weight[kept]
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    first = np.r_[True, (np.diff(tail.astype(np.int64)) != 0) | (np.diff(head.astype(np.int64)) != 0)]
    matrix = csr_matrix((cost[first].astype(float), (tail[first], head[first])), (len(network.node_lon),) * 2)
    return float(csgraph.dijkstra(matrix, indices=ensemble.origin)[ensemble.destination])


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_each_state_gets_what_plain_dijkstra_finds_with_all_its_changes(ensembles, pair):
    ensemble = ensembles[pair]
    drawn = states(ensemble, 400, seed=7)
    rest, settled = ensemble.sort(reader(drawn, 400), [(frozenset(), np.arange(400))])
    for state in range(0, 400, 130):
        everything = frozenset((key, int(level[state])) for key, level in drawn.items() if level[state])
        found = settled[rest[state]][1]
        least = plain_dijkstra(ensemble, everything)
        if found is None:
            assert np.isinf(least)
        else:
            assert found.weight == pytest.approx(least, abs=2 * len(everything) + 2)  # each slowed arc is rounded


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_each_state_gets_the_weight_of_a_fresh_search_of_the_whole_network(ensembles, pair):
    ensemble = ensembles[pair]
    drawn = states(ensemble, 1500, seed=3)
    rest, settled = ensemble.sort(reader(drawn, 1500), [(frozenset(), np.arange(1500))])
    for state in range(0, 1500, 30):
        everything = frozenset((key, int(level[state])) for key, level in drawn.items() if level[state])
        fresh, found = ensemble.fresh(everything), settled[rest[state]][1]
        assert (fresh and fresh.weight) == (found and found.weight)


def test_more_closures_never_help(ensembles):
    ensemble = ensembles["Almaty", "Karachi"]
    drawn = states(ensemble, 500, seed=5)
    few = {key: np.where(np.arange(500) % 2 == 0, level, 0).astype(np.int8) for key, level in drawn.items()}
    weights = []
    for levels in (few, drawn):
        rest, settled = ensemble.sort(reader(levels, 500), [(frozenset(), np.arange(500))])
        weights.append(np.array([np.inf if settled[at][1] is None else settled[at][1].weight for at in rest]))
    assert (weights[1] >= weights[0]).all() and (weights[1] > weights[0]).any()


def test_a_worse_level_never_helps(ensembles):
    ensemble = ensembles["Almaty", "Karachi"]
    for key in ensemble.keys_on(ensemble.least([frozenset()])[0].gates):
        levels = [frozenset(), *(frozenset({(key, level)}) for level in (SLOW, PARTIAL, CLOSED))]
        found = [np.inf if one is None else one.weight for one in ensemble.least(levels)]
        assert found == sorted(found), key


def test_changes_elsewhere_cost_no_search(ensembles, keys):
    ensemble = ensembles["Nairobi", "Kampala"]
    ensemble.least([frozenset()])
    before = ensemble.searches
    far = {"BRA": np.full(50, CLOSED, np.int8), "IRN-PAK": np.full(50, CLOSED, np.int8)}
    rest, settled = ensemble.sort(reader(far, 50), [(frozenset(), np.arange(50))])
    assert ensemble.searches == before
    assert len(settled) == 1 and not rest.any()


def test_the_order_in_which_changes_are_laid_does_not_move_the_answer(ensembles):
    ensemble = ensembles["Almaty", "Karachi"]
    drawn = states(ensemble, 800, seed=11)
    other = Ensemble(
        ensemble.planner, ensemble.keys, ensemble.origin, ensemble.destination, ensemble.ends,
        lambda key: float(sum(map(ord, key)) % 17),
    )  # fmt: skip
    weights = []
    for each in (ensemble, other):
        rest, settled = each.sort(reader(drawn, 800), [(frozenset(), np.arange(800))])
        weights.append([settled[at][1] and settled[at][1].weight for at in rest])
    assert weights[0] == weights[1]


def test_a_gate_taken_as_open_is_open_whatever_happens_and_one_taken_as_shut_is_shut(ensembles, keys):
    ensemble = ensembles["Almaty", "Karachi"]
    usual = ensemble.least([frozenset()])[0]
    key = ensemble.keys_on(usual.gates)[0]
    thing = keys.thing("asked", keys.gates_of[key].tolist())
    worse = frozenset({(key, CLOSED)})
    free, shut = frozenset({(thing, OPEN)}), frozenset({(thing, CLOSED)})
    assert ensemble.least([worse | free])[0].weight == usual.weight
    assert ensemble.least([shut])[0] == ensemble.least([worse])[0] == ensemble.least([shut | {(key, SLOW)}])[0]
    assert ensemble.fresh(worse | free).weight == usual.weight
    assert ensemble.fresh(shut).weight == ensemble.least([worse])[0].weight


def test_states_that_begin_with_changes_of_their_own_are_answered_in_order(ensembles, keys):
    ensemble = ensembles["Almaty", "Karachi"]
    drawn = states(ensemble, 300, seed=2)
    key = ensemble.keys_on(ensemble.least([frozenset()])[0].gates)[0]
    thing = keys.thing("begin", keys.gates_of[key].tolist())
    some, all_of_them = np.array([5, 7, 200]), np.arange(300)
    starts = [(frozenset({(thing, OPEN)}), some), (frozenset(), all_of_them), (frozenset({(thing, CLOSED)}), some)]
    rest, settled = ensemble.sort(reader(drawn, 300), starts)
    weight = np.array([np.inf if settled[at][1] is None else settled[at][1].weight for at in rest])
    free, usual, shut = weight[:3], weight[3:303], weight[303:]
    assert len(rest) == 306
    assert (free <= usual[some]).all() and (usual[some] <= shut).all()
    alone, each = ensemble.sort(reader(drawn, 300), [(frozenset(), all_of_them)])
    assert [np.inf if each[at][1] is None else each[at][1].weight for at in alone] == usual.tolist()


def test_a_way_is_told_with_the_arcs_that_make_up_its_weight(ensembles):
    for ensemble in ensembles.values():
        found = ensemble.least([frozenset()])[0]
        arcs = ensemble.ways[found.way].arcs
        network = ensemble.planner.network
        assert (network.arc_head[arcs[:-1]] == network.arc_tail[arcs[1:]]).all()
        assert network.arc_tail[arcs[0]] == ensemble.origin and network.arc_head[arcs[-1]] == ensemble.destination
        assert ensemble.planner.metric("overall").whole[arcs].astype(np.int64).sum() == found.weight


def test_what_never_opens_for_one_question_is_open_for_the_next(network, ensembles, keys):
    """Both have one planner, as questions of different modes do."""
    warm = ensembles["Almaty", "Karachi"]
    usual = warm.least([frozenset()])[0]
    least = []
    for each in (Keys(network.gates, keys_of, usual.gates[:1]), keys):
        asked = Ensemble(warm.planner, each, warm.origin, warm.destination, warm.ends, lambda key: 0.1)
        least.append(asked.least([frozenset()])[0].weight)
    assert least[0] > least[1] == usual.weight
