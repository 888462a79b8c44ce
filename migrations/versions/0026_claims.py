"""Which moderator has an item of the queue open."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

NAME = "fk_queue_item_claimed_by_person"


def upgrade() -> None:
    with op.batch_alter_table("queue_item") as batch:
        batch.add_column(sa.Column("claimed_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("claimed_at", sa.DateTime(), nullable=True))
        batch.create_foreign_key(op.f(NAME), "person", ["claimed_by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("queue_item") as batch:
        batch.drop_constraint(op.f(NAME), type_="foreignkey")
        batch.drop_column("claimed_at")
        batch.drop_column("claimed_by")
