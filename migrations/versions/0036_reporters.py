"""The reports of one person are found by an index."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report") as batch:
        batch.create_index(batch.f("ix_report_reporter_id"), ["reporter_id"])


def downgrade() -> None:
    with op.batch_alter_table("report") as batch:
        batch.drop_index(batch.f("ix_report_reporter_id"))
