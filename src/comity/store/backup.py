"""Copies that can be trusted: made while others write, checked before they are called a copy, and brought back whole."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from pathlib import Path

from comity.errors import BadInput, RegisterUnusable
from comity.store import exchange, migrate
from comity.store.chain import Head
from comity.store.disk import copied, part_of, quoted, settle, stamp
from comity.store.engine import BUSY_MS, engine_of
from comity.store.register import Register, unusable
from comity.store.verify import verify

LINES = (".jsonl", ".jsonl.gz")
MOVED = "moved_aside"  # the trigger by which a register that a restore moved aside takes no more writes


def backup(register: Register, path: Path) -> Head:
    """A checked copy. NAME.jsonl or NAME.jsonl.gz restores into either database; any other name is an SQLite file.

    Others may write meanwhile. Raises BadInput where the name is taken, RegisterUnusable where the copy does not verify.
    """
    if path.exists():
        raise BadInput(f"{path} is there already. Give the copy a name of its own: nothing is written over.")
    lines = path.name.endswith(LINES)
    if not lines and register.engine.dialect.name != "sqlite":
        raise BadInput(f"A copy of a PostgreSQL register is NAME.jsonl.gz, not {path.name}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(path)
    part.unlink(missing_ok=True)
    try:
        if lines:
            exchange.export_lines(register, part)
            head = _checked(part)
        else:
            _copied_from(register, part)
            head = _whole(part)
        settle(part, path)
    except sqlite3.Error as fault:
        raise unusable(fault, str(path)) from fault
    finally:
        part.unlink(missing_ok=True)
    return head


def _copied_from(register: Register, part: Path) -> None:
    source = register.engine.raw_connection()
    try:
        copied(source.driver_connection, part)  # type: ignore[arg-type]
    finally:
        source.close()


def _whole(path: Path) -> Head:
    """The head of an SQLite register that verifies. Raises RegisterUnusable for any other."""
    with Register.open(str(path)) as register:
        report = verify(register)
        if not report.whole:
            raise RegisterUnusable(
                f"The copy does not verify: {report.faults[0]}. Check the register: comity register verify."
            )
        return register.head()


def _checked(lines: Path) -> Head:
    """The head of an export that comes in whole: tried in a scratch register beside it. Raises BadInput, RegisterUnusable."""
    with tempfile.TemporaryDirectory(dir=lines.parent, prefix=".check-") as folder:
        scratch = Path(folder) / "check.sqlite"
        _from_lines(lines, scratch)
        return _whole(scratch)


def _from_lines(lines: Path, target: Path) -> None:
    with Register.open(str(target), create=True) as register:
        exchange.taken_in(register, lines)


# --- back ---------------------------------------------------------------------------------------------------------------


def restore(path: Path, url: str) -> tuple[Head, Path | None]:
    """Bring a copy back to `url`. Returns its head, and where the register that stood there was moved.

    The copy is checked whole before anything is touched. An SQLite register in the way is moved aside and takes no more
    writes; a PostgreSQL database has to be empty. Raises BadInput, RegisterUnusable.
    """
    if not path.is_file():
        raise BadInput(f"There is no copy {path}.")
    if "://" in url and not url.startswith("sqlite"):
        return _to_database(path, url), None
    target = Path(url.removeprefix("sqlite:///")).expanduser()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(target)
    part.unlink(missing_ok=True)
    try:
        _made(path, part)
        head = _whole(part)
        _shut(target)
        aside = _moved_aside(target)
        settle(part, target)
    finally:
        part.unlink(missing_ok=True)
    if _whole(target) != head:
        raise RegisterUnusable(f"{target} is not the copy that was brought back. What stood there is kept as {aside}.")
    return head, aside


def _to_database(path: Path, url: str) -> Head:
    if not path.name.endswith(LINES):
        raise BadInput(f"A copy for PostgreSQL is NAME.jsonl or NAME.jsonl.gz, not {path.name}.")
    _checked(path)
    with Register.open(url, create=True) as register:
        head = exchange.taken_in(register, path)
        report = verify(register)
        if not report.whole:
            raise RegisterUnusable(f"The register brought back does not verify: {report.faults[0]}.")
    return head


def _made(path: Path, part: Path) -> None:
    """A register of today's schema in `part`, from a copy of either kind."""
    if path.name.endswith(LINES):
        _from_lines(path, part)
        return
    try:
        source = sqlite3.connect(f"file:{quoted(path)}?mode=ro", uri=True)
        try:
            copied(source, part)
        finally:
            source.close()
        _opened_again(part)
    except sqlite3.Error as fault:
        raise RegisterUnusable(
            f"{path} is no copy of a register, or a damaged one ({fault}). Nothing was touched."
        ) from fault


def _opened_again(part: Path) -> None:
    """A copy of a register that was moved aside takes writes again, and one of an older schema is brought up."""
    connection = sqlite3.connect(part)
    try:
        connection.execute(f"DROP TRIGGER IF EXISTS {MOVED}")
        connection.commit()
    finally:
        connection.close()
    engine = engine_of(str(part))
    try:
        version = migrate.version_of(engine)
        if version is not None and version < migrate.NEWEST:
            migrate.to(engine, migrate.NEWEST)
    finally:
        engine.dispose()


def _shut(target: Path) -> None:
    """Let no more be written into a register that is to be moved: who waits for its lock is refused, not told that it is kept.

    A file that cannot be opened as one keeps nothing for anybody, so there is nobody to refuse.
    """
    if not target.exists():
        return
    try:
        connection = sqlite3.connect(
            f"file:{quoted(target)}?mode=rw", uri=True, timeout=BUSY_MS / 1000, isolation_level=None
        )
    except sqlite3.Error:
        return
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            f"CREATE TRIGGER IF NOT EXISTS {MOVED} BEFORE INSERT ON history "
            "BEGIN SELECT RAISE(ABORT, 'moved aside by a restore'); END"
        )
        connection.execute("COMMIT")
    except sqlite3.OperationalError as fault:
        if "locked" in str(fault):
            raise unusable(fault, str(target)) from fault
    except sqlite3.DatabaseError:
        return
    finally:
        connection.close()


def _moved_aside(target: Path) -> Path | None:
    """Move what stands in the way, with its journals, under a name of the moment.

    Journals move even where the register itself is gone: SQLite would roll an old one into the copy that is brought back.
    """
    aside = target.with_name(f"{target.name}.before-restore-{stamp()}")
    for ending in ("-journal", "-wal", "-shm", ""):
        side = target.with_name(target.name + ending)
        if side.exists():
            os.replace(side, aside.with_name(aside.name + ending))
    return aside if aside.exists() else None
