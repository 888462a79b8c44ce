"""Requests to erase the text of a comment, which take two people."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

GROUNDS = ("right_to_erasure", "third_party", "child", "court_order", "illegal_to_hold")


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.Enum(*GROUNDS, native_enum=False, length=24, name="ground"), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(), nullable=True),
        sa.Column("refused_by", sa.Integer(), nullable=True),
        sa.Column("refused_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_erasure_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_erasure_comment_id_comment"),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name="fk_erasure_asked_by_person"),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name="fk_erasure_agreed_by_person"),
        sa.ForeignKeyConstraint(["refused_by"], ["person.id"], name="fk_erasure_refused_by_person"),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
    )
    op.create_index("ix_erasure_open", "erasure", ["organisation_id", "agreed_at", "refused_at", "id"])
    op.create_index("ix_erasure_comment", "erasure", ["comment_id"])


def downgrade() -> None:
    op.drop_table("erasure")
