"""Campaigns: near-identical comments in groups. What is there already waits to be looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("letter_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_campaign_consultation_id_consultation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index(op.f("ix_campaign_consultation_id"), "campaign", ["consultation_id"])
    op.create_table(
        "campaign_turn",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_campaign_turn_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_campaign_turn")),
    )
    op.create_table(
        "campaign_waiting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_campaign_waiting_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_waiting")),
    )
    op.create_index(op.f("ix_campaign_waiting_comment_id"), "campaign_waiting", ["comment_id"])
    op.create_table(
        "campaign_letter",
        sa.Column("comment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("is_apart", sa.Boolean(), nullable=False),
        sa.Column("sketch", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_campaign_letter_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_campaign_letter_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_letter_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_campaign_letter")),
    )
    op.create_index(
        "ix_campaign_letter_mark", "campaign_letter", ["consultation_id", "mark", "is_first"]
    )
    op.create_index(
        "ix_campaign_letter_sample", "campaign_letter", ["campaign_id", "is_first", "mark"]
    )
    op.create_index("ix_campaign_letter_of", "campaign_letter", ["campaign_id", "comment_id"])
    op.create_table(
        "campaign_band",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("bucket", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_campaign_band_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["campaign_letter.comment_id"],
            name=op.f("fk_campaign_band_comment_id_campaign_letter"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", "bucket", "comment_id", name=op.f("pk_campaign_band")),
    )
    op.create_index(op.f("ix_campaign_band_comment_id"), "campaign_band", ["comment_id"])
    op.execute(
        "INSERT INTO campaign_waiting (comment_id, attempts) SELECT id, 0 FROM comment WHERE state IN "
        "('waiting', 'published', 'returned', 'taken_down') AND NOT is_team_only ORDER BY id"
    )


def downgrade() -> None:
    op.drop_table("campaign_band")
    op.drop_table("campaign_letter")
    op.drop_table("campaign_waiting")
    op.drop_table("campaign_turn")
    op.drop_table("campaign")
