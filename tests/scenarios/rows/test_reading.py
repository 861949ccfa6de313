"""Scenarios from files and flags: read as written, every fault at once, and the shipped ones on the real network."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity import facts
from comity.errors import BadInput, TableFaults
from comity.routing.states import state
from comity.scenarios import Change, asked_for, load, names
from comity.scenarios.rows.reading import COLUMNS, change_of, listed, parsed

DAY = date(2026, 11, 24)
RING = [[54.0, 35.0], [62.0, 35.0], [62.0, 38.2], [54.0, 38.2], [54.0, 35.0]]
CHANGES = (
    Change(action="close", target="AFG-PAK", target_kind="pair", start=date(2026, 1, 1), note="as told; and more"),
    Change(action="delay", target="khunjerab", modes=("road",), hours=72.0, factor=1.5, author="A. Planner"),
    Change(
        action="restrict", target="khorgos-nurzholy", trucks_per_day=725.0, usual_trucks_per_day=800.0,
        queued_trucks=1500.0, start=date(2026, 2, 1), end=date(2026, 2, 28), source="timesca-nur-zholy-road-2025-11",
    ),
    Change(action="price", target="suez", usd=300.0),
)  # fmt: skip


@pytest.fixture
def written(tmp_path: Path):
    """Writes a file and returns its path as text."""

    def write(text: str, name: str = "mine.toml") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


def cells(change: Change) -> dict:
    """A change's cells that are not empty."""
    told = {name: getattr(change, name) for name in Change.__slots__}
    return {name: value for name, value in told.items() if value not in (None, "", ())}


def as_toml(changes, about: str = "") -> str:
    def value(held) -> str:
        return held.isoformat() if isinstance(held, date) else json.dumps(held)

    rows = ["[[change]]\n" + "".join(f"{k} = {value(v)}\n" for k, v in cells(change).items()) for change in changes]
    return f"[scenario]\n{about}\n" + "\n".join(rows)


def as_csv(changes) -> str:
    header = sorted({name for change in changes for name in cells(change)})

    def cell(held) -> str:
        return ";".join(held) if isinstance(held, tuple) else "" if held is None else str(held)

    rows = ["\t".join(cell(cells(change).get(name)) for name in header) for change in changes]
    return "\n".join([",".join(header), *(row.replace("\t", ",") for row in rows)]) + "\n"


# --- read-back ---------------------------------------------------------------------------------------------


def test_what_is_written_as_toml_is_read_back(network, written):
    path = written(as_toml(CHANGES, 'name = "n"\ntitle = "T"\nauthor = "A"\nnote = "N"\nsources = ["comity"]'))
    found = load(path, network)
    assert found.changes == CHANGES
    assert (found.name, found.title, found.author, found.note, found.sources) == ("n", "T", "A", "N", ("comity",))
    assert found.asked == ("--scenario", path)


def test_what_is_written_as_csv_is_read_back_and_is_the_same(network, written):
    found = load(written(as_csv(CHANGES), "my rows.csv"), network)
    assert found.changes == CHANGES
    assert (found.name, found.title) == ("my rows", "my rows")


@pytest.mark.parametrize(
    "told",
    [
        RING,
        RING[:-1],
        {"type": "Polygon", "coordinates": [RING]},
        {"type": "MultiPolygon", "coordinates": [[RING]]},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [RING]}},
        json.dumps({"type": "Polygon", "coordinates": [RING]}),
        json.dumps(RING),
    ],
)
def test_a_polygon_is_read_in_each_of_its_forms(told):
    from shapely import from_wkt
    from shapely.geometry import box

    change, faults = change_of({"action": "close", "target": "x", "polygon": told})
    assert faults == []
    assert from_wkt(change.polygon).equals(box(54, 35, 62, 38.2))


# --- faults ------------------------------------------------------------------------------------------------

