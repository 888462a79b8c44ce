"""Texts of comments that are sealed, and who may open them."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("comment") as table:
        table.add_column(sa.Column("is_sealed", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("comment") as table:
        table.alter_column("is_sealed", server_default=None)
    op.create_table(
        "seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(24), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(), nullable=True),
        sa.Column("lifting_asked_by", sa.Integer(), nullable=True),
        sa.Column("lifting_asked_at", sa.DateTime(), nullable=True),
        sa.Column("over_at", sa.DateTime(), nullable=True),
        sa.Column("over_by", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_seal_organisation_id_organisation"
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_seal_comment_id_comment"),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name="fk_seal_asked_by_person"),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name="fk_seal_agreed_by_person"),
        sa.ForeignKeyConstraint(["lifting_asked_by"], ["person.id"], name="fk_seal_lifting_asked_by_person"),
        sa.ForeignKeyConstraint(["over_by"], ["person.id"], name="fk_seal_over_by_person"),
        sa.PrimaryKeyConstraint("id", name="pk_seal"),
    )
    op.create_index("ix_seal_open", "seal", ["organisation_id", "over_at", "id"])
    op.create_index("ix_seal_comment", "seal", ["comment_id"])
    op.create_table(
        "seal_reader",
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seal_id"], ["seal.id"], name="fk_seal_reader_seal_id_seal"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_seal_reader_person_id_person"),
        sa.PrimaryKeyConstraint("seal_id", "person_id", name="pk_seal_reader"),
    )


def downgrade() -> None:
    op.drop_table("seal_reader")
    op.drop_table("seal")
    with op.batch_alter_table("comment") as table:
        table.drop_column("is_sealed")
