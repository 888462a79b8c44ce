"""Whom a mail has asked of late is found without reading all: addresses of one mailbox are counted together."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_follower_asked_since"), "follower", ["asked_since"])


def downgrade() -> None:
    op.drop_index(op.f("ix_follower_asked_since"), table_name="follower")
