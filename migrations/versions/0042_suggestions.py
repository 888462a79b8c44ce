"""Changes to the toolkit that people suggest, and what they have begun to write for it."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

WAITS = sa.text("settled_at IS NULL")
OF_SUGGESTIONS = {
    "page_id": "toolkit_page",
    "author_id": "person",
    "settled_by": "person",
    "revision_id": "toolkit_revision",
}
OF_UNSAVED = {"person_id": "person", "page_id": "toolkit_page", "suggestion_id": "toolkit_suggestion"}


def _keys(name: str, columns: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_{name}_{column}_{table}")
        for column, table in columns.items()
    ]


def upgrade() -> None:
    with op.batch_alter_table("toolkit_revision") as revisions:
        revisions.add_column(sa.Column("suggester_id", sa.Integer(), nullable=True))
        revisions.create_foreign_key(
            "fk_toolkit_revision_suggester_id_person", "person", ["suggester_id"], ["id"]
        )
    op.create_index("ix_toolkit_revision_suggester_id", "toolkit_revision", ["suggester_id"])
    op.create_table(
        "toolkit_suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("shelf", sa.String(24), nullable=True),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("summary", sa.String(240), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("signs", sa.String(60), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("word", sa.String(500), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("once", sa.String(40), nullable=True),
        *_keys("toolkit_suggestion", OF_SUGGESTIONS),
        sa.PrimaryKeyConstraint("id", name="pk_toolkit_suggestion"),
        sa.UniqueConstraint("key", name="uq_toolkit_suggestion_key"),
        sa.UniqueConstraint("once", name="uq_toolkit_suggestion_once"),
    )
    op.create_index(
        "ix_toolkit_suggestion_waiting",
        "toolkit_suggestion",
        ["id"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.create_index("ix_toolkit_suggestion_page", "toolkit_suggestion", ["page_id", "settled_at"])
    op.create_index("ix_toolkit_suggestion_author", "toolkit_suggestion", ["author_id", "id"])
    op.create_index("ix_toolkit_suggestion_settled_at", "toolkit_suggestion", ["settled_at"])
    op.create_table(
        "toolkit_unsaved",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("use", sa.String(24), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=True),
        sa.Column("suggestion_id", sa.Integer(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        *_keys("toolkit_unsaved", OF_UNSAVED),
        sa.PrimaryKeyConstraint("id", name="pk_toolkit_unsaved"),
        sa.UniqueConstraint("key", name="uq_toolkit_unsaved_key"),
        sa.UniqueConstraint("person_id", "place", name="uq_toolkit_unsaved_person_id_place"),
    )
    for column in ("page_id", "suggestion_id", "updated_at"):
        op.create_index(f"ix_toolkit_unsaved_{column}", "toolkit_unsaved", [column])


def downgrade() -> None:
    op.drop_table("toolkit_unsaved")
    op.drop_table("toolkit_suggestion")
    op.drop_index("ix_toolkit_revision_suggester_id", "toolkit_revision")
    with op.batch_alter_table("toolkit_revision") as revisions:
        revisions.drop_constraint("fk_toolkit_revision_suggester_id_person", type_="foreignkey")
        revisions.drop_column("suggester_id")
