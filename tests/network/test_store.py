"""A build leaves all or nothing; damage is found and mended; what is read back is what was written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from comity.errors import BadInput, NetworkUnusable
from comity.network import links, store


@pytest.fixture
def copy(network, tmp_path, monkeypatch):
    """The compiled network copied into a cache of its own."""
    target = tmp_path / Path(network.folder).name
    shutil.copytree(network.folder, target)
    monkeypatch.setenv("COMITY_CACHE", str(tmp_path))
    return target


def test_a_copied_network_is_sound_though_its_times_differ(copy):
    assert store.damage(copy) is None


def test_a_flipped_byte_is_found(copy):
    with open(copy / "arc_km.npy", "r+b") as file:
        file.seek(4000)
        byte = file.read(1)
        file.seek(4000)
        file.write(bytes([byte[0] ^ 1]))
    assert store.damage(copy) == "arc_km.npy has the wrong hash"


@pytest.mark.parametrize("name", ["manifest.json", "gates.json"])
def test_a_missing_or_torn_file_is_found(copy, name):
    (copy / name).write_text("{")
    assert store.damage(copy)
    (copy / name).unlink()
    assert store.damage(copy)


def test_damage_is_mended_with_one_sentence(copy, monkeypatch, capsys):
    (copy / "cells.json").unlink()
    monkeypatch.setattr(store, "build", lambda *a, **k: "built again")
    assert store.open_network() == "built again"
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "damaged" in said


def test_a_killed_build_leaves_nothing_half_made(copy, monkeypatch):
    monkeypatch.setattr(store, "_plain", lambda networks: (None, None, None))
    monkeypatch.setattr("comity.network.compile.compile_network", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt))
    before = sorted(path.name for path in copy.parent.iterdir())
    with pytest.raises(KeyboardInterrupt):
        store.build(force=True)
    assert sorted(path.name for path in copy.parent.iterdir()) == before
    assert store.damage(copy) is None


def test_a_full_disk_says_so_and_leaves_the_old_network(copy, monkeypatch):
    monkeypatch.setattr(store, "_plain", lambda networks: (None, None, None))
    monkeypatch.setattr("comity.network.compile.compile_network", lambda *a: None)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_write", full)
    with pytest.raises(NetworkUnusable, match="No space left.*COMITY_CACHE"):
        store.build(force=True)
    assert store.damage(copy) is None
    assert [path.name for path in copy.parent.iterdir() if path.name.startswith(".network")] == []


def test_two_builds_at_once_the_later_one_gives_way(copy):
    rival = copy.parent / ".network-scratch"
    shutil.copytree(copy, rival)
    store._move(rival, copy, force=False)
    assert store.damage(copy) is None


def test_the_folder_is_named_after_its_inputs(monkeypatch):
    first = store.folder_of().name
    monkeypatch.setattr(store, "_shipped_inputs", lambda: {"table:crossings": "other"})
    assert store.folder_of().name != first


def test_a_border_drawn_anew_makes_another_network():
    assert "data/border_lines.parquet" in store.inputs()  # which countries touch is read from it


def test_a_users_network_from_geojson_and_parquet_are_the_same(tmp_path):
    import duckdb

    features = [
        {
            "type": "Feature",
            "properties": {"length_km": 12.5},
            "geometry": {"type": "LineString", "coordinates": [[70, 40], [70.1, 40]]},
        },
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "LineString", "coordinates": [[70.1, 40], [70.1, 40.1]]},
        },
    ]
    (tmp_path / "mine.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    a = links.from_file(tmp_path / "mine.geojson")
    with duckdb.connect() as db:
        db.execute(
            f"COPY (SELECT * FROM (VALUES (70.0,40.0,70.1,40.0,12.5),(70.1,40.0,70.1,40.1,{a.km[1]})) t(tail_lon,tail_lat,head_lon,head_lat,length_km))"
            f" TO '{tmp_path / 'mine.parquet'}' (FORMAT parquet)"
        )
    b = links.from_file(tmp_path / "mine.parquet")
    assert len(a.lon) == len(b.lon) == 3
    assert np.allclose(a.km, b.km)
    assert a.km[1] == pytest.approx(11.12, abs=0.02)


@pytest.mark.parametrize("text", ["not json", '{"features": [{"geometry": null}]}', '{"features": []}'])
def test_an_unusable_network_file_has_one_clear_message(tmp_path, text):
    path = tmp_path / "bad.geojson"
    path.write_text(text)
    with pytest.raises(BadInput, match="bad.geojson"):
        links.from_file(path)


def test_a_cache_that_cannot_be_made_says_which(tmp_path, monkeypatch):
    blocker = tmp_path / "file"
    blocker.write_text("")
    monkeypatch.setenv("COMITY_CACHE", str(blocker / "cache"))
    monkeypatch.setattr(store, "_plain", lambda networks: (None, None, None))
    monkeypatch.setattr("comity.network.compile.compile_network", lambda *a: None)
    with pytest.raises(NetworkUnusable, match="COMITY_CACHE"):
        store.build()
