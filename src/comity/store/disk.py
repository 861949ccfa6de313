"""Files that appear under their name only when all of them is on the disk, and copies of SQLite files."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote


def settle(part: Path, path: Path) -> None:
    """Give a finished file its name, and wait until file and name are on the disk. Raises OSError."""
    with open(part, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(part, path)
    if os.name == "posix":  # elsewhere a folder cannot be opened
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def part_of(path: Path) -> Path:
    """The name under which a file is made before it is whole; the ending stays, since it tells the kind."""
    return path.with_name(f".part-{path.name}")


def quoted(path: Path) -> str:
    """A path as part of an address that SQLite reads: signs such as ? # % mean themselves."""
    return quote(str(path.absolute()))


def stamp() -> str:
    """This moment, as part of a file's name."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")


def copied(source: sqlite3.Connection, path: Path) -> None:
    """A copy of an open SQLite file by SQLite's own backup, which others may write meanwhile; checked. Raises sqlite3.Error."""
    target = sqlite3.connect(f"file:{quoted(path)}?mode=rwc", uri=True)
    try:
        source.backup(target)
        (word,) = target.execute("PRAGMA integrity_check(1)").fetchone()
        if word != "ok":
            raise sqlite3.DatabaseError(f"malformed copy: {word}")
    finally:
        target.close()
