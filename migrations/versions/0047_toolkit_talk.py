"""The talk about pages of the toolkit: what carries it, on which document it stands, which of it editors wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("consultation") as table:
        table.add_column(sa.Column("is_toolkit", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("comment") as table:
        table.add_column(sa.Column("by_editor", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "toolkit_talk",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["toolkit_page.id"], name="fk_toolkit_talk_page_id_toolkit_page"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_toolkit_talk_document_id_document"
        ),
        sa.PrimaryKeyConstraint("page_id", name="pk_toolkit_talk"),
        sa.UniqueConstraint("document_id", name="uq_toolkit_talk_document_id"),
    )


def downgrade() -> None:
    op.drop_table("toolkit_talk")
    with op.batch_alter_table("comment") as table:
        table.drop_column("by_editor")
    with op.batch_alter_table("consultation") as table:
        table.drop_column("is_toolkit")
