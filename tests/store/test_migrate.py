"""Steps of the schema: they lead to the tables of today, and take data up and down unharmed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from comity.errors import BadInput, RegisterUnusable
from comity.store import migrate, open_register
from comity.store.engine import engine_of, wal_is_safe
from comity.store.register import Register
from comity.store.tables import METADATA
from comity.store.verify import verify


def test_all_steps_lead_to_the_tables_of_today(register):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with register.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_object": lambda thing, name, kind, *_: not (kind == "table" and name.startswith("search"))},
        )
        differences = [step for step in compare_metadata(context, METADATA) if "comment" not in str(step[0])]
    assert [step for step in differences if not str(step).count("modify_comment")] == []


def test_an_older_register_is_brought_up_and_taken_back_unharmed(filled):
    rows, head = filled.rows("commitments", withdrawn=True), filled.head()
    migrate.to(filled.engine, "0001")
    with pytest.raises(RegisterUnusable, match="older schema"):
        Register.open(filled.url)
    here, now, copy = migrate.up(filled.url)
    assert (here, now) == ("0001", migrate.NEWEST)
    assert (copy is not None) == (filled.engine.dialect.name == "sqlite")
    with open_register(filled.url) as again:
        assert again.rows("commitments", withdrawn=True) == rows and again.head() == head
        assert verify(again).whole
        assert again.search("flights lahore") == [("commitments", "c1")]


def test_a_newer_register_is_refused(filled):
    with filled.engine.connect() as connection, connection.begin():
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RegisterUnusable, match="newer schema"):
        open_register(filled.url)


def test_a_database_with_other_tables_is_left_alone(address):
    engine = engine_of(address, create=True)
    with engine.connect() as connection, connection.begin():
        connection.execute(sa.text("CREATE TABLE mine (a integer)"))
    with pytest.raises(BadInput, match="other tables"):
        open_register(address, create=True)
    assert sa.inspect(engine).get_table_names() == ["mine"]
    engine.dispose()


@pytest.mark.parametrize(
    ("version", "safe"),
    [((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 6), False), ((3, 50, 7), True),
     ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), True)],
)  # fmt: skip
def test_the_write_ahead_log_is_used_only_where_it_is_safe(version, safe):
    assert wal_is_safe(version) == safe


def test_the_journal_really_used_is_the_one_chosen(tmp_path):
    with open_register(str(tmp_path / "r.sqlite"), create=True) as register, register.engine.connect() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        assert mode == ("wal" if wal_is_safe() else "truncate")
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
