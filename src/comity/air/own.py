"""Files of the user's own in the air folder, and caches that see when one changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from comity import settings

AIRWAYS, FIRS, RUNWAYS = "airways.dat", "firs.geojson", "runways.csv"
ESTIMATE, COUNTS = "demand.json", "counts.csv"
P = ParamSpec("P")
R = TypeVar("R")
Stamp = tuple[str, int, int, int]


def own_file(name: str) -> Path | None:
    """The user's file of that name, None where there is none."""
    path = settings.air_folder() / name
    return path if path.is_file() else None


def stamp(name: str) -> Stamp:
    """What tells one state of a file from another; zeros without it."""
    path = settings.air_folder() / name
    if not path.is_file():
        return str(path), 0, 0, 0
    found = path.stat()
    return str(path), found.st_mtime_ns, found.st_size, found.st_ino


def kept_by(*names: str, maxsize: int = 64) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A cache of answers that stand on files of the user's own: an import is seen at the next question."""

    def keeping(function: Callable[P, R]) -> Callable[P, R]:
        @lru_cache(maxsize=maxsize)
        def answered(stamps, args, kwargs):  # type: ignore[no-untyped-def]
            return function(*args, **dict(kwargs))

        @wraps(function)
        def asked(*args: P.args, **kwargs: P.kwargs) -> R:
            return answered(tuple(map(stamp, names)), args, tuple(kwargs.items()))

        asked.cache_clear = answered.cache_clear  # type: ignore[attr-defined]
        return asked

    return keeping
