"""People whose comments wait for a moderator for a time."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

KEYS = {
    "organisation_id": "organisation",
    "person_id": "person",
    "comment_id": "comment",
    "held_by": "person",
    "ended_by": "person",
    "looked_by": "person",
}


def upgrade() -> None:
    op.create_table(
        "person_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("held_by", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_note", sa.String(500), nullable=False),
        sa.Column("asked_why", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=True),
        sa.Column("looked_at", sa.DateTime(), nullable=True),
        sa.Column("looked_by", sa.Integer(), nullable=True),
        sa.Column("look", sa.String(24), nullable=True),
        sa.Column("look_words", sa.String(500), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_person_hold_{column}_{table}")
            for column, table in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_person_hold"),
    )
    op.create_index("ix_person_hold_until", "person_hold", ["organisation_id", "until"])
    op.create_index("ix_person_hold_person_id", "person_hold", ["person_id"])
    op.create_index("ix_person_hold_comment_id", "person_hold", ["comment_id"])


def downgrade() -> None:
    op.drop_table("person_hold")
