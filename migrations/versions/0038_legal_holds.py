"""Legal holds: while one is in force nothing is deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_legal_hold_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name="fk_legal_hold_consultation_id_consultation"
        ),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name="fk_legal_hold_set_by_person"),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"], name="fk_legal_hold_lifted_by_person"),
        sa.PrimaryKeyConstraint("id", name="pk_legal_hold"),
    )
    op.create_index("ix_legal_hold_open", "legal_hold", ["lifted_at", "organisation_id"])


def downgrade() -> None:
    op.drop_table("legal_hold")
