"""The questions that most people ask, first on the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_ledger_entry_askers",
        "ledger_entry",
        ["unit_id", "waits", "also_count", "since", "comment_id"],
        sqlite_where=sa.text("is_shown = 1"),
        postgresql_where=sa.text("is_shown"),
    )


def downgrade() -> None:
    op.drop_index("ix_ledger_entry_askers", "ledger_entry")
