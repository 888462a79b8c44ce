"""Answers across paragraphs, taken back, unnamed; drafts and their clearance; notes, presence, information requests."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _foreign(table: str, *columns: tuple[str, str]) -> Iterable[sa.ForeignKeyConstraint]:
    for column, to in columns:
        yield sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    op.create_table(
        "draft_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=24), nullable=False),
        sa.Column("step_at", sa.DateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=True),
        *_foreign(
            "draft_answer",
            ("unit_id", "unit"),
            ("consultation_id", "consultation"),
            ("author_id", "person"),
            ("decided_by", "person"),
            ("response_id", "response"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_answer")),
        sa.UniqueConstraint("key", name=op.f("uq_draft_answer_key")),
    )
    op.create_index("ix_draft_answer_unit", "draft_answer", ["unit_id", "step", "step_at", "id"])
    op.create_index("ix_draft_answer_author", "draft_answer", ["author_id", "step", "id"])
    op.create_table(
        "draft_answer_to",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        *_foreign("draft_answer_to", ("draft_id", "draft_answer"), ("comment_id", "comment")),
        sa.PrimaryKeyConstraint("draft_id", "comment_id", name=op.f("pk_draft_answer_to")),
    )
    op.create_index(op.f("ix_draft_answer_to_comment_id"), "draft_answer_to", ["comment_id"])
    op.create_table(
        "team_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        *_foreign("team_note", ("comment_id", "comment"), ("author_id", "person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_note")),
    )
    op.create_index("ix_team_note_comment", "team_note", ["comment_id", "id"])
    op.create_index(op.f("ix_team_note_author_id"), "team_note", ["author_id"])
    op.create_table(
        "answering",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        *_foreign("answering", ("comment_id", "comment"), ("person_id", "person")),
        sa.PrimaryKeyConstraint("comment_id", "person_id", name=op.f("pk_answering")),
    )
    op.create_index(op.f("ix_answering_person_id"), "answering", ["person_id"])
    op.create_index(op.f("ix_answering_seen_at"), "answering", ["seen_at"])
    op.create_table(
        "information_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("marked_at", sa.DateTime(), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        *_foreign(
            "information_request",
            ("comment_id", "comment"),
            ("unit_id", "unit"),
            ("marked_by", "person"),
            ("closed_by", "person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_request")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_information_request_comment_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_information_request_reference")),
    )
    op.create_index(
        "ix_information_request_unit", "information_request", ["unit_id", "closed_at", "due_on"]
    )
    op.create_table(
        "response_place",
        sa.Column("paragraph_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        *_foreign("response_place", ("paragraph_id", "paragraph"), ("response_id", "response")),
        sa.PrimaryKeyConstraint("paragraph_id", "response_id", name=op.f("pk_response_place")),
    )
    op.create_index(op.f("ix_response_place_response_id"), "response_place", ["response_id"])
    op.execute("INSERT INTO response_place (paragraph_id, response_id) SELECT paragraph_id, id FROM response")

    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_unnamed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(), nullable=True))
    with op.batch_alter_table("response_answer", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("place_before", sa.String(length=12), nullable=False, server_default="")
        )
    with op.batch_alter_table("team_reply", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_unnamed", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("signs_with", sa.String(length=24), nullable=False, server_default="name")
        )
        batch_op.add_column(
            sa.Column("information_contact", sa.String(length=254), nullable=False, server_default="")
        )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("clearing_role", sa.String(length=80), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("needs_clearance", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.add_column(sa.Column("may_clear", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for table, column in (
        ("role", "may_clear"),
        ("unit", "needs_clearance"),
        ("unit", "clearing_role"),
        ("organisation", "information_contact"),
        ("organisation", "signs_with"),
        ("team_reply", "is_unnamed"),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
    for name in (
        *("draft_answer_to", "draft_answer", "team_note", "answering"),
        *("information_request", "response_place"),
    ):
        op.drop_table(name)
    # Before, a response stood in every read: what was taken back goes for good.
    undone = "(SELECT id FROM response WHERE undone_at IS NOT NULL)"
    op.execute(f"UPDATE comment SET reply_to_response_id = NULL WHERE reply_to_response_id IN {undone}")
    op.execute(f"DELETE FROM comment_wording WHERE response_id IN {undone}")
    op.execute(f"DELETE FROM response_answer WHERE response_id IN {undone}")
    op.execute("DELETE FROM response WHERE undone_at IS NOT NULL")
    with op.batch_alter_table("response_answer", schema=None) as batch_op:
        batch_op.drop_column("place_before")
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_column("undone_at")
        batch_op.drop_column("is_unnamed")