HEAD = '[[change]]\naction = "delay"\ntarget = "torkham"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "hours = -4\n", "row 1 (line 1): hours -4 is negative"),
        (HEAD + 'hours = "long"\n', "hours 'long' is no number"),
        (HEAD + "hours = nan\n", "hours nan is no number"),
        (HEAD + "hours = true\n", "hours True is no number"),
        (HEAD + "hour = 3\n", "'hour' is not known. Did you mean hours"),
        (HEAD + 'hours = 3\nstart = "2026-02-30"\n', "start '2026-02-30' is not a day"),
        (HEAD + "hours = 3\nstart = 2026-03-01T10:00:00\n", "is not a day"),
        (HEAD + "hours = 3\nmodes = 7\n", "modes 7 is no list of texts"),
        (HEAD + "hours = 3\nnote = 7\n", "note 7 is no text"),
        (HEAD + "hours = 3\npolygon = [[1, 2], [3]]\n", "no list of lon, lat"),
        (HEAD + "hours = 3\npolygon = [[0, 0], [2, 2], [0, 2], [2, 0]]\n", "crosses itself"),
        (HEAD + "hours = 3\npolygon = [[0, 0], [0, 200], [9, 200]]\n", "leaves the world"),
        (HEAD + 'hours = 3\n[scenario]\nautor = "x"\n', "'autor' is not known. Did you mean author"),
        (HEAD + "hours = 3\n[scenarios]\n", "'scenarios' is no part of a scenario. Did you mean scenario"),
        ('change = "close"\n', "[[change]], with two brackets"),
        ('[scenario]\ntitle = "empty"\n', "it has no change"),
        (HEAD.replace("torkham", "torkam") + "hours = 3\n", "torkham"),
    ],
)
def test_a_fault_of_a_toml_file_is_told_once_with_its_place(network, written, text, says):
    with pytest.raises(TableFaults) as told:
        load(written(text), network)
    assert says in str(told.value)
    assert len(told.value.faults) == 1, told.value.faults


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("action,target,hurs\ndelay,torkham,3\n", "column 'hurs' is not known. Did you mean hours"),
        ("action\nclose\n", "column target is missing"),
        ("action,target,target\nclose,torkham,x\n", "column target stands there twice"),
        ("action,target\nclose,torkham,3\n", "line 2: has 3 cells, the header 2"),
        ("action,target\n\nclose,torkam\n", "row 1 (line 3): target 'torkam'"),
        ("action,target\n", "it has no change"),
        ("action;target\nclose;torkham\n", "Save it with commas"),
    ],
)
def test_a_fault_of_a_csv_file_is_told_with_its_line(network, written, text, says):
    with pytest.raises(TableFaults) as told:
        load(written(text, "mine.csv"), network)
    assert says in str(told.value)
    assert len(told.value.faults) == 1, told.value.faults


def test_every_fault_of_a_file_is_told_at_once_in_the_order_of_its_rows(network, written):
    text = "\n".join(
        [
            "action,target,hours,start,end",
            "shut,torkham,,,",
            "delay,torkam,-4,,",
            "close,khunjerab,,2026-12-02,2026-12-01",
            "close,salang,,,",
            "reopen,Salang,,,",
            "delay,hormuz,soon,,",
        ]
    )
    with pytest.raises(TableFaults) as told:
        load(written(text, "mine.csv"), network)
    rows = [int(fault.split()[1]) for fault in told.value.faults]
    assert rows == sorted(rows)
    assert set(rows) == {1, 2, 3, 5, 6}
    assert sum("row 2" in fault for fault in told.value.faults) == 2


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.toml", b"[scenario\n", "is no TOML.*line 1"),
        ("a.csv", b'action,target\n"close,torkham\n', "is no CSV.*line 2"),
        ("a.toml", b"\xff\xfe", "UTF-8"),
        ("a.txt", b"close torkham", "end in .toml or .csv"),
    ],
)
def test_what_is_no_scenario_file_says_so(network, tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=says):
        load(str(tmp_path / name), network)


