"""Where the cache lies: as the user says, else as the platform has it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from comity.settings import cache_folder


def test_the_users_word_goes_before_all_and_may_begin_at_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    monkeypatch.setenv("COMITY_CACHE", "~/mine")
    assert cache_folder() == tmp_path / "mine"


@pytest.mark.parametrize(
    ("platform", "inside"),
    [("linux", ".cache/comity"), ("darwin", "Library/Caches/comity"), ("win32", "AppData/comity/Cache")],
)
def test_each_platform_has_its_own_place(monkeypatch, tmp_path, platform, inside):
    monkeypatch.delenv("COMITY_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "AppData"))
    monkeypatch.setattr(sys, "platform", platform)
    assert cache_folder() == Path(tmp_path / inside)


def test_an_empty_variable_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv("COMITY_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache_folder() == tmp_path / "comity"
