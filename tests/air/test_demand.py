"""The estimate keeps the laws of Poisson regression, and the shipped model tells sense about pairs of cities."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from comity import facts
from comity.air import catchment, demand
from comity.errors import BadInput, PlaceUnknown


@pytest.fixture(scope="module")
def made():
    """Counts from known coefficients, with a variance above the mean, as PPML allows."""
    rng = np.random.default_rng(7)
    truth = np.array([0.5, 0.8, -1.1, 0.4])
    x = np.c_[np.ones(40_000), rng.normal(size=(40_000, 2)), rng.integers(0, 2, 40_000)]
    return x, rng.poisson(np.exp(x @ truth) * rng.gamma(2, 0.5, len(x))).astype(float), truth


def test_known_coefficients_are_recovered_within_their_errors(made):
    x, y, truth = made
    fit = demand.ppml(x, y)
    assert (np.abs(fit.coefficients - truth) < 4 * fit.errors).all()
    assert (fit.errors < 0.05).all()


def test_the_solution_is_that_of_a_general_optimizer(made):
    x, y, _ = made

    def loss(at):
        mean = np.exp(x @ at)
        return (mean.sum() - y @ (x @ at)) / len(y), x.T @ (mean - y) / len(y)

    other = minimize(loss, np.zeros(4), jac=True, method="BFGS", options={"gtol": 1e-9})
    np.testing.assert_allclose(demand.ppml(x, y).coefficients, other.x, atol=1e-6)


def test_fitted_add_up_to_observed_and_residuals_touch_no_column(made):
    x, y, _ = made
    fit = demand.ppml(x, y)
    assert fit.fitted.sum() == pytest.approx(y.sum(), rel=1e-9)
    np.testing.assert_allclose(x.T @ (y - fit.fitted), 0, atol=1e-5)


def test_robust_errors_are_those_of_repeated_samples():
    rng, truth = np.random.default_rng(3), np.array([0.2, 0.7])
    x = np.c_[np.ones(1500), rng.normal(size=1500)]
    fits = [demand.ppml(x, rng.poisson(np.exp(x @ truth) * rng.gamma(0.5, 2, 1500))) for _ in range(300)]
    spread = np.std([fit.coefficients for fit in fits], axis=0)
    assert np.mean([fit.errors for fit in fits], axis=0) == pytest.approx(spread, rel=0.15)


@pytest.mark.parametrize(
    "x, y, words",
    [
        (np.ones((4, 2)), np.ones(4), "combinations"),
        (np.ones((4, 1)), np.zeros(4), "not 0 throughout"),
        (np.ones((4, 1)), np.array([1, -1, 1, 1]), "0 or more"),
        (np.ones((4, 1)), np.ones(3), "shape"),
        (np.array([[1.0], [np.nan]]), np.ones(2), "finite"),
    ],
)
def test_what_cannot_be_estimated_is_told(x, y, words):
    with pytest.raises(BadInput, match=words):
        demand.ppml(x, y)


def test_scores_of_a_worked_example():
    flown, score = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])
    assert demand.auc(flown, score) == pytest.approx(0.75)  # 3 of 4 pairs of one flown and one not stand right
    assert demand.average_precision(flown, score) == pytest.approx((1 + 2 / 3) / 2)
    assert demand.auc(flown, np.zeros(4)) == 0.5
    assert demand.average_precision(flown, np.zeros(4)) == 0.5  # all tied: the base rate
    assert np.isnan(demand.auc(np.zeros(4), score))


def test_shared_people_are_counted_once_at_most_and_split_evenly_between_twins():
    people = np.array([100.0, 60.0])
    town, site, km = np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([0.0, 0.0, 40.0])
    found = catchment.shared(people, town, site, km, np.ones(2), 40.0)
    np.testing.assert_allclose(found, [50, 50 + 60 / np.e])
    assert found.sum() <= people.sum()


def test_a_rival_only_takes_and_never_more_than_standing_alone():
    found = catchment.markets()
    town, site, km = catchment.within_reach(catchment.towns(), found.towns, catchment.assumed("reach"))
    alone = catchment.alone(catchment.towns().population, town, site, km, len(found.people), catchment.assumed("decay"))
    assert (found.people <= alone * (1 + 1e-9)).all()
    assert found.people.sum() <= catchment.towns().population.sum()


def test_reach_keeps_every_two_that_are_near():
    towns, ports = catchment.towns(), catchment.airports()
    few = catchment.Sites(**{name: getattr(towns, name)[:50] for name in catchment.Sites.__slots__})
    town, port, km = catchment.within_reach(few, ports, 200.0)
    lon, lat = np.radians(few.lon)[:, None] - np.radians(ports.lon), np.radians(ports.lat)
    cosine = np.sin(np.radians(few.lat))[:, None] * np.sin(lat)
    cosine = cosine + np.cos(np.radians(few.lat))[:, None] * np.cos(lat) * np.cos(lon)
    table = 6371.0088 * np.arccos(np.clip(cosine, -1, 1))
    assert len(km) == (table <= 200).sum()
    np.testing.assert_allclose(km, table[town, port], atol=0.1)


def test_airports_of_one_city_share_it():
    people = catchment.airport_people(["LHR", "LGW", "ALA"])
    london = catchment.markets().people[demand.market("London, United Kingdom")]
    assert 0 < people[:2].sum() < 1.2 * london
    with pytest.raises(PlaceUnknown, match="ZZ9, QQ9"):
        catchment.airport_people(["ALA", "ZZ9", "QQ9"])


def test_markets_stand_apart_inside_a_country_but_not_across_a_border():
    found = catchment.markets()
    town, other, km = catchment.within_reach(found.towns, found.towns, 99.0)
    same = (town != other) & (found.towns.country[town] == found.towns.country[other])
    assert not same.any() and (km[town == other] == 0).all()
    assert demand.market("HKG") != demand.market("SZX")
    assert demand.market("LHR") == demand.market("LGW") == demand.market("London, United Kingdom")


def test_features_do_not_mind_which_end_comes_first():
    a, b = np.array([0, 5, 900]), np.array([7, 300, 12])
    np.testing.assert_array_equal(demand.features(a, b), demand.features(b, a))


def test_more_people_more_income_and_a_shared_language_raise_demand_and_rank_lowers_it():
    terms = dict(zip(demand.TERMS, demand.model().coefficients, strict=True))
    assert terms["people"] > 0 and terms["income"] > 0 and terms["language"] > 0
    assert terms["rank_abroad"] < 0 and terms["rank_at_home"] < 0
    assert demand.model().link[1] > 0


def test_shipped_scores_beat_the_simple_model_and_the_mark_set_for_them():
    known = {row["parameter"]: row["value"] for row in facts.rows("air_demand")}
    assert known["base_rate"] == pytest.approx(0.056, abs=0.003)
    assert known["held_out.pairs_auc"] >= 0.94 and known["held_out.pairs_average_precision"] >= 0.53
    for way in ("pairs", "countries"):
        for score in ("auc", "average_precision"):
            assert known[f"held_out.{way}_{score}"] > known[f"held_out.simple_{way}_{score}"]


def test_coefficients_carry_limits_that_hold_them():
    rows = {row["parameter"]: row for row in facts.rows("air_demand")}
    for name in demand.TERMS:
        row = rows[f"term.{name}"]
        assert row["low"] < row["value"] < row["high"]


def test_ranking_two_countries_puts_the_great_gateways_first():
    ranking = demand.ranked(["KAZ"], ["PAK"])
    assert (ranking[0].origin, ranking[0].destination) == ("Almaty", "Lahore")
    values = [row.relative for row in ranking]
    assert values == sorted(values, reverse=True)
    assert all(0 < row.link_probability < 1 for row in ranking)
    back = demand.ranked(["PAK"], ["KAZ"])
    assert [row.relative for row in back] == pytest.approx(values)
    assert len(demand.ranked(["KAZ"], ["KAZ", "PAK"])) > len(ranking)


def test_backtest_tells_where_launched_routes_stand():
    ranking = demand.ranked(["KAZ"], ["PAK"])
    first = ranking[0].origin_airports[0], ranking[0].destination_airports[0]
    found = demand.backtest(ranking, [first, first[::-1], ("ALA", "JFK")])
    assert found.ranks == (1,) and found.missing == (("ALA", "JFK"),)
    assert found.auc == 1 and found.average_precision == 1 and found.pairs == len(ranking)


def test_passengers_follow_the_level_and_counts_replace_the_assumption(tmp_path):
    assumed = demand.assumed_level()
    middle, low, high = demand.passengers([1, 2], assumed)
    np.testing.assert_allclose(middle, [assumed.value, 2 * assumed.value])
    assert (low < middle).all() and (middle < high).all()
    ends = [("ALA", "IST"), ("ALA", "DXB"), ("ALA", "NQZ"), ("ALA", "FRA"), ("ALA", "DEL"), ("NQZ", "IST")]
    pairs = np.array([[demand.market(code) for code in pair] for pair in ends])
    told = demand.expected(pairs[:, 0], pairs[:, 1]).relative * 50_000
    lines = [f"{a},{b},{count:.3f}" for (a, b), count in zip(ends, told, strict=True)]
    path = tmp_path / "counts.csv"
    path.write_text("origin,destination,passengers\n" + "\n".join(lines), encoding="utf-8")
    level = demand.level_from(path)
    assert level.value == pytest.approx(50_000, rel=1e-4) and level.standing == "measured"
    path.write_text("origin,destination,passengers\n" + lines[0], encoding="utf-8")
    few = demand.level_from(path)
    assert few.high / few.value == pytest.approx(assumed.high / assumed.value) and "too few" in few.note


def test_counts_tell_every_faulty_line_at_once(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text("origin,destination,passengers\nALA,ALA,5\nALA,IST,many\nALA,IST,-1\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"(?s)line 2.*line 3.*line 4"):
        demand.level_from(path)
    path.write_text("from,to\nALA,IST\n", encoding="utf-8")
    with pytest.raises(BadInput, match="destination, origin, passengers"):
        demand.level_from(path)
