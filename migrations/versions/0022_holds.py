"""What a consultation lets wait for a moderator, the words of a unit, and which hold fired."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hold_rules",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("links", sa.Boolean(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Boolean(), nullable=False),
        sa.Column("rate", sa.Boolean(), nullable=False),
        sa.Column("opens_minute", sa.Integer(), nullable=True),
        sa.Column("closes_minute", sa.Integer(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_hold_rules_consultation_id_consultation")
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_hold_rules")),
    )
    op.create_table(
        "unit_words",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_words_unit_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_words")),
    )
    with op.batch_alter_table("comment_correction") as table:
        table.add_column(sa.Column("rule", sa.String(60), nullable=False, server_default=""))
    with op.batch_alter_table("queue_item") as table:
        table.add_column(sa.Column("holds", sa.String(60), nullable=False, server_default=""))


def downgrade() -> None:
    op.execute("UPDATE consultation SET policy = 'before' WHERE policy = 'first'")  # nothing out that nobody saw
    with op.batch_alter_table("queue_item") as table:
        table.drop_column("holds")
    with op.batch_alter_table("comment_correction") as table:
        table.drop_column("rule")
    op.drop_table("unit_words")
    op.drop_table("hold_rules")