def test_a_name_that_is_no_scenario_gets_the_nearest(network, tmp_path):
    with pytest.raises(BadInput, match="Did you mean hormuz-shut"):
        load("hormuz-shu", network)
    with pytest.raises(BadInput, match="no such file"):
        load(str(tmp_path / "none.toml"), network)


# --- flags -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"delay": ("torkham=72h",)}, {"action": "delay", "hours": 72.0}),
        ({"delay": ("torkham=3d",)}, {"action": "delay", "hours": 72.0}),
        ({"delay": ("torkham=x2",)}, {"action": "delay", "factor": 2.0}),
        ({"price": ("torkham=500",)}, {"action": "price", "usd": 500.0}),
        ({"price": ("torkham=x1.5",)}, {"action": "price", "factor": 1.5}),
    ],
)
def test_flags_are_rows(network, flags, expected):
    found = asked_for(network, **flags)
    (change,) = found.changes
    assert cells(change) == expected | {"target": "torkham", "label": change.label}
    assert found.asked == tuple(word for flag, texts in flags.items() for word in (f"--{flag}", *texts))


def test_no_flags_lay_nothing(network):
    assert asked_for(network) is None


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ({"delay": ("torkham=72",)}, ["--delay 'torkham=72': write it as X=72h"]),
        ({"delay": ("torkham",)}, ["--delay 'torkham': write it as"]),
        ({"delay": ("=3h",)}, ["--delay '=3h': write it as"]),
        ({"delay": ("torkham=-3h",)}, ["--delay torkham=-3h: hours -3 is negative"]),
        ({"delay": ("torkham=x0",)}, ["factor 0 is zero"]),
        ({"price": ("torkham=5h",)}, ["--price 'torkham=5h': write it as X=500"]),
        ({"price": ("torkam=5",), "delay": ("khunjerab=much",)}, ["torkham", "--delay 'khunjerab=much'"]),
        ({"scenario": ("nix",), "delay": ("torkham=1",)}, ["scenario 'nix'", "--delay 'torkham=1'"]),
        ({"scenario": ("hormuz-shut", "hormuz-shut")}, ["says the same as hormuz-shut-1"]),
    ],
)
def test_all_faults_of_the_flags_are_told_together(network, flags, says):
    with pytest.raises(BadInput) as told:
        asked_for(network, **flags)
    for text in says:
        assert text in str(told.value)


# --- what ships --------------------------------------------------------------------------------------------


def shut_ids(network, name: str, on: date) -> set[str]:
    day = state(network, on, laid=load(name, network).laid(network, on))
    return {network.gates[gate].id for gate in day.shut}


def test_the_shipped_scenarios_are_those_of_the_issue():
    assert set(names()) >= {
        "afghanistan-stable", "afpak-shut", "china-kazakhstan-queue-2025-11", "hormuz-shut", "iran-war",
        "khunjerab-winter", "red-sea-avoided",
    }  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_a_shipped_scenario_is_fine_and_every_row_has_a_source(network, name):
    found = load(name, network)
    assert found.title != found.name
    assert found.note
    for change in found.changes:
        assert facts.source(change.source).title
        assert change.note
    for id in found.sources:
        assert facts.source(id).title


def test_listing_reads_no_network():
    assert [scenario.name for scenario in listed()] == list(names())


def test_hormuz_shut_takes_away_the_ships_from_bandar_abbas(plan, network):
    def by_ship(answer) -> bool:
        return any(item.open and any(port.id == "IRBND" for port in item.way.ports) for item in answer.alternatives)

    assert by_ship(plan("KAZ", "PAK", on=DAY))
    without = plan("KAZ", "PAK", on=DAY, scenario=load("hormuz-shut", network))
    assert not by_ship(without)
    assert any("hormuz-shut-1" in item.closures for item in without.alternatives)  # and what it takes is shown


def test_a_stable_afghanistan_opens_torkham_and_chaman(plan, network):
    assert not {"torkham", "chaman-spinboldak"} & shut_ids(network, "afghanistan-stable", DAY)
    answer = plan("KAZ", "PAK", on=DAY, scenario=load("afghanistan-stable", network))
    assert any(item.open and "AFG" in item.way.countries for item in answer.alternatives)


