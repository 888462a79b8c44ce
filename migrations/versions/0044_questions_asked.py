"""The questions of a paragraph are found without looking at all that was said there."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_comment_asked", "comment", ["paragraph_id", "kind", "created_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_comment_asked", "comment")
