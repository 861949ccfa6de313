"""The register: its records, its history and the head of the chain.

Written out in full and never edited: what the tables are today is told by `store/schema`, and a test holds that all steps
together lead there.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

REAL: sa.types.TypeEngine = sa.REAL().with_variant(sa.Double(), "postgresql")


def upgrade() -> None:
    """Make the tables, and let no row of them be deleted."""
    op.create_table(
        "bodies",
        sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "files",
        sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("register", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "history",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "links",
        sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "meetings",
        sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("session", sa.Integer),
        sa.Column("pair", sa.Text, nullable=False),
        sa.Column("parties", sa.Text, nullable=False),
        sa.Column("start", sa.Text, nullable=False),
        sa.Column("end", sa.Text),
        sa.Column("place", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("date", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "commitments",
        sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("pair", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("actors", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("beneficiaries", sa.Text, nullable=False),
        sa.Column("strength", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("condition", sa.Text),
        sa.Column("due_start", sa.Text),
        sa.Column("due_end", sa.Text),
        sa.Column("due_phrase", sa.Text),
        sa.Column("due_base", sa.Text),
        sa.Column("grade", sa.Text),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("proposed_status", sa.Text),
        sa.Column("said_on", sa.Text),
        sa.Column("meeting", sa.Text, sa.ForeignKey("meetings.id")),
        sa.Column("confirmed_in", sa.Text, sa.ForeignKey("meetings.id")),
        sa.Column("confirmed_by", sa.Text),
        sa.Column("closed_on", sa.Text),
        sa.Column("delay_reason", sa.Text),
        sa.Column("superseded_by", sa.Text, sa.ForeignKey("commitments.id")),
        sa.Column("merged_into", sa.Text, sa.ForeignKey("commitments.id")),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("date", sa.Text),
        sa.Column("pair", sa.Text, nullable=False),
        sa.Column("parties", sa.Text, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("licence", sa.Text),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("file", sa.Text, sa.ForeignKey("files.id")),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("text_hash", sa.Text, nullable=False),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("body", sa.Text, sa.ForeignKey("bodies.id")),
        sa.Column("office", sa.Text),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("pair", sa.Text, nullable=False),
        sa.Column("date", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("document", sa.Text, sa.ForeignKey("documents.id")),
        sa.Column("file", sa.Text, sa.ForeignKey("files.id")),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "milestones",
        sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("commitment", sa.Text, sa.ForeignKey("commitments.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("due", sa.Text),
        sa.Column("done_on", sa.Text),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "responsible",
        sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("commitment", sa.Text, sa.ForeignKey("commitments.id"), nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("body", sa.Text, sa.ForeignKey("bodies.id")),
        sa.Column("person", sa.Text, sa.ForeignKey("people.id")),
        sa.Column("since", sa.Text),
        sa.Column("until", sa.Text),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("commitment", sa.Text, sa.ForeignKey("commitments.id"), nullable=False),
        sa.Column("document", sa.Text, sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("confidence", REAL),
        sa.Column("cues", sa.Text),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "targets",
        sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("commitment", sa.Text, sa.ForeignKey("commitments.id")),
        sa.Column("pair", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("baseline", REAL),
        sa.Column("baseline_date", sa.Text),
        sa.Column("value", REAL, nullable=False),
        sa.Column("due", sa.Text),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "actuals",
        sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("target", sa.Text, sa.ForeignKey("targets.id"), nullable=False),
        sa.Column("date", sa.Text, nullable=False),
        sa.Column("value", REAL, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("commitments_pair_decision_status", "commitments", ["pair", "decision", "status"])
    op.create_index("commitments_due_end", "commitments", ["due_end"])
    op.create_index("commitments_fingerprint", "commitments", ["fingerprint"])
    op.create_index("commitments_meeting", "commitments", ["meeting"])
    op.create_index("commitments_number", "commitments", ["number"])
    op.create_index("sources_commitment", "sources", ["commitment"])
    op.create_index("sources_document", "sources", ["document"])
    op.create_index("links_subject", "links", ["subject"])
    op.create_index("links_object_relation", "links", ["object", "relation"])
    op.create_index("responsible_commitment", "responsible", ["commitment"])
    op.create_index("responsible_body", "responsible", ["body"])
    op.create_index("milestones_commitment", "milestones", ["commitment"])
    op.create_index("targets_commitment", "targets", ["commitment"])
    op.create_index("targets_pair", "targets", ["pair"])
    op.create_index("actuals_target", "actuals", ["target"])
    op.create_index("evidence_pair_date", "evidence", ["pair", "date"])
    op.create_index("notes_about", "notes", ["about"])
    op.create_index("documents_text_hash", "documents", ["text_hash"])
    op.create_index("documents_pair", "documents", ["pair"])
    op.create_index("meetings_pair_start", "meetings", ["pair", "start"])
    op.create_index("history_record_seq", "history", ["record", "seq"])
    guard()


def downgrade() -> None:
    """Take everything away: only ever asked for on a copy, or on a database that was empty before."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refused() CASCADE")
    for name in [
        "actuals",
        "targets",
        "sources",
        "responsible",
        "milestones",
        "evidence",
        "people",
        "documents",
        "commitments",
        "notes",
        "meetings",
        "links",
        "history",
        "head",
        "files",
        "bodies",
    ]:
        op.drop_table(name)


def guard() -> None:
    """Triggers: history is never changed, and nothing is deleted, whichever program tries."""
    refused = [
        (name, "DELETE")
        for name in [
            "bodies",
            "files",
            "head",
            "history",
            "links",
            "meetings",
            "notes",
            "commitments",
            "documents",
            "people",
            "evidence",
            "milestones",
            "responsible",
            "sources",
            "targets",
            "actuals",
        ]
    ] + [("history", "UPDATE"), ("files", "UPDATE")]
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'append-only: % of % is refused', TG_OP, TG_TABLE_NAME; END $$"
        )
    for name, verb in refused:
        trigger = f"{name}_no_{verb.lower()}"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"CREATE TRIGGER {trigger} BEFORE {verb} ON {name} FOR EACH ROW EXECUTE FUNCTION refused()")
        else:
            op.execute(
                f"CREATE TRIGGER {trigger} BEFORE {verb} ON {name} "
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {verb} of {name} is refused'); END"
            )
