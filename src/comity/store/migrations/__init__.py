"""Steps of the schema, run by Alembic through `comity.store.migrate`."""
