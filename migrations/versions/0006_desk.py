"""The desk: points, acts that can be undone for a while, and the indexes of its list."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ON_DESK = (
    ("assignee", ("assignee_id", "unit_id", "place", "since", "comment_id"), "", ""),
    (
        "nobody",
        ("unit_id", "waits", "since", "comment_id"),
        " AND waits = 1 AND assignee_id IS NULL",
        " AND waits AND assignee_id IS NULL",
    ),
    ("team", ("unit_id", "is_team_only", "since", "comment_id"), " AND is_team_only = 1", " AND is_team_only"),
    ("paragraph_waits", ("paragraph_id", "waits", "since", "comment_id"), "", ""),
    ("consultation_place", ("consultation_id", "place", "since", "comment_id"), "", ""),
)


def _index(name: str, columns: tuple[str, ...], on_sqlite: str = "", on_postgresql: str = "") -> None:
    op.create_index(
        f"ix_ledger_entry_{name}",
        "ledger_entry",
        list(columns),
        sqlite_where=sa.text(f"is_shown = 1{on_sqlite}"),
        postgresql_where=sa.text(f"is_shown{on_postgresql}"),
    )


def upgrade() -> None:
    op.drop_index("ix_ledger_entry_assignee", "ledger_entry")
    for index in ON_DESK:
        _index(*index)
    op.create_table(
        "point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_point_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_point_created_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point")),
        sa.UniqueConstraint("consultation_id", "title", name=op.f("uq_point_consultation_id_title")),
        sa.UniqueConstraint("key", name=op.f("uq_point_key")),
    )
    op.create_table(
        "point_comment",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["point_id"], ["point.id"], name=op.f("fk_point_comment_point_id_point")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_point_comment_comment_id_comment")
        ),
        sa.PrimaryKeyConstraint("point_id", "comment_id", name=op.f("pk_point_comment")),
    )
    op.create_index(op.f("ix_point_comment_comment_id"), "point_comment", ["comment_id"])
    op.create_table(
        "desk_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_desk_act_actor_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_act")),
        sa.UniqueConstraint("key", name=op.f("uq_desk_act_key")),
    )
    op.create_index("ix_desk_act_actor", "desk_act", ["actor_id", "at", "id"])
    op.create_table(
        "desk_item",
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["desk_act.id"], name=op.f("fk_desk_item_act_id_desk_act")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_desk_item_comment_id_comment")
        ),
        sa.PrimaryKeyConstraint("act_id", "comment_id", name=op.f("pk_desk_item")),
    )
    op.create_index(op.f("ix_desk_item_comment_id"), "desk_item", ["comment_id"])


def downgrade() -> None:
    for table in ("desk_item", "desk_act", "point_comment", "point"):
        op.drop_table(table)
    for name, *_rest in ON_DESK:
        op.drop_index(f"ix_ledger_entry_{name}", "ledger_entry")
    _index("assignee", ("assignee_id", "since", "comment_id"))
