"""How likely, how long: known rates come back from a simulated table, and what the real one says is sober."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from comity import facts
from comity.errors import BadInput
from comity.routing.states import in_force
from comity.scenarios.closures import hazard as module
from comity.scenarios.closures import history
from comity.scenarios.closures.hazard import CLASSES, Hazard, expected, fitted, hazard
from comity.scenarios.closures.targets import members, parts_of, targets, watched_since

ON = date(2026, 7, 1)
RATE, LENGTH, SPREAD = 0.08, 20.0, 1.0
BLANK = dict.fromkeys(column.name for column in facts.schema("closures"))


@pytest.fixture(scope="module")
def now() -> Hazard:
    return hazard(ON)


def simulated_rows(seed: int, together: float) -> list[dict]:
    """Rows of 2010 to 2026: every watched road shuts at RATE a year, every AFG-PAK one at `together` a year at once."""
    random, rows = np.random.default_rng(seed), []

    def shut(ids: list[str], per_year: float) -> None:
        for _ in range(random.poisson(16.5 * per_year)):
            start = date(2010, 1, 2) + timedelta(days=int(random.integers(0, 6020)))
            days = int(np.ceil(np.exp(np.log(LENGTH) + SPREAD * random.standard_normal())))
            told = {"start": start, "end": start + timedelta(days=days - 1), "ended": "known", "confirmed": start}
            usual = {"target_kind": "crossing", "modes": ("road",), "severity": "shut", "cause": "security"}
            rows.append(BLANK | usual | told | {"id": f"S{len(rows)}", "targets": tuple(ids)})

    roads = [key.partition("/")[0] for key, item in targets().items() if item.kind == "road" and watched_since(item)]
    for id in roads:
        shut([id], RATE)
    shut([id for id in roads if targets()[f"{id}/road"].family == "AFG-PAK"], together)
    return [row for row in rows if row["end"] < ON]


@pytest.fixture(scope="module")
def recovered() -> Hazard:
    return fitted(ON, simulated_rows(4, together=1.0), half_life_y=1000)


def shock_of(of: Hazard, key: str, id: str):
    return next(shock for shock in of.shocks(key) if shock.id == id)


def test_known_rates_come_back_from_a_simulated_table(recovered):
    roads = [key for key, item in targets().items() if item.kind == "road" and watched_since(item)]
    mean = np.mean([shock_of(recovered, key, f"{key}#security").per_year for key in roads])
    causes = recovered.usual.causes["road", "people"]["security"]
    error = np.sqrt(RATE / (16.5 * len(roads)))
    assert abs(mean / causes - RATE) < 4 * error + 0.03 * RATE  # a few meet by chance and count for their border


def test_known_lengths_come_back_from_a_simulated_table(recovered):
    log_mean, error, log_sd = recovered.lengths.of("security", 3, False)
    assert abs(log_mean - np.log(LENGTH)) < 4 * error + 0.05
    assert log_sd == pytest.approx(SPREAD, rel=0.15)


def test_a_common_cause_comes_back_as_one_shock_to_the_border(recovered):
    border = shock_of(recovered, "AFG-PAK/land", "AFG-PAK/land#all#security")
    assert 0.5 < border.per_year < 1.5  # 16.5 expected: two standard errors are half of it
    elsewhere = shock_of(recovered, "KAZ-RUS/land", "KAZ-RUS/land#all#security")
    assert elsewhere.per_year < 0.1 * border.per_year
    own = np.mean([s.per_year for s in recovered.shocks("torkham/road") if s.id.startswith("torkham")])
    assert own * len(CLASSES) < 1.0  # the strikes on all are not counted again as its own


def test_as_many_events_are_expected_as_were_seen(now):
    """Shrinkage moves events between things; it neither makes nor loses many."""
    for name in CLASSES:
        units = [unit for (of, _), unit in now.units.items() if of == name and unit.exposure_y]
        expected_n = sum(np.divide(*now.pools[name].posterior(unit)) * unit.exposure_y for unit in units)
        assert expected_n == pytest.approx(sum(unit.count for unit in units), rel=0.25)


def test_the_same_day_gives_the_same_hazard(now):
    again = fitted(ON, facts.rows("closures"))
    assert again.shocks("torkham/road") == now.shocks("torkham/road") and again.ongoing == now.ongoing
    assert hazard(ON) is now


def test_what_comes_later_changes_nothing():
    early = date(2022, 3, 1)
    cut = [row for row in facts.rows("closures") if row["start"] and row["start"] < early]
    assert fitted(early, cut).shocks("torkham/road") == fitted(early, facts.rows("closures")).shocks("torkham/road")


def test_in_force_is_what_the_state_of_the_day_says(now):
    told = {id for item in now.ongoing for id in item.id.split("+")}
    calendar = {row["id"] for row in facts.rows("closures") if row["cause"] == "seasonal"}
    assert {item.id for item in in_force(ON)} - calendar <= told
    border = now.ongoing_at("AFG-PAK/land")[0]
    assert (border.level, border.age_days) == (3, (ON - date(2025, 10, 12)).days)
    assert border.seen_days < border.age_days


@pytest.mark.parametrize(
    "restless, calm",
    [
        ("torkham/road", "sarakhs/road"),
        ("AFG-PAK/land", "AZE-GEO/land"),
        ("angoorada/road", "syrym-mashtakovo/road"),  # it hardly shut by itself, but its neighbours did
        ("hormuz/sea", "malacca/sea"),
        ("kaz-rus-road-1/road", "deu-pol-road-1/road"),  # nobody looked, at a light border inside a union
        ("mng-rus-road-1/road", "deu-pol-road-1/road"),  # nobody looked at either; only one is a light border
    ],
)
def test_what_shut_often_will_shut_more_often(now, restless, calm):
    assert expected(now, restless).events_per_year > 1.3 * expected(now, calm).events_per_year


@pytest.mark.parametrize("key", ["torkham/road", "AFG-PAK/land", "IRN/ports", "NLRTM/sea", "salang/road", "panama/sea"])
def test_every_figure_lies_in_its_range(now, key):
    told = expected(now, key)
    assert 0 < told.events_low < told.events_per_year < told.events_high
    assert 0 < told.days_low < told.median_days < told.days_high
    assert 0 < told.share_low < told.share_high < 1 and told.share_low < told.share_shut


def test_snow_is_short_and_borders_stay_shut_for_weeks(now):
    assert expected(now, "salang/road").median_days < 8 < expected(now, "torkham/road").median_days


def test_a_pandemic_has_one_date_for_all_borders_and_spares_light_ones(now):
    world = {key: shock_of(now, key, "world/pandemic") for key in ("AFG-PAK/land", "CHN-KAZ/land", "DEU-FRA/land")}
    assert len({(shock.shape, shock.rate, shock.target) for shock in world.values()}) == 1
    assert world["DEU-FRA/land"].hits < world["CHN-KAZ/land"].hits < 1


def test_shares_of_all_shocks_are_sound(now):
    for key in [*targets(), "AFG-PAK/land", "DEU/land", "IRN/ports"]:
        for shock in now.shocks(key):
            assert sum(shock.levels) == pytest.approx(1) and sum(shock.months) == pytest.approx(12)
            assert shock.shape > 0 and shock.rate > 0 and 0 < shock.hits <= 1 and shock.log_sd > 0
            assert all(sd > 0 for sd in shock.log_mean_sd)


@pytest.mark.parametrize("on, rows", [(date(2009, 1, 1), None), (date(2010, 1, 1), None), (date(2020, 1, 1), [])])
def test_a_day_before_anything_is_known_is_refused(on, rows):
    with pytest.raises(BadInput, match="later day"):
        hazard(on, rows)


def test_a_key_of_nothing_is_refused(now):
    with pytest.raises(BadInput, match="keys_of"):
        now.shocks("nowhere/road")


def test_counted_events_are_those_of_the_table(now):
    events = [e for e in history.events(history.known_before(facts.rows("closures"), ON)) if history.watched(e)]
    own = {e.key for e in events if e.kind == "own" and not e.sequel and e.cause in CLASSES["people"]}
    assert own == {
        unit.key for (of, _), unit in now.units.items() if of == "people" and unit.count and "#" not in unit.key
    }


WARS, HIT = 0.5, 0.7


def simulated_wars(seed: int) -> list[dict]:
    """Rows of 2010 to 2026: each watched country of several parts is at war WARS times a year, each part struck by HIT."""
    random, rows = np.random.default_rng(seed), []
    for country in sorted(row["country"] for row in facts.rows("closure_watch") if len(parts_of(row["country"])) > 1):
        for _ in range(random.poisson(16.5 * WARS)):
            start = date(2010, 1, 2) + timedelta(days=int(random.integers(0, 5900)))
            for key in parts_of(country):
                if random.random() < HIT:
                    rows.append(struck_part(key, len(rows), start, int(random.integers(10, 40))))
    return rows


def struck_part(key: str, n: int, start: date, days: int) -> dict:
    place, _, kind = key.partition("/")
    what = {
        "land": {"target_kind": "country", "targets": (place,), "modes": ("road", "rail")},
        "ports": {
            "target_kind": "port",
            "targets": tuple(m.partition("/")[0] for m in members(key)),
            "modes": ("sea",),
        },
        "sea": {"target_kind": "strait", "targets": (place,), "modes": ("sea",)},
    }[kind]
    told = {"id": f"W{n}", "severity": "shut", "cause": "security", "ended": "known", "confirmed": start}
    return BLANK | what | told | {"start": start, "end": start + timedelta(days=days - 1)}


def test_wars_come_back_from_a_simulated_table():
    rows = simulated_wars(9)
    fit = fitted(ON, rows, half_life_y=1000)
    struck = [shock for shock in fit.shocks("IRN/land") if shock.kind == "nation"]
    everywhere = [s for key in parts_of("KAZ") + parts_of("PAK") for s in fit.shocks(key) if s.kind == "nation"]
    countries = sum(len(parts_of(row["country"])) > 1 for row in facts.rows("closure_watch"))
    wars = 16.5 * WARS * countries
    assert abs(struck[0].hits - HIT) < 4 * np.sqrt(HIT * (1 - HIT) / (2 * wars))
    of_a_year = np.mean([sum(s.per_year for s in struck), sum(s.per_year for s in everywhere) / 4])
    assert of_a_year == pytest.approx(WARS, rel=4 / np.sqrt(wars / 2))


def test_wars_of_a_simulated_table_are_not_counted_again_for_their_parts():
    """Only those that struck a single part may count there: with three parts 19 in a hundred, each part a third."""
    fit = fitted(ON, simulated_wars(9), half_life_y=1000)
    alone = HIT * (1 - HIT) ** 2 * WARS
    for key in parts_of("IRN"):
        own = sum(s.per_year for s in fit.shocks(key) if s.kind != "nation" and s.cause == "security")
        assert own < 3 * alone, key


def test_all_parts_of_a_country_bear_the_same_shock(now):
    told = {key: [s for s in now.shocks(key) if s.id == "IRN#nation#security"] for key in parts_of("IRN")}
    assert all(len(shocks) == 1 for shocks in told.values())
    assert len({(s.shape, s.rate, s.hits, s.target, s.months) for (s,) in told.values()}) == 1
    assert not [s for key in ("AFG/land", "AFG-PAK/land", "IRBND/sea") for s in now.shocks(key) if s.kind == "nation"]


def test_a_strait_of_many_shores_is_struck_no_more_often_for_them(now):
    def of_war(key):
        return sum(s.hits * s.per_year for s in now.shocks(key) if s.kind == "nation")

    assert of_war("malacca/sea") == pytest.approx(of_war("suez/sea"), rel=0.3)  # three shores and one
    assert of_war("hormuz/sea") > 3 * of_war("suez/sea")


@pytest.mark.parametrize(
    "keys", [("IRN/land",), ("IRBND/sea", "IRN/ports"), ("hormuz/sea",), ("PKKHI/sea", "PAK/ports")]
)
def test_what_strikes_together_moves_no_key_out_of_the_range_it_had_by_itself(now, keys, monkeypatch):
    """The common cause changes what happens together, and moves little of how often each thing is shut."""
    monkeypatch.setattr(history, "_nations", lambda found: found)
    monkeypatch.setattr(module, "nations", lambda key: ())
    monkeypatch.setattr(module, "parts_of", lambda country: ())
    before = fitted(ON, facts.rows("closures"))
    low, high = (sum(getattr(expected(before, key), f"share_{end}") for key in keys) for end in ("low", "high"))
    assert low < sum(expected(now, key).share_shut for key in keys) < high
