"""By when a moderator should have looked, what goes first, and how soon moderators decide."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WAITS = {"sqlite_where": sa.text("settled_at IS NULL"), "postgresql_where": sa.text("settled_at IS NULL")}
USUAL = 1  # the risk of what is there already


def upgrade() -> None:
    with op.batch_alter_table("consultation") as batch:
        batch.add_column(sa.Column("look_hours", sa.Integer(), nullable=False, server_default="24"))
        batch.add_column(sa.Column("look_counts_work", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_index("ix_queue_item_open", "queue_item")
    with op.batch_alter_table("queue_item") as batch:
        batch.add_column(sa.Column("due_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("risk", sa.Integer(), nullable=False, server_default=str(USUAL)))
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    a_day_on = "datetime(since, '+1 day') || '.000000'" if on_sqlite else "since + interval '1 day'"
    op.execute(f"UPDATE queue_item SET due_at = {a_day_on}")
    with op.batch_alter_table("queue_item") as batch:
        batch.alter_column("due_at", existing_type=sa.DateTime(), nullable=False)
        batch.alter_column("risk", existing_type=sa.Integer(), server_default=None)
    op.create_index("ix_queue_item_order", "queue_item", ["organisation_id", "risk", "due_at", "id"], **WAITS)
    op.create_index(
        "ix_queue_item_cause", "queue_item", ["organisation_id", "cause", "risk", "due_at", "id"], **WAITS
    )
    op.create_index("ix_queue_item_due", "queue_item", ["consultation_id", "due_at"], **WAITS)
    op.create_table(
        "queue_pace",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("decided_count", sa.Integer(), nullable=False),
        sa.Column("kept_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_queue_pace_consultation_id_consultation")
        ),
        sa.PrimaryKeyConstraint("consultation_id", "hours", name=op.f("pk_queue_pace")),
    )


def downgrade() -> None:
    op.drop_table("queue_pace")
    for name in ("order", "cause", "due"):
        op.drop_index(f"ix_queue_item_{name}", "queue_item")
    with op.batch_alter_table("queue_item") as batch:
        batch.drop_column("risk")
        batch.drop_column("due_at")
    op.create_index("ix_queue_item_open", "queue_item", ["organisation_id", "settled_at", "since", "id"])
    with op.batch_alter_table("consultation") as batch:
        batch.drop_column("look_counts_work")
        batch.drop_column("look_hours")
