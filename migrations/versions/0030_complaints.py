"""Notices of complaint about comments."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("once", sa.String(40), nullable=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("untrue", sa.Text(), nullable=False),
        sa.Column("shares_contact", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("passed_at", sa.DateTime(), nullable=True),
        sa.Column("passed_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("wish", sa.String(24), nullable=True),
        sa.Column("author_name", sa.String(80), nullable=False),
        sa.Column("author_address", sa.Text(), nullable=False),
        sa.Column("author_shares", sa.Boolean(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(24), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_complaint_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_complaint_comment_id_comment"),
        sa.ForeignKeyConstraint(["passed_by"], ["person.id"], name="fk_complaint_passed_by_person"),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name="fk_complaint_settled_by_person"),
        sa.PrimaryKeyConstraint("id", name="pk_complaint"),
        sa.UniqueConstraint("key", name="uq_complaint_key"),
        sa.UniqueConstraint("once", name="uq_complaint_once"),
    )
    op.create_index("ix_complaint_open", "complaint", ["organisation_id", "settled_at", "due_at"])
    op.create_index("ix_complaint_comment_id", "complaint", ["comment_id"])


def downgrade() -> None:
    op.drop_table("complaint")
