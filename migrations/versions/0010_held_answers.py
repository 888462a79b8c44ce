"""Answers that are held before an election, and go out by themselves after."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("draft_answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("held_by", sa.Integer(), nullable=True))
        batch_op.create_index("ix_draft_answer_held", ["held_at"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_draft_answer_held_by_person"), "person", ["held_by"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("draft_answer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_draft_answer_held_by_person"), type_="foreignkey")
        batch_op.drop_index("ix_draft_answer_held")
        batch_op.drop_column("held_by")
        batch_op.drop_column("held_at")
