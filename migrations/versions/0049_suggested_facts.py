"""Suggestions for entries carry facts; a form sent twice is one of the same person."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("toolkit_suggestion") as table:
        table.add_column(sa.Column("facts", sa.JSON(), nullable=True))
        table.drop_constraint("uq_toolkit_suggestion_once", type_="unique")
        table.create_unique_constraint("uq_toolkit_suggestion_author_id_once", ["author_id", "once"])


def downgrade() -> None:
    # a key that two people sent can stay with none of them: it only kept a form from being sent twice
    op.execute(sa.text("UPDATE toolkit_suggestion SET once = NULL"))
    with op.batch_alter_table("toolkit_suggestion") as table:
        table.drop_constraint("uq_toolkit_suggestion_author_id_once", type_="unique")
        table.create_unique_constraint("uq_toolkit_suggestion_once", ["once"])
        table.drop_column("facts")
