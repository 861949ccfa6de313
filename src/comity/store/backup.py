"""Copies that can be trusted: made while others write, checked before they are called a copy, and brought back whole."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from comity.errors import BadInput, RegisterUnusable
from comity.store import exchange
from comity.store.chain import Head
from comity.store.register import Register, unusable
from comity.store.verify import verify

LINES = (".jsonl", ".jsonl.gz")


def backup(register: Register, path: Path) -> Head:
    """A checked copy. NAME.jsonl or NAME.jsonl.gz restores into either database; any other name is an SQLite file.

    Others may write meanwhile. Raises BadInput where the name is taken, RegisterUnusable where the copy does not verify.
    """
    if path.exists():
        raise BadInput(f"{path} is there already. Give the copy a name of its own: nothing is written over.")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.name.endswith(LINES) or register.engine.dialect.name != "sqlite":
        if not path.name.endswith(LINES):
            raise BadInput(f"A copy of a PostgreSQL register is NAME.jsonl.gz, not {path.name}.")
        head = exchange.export_lines(register, path)
        _checked(path)
        return head
    return _sqlite_copy(register, path)


def _sqlite_copy(register: Register, path: Path) -> Head:
    """By SQLite's own backup, into a file beside, which gets its name when it is whole and on the disk."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    source = register.engine.raw_connection()
    try:
        target = sqlite3.connect(part)
        try:
            source.driver_connection.backup(target)  # type: ignore[union-attr]
        finally:
            target.close()
        with Register.open(str(part)) as copied:
            report = verify(copied)
        if not report.whole:
            raise RegisterUnusable(
                f"The copy does not verify: {report.faults[0]}. Check the register itself: comity register verify."
            )
        with open(part, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    except sqlite3.Error as fault:
        raise unusable(fault, str(path)) from fault
    finally:
        source.close()
        part.unlink(missing_ok=True)
    seq, _, _ = report.head.partition(":")
    with Register.open(str(path)) as copied:
        return copied.head()


def restore(path: Path, url: str) -> tuple[Head, Path | None]:
    """Bring a copy back to `url`. Returns its head, and where the register that stood there was moved.

    The copy is checked whole before anything is touched. An SQLite register in the way is moved aside, never written over;
    a PostgreSQL database has to be empty.
    """
    if not path.is_file():
        raise BadInput(f"There is no copy {path}.")
    if "://" in url and not url.startswith("sqlite"):
        with Register.open(url, create=True) as register:
            return exchange.taken_in(register, path), None
    target = Path(url.removeprefix("sqlite:///")).expanduser()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        _made(path, part)
        with Register.open(str(part)) as register:
            report, head = verify(register), register.head()
        if not report.whole:
            raise RegisterUnusable(f"The copy {path} does not verify: {report.faults[0]}. Nothing was touched.")
        aside = _moved_aside(target)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return head, aside


def _made(path: Path, part: Path) -> None:
    """A register in `part` from a copy of either kind."""
    if path.name.endswith(LINES):
        with Register.open(str(part), create=True) as register:
            exchange.taken_in(register, path)
        return
    try:
        source = sqlite3.connect(f"file:{path.absolute()}?mode=ro", uri=True)
        target = sqlite3.connect(part)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()
    except sqlite3.Error as fault:
        raise RegisterUnusable(
            f"{path} is no copy of a register, or a damaged one ({fault}). Nothing was touched."
        ) from fault


def _moved_aside(target: Path) -> Path | None:
    """Move what stands in the way, with its journals, under a name of the moment.

    Journals move even where the register itself is gone: SQLite would roll an old one into the copy that is brought back.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = target.with_name(f"{target.name}.before-restore-{stamp}")
    for ending in ("-journal", "-wal", "-shm", ""):
        side = target.with_name(target.name + ending)
        if side.exists():
            os.replace(side, aside.with_name(aside.name + ending))
    return aside if aside.exists() else None


def _checked(path: Path) -> None:
    """Read the copy back into a register in memory of its own kind."""
    import tempfile

    with (
        tempfile.TemporaryDirectory(dir=path.parent) as folder,
        Register.open(f"{folder}/check.sqlite", create=True) as register,
    ):
        exchange.taken_in(register, path)
        report = verify(register)
    if not report.whole:
        path.unlink()
        raise RegisterUnusable(
            f"The copy does not verify: {report.faults[0]}. Check the register itself: comity register verify."
        )
