"""Editors are told of suggestions that wait, and can stop it."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("toolkit_suggestion") as table:
        table.add_column(sa.Column("told_at", sa.DateTime(), nullable=True))
    with op.batch_alter_table("person") as table:
        table.add_column(
            sa.Column("wants_suggestion_mail", sa.Boolean(), nullable=False, server_default=sa.true())
        )


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_column("wants_suggestion_mail")
    with op.batch_alter_table("toolkit_suggestion") as table:
        table.drop_column("told_at")
