"""The estimate on made routes gives back what they were made from; on the shared ones it gives the shipped tables."""

from __future__ import annotations

import csv
import gzip
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from comity import facts
from comity.air import catchment, demand, estimate
from comity.errors import BadInput

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "air" / "openflights_routes.dat.gz"
needs_file = pytest.mark.skipif(
    not SHARED.is_file(), reason="the file of routes is not beside this tree; it does not ship"
)
TRUTH = np.array([0.2, 0.7, 0.3, -0.8, -0.3, 0.9, 0.2, 0.3, 0.5, -0.4, -0.2])
PLANTED = "TAS"


def write_routes(path: Path, *, planted: str = "") -> Path:
    """Airlines of 300 markets drawn from TRUTH, one airport each; `planted` is linked to six in ten of all others besides."""
    rng, found = np.random.default_rng(11), catchment.markets()
    large = np.flatnonzero(found.towns.population >= catchment.assumed("least_population"))
    able = [row for row in large.tolist() if found.airports[row]]
    chosen = np.union1d(rng.choice(able, 300, replace=False), found.of_airport[PLANTED])
    a, b = (chosen[side] for side in np.triu_indices(len(chosen), 1))
    km = demand.distances_km(a, b)
    a, b = a[(km > 100) & (km < 6000)], b[(km > 100) & (km < 6000)]
    count = rng.poisson(np.exp(demand.features(a, b) @ TRUTH))
    if planted:
        hub = found.of_airport[planted]
        count = np.maximum(count, ((a == hub) | (b == hub)) & (rng.random(len(a)) < 0.6))
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["airline", "origin", "destination"])
        for one, other, many in zip(a.tolist(), b.tolist(), count.tolist(), strict=True):
            ends = [found.airports[one][0], found.airports[other][0]]
            rows.writerows([f"A{n}", *(ends if n % 2 else ends[::-1])] for n in range(many))
    return path


