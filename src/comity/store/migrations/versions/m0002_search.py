"""Full-text search over commitments, their sentences, documents, meetings, evidence, notes and targets.

The rows are made from the records, so taking this step back loses nothing.
"""

from __future__ import annotations

from alembic import op

from comity.store import search

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the index and fill it."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search USING fts5(words, tokenize='unicode61 remove_diacritics 2')")
    else:
        op.execute(
            "CREATE TABLE search (row bigint PRIMARY KEY, words text NOT NULL, "
            "vector tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED)"
        )
        op.execute("CREATE INDEX search_vector ON search USING gin (vector)")
    search.again(connection)


def downgrade() -> None:
    """Take the index away."""
    op.execute("DROP TABLE search")
