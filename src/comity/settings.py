"""What the machine needs, and nothing a planner could argue with: where the cache lies."""

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
