"""What lists of entries are narrowed and ordered by."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None



def upgrade() -> None:
    op.create_table(
        "toolkit_entry",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("checked", sa.Date(), nullable=True),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["toolkit_page.id"], name="fk_toolkit_entry_page_id_toolkit_page"
        ),
        sa.PrimaryKeyConstraint("page_id", name="pk_toolkit_entry"),
    )
    op.create_index("ix_toolkit_entry_kind_toolkit_entry_checked", "toolkit_entry", ["kind", "checked"])
    op.create_table(
        "toolkit_fact",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["toolkit_page.id"], name="fk_toolkit_fact_page_id_toolkit_page"
        ),
        sa.PrimaryKeyConstraint("page_id", "field", "key", name="pk_toolkit_fact"),
    )
    op.create_index("ix_toolkit_fact_field_toolkit_fact_key", "toolkit_fact", ["field", "key"])


def downgrade() -> None:
    op.drop_table("toolkit_fact")
    op.drop_table("toolkit_entry")
