"""The mails to somebody are found without reading all: when an account closes, or nobody confirmed it."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_outbox_mail_person_id"), "outbox_mail", ["person_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_mail_person_id"), table_name="outbox_mail")
