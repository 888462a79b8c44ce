"""What bulk acts left out, and an index for the queue of one consultation."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OPEN = sa.text("settled_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "moderation_act_left",
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"], ["moderation_act.id"], name="fk_moderation_act_left_act_id_moderation_act"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name="fk_moderation_act_left_comment_id_comment"
        ),
        sa.PrimaryKeyConstraint("act_id", "comment_id", name="pk_moderation_act_left"),
    )
    op.create_index("ix_moderation_act_left_comment_id", "moderation_act_left", ["comment_id"])
    op.create_index(
        "ix_queue_item_of",
        "queue_item",
        ["consultation_id", "risk", "due_at", "id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_queue_item_of", "queue_item")
    op.drop_table("moderation_act_left")
