"""Threads that a moderator closed to replies."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("comment") as batch:
        batch.add_column(sa.Column("closed_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("closed_reason", sa.String(24), nullable=False, server_default=""))
        batch.add_column(sa.Column("closed_note", sa.String(500), nullable=False, server_default=""))
    with op.batch_alter_table("comment") as batch:
        batch.alter_column("closed_reason", server_default=None)
        batch.alter_column("closed_note", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("comment") as batch:
        for column in ("closed_note", "closed_reason", "closed_at"):
            batch.drop_column(column)
