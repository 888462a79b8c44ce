"""What waits with one official, with nobody, or with the team alone, found without reading what was answered long ago."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_ledger_entry_nobody", "ledger_entry")
    op.create_index(
        "ix_ledger_entry_held",
        "ledger_entry",
        ["assignee_id", "unit_id", "waits", "since", "comment_id"],
        sqlite_where=sa.text("is_shown = 1"),
        postgresql_where=sa.text("is_shown"),
    )
    op.create_index(
        "ix_ledger_entry_team_waits",
        "ledger_entry",
        ["unit_id", "is_team_only", "waits", "since"],
        sqlite_where=sa.text("is_shown = 1 AND is_team_only = 1"),
        postgresql_where=sa.text("is_shown AND is_team_only"),
    )


def downgrade() -> None:
    op.drop_index("ix_ledger_entry_team_waits", "ledger_entry")
    op.drop_index("ix_ledger_entry_held", "ledger_entry")
    op.create_index(
        "ix_ledger_entry_nobody",
        "ledger_entry",
        ["unit_id", "waits", "since", "comment_id"],
        sqlite_where=sa.text("is_shown = 1 AND waits = 1 AND assignee_id IS NULL"),
        postgresql_where=sa.text("is_shown AND waits AND assignee_id IS NULL"),
    )