@pytest.fixture(autouse=True)
def nothing_imported(tmp_path, monkeypatch):
    monkeypatch.setenv("COMITY_AIR", str(tmp_path / "air"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    routes = estimate.read_routes(write_routes(tmp_path_factory.mktemp("made") / "routes.csv"))
    return routes, estimate.estimate(routes)


def test_known_terms_are_recovered_within_their_errors(made):
    _, found = made
    assert (np.abs(found.terms - TRUTH) < 4 * found.errors).all()
    assert (found.errors < 0.3).all() and found.flown > 500


def test_what_is_expected_adds_up_to_what_is_flown(made):
    routes, found = made
    pairs = estimate.candidates(routes)
    mean = np.exp(demand.features(pairs.a, pairs.b) @ found.terms)
    assert mean.sum() == pytest.approx(pairs.count.sum(), rel=1e-6)
    assert np.median(mean[pairs.count > 0]) == pytest.approx(found.relative_one)
    chance = 1 / (1 + np.exp(-(found.link[0] + found.link[1] * np.log(mean / found.relative_one))))
    assert chance.mean() == pytest.approx(found.base_rate, rel=1e-6)


def test_pairs_held_out_are_told_better_than_by_chance_and_best_by_all_terms(made):
    scores = {score.name: score for score in made[1].scores}
    assert list(scores) == list(estimate.HELD_OUT)
    for way in ("pairs", "countries"):
        assert 0.5 < scores[f"simple_{way}"].auc < scores[way].auc < 1
        assert made[1].base_rate < scores[f"simple_{way}"].average_precision < scores[way].average_precision
    assert sum(one.pairs for one in made[1].calibration) == made[1].pairs


def test_a_pair_held_out_is_not_told_by_itself(made):
    pairs = estimate.candidates(made[0])
    x, country = demand.features(pairs.a, pairs.b), catchment.markets().towns.country
    other = pairs.count.copy()
    other[7] += 50
    ends = country[pairs.a], country[pairs.b]
    for told in (estimate.by_pairs, lambda x, count: estimate.by_countries(x, count, *ends)):
        before, after = told(x, pairs.count), told(x, other)
        assert after[7] == before[7] and not np.allclose(before, after)


def test_without_held_out_the_model_is_the_same(made):
    found = estimate.estimate(made[0], held_out=False)
    np.testing.assert_array_equal(found.terms, made[1].terms)
    assert found.scores == () and found.calibration == () and found.hubs == made[1].hubs


# --- hubs ------------------------------------------------------------------------------------------------------------------


def test_a_market_with_more_links_than_the_model_says_is_a_hub(tmp_path, made):
    found = estimate.estimate(
        estimate.read_routes(write_routes(tmp_path / "r.csv", planted=PLANTED)), held_out=False
    ).hubs
    hub = next(one for one in found if one.hub == PLANTED)
    assert hub.low > 1.5 and hub.links >= estimate.HUB_LINKS and (hub.name, hub.country) == ("Tashkent", "UZB")
    assert found[0] == hub and all(one.boost > 0 and one.low < one.boost < one.high for one in found)
    assert PLANTED not in {one.hub for one in made[1].hubs}
    order = [one.boost * one.links for one in found]
    assert order == sorted(order, reverse=True)


def test_boosts_are_those_that_links_were_drawn_with_and_about_0_where_there_is_none():
    rng, truth = np.random.default_rng(5), np.repeat([0.0, 1.5], 200)
    steep = np.tile([0.0, -1.0], 200)
    hub = np.repeat(np.arange(400), 300)
    odds, far = rng.normal(-2, 1, len(hub)), rng.normal(0, 0.7, len(hub))
    chance = 1 / (1 + np.exp(-(odds + truth[hub] + steep[hub] * far)))
    boost, slope, errors = estimate.boosts(hub, far, odds, (rng.random(len(hub)) < chance).astype(float), 400)
    assert np.abs(boost[:200].mean()) < 0.05 and boost[200:].mean() == pytest.approx(1.5, abs=0.05)
    assert slope[::2].mean() == pytest.approx(0, abs=0.05) and slope[1::2].mean() == pytest.approx(-1, abs=0.06)
    assert np.mean(np.abs(boost - truth) < 1.96 * errors) == pytest.approx(0.95, abs=0.03)


def test_a_hub_linked_to_all_or_none_has_a_finite_boost():
    hub, flown = np.repeat([0, 1], 50), np.repeat([1.0, 0.0], 50)
    boost, slope, errors = estimate.boosts(hub, np.zeros(100), np.full(100, -1.0), flown, 2)
    assert 3 < boost[0] < 12 and -8 < boost[1] < -1
    assert np.isfinite([*boost, *slope, *errors]).all()


def test_a_resort_is_no_hub(tmp_path):
    """Many airlines that each fly there from their own home: nobody changes there."""
    homes = {"FRA": "LH", "CDG": "AF", "LHR": "BA", "AMS": "KL", "MAD": "IB"}
    rows = [f"{airline},{home},{far}" for home, airline in homes.items() for far in ("TFS", "JFK", "NRT", "GRU")]
    (tmp_path / "r.csv").write_text("\n".join(["airline,origin,destination", *rows, *MANY]) + "\n")
    home = estimate.read_routes(tmp_path / "r.csv").home
    assert home["FRA"] == 4 and "TFS" not in home


def test_shipped_hubs_are_airports_of_today_with_a_boost():
    found = estimate.hubs()
    assert len(found) == len(facts.rows("air_hubs")) > 30
    assert {"IST", "DXB", "FRA", "DOH", "TAS", "ADD", "PTY"} <= {one.hub for one in found}
    assert not {"TFS", "AGP", "CUN", "PUJ"} & {one.hub for one in found}  # resorts
    assert all(one.hub in catchment.markets().of_airport for one in found)
    assert all(one.low < one.boost < one.high and one.links >= estimate.HUB_LINKS for one in found)


# --- reading ---------------------------------------------------------------------------------------------------------------

MANY = [f"A,{one},{other}" for one, other in combinations("ALA NQZ IST SAW DXB DEL BOM FRA MUC LHR CDG FCO TAS GYD BAH KWI DOH AUH LED SVO OVB".split(), 2)]  # fmt: skip
OPEN = "2B,410,ALA,2965,IST,2990,{codeshare},{stops},CR2"


def written(path: Path, lines) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_both_forms_say_the_same(tmp_path):
    named = estimate.read_routes(written(tmp_path / "a.csv", ["Airline,Origin,Destination", *MANY]))
    plain = [f"{line.split(',')[0]},1,{line.split(',')[1]},2,{line.split(',')[2]},3,,0,320" for line in MANY]
    with gzip.open(tmp_path / "b.dat.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(plain))
    other = estimate.read_routes(tmp_path / "b.dat.gz")
    assert named.listed == other.listed and named.served == other.served and named.rows == other.rows == len(MANY)


def test_airlines_and_directions_count_once_and_code_shares_and_stops_not(tmp_path):
    def listed(*more):
        lines = [*(f"X,1,{line[2:5]},2,{line[6:9]},3,,0,320" for line in MANY[1:]), *more]
        return estimate.read_routes(written(tmp_path / "r.dat", lines)).listed.get(("ALA", "NQZ"))

    own, back, other = "2B,1,ALA,2,NQZ,3,,0,320", "2B,1,NQZ,2,ALA,3,,0,320", "KC,1,ALA,2,TSE,3,,0,320"
    assert listed(own) == listed(own, own) == 1
    assert listed(own, back, other) == 3
    assert listed(own.replace(",,0", ",Y,0")) == 0 and listed(own.replace(",,0", ",,1")) is None


HEAD = "origin,destination"


@pytest.mark.parametrize(
    "lines, says",
    [
        (["2B,410,ALA,2965"], "line 1: '2B,410,ALA,2965' is no route"),
        ([OPEN.format(codeshare="", stops="0"), OPEN.format(codeshare="", stops="none")], "line 2"),
        (["from,to", "ALA,IST"], "line 1.*or a header with origin,destination"),
        ([HEAD, "ALA,IST", "Almaty,IST"], "line 3"),
        ([HEAD, "ALA,IST,KC"], "line 2"),
        ([HEAD, "ALA,IST"], "1 usable pairs of airports, and an estimate needs 200"),
        ([HEAD], "0 usable pairs"),
        ([HEAD, *(f"Q{n:02d},ALA" for n in range(99))], "no airport's .Q.*Routes are told by IATA codes"),
    ],
)
def test_a_file_that_is_none_is_told(tmp_path, lines, says):
    with pytest.raises(BadInput, match=f"routes.csv.*{says}|{says}.*routes.csv"):
        estimate.read_routes(written(tmp_path / "routes.csv", lines))


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "routes.dat.gz").write_bytes(b"no gzip")
    with pytest.raises(BadInput, match="cannot be read as routes"):
        estimate.read_routes(tmp_path / "routes.dat.gz")


def test_routes_that_tell_no_term_are_refused(tmp_path, made):
    country, rows = catchment.markets().towns.country, catchment.markets().of_airport
    land = {code: country[row] for code, row in rows.items()}
    kept = {pair: many for pair, many in made[0].listed.items() if land[pair[0]] != land[pair[1]]}
    abroad = estimate.Routes(name="r.csv", rows=9, served=made[0].served, listed=kept, home={}, unknown=())
    with pytest.raises(BadInput, match="r.csv has no route within one country.*Add some"):
        estimate.estimate(abroad)
    few = estimate.Routes(
        name="r.csv", rows=9, served=made[0].served, listed=dict(list(kept.items())[:150]), home={}, unknown=()
    )
    with pytest.raises(BadInput, match="usable pairs of markets"):
        estimate.estimate(few)


# --- the shared file ---------------------------------------------------------------------------------------------------------


@needs_file
def test_the_shared_routes_give_the_shipped_tables():
    found = estimate.estimate(estimate.read_routes(SHARED))
    known = {row["parameter"]: row for row in facts.rows("air_demand")}
    for name, value in zip(demand.TERMS, found.terms, strict=True):
        assert value == pytest.approx(known[f"term.{name}"]["value"], rel=1e-3)
    for score in found.scores:
        assert score.auc == pytest.approx(known[f"held_out.{score.name}_auc"]["value"], rel=1e-3)
        told = known[f"held_out.{score.name}_average_precision"]["value"]
        assert score.average_precision == pytest.approx(told, rel=1e-3)
    assert len(found.scores) == 4 and found.base_rate == pytest.approx(known["base_rate"]["value"], rel=1e-3)
    shipped = facts.rows("air_hubs")
    assert [(one.hub, one.links) for one in found.hubs] == [(row["hub"], row["links"]) for row in shipped]
    assert [one.boost for one in found.hubs] == pytest.approx([row["boost"] for row in shipped], rel=1e-3)
