"""Words that moderators took out of comments, and what stood there."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("comment") as batch:
        batch.add_column(sa.Column("redacted_at", sa.DateTime(), nullable=True))
    op.create_table(
        "redaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("passages", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ending", sa.String(24), nullable=True),
        sa.Column("undoing_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_redaction_comment_id_comment"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="fk_redaction_decision_id_decision"),
        sa.ForeignKeyConstraint(["undoing_id"], ["decision.id"], name="fk_redaction_undoing_id_decision"),
        sa.PrimaryKeyConstraint("id", name="pk_redaction"),
        sa.UniqueConstraint("decision_id", name="uq_redaction_decision_id"),
    )
    op.create_index("ix_redaction_comment_id", "redaction", ["comment_id"])
    op.create_table(
        "redacted_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("redaction_id", sa.Integer(), nullable=False),
        sa.Column("wording_id", sa.Integer(), nullable=True),
        sa.Column("response_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("replacement", sa.Text(), nullable=False),
        sa.Column("replacement_html", sa.Text(), nullable=False),
        sa.Column("face", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["redaction_id"], ["redaction.id"], name="fk_redacted_text_redaction_id_redaction"
        ),
        sa.ForeignKeyConstraint(
            ["wording_id"], ["comment_wording.id"], name="fk_redacted_text_wording_id_comment_wording"
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name="fk_redacted_text_response_id_response"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_redacted_text"),
    )
    for column in ("redaction_id", "wording_id", "response_id"):
        op.create_index(f"ix_redacted_text_{column}", "redacted_text", [column])


def downgrade() -> None:
    op.drop_table("redacted_text")
    op.drop_table("redaction")
    with op.batch_alter_table("comment") as batch:
        batch.drop_column("redacted_at")
