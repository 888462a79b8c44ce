"""The public ledger: who has the same question, whom an answer did not answer, and the verdicts of an outcome."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("also_count", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("objected_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("objection", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("content_at", sa.DateTime(), nullable=True))
    op.create_index(
        "ix_ledger_entry_public",
        "ledger_entry",
        ["consultation_id", "comment_id", "document_id", "kind", "place", "waits"],
        sqlite_where=sa.text("is_shown = 1 AND is_team_only = 0"),
        postgresql_where=sa.text("is_shown AND NOT is_team_only"),
    )
    op.create_table(
        "also_asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_also_asked_comment_id_comment")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_also_asked_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_also_asked")),
        sa.UniqueConstraint("comment_id", "holder", name=op.f("uq_also_asked_comment_id_holder")),
        sa.UniqueConstraint("comment_id", "person_id", name=op.f("uq_also_asked_comment_id_person_id")),
    )
    op.create_index(op.f("ix_also_asked_holder"), "also_asked", ["holder"])
    op.create_index(op.f("ix_also_asked_person_id"), "also_asked", ["person_id"])
    op.create_table(
        "comment_verdict",
        sa.Column("comment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_verdict_comment_id_comment")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_comment_verdict_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_comment_verdict_given_by_person")),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_comment_verdict")),
    )
    op.create_index(op.f("ix_comment_verdict_consultation_id"), "comment_verdict", ["consultation_id"])


def downgrade() -> None:
    op.drop_table("comment_verdict")
    op.drop_table("also_asked")
    op.drop_index("ix_ledger_entry_public", table_name="ledger_entry")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        for column in ("content_at", "objection", "objected_at", "also_count"):
            batch_op.drop_column(column)
