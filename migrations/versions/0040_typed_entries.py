"""Pages of the toolkit have a kind, and their revisions the facts of it."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("toolkit_page") as table:
        table.add_column(sa.Column("kind", sa.String(length=24), nullable=False, server_default="practice"))
    with op.batch_alter_table("toolkit_revision") as table:
        table.add_column(sa.Column("facts", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
    # only the rows of before needed these: the application says what is stored
    with op.batch_alter_table("toolkit_page") as table:
        table.alter_column("kind", server_default=None)
    with op.batch_alter_table("toolkit_revision") as table:
        table.alter_column("facts", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("toolkit_revision") as table:
        table.drop_column("facts")
    with op.batch_alter_table("toolkit_page") as table:
        table.drop_column("kind")
