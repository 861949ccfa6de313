"""The schema's version: make it, bring an older one up, take it back. Alembic's steps stand in `migrations/versions`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from comity.errors import BadInput, RegisterUnusable
from comity.store.disk import copied, part_of, settle, stamp

NEWEST = "0002"  # the last step in migrations/versions
FOLDER = Path(__file__).with_name("migrations")


def ready(engine: sa.Engine, url: str, *, create: bool = False) -> sa.Engine:
    """The engine of a register of the newest schema. `create` : make it where the database is empty.

    Raises RegisterUnusable for a database that is none, or of an older or newer schema.
    """
    from comity.store.register import hidden, unusable

    try:
        version = version_of(engine)
        if version is None and create:
            _emptiness(engine, url)
            to(engine, NEWEST)
            return engine
    except (sa.exc.DBAPIError, sqlite3.Error) as fault:
        raise unusable(fault, url) from fault
    place = hidden(url)
    if version is None:
        raise RegisterUnusable(f"There is no register at {place}. Make one: comity register init.")
    if version > NEWEST:
        raise RegisterUnusable(
            f"The register {place} is of a newer schema ({version}) than this Comity knows ({NEWEST}). Bring Comity up to date."
        )
    if version < NEWEST:
        raise RegisterUnusable(
            f"The register {place} is of an older schema ({version}; now {NEWEST}). Run: comity register migrate (it makes a copy first)."
        )
    return engine


def _emptiness(engine: sa.Engine, url: str) -> None:
    """Nobody's other tables are written into."""
    from comity.store.register import hidden

    names = sa.inspect(engine).get_table_names()
    if names:
        raise BadInput(
            f"{hidden(url)} holds other tables ({', '.join(names[:4])}). Give the register a database or file of its own."
        )


def version_of(engine: sa.Engine) -> str | None:
    """The schema's version, None where there is no register. Does not import Alembic."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def to(engine: sa.Engine, version: str) -> None:
    """Bring the schema to a version, up or down, in one transaction. Raises BadInput for one that is not known."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    here = version_of(engine)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        try:
            (command.downgrade if here and version < here else command.upgrade)(config, version)
        except CommandError as fault:
            raise BadInput(f"There is no schema version {version!r}; the newest is {NEWEST}.") from fault


def up(url: str) -> tuple[str, str, Path | None]:
    """Bring a register up to the newest schema. Returns the version before and after, and the copy made (SQLite).

    Raises RegisterUnusable where there is no register, or it is newer.
    """
    from comity.store.engine import engine_of
    from comity.store.register import hidden, unusable

    engine = engine_of(url)
    try:
        here = version_of(engine)
        if here is None:
            raise RegisterUnusable(f"There is no register at {hidden(url)}. Make one: comity register init.")
        copy = _copied(engine, url, here) if here < NEWEST else None
        if here < NEWEST:
            to(engine, NEWEST)
        return here, version_of(ready(engine, url)) or NEWEST, copy
    except (sa.exc.DBAPIError, sqlite3.Error) as fault:
        raise unusable(fault, url) from fault
    finally:
        engine.dispose()


def _copied(engine: sa.Engine, url: str, version: str) -> Path | None:
    """A copy of an SQLite register beside it; a PostgreSQL one changes in one transaction, or not at all."""
    if engine.dialect.name != "sqlite":
        return None
    path = Path(url.removeprefix("sqlite:///")).expanduser()
    copy = path.with_name(f"{path.name}.before-{NEWEST}-{stamp()}")
    part = part_of(copy)
    source = engine.raw_connection()
    try:
        copied(source.driver_connection, part)  # type: ignore[arg-type]
        settle(part, copy)
    finally:
        source.close()
        part.unlink(missing_ok=True)
    return copy
