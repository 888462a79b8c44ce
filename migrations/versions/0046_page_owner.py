"""Toolkit pages have an owner."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("toolkit_page") as table:
        table.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_toolkit_page_owner_id_person", "person", ["owner_id"], ["id"])
        table.create_index("ix_toolkit_page_owner_id", ["owner_id"])


def downgrade() -> None:
    with op.batch_alter_table("toolkit_page") as table:
        table.drop_index("ix_toolkit_page_owner_id")
        table.drop_constraint("fk_toolkit_page_owner_id_person", type_="foreignkey")
        table.drop_column("owner_id")
