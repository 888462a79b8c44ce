"""Appeals against decisions, who hears them from outside, and earlier words that are withheld."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

def upgrade() -> None:
    op.create_table(
        "appeal_outsider",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_appeal_outsider_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(["named_by"], ["person.id"], name="fk_appeal_outsider_named_by_person"),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_appeal_outsider"),
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("outsider_name", sa.String(80), nullable=False),
        sa.Column("outsider_email", sa.String(254), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(24), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_appeal_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_appeal_comment_id_comment"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="fk_appeal_decision_id_decision"),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="fk_appeal_decided_by_person"),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name="fk_appeal_settled_by_person"),
        sa.PrimaryKeyConstraint("id", name="pk_appeal"),
        sa.UniqueConstraint("key", name="uq_appeal_key"),
        sa.UniqueConstraint("decision_id", name="uq_appeal_decision_id"),
    )
    op.create_index("ix_appeal_open", "appeal", ["organisation_id", "settled_at", "made_at"])
    op.create_index("ix_appeal_comment_id", "appeal", ["comment_id"])
    with op.batch_alter_table("comment_wording") as table:
        table.add_column(sa.Column("is_withheld", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("comment_wording") as table:
        table.alter_column("is_withheld", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("comment_wording") as table:
        table.drop_column("is_withheld")
    op.drop_table("appeal")
    op.drop_table("appeal_outsider")
    op.execute(sa.text("DELETE FROM queue_item WHERE cause = 'appealed'"))
    op.execute(sa.text("DELETE FROM queue_tally WHERE cause = 'appealed'"))
