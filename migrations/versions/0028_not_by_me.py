"""A report can say that a comment was written in the reporter's name, and not by them; items of the queue bear marks."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report") as table:
        table.add_column(sa.Column("is_own_name", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("report") as table:
        table.alter_column("is_own_name", server_default=None)
    with op.batch_alter_table("queue_item") as table:
        table.add_column(sa.Column("marks", sa.String(60), nullable=False, server_default=""))
    with op.batch_alter_table("queue_item") as table:
        table.alter_column("marks", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("queue_item") as table:
        table.drop_column("marks")
    with op.batch_alter_table("report") as table:
        table.drop_column("is_own_name")
