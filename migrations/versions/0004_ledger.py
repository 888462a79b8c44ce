"""The ledger: where each comment stands with the unit that it was said to."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ON_DESK = (
    ("unit", "unit_id", "since", "comment_id"),
    ("waits", "unit_id", "waits", "since", "comment_id"),
    ("place", "unit_id", "place", "since", "comment_id"),
    ("kind", "unit_id", "kind", "since", "comment_id"),
    ("assignee", "assignee_id", "since", "comment_id"),
    ("paragraph", "paragraph_id", "since", "comment_id"),
    ("consultation", "consultation_id", "waits", "since", "comment_id"),
    ("document", "document_id", "waits", "since", "comment_id"),
)


def upgrade() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("comment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("paragraph_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("place", sa.String(length=24), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("is_team_only", sa.Boolean(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=True),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.Column("read_by", sa.Integer(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("first_answered_at", sa.DateTime(), nullable=True),
        sa.Column("answer_days", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_ledger_entry_{column}_{table}")
            )
            for column, table in (
                ("comment_id", "comment"),
                ("unit_id", "unit"),
                ("consultation_id", "consultation"),
                ("document_id", "document"),
                ("paragraph_id", "paragraph"),
                ("read_by", "person"),
                ("assignee_id", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_ledger_entry")),
    )
    for name, *columns in ON_DESK:
        op.create_index(
            f"ix_ledger_entry_{name}",
            "ledger_entry",
            columns,
            sqlite_where=sa.text("is_shown = 1"),
            postgresql_where=sa.text("is_shown"),
        )
    op.create_index("ix_ledger_entry_took", "ledger_entry", ["document_id", "answer_days"])
    op.execute(ENTER)


# What stands in the data already: what was shown once has a place. Who read it is not known; what was answered was
# read. How many working days a first answer took is counted by `consult recount`, which needs a calendar.
ENTER = """
INSERT INTO ledger_entry (
    comment_id, unit_id, consultation_id, document_id, paragraph_id, kind, place, is_shown, is_team_only, waits,
    since, asked_at, read_at, first_answered_at)
SELECT c.id, k.unit_id, k.id, c.document_id, c.paragraph_id, c.kind,
    CASE WHEN c.answered_at IS NULL THEN 'new' ELSE 'answered' END,
    c.state IN ('published', 'received'), c.is_team_only,
    c.kind = 'question' AND c.answered_at IS NULL AND c.state IN ('published', 'received')
        AND k.stage IN ('early_idea', 'open', 'analysing'),
    c.created_at, CASE WHEN c.kind = 'question' THEN c.created_at END, c.answered_at, c.answered_at
FROM comment c JOIN document d ON d.id = c.document_id JOIN consultation k ON k.id = d.consultation_id
WHERE (c.parent_id IS NULL OR c.kind = 'question')
    AND (c.state IN ('published', 'received') OR c.was_published)
"""


def downgrade() -> None:
    op.drop_table("ledger_entry")
    # the release before knows two kinds: what else somebody called it, was a comment there
    for table in ("comment", "unsent_comment"):
        op.execute(f"UPDATE {table} SET kind = 'comment' WHERE kind NOT IN ('comment', 'question')")
