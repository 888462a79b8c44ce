"""Which toolkit pages help at which step of the work, where an editor chose them."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

KEYS = {"first_id": "toolkit_page", "second_id": "toolkit_page", "chosen_by": "person"}


def upgrade() -> None:
    op.create_table(
        "toolkit_step",
        sa.Column("step", sa.String(24), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_toolkit_step_{column}_{table}")
            for column, table in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("step", name="pk_toolkit_step"),
    )


def downgrade() -> None:
    op.drop_table("toolkit_step")
