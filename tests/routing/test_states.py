"""Open or shut on a day: the first and the last day of a closure, seasons, and names that a person may type."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from comity import facts
from comity.errors import BadInput
from comity.routing.states import Closed, Laid, arcs_inside, in_force, out_of_season, state, targets_of

DAY = date(2026, 11, 24)
CLOSURES = "id,name,target_kind,targets,modes,start,end,ended,confirmed,severity,reason,source,assumed_days\n"
SEASONS = "code,opens_month,opens_day,closes_month,closes_day,places,source,standing,effect\n"
CROSSINGS = "id,name,name_a,country_a,name_b,country_b,modes,role,lon,lat,season,source,standing\n"


def shut(network, on, **told) -> set[str]:
    """Ids of the gates that are shut, posts of local trade left aside."""
    day = state(network, on, **told)
    return {network.gates[row].id for row in set(day.shut) - day.always}


@pytest.mark.parametrize(
    ("on", "is_shut"),
    [
        (date(2017, 2, 15), False),  # Torkham was sealed on 16 February 2017 and opened after 21 March
        (date(2017, 2, 16), True),
        (date(2017, 3, 21), True),
        (date(2017, 3, 22), False),
    ],
)
def test_a_closure_holds_from_its_first_day_to_its_last(network, on, is_shut):
    assert ("torkham" in shut(network, on)) is is_shut


def test_an_incident_without_a_known_end_counts_for_its_assumed_days(mine):
    mine("closures.csv", f"{CLOSURES}T1,,crossing,torkham,road,2030-02-27,,not_found,2030-02-27,shut,fire,comity,3\n")
    held = [on for on in (date(2030, 2, 25) + timedelta(days=n) for n in range(10)) if _has("T1", on)]
    assert (held[0], held[-1]) == (date(2030, 2, 27), date(2030, 3, 2))  # three days on from 27 February


def test_a_closure_marked_open_counts_until_a_row_says_otherwise(mine):
    mine("closures.csv", f"{CLOSURES}T1,,crossing,torkham,road,2030-02-27,,open,2030-03-01,shut,fire,comity,3\n")
    assert not _has("T1", date(2030, 2, 26))
    assert _has("T1", date(2039, 1, 1))


def test_airspace_shuts_no_gate_on_the_ground():
    kinds = {item.kind for on in (DAY, date(2025, 6, 1), date(2019, 3, 1)) for item in in_force(on)}
    assert kinds
    assert "airspace" not in kinds


def _has(id: str, on: date) -> bool:
    return id in {item.id for item in in_force(on)}


@pytest.mark.parametrize(
    ("window", "opens", "shuts"),
    [
        ("4,1,11,30", [(4, 1), (7, 1), (11, 30)], [(3, 31), (12, 1), (1, 15)]),
        ("10,1,6,30", [(10, 1), (12, 31), (1, 1), (6, 30)], [(7, 1), (8, 15), (9, 30)]),  # over the new year
        ("2,29,2,29", [(2, 29)], [(2, 28), (3, 1)]),
    ],
)
def test_a_season_may_run_over_the_new_year(mine, window, opens, shuts):
    mine("seasons.csv", f"{SEASONS}snow,{window},torkham,comity,assumption,shut\n")
    mine("crossings.csv", f"{CROSSINGS}torkham,T,a,AFG,b,PAK,road,main,71,34,snow,comity,assumption\n")
    for month, day in opens:
        assert "season-torkham" not in {item.id for item in out_of_season(date(2028, month, day))}
    for month, day in shuts:
        assert "season-torkham" in {item.id for item in out_of_season(date(2028, month, day))}


def test_snow_slows_a_pass_in_winter_and_storms_the_caspian():
    def slowed(day: date) -> set[str]:
        return {key for item in out_of_season(day) for key in item.targets if item.severity == "slow"}

    winter, summer = slowed(date(2026, 1, 15)), slowed(date(2026, 7, 15))
    assert {"torugart", "dariali-lars", "salang", "kuryk-alat-ferry"} <= winter
    assert not {"torugart", "dariali-lars", "salang", "kuryk-alat-ferry"} & summer
    assert "karakoram-highway-hunza" in summer - winter  # the monsoon's slides


def test_khunjerab_was_shut_in_winter_until_the_treaty_changed_and_is_not_since(network):
    assert "khunjerab" in shut(network, date(2019, 1, 15))
    assert "khunjerab" not in shut(network, date(2019, 4, 2))
    assert "khunjerab" not in shut(network, date(2026, 1, 15))


def test_a_pair_of_countries_is_named_in_either_order_or_by_name(network):
    quiet = date(2024, 3, 1)  # nothing between the two was shut
    before = shut(network, quiet)
    pairs = [shut(network, quiet, close=(text,)) for text in ("AFG-PAK", "PAK-AFG", "Pakistan-Afghanistan")]
    assert pairs[0] == pairs[1] == pairs[2]
    assert {"torkham", "chaman-spinboldak"} <= pairs[0] - before
    closed = {row for row in state(network, quiet, close=("AFG-PAK",)).shut} - set(state(network, quiet).shut)
    between = [{network.gates[row].country_from, network.gates[row].country_to} for row in closed]
    assert all(pair == {"AFG", "PAK"} for pair in between)


def test_a_closure_between_two_countries_touches_their_gates_in_whatever_order_the_row_names_them(network, mine):
    on = date(2030, 3, 1)
    before = shut(network, on)
    mine("closures.csv", f"{CLOSURES}T1,,country_pair,UZB;AFG,road,2030-02-27,,open,2030-03-01,shut,flood,comity,\n")
    added = shut(network, on) - before
    assert added
    assert all("UZB" in (g.country_from, g.country_to) for g in network.gates if g.id in added)


def test_both_directions_of_a_crossing_shut_together(network):
    day = state(network, DAY, close=("khunjerab",))
    ways = {(g.country_from, g.country_to) for g in (network.gates[row] for row in day.shut) if g.id == "khunjerab"}
    assert ways == {("PAK", "CHN"), ("CHN", "PAK")}


def test_a_country_that_is_shut_lets_nothing_in_or_out(network):
    day = state(network, DAY, close=("Iran",))
    for row, gate in enumerate(network.gates):
        touches = "IRN" in (gate.country_from, gate.country_to)
        if touches and gate.kind in ("crossing", "ferry", "port"):
            assert row in day.shut, gate


def test_a_ban_on_trade_by_sea_bars_voyages_of_the_pair_alone(network):
    barred = state(network, DAY).barred
    assert frozenset(("IND", "PAK")) in barred
    assert frozenset(("AFG", "PAK")) not in barred  # shut by road; Afghanistan has no sea
    assert frozenset(("CHN", "PAK")) not in barred


def test_open_takes_away_what_the_facts_shut_but_not_what_the_user_shuts(network):
    assert "torkham" in shut(network, DAY)
    assert "torkham" not in shut(network, DAY, open_=("torkham",))
    assert "torkham" in shut(network, DAY, open_=("torkham",), close=("torkham",))
    assert frozenset(("IND", "PAK")) not in state(network, DAY, open_=("IND-PAK",)).barred


def test_posts_of_local_trade_are_shut_on_every_day_and_can_be_opened_by_name(network):
    local = {row["id"] for row in facts.rows("crossings") if row["role"] == "local"} & {g.id for g in network.gates}
    day = state(network, DAY)
    assert local
    assert {network.gates[row].id for row in day.always} == local
    post = sorted(local)[0]
    opened = state(network, DAY, open_=(post,))
    assert post not in {network.gates[row].id for row in opened.always}


def test_what_is_slow_is_not_shut(network):
    on = date(2025, 8, 1)  # the sit-in of the traders of Sost: part of the traffic passed
    day = state(network, on)
    slow = {network.gates[row].id: {day.closed[i].severity for i in why} for row, why in day.slow.items()}
    assert slow["khunjerab"] == {"partial"}
    assert "khunjerab" not in shut(network, on)


def test_only_closures_that_touch_the_network_are_told_and_every_number_has_one(network):
    day = state(network, DAY)
    used = {i for rows in (day.shut, day.slow, day.barred) for why in rows.values() for i in why}
    assert used == set(range(len(day.closed)))


def test_names_that_mean_nothing_are_told_together_with_the_nearest(network):
    with pytest.raises(BadInput) as told:
        state(network, DAY, close=("torkam", "Atlantis", "khunjerab"))
    said = str(told.value).splitlines()
    assert len(said) == 2
    assert "--close 'torkam'" in said[0]
    assert "torkham" in said[0]
    assert "Atlantis" in said[1]
    with pytest.raises(BadInput, match="--open 'Atlantis'"):
        state(network, DAY, open_=("Atlantis",))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("khunjerab", "khunjerab"),
        ("Khunjerab (Sost)", "khunjerab"),
        ("khunjerab (sost)", "khunjerab"),
        (" TORKHAM ", "torkham"),
        ("Suez Canal", "suez"),
        ("PKKHI", "PKKHI"),
        ("Iran", "IRN"),
        ("Iran-Pakistan", "IRN-PAK"),
    ],
)
def test_a_gate_answers_to_its_id_its_name_and_its_country(network, text, key):
    assert list(targets_of(network).resolve((text,), "--close").values()) == [(key,)]


def test_everything_that_a_closure_or_season_names_is_a_gate_of_the_network(network):
    """A target that touches no gate would be told to nobody and shut nothing."""
    from comity import facts

    targets = targets_of(network)
    for row in facts.rows("closures"):
        pair = ["-".join(sorted(row["targets"]))] if row["target_kind"] == "country_pair" else row["targets"]
        for key in pair if row["target_kind"] != "airspace" else ():
            assert targets.gates_named(key), (row["id"], key)
    for row in facts.rows("seasons"):
        for key in row["places"]:
            assert targets.gates_named(key), (row["code"], key)


# --- a scenario laid over the day -------------------------------------------------------------------------------


def laid(severity: str = "shut", **told) -> Laid:
    about = {"since": None, "confirmed": None, "source": "comity", "targets": (), "reason": "what if"}
    return Laid(closed=(Closed(id="s-1", name="s", kind="scenario", severity=severity, **(about | told)),))


def test_a_scenario_may_name_gates_by_their_rows(network):
    rows = tuple(row for row, gate in enumerate(network.gates) if gate.id == "khunjerab")[:1]
    day = state(network, DAY, laid=laid(gates=rows))
    assert {row for row, why in day.shut.items() if "s-1" in {day.closed[n].id for n in why}} == set(rows)


def test_the_land_of_an_area_is_every_road_and_railway_with_a_point_inside(network):
    west, south, east, north = 54.0, 35.0, 62.0, 38.2
    area = f"POLYGON (({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"
    found = set(arcs_inside(network, area).tolist())
    lon, lat = network.node_lon[network.arc_tail], network.node_lat[network.arc_tail]
    wide = (lon > west - 0.3) & (lon < east + 0.3) & (lat > south - 0.3) & (lat < north + 0.3)
    narrow = (lon > west + 0.3) & (lon < east - 0.3) & (lat > south + 0.3) & (lat < north - 0.3)
    for arc in np.flatnonzero(wide & ~narrow).tolist():
        line = network.line(np.array([arc]))
        inside = (line[:, 0] > west) & (line[:, 0] < east) & (line[:, 1] > south) & (line[:, 1] < north)
        on_land = network.cells[int(network.arc_cell[arc])].mode.word in ("road", "rail")
        assert (arc in found) == (bool(inside.any()) and on_land)


def test_an_arc_is_inside_where_only_a_bend_of_it_is(network):
    bends = np.diff(network.shape_first)
    road = np.array([cell.mode.word == "road" for cell in network.cells])[network.arc_cell]
    arc = int(np.argmax(np.where(road, bends, 0)))
    line = network.line(np.array([arc]))
    lon, lat = line[len(line) // 2]
    ends = line[[0, -1]]
    assert (np.abs(ends - (lon, lat)).max(axis=1) > 0.01).all()
    area = f"POLYGON (({lon - 0.01} {lat - 0.01}, {lon + 0.01} {lat - 0.01}, {lon} {lat + 0.01}, {lon - 0.01} {lat - 0.01}))"
    found = arcs_inside(network, area)
    assert arc in found
    assert len(found) < 50


def test_an_area_is_told_though_no_gate_lies_in_it(network):
    area = "POLYGON ((72.5 35, 74 35, 74 35.8, 72.5 35.8, 72.5 35))"
    day = state(network, DAY, laid=laid(area=area, gates=()))
    ((number, arcs),) = day.land.items()
    assert day.closed[number].id == "s-1"
    assert len(arcs)
    assert state(network, DAY).land == {}


def test_what_a_scenario_opens_is_the_facts_and_never_its_own(network):
    torkham = frozenset(row for row, gate in enumerate(network.gates) if gate.id == "torkham")
    closed = laid(gates=tuple(torkham)).closed
    day = state(network, DAY, laid=Laid(closed=closed, reopened=(torkham,)))
    assert {day.closed[number].id for row in torkham for number in day.shut[row]} == {"s-1"}


def test_a_border_that_is_opened_leaves_its_posts_of_local_trade_shut(network):
    ids = {network.gates[row].id for row in state(network, DAY, open_=["AFG-PAK"]).shut}
    assert {"kharlachi", "angoorada"} <= ids
    assert "torkham" not in ids
    by_name = {network.gates[row].id for row in state(network, DAY, open_=["AFG-PAK", "angoorada"]).shut}
    assert "angoorada" not in by_name


def test_a_railway_over_a_post_of_local_trade_is_no_such_post(extended):
    shut = state(extended, DAY, open_=["AFG-PAK"]).shut
    rail = [row for row, gate in enumerate(extended.gates) if gate.id == "kharlachi" and gate.mode_from == "rail"]
    assert len(rail) == 2 and not set(rail) & set(shut)
    assert set(rail) <= set(state(extended, DAY).shut)  # while the border is shut, so is the railway
