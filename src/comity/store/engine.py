"""A connection to the register's database: SQLite by file, PostgreSQL by URL, set so that a write once told is kept."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from comity.errors import BadInput, MissingExtra, RegisterUnusable
from comity.store.disk import quoted

BUSY_MS = 30_000  # a writer waits this long for another's transaction, which takes milliseconds
WAL_SAFE = ((3, 44, 6), (3, 50, 7), (3, 51, 3))  # first of each line free of the WAL-reset bug


def engine_of(url: str, *, create: bool = False) -> sa.Engine:
    """An engine for a file or database URL. Raises BadInput for another kind of URL, MissingExtra without psycopg."""
    if "://" not in url:
        return _sqlite(Path(url).expanduser(), create)
    scheme = url.split("://", 1)[0]
    if scheme == "sqlite":
        return _sqlite(Path(url.split("://", 1)[1].removeprefix("/")).expanduser(), create)
    if scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        return _postgres("postgresql+psycopg://" + url.split("://", 1)[1])
    raise BadInput(f"A register is a file or postgresql://user@host/name, not {scheme}://.")


def wal_is_safe(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite resets its write-ahead log without losing a write (bug mended in the versions of WAL_SAFE)."""
    line = next((safe for safe in WAL_SAFE if safe[:2] == version[:2]), None)
    return version >= line if line else version > WAL_SAFE[-1]


def _sqlite(path: Path, create: bool) -> sa.Engine:
    mode = "rwc" if create else "rw"
    if create:
        _folder(path.parent)
    address = f"file:{quoted(path)}?mode={mode}"

    def connect() -> sqlite3.Connection:
        made = sqlite3.connect(address, uri=True, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
        journal = "WAL" if wal_is_safe() else "TRUNCATE"
        (mode,) = made.execute(f"PRAGMA journal_mode={journal}").fetchone()
        if mode == "wal" and not wal_is_safe():  # left so by a newer SQLite that is still at work on it
            made.close()
            raise RegisterUnusable(
                f"The register {path} is in use by a newer SQLite, whose log this one ({sqlite3.sqlite_version}) does not "
                "handle safely. Try again when nobody uses it, or use the same SQLite."
            )
        for pragma in ("foreign_keys=ON", "synchronous=FULL", "trusted_schema=OFF"):
            made.execute(f"PRAGMA {pragma}")
        return made

    made = sa.create_engine("sqlite://", creator=connect, poolclass=sa.pool.NullPool)

    @sa.event.listens_for(made, "begin")
    def begin(connection: sa.Connection) -> None:
        # the driver opens no transaction by itself; a writer takes the lock at once, before it has read anything
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return made


def _folder(folder: Path) -> None:
    """Make the folder of a new register: on a new machine the user's own is not there yet."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise RegisterUnusable(
            f"The folder {folder} cannot be made ({fault.strerror}). Name another: --register FILE."
        ) from fault


def _postgres(url: str) -> sa.Engine:
    try:
        import psycopg  # noqa: F401
    except ImportError as fault:
        raise MissingExtra("PostgreSQL needs its driver. Install it: pip install 'comity[postgres]'") from fault
    if url.partition("://")[2].partition("/")[0].count("@") > 1:
        raise BadInput("The address of the database has two @. Write one that belongs to the password as %40.")
    try:
        address = sa.engine.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as fault:
        raise BadInput(
            "The address of the database cannot be read. It looks like postgresql://user@host:5432/name."
        ) from fault
    return sa.create_engine(
        address,
        isolation_level="REPEATABLE READ",
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, "options": "-c synchronous_commit=on"},
    )
