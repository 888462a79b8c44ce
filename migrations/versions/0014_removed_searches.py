"""Words that were taken off the list of searches in vain, and stay away."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "removed_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removed_search")),
        sa.UniqueConstraint("digest", name=op.f("uq_removed_search_digest")),
    )


def downgrade() -> None:
    op.drop_table("removed_search")
