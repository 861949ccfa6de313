"""What the machine needs, and nothing a planner could argue with: where the cache and the register lie."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """Folder of compiled networks: `COMITY_CACHE`, or the user's cache folder as the platform names it."""
    chosen = os.environ.get("COMITY_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "comity"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "comity" / "Cache"
    return Path(os.environ.get("XDG_CACHE_HOME", home / ".cache")) / "comity"


def register_url() -> str:
    """Where the register of commitments lies: `COMITY_REGISTER` (a file or a database URL), or a file of the user's.

    The file stands with the user's data and not in the cache: a cache may be emptied, a register never.
    """
    return os.environ.get("COMITY_REGISTER") or str(_data_folder() / "register.sqlite")


def air_folder() -> Path:
    """Folder of a user's own airspace, airways and routes: `COMITY_AIR`, or one with the user's data."""
    chosen = os.environ.get("COMITY_AIR")
    return Path(chosen).expanduser() if chosen else _data_folder() / "air"


def _data_folder() -> Path:
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "comity"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "comity"
    return Path(os.environ.get("XDG_DATA_HOME", home / ".local" / "share")) / "comity"
