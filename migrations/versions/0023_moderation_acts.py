"""What moderators did a moment ago, so that it can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "moderation_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_moderation_act_actor_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_act")),
        sa.UniqueConstraint("key", name=op.f("uq_moderation_act_key")),
    )
    op.create_index("ix_moderation_act_actor", "moderation_act", ["actor_id", "at", "id"])
    op.create_table(
        "moderation_act_item",
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(24), nullable=False),
        sa.Column("after", sa.String(24), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"],
                [f"{of}.id"],
                name=op.f(f"fk_moderation_act_item_{name}_id_{of}"),
            )
            for name, of in (
                ("act", "moderation_act"),
                ("comment", "comment"),
                ("item", "queue_item"),
                ("decision", "decision"),
            )
        ),
        sa.PrimaryKeyConstraint("act_id", "comment_id", name=op.f("pk_moderation_act_item")),
    )
    for name in ("comment", "item", "decision"):
        op.create_index(
            op.f(f"ix_moderation_act_item_{name}_id"), "moderation_act_item", [f"{name}_id"]
        )


def downgrade() -> None:
    op.drop_table("moderation_act_item")
    op.drop_table("moderation_act")
