"""Who is named for comments behind which somebody may be in danger, and what was passed on to them."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "escalation_contact",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("hours", sa.String(200), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_escalation_contact_organisation_id_organisation",
        ),
        sa.ForeignKeyConstraint(["named_by"], ["person.id"], name="fk_escalation_contact_named_by_person"),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_escalation_contact"),
    )
    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("danger", sa.String(24), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("passed_by", sa.Integer(), nullable=False),
        sa.Column("passed_at", sa.DateTime(), nullable=False),
        sa.Column("told_name", sa.String(80), nullable=False),
        sa.Column("told_email", sa.String(254), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_at", sa.DateTime(), nullable=True),
        sa.Column("replied_by", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_escalation_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_escalation_comment_id_comment"),
        sa.ForeignKeyConstraint(["passed_by"], ["person.id"], name="fk_escalation_passed_by_person"),
        sa.ForeignKeyConstraint(["replied_by"], ["person.id"], name="fk_escalation_replied_by_person"),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name="fk_escalation_closed_by_person"),
        sa.PrimaryKeyConstraint("id", name="pk_escalation"),
        sa.UniqueConstraint("key", name="uq_escalation_key"),
    )
    op.create_index(
        "ix_escalation_open", "escalation", ["organisation_id", "closed_at", "taken_back_at", "id"]
    )
    op.create_index("ix_escalation_comment", "escalation", ["comment_id"])


def downgrade() -> None:
    op.drop_table("escalation")
    op.drop_table("escalation_contact")
