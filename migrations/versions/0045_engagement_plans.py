"""The engagement plan of a consultation, the guidance it followed, and an organisation's own minimum of weeks."""

from itertools import count

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def _keys(table: str, columns: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")
        for column, to in columns.items()
    ]


def _make_room() -> None:
    """Give documents another address that have the plan's: nobody would reach them any more."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, consultation_id FROM document WHERE slug = 'plan'")).all()
    for document_id, consultation_id in rows:
        theirs = sa.text("SELECT slug FROM document WHERE consultation_id = :of")
        taken = set(connection.execute(theirs, {"of": consultation_id}).scalars())
        free = next(name for number in count(2) if (name := f"plan-{number}") not in taken)
        renamed = sa.text("UPDATE document SET slug = :free, stamp = stamp + 1 WHERE id = :id")
        connection.execute(renamed, {"free": free, "id": document_id})


def upgrade() -> None:
    _make_room()
    op.create_table(
        "plan_answer",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        *_keys("plan_answer", {"consultation_id": "consultation", "answered_by": "person"}),
        sa.PrimaryKeyConstraint("consultation_id", "question", name="pk_plan_answer"),
    )
    op.create_table(
        "plan_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(24), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        *_keys("plan_change", {"consultation_id": "consultation", "changed_by": "person"}),
        sa.PrimaryKeyConstraint("id", name="pk_plan_change"),
    )
    op.create_index("ix_plan_change_consultation_id", "plan_change", ["consultation_id"])
    op.create_table(
        "guidance_followed",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(200), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        *_keys(
            "guidance_followed",
            {"consultation_id": "consultation", "page_id": "toolkit_page", "noted_by": "person"},
        ),
        sa.PrimaryKeyConstraint("consultation_id", "page_id", name="pk_guidance_followed"),
    )
    op.create_index("ix_guidance_followed_page_id", "guidance_followed", ["page_id"])
    with op.batch_alter_table("organisation") as table:
        table.add_column(sa.Column("minimum_weeks", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("organisation") as table:
        table.drop_column("minimum_weeks")
    for table_name in ("guidance_followed", "plan_change", "plan_answer"):
        op.drop_table(table_name)
