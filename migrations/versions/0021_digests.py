"""The record carries a salted digest of the text that an act was about; the salt is kept beside the text."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SALTS = {
    "sqlite": "UPDATE comment SET salt = lower(hex(randomblob(16))) WHERE body <> '' OR state <> 'erased'",
    "postgresql": (
        "UPDATE comment SET salt = replace(gen_random_uuid()::text, '-', '') WHERE body <> '' OR state <> 'erased'"
    ),
}


def upgrade() -> None:
    op.add_column(
        "audit_entry", sa.Column("text_digest", sa.String(length=64), nullable=False, server_default="")
    )
    op.add_column("comment", sa.Column("salt", sa.String(length=32), nullable=False, server_default=""))
    op.execute(SALTS[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_column("comment", "salt")
    op.drop_column("audit_entry", "text_digest")
