"""Whether what looks like spam waits, and signs of it in how a comment was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("comment") as batch:
        batch.add_column(sa.Column("manner", sa.String(40), nullable=False, server_default=""))
    with op.batch_alter_table("hold_rules") as batch:
        batch.add_column(sa.Column("spam", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("hold_rules") as batch:
        batch.drop_column("spam")
    with op.batch_alter_table("comment") as batch:
        batch.drop_column("manner")
