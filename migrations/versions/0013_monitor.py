"""The gap monitor: when a toolkit page is read again, searches in vain, and the mail of gaps on Mondays."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

YEAR = {
    "sqlite": "UPDATE toolkit_page SET review_by = date(coalesce(reviewed_on, created_at), '+365 days')",
    "postgresql": "UPDATE toolkit_page SET review_by = coalesce(reviewed_on, created_at::date) + 365",
}


def upgrade() -> None:
    with op.batch_alter_table("toolkit_page", schema=None) as batch_op:
        batch_op.add_column(sa.Column("review_by", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_toolkit_page_review_by"), ["review_by"], unique=False)
    op.execute(YEAR[op.get_bind().dialect.name])
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("wants_gap_mail", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    op.create_table(
        "fruitless_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=60), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fruitless_search")),
        sa.UniqueConstraint("day", "words", name=op.f("uq_fruitless_search_day_words")),
    )
    op.create_table(
        "gap_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("had_gaps", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_gap_mail_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_mail")),
        sa.UniqueConstraint("person_id", "week", name=op.f("uq_gap_mail_person_id_week")),
    )
    op.create_index(op.f("ix_gap_mail_week"), "gap_mail", ["week"])
    op.create_index(
        "ix_ledger_entry_gap",
        "ledger_entry",
        ["since", "comment_id", "unit_id"],
        sqlite_where=sa.text("waits = 1 AND is_shown = 1 AND is_team_only = 0"),
        postgresql_where=sa.text("waits AND is_shown AND NOT is_team_only"),
    )
    op.create_index(
        "ix_ledger_entry_asked",
        "ledger_entry",
        ["asked_at", "first_answered_at", "answer_days", "unit_id", "consultation_id"],
        sqlite_where=sa.text("asked_at IS NOT NULL AND is_shown = 1 AND is_team_only = 0"),
        postgresql_where=sa.text("asked_at IS NOT NULL AND is_shown AND NOT is_team_only"),
    )


def downgrade() -> None:
    op.drop_index("ix_ledger_entry_asked", table_name="ledger_entry")
    op.drop_index("ix_ledger_entry_gap", table_name="ledger_entry")
    op.drop_table("gap_mail")
    op.drop_table("fruitless_search")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("wants_gap_mail")
    with op.batch_alter_table("toolkit_page", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_toolkit_page_review_by"))
        batch_op.drop_column("review_by")
