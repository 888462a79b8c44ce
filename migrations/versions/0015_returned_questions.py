"""Telling officials of questions that come back to the desk: who is still to be told, and how soon each wants to be."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("returned_pace", sa.String(length=24), nullable=False, server_default="daily")
        )
    op.create_table(
        "returned_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_returned_question_comment_id_comment")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_returned_question_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_question")),
        sa.UniqueConstraint(
            "person_id", "comment_id", name=op.f("uq_returned_question_person_id_comment_id")
        ),
    )
    op.create_index(op.f("ix_returned_question_comment_id"), "returned_question", ["comment_id"])


def downgrade() -> None:
    op.drop_table("returned_question")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("returned_pace")
