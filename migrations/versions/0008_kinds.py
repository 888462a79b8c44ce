"""What comments are called: words to put instead, and marks as a question by others than their author."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _words() -> sa.Column[str]:
    return sa.Column("replacement", sa.Text(), server_default="", nullable=False)


def _words_html() -> sa.Column[str]:
    return sa.Column("replacement_html", sa.Text(), server_default="", nullable=False)


def upgrade() -> None:
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind_before", sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column("marked_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("marked_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("marked_as", sa.String(length=24), nullable=True))
        batch_op.add_column(
            sa.Column("is_no_question", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(_words())
        batch_op.add_column(_words_html())
        batch_op.create_foreign_key(
            batch_op.f("fk_comment_marked_by_person"), "person", ["marked_by"], ["id"]
        )
    with op.batch_alter_table("unsent_comment", schema=None) as batch_op:
        batch_op.add_column(_words())
    with op.batch_alter_table("comment_wording", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=24), nullable=True))
        batch_op.add_column(_words())
        batch_op.add_column(_words_html())
    with op.batch_alter_table("comment_correction", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=24), server_default="comment", nullable=False))
        batch_op.add_column(_words())
        batch_op.add_column(_words_html())
    # a correction that waits says nothing new of what the comment is
    op.execute(
        "UPDATE comment_correction SET kind = (SELECT c.kind FROM comment c WHERE c.id = comment_correction.comment_id)"
    )
    _without_defaults()


def _without_defaults() -> None:
    """Take the defaults off again, which only the rows of before needed: the application says what is stored."""
    for table, columns in {
        "comment": ("is_no_question", "replacement", "replacement_html"),
        "unsent_comment": ("replacement",),
        "comment_wording": ("replacement", "replacement_html"),
        "comment_correction": ("kind", "replacement", "replacement_html"),
    }.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    """What others marked as a question stays one: the release before knows no other way to say that it waits."""
    with op.batch_alter_table("comment_correction", schema=None) as batch_op:
        for column in ("replacement_html", "replacement", "kind"):
            batch_op.drop_column(column)
    with op.batch_alter_table("comment_wording", schema=None) as batch_op:
        for column in ("replacement_html", "replacement", "kind"):
            batch_op.drop_column(column)
    with op.batch_alter_table("unsent_comment", schema=None) as batch_op:
        batch_op.drop_column("replacement")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_comment_marked_by_person"), type_="foreignkey")
        for column in (
            *("replacement_html", "replacement", "is_no_question"),
            *("marked_as", "marked_by", "marked_at", "kind_before"),
        ):
            batch_op.drop_column(column)