def test_afpak_shut_shuts_them_on_a_day_when_the_facts_do_not(network, mine):
    mine("closures.csv", "id,name,target_kind,targets,modes,start,end,ended,confirmed,severity,reason,source\n")
    on = date(2026, 11, 24)
    assert {"torkham", "chaman-spinboldak"} <= shut_ids(network, "afpak-shut", on)
    assert "torkham" not in shut_ids(network, "afpak-shut", date(2025, 10, 1))


def test_the_red_sea_is_avoided_and_the_canal_stays_open(network):
    shut = shut_ids(network, "red-sea-avoided", DAY)
    assert "bab_el_mandeb" in shut and "suez" not in shut


def test_khunjerab_is_shut_in_winter_alone(network):
    months = [date(2027, month, 15) for month in range(1, 13)]
    shut = [on.month for on in months if "khunjerab" in shut_ids(network, "khunjerab-winter", on)]
    assert shut == [1, 2, 3, 12]


def test_the_queue_of_november_is_its_trucks_over_what_passes(network):
    first, later = date(2025, 11, 8), date(2025, 11, 18)
    queue = load("china-kazakhstan-queue-2025-11", network)
    waits = [queue.laid(network, on).closed[0].added_h for on in (first, later)]
    assert waits == pytest.approx([1500 / 725 * 24, (1500 + 75 * 10) / 725 * 24])
    day = state(network, first, laid=queue.laid(network, first))
    at_post = [why for row, why in day.slow.items() if network.gates[row].id == "khorgos-nurzholy"]
    assert all({day.closed[n].kind for n in why} == {"scenario"} for why in at_post) and at_post  # not counted twice


def test_iran_under_war_has_no_ports_and_slower_borders(network):
    war = load("iran-war", network).laid(network, DAY)
    day = state(network, DAY, laid=war)
    shut, slow = ({network.gates[row].id for row in rows} for rows in (day.shut, day.slow))
    assert {"IRBND", "IRZBR", "hormuz"} <= shut
    assert {"taftan-mirjaveh", "sarakhs"} <= slow
    assert not {"taftan-mirjaveh", "sarakhs"} & shut


def test_parsed_keeps_what_could_be_read(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(HEAD + "hours = 3\ncolour = 1\n")
    read = parsed(path)
    assert read.scenario.changes == (Change(action="delay", target="torkham", hours=3.0),)
    assert len(read.faults) == 1


def test_the_worked_file_of_the_documents_does_what_they_say(network, written):
    page = (Path(__file__).resolve().parents[3] / "docs" / "methods" / "scenarios.md").read_text(encoding="utf-8")
    found = load(written(page.split("```toml\n")[1].split("```")[0]), network)
    closed = {item.name: item for item in found.laid(network, date(2026, 12, 11)).closed}
    assert closed["Torkham"].added_h == pytest.approx(50 / 150 * 10 * 24)
    assert closed["Chaman - Spin Boldak"].added_h == 24
    day = state(network, date(2026, 12, 11), laid=found.laid(network, date(2026, 12, 11)))
    assert "torkham" not in {network.gates[gate].id for gate in day.shut}


# --- whatever may stand in a file ------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(("type", "coordinates", "x")), inner),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from((*COLUMNS, "other")), VALUES))
def test_no_cell_whatever_it_holds_is_more_than_a_fault(told):
    change, faults = change_of(told)
    assert all(isinstance(fault, str) and fault for fault in [*faults, *change.faults()])
    assert change.words and change.days


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet='[]="\n,;ac12-#tionrge ', max_size=60), st.sampled_from((".toml", ".csv")))
def test_no_file_whatever_it_holds_is_more_than_bad_input(tmp_path, text, ending):
    path = tmp_path / f"any{ending}"
    path.write_text(text, encoding="utf-8")
    try:
        read = parsed(path)
    except BadInput as fault:
        assert str(path) in str(fault)
    else:
        assert read.faults or read.scenario.changes
