"""Editors can withhold an earlier revision of a toolkit page.

Taken back, the words of the talk stand where they stood: what was withheld can be read again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("toolkit_revision") as table:
        table.add_column(sa.Column("withheld_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("withheld_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("withheld_why", sa.String(200), nullable=False, server_default=""))
        table.create_foreign_key("fk_toolkit_revision_withheld_by_person", "person", ["withheld_by"], ["id"])
    op.create_table(
        "toolkit_withheld_block",
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name="fk_toolkit_withheld_block_block_id_block"),
        sa.PrimaryKeyConstraint("block_id", name="pk_toolkit_withheld_block"),
    )


def downgrade() -> None:
    kept = "FROM toolkit_withheld_block WHERE block_id = block.id"
    words = ", ".join(f"{name} = (SELECT {name} {kept})" for name in ("text", "plain", "html"))
    op.execute(f"UPDATE block SET {words} WHERE id IN (SELECT block_id FROM toolkit_withheld_block)")  # noqa: S608 - names of columns
    op.drop_table("toolkit_withheld_block")
    with op.batch_alter_table("toolkit_revision") as table:
        table.drop_constraint("fk_toolkit_revision_withheld_by_person", type_="foreignkey")
        table.drop_column("withheld_why")
        table.drop_column("withheld_by")
        table.drop_column("withheld_at")
