"""Matches that people confirm, paragraphs that split and join, misprints, withdrawals, and events about them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("paragraph_id", sa.Integer(), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_confirmation_confirmed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_confirmation_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["paragraph_id"], ["paragraph.id"], name=op.f("fk_confirmation_paragraph_id_paragraph")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
    )
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_confirmation_document_id_confirmation_version_number"),
            ["document_id", "version_number"],
            unique=False,
        )

    op.create_table(
        "erratum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("source_before", sa.Text(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(), nullable=False),
        sa.Column("corrected_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["corrected_by"], ["person.id"], name=op.f("fk_erratum_corrected_by_person")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_erratum_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erratum")),
    )
    with op.batch_alter_table("erratum", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erratum_version_id"), ["version_id"], unique=False)

    op.create_table(
        "paragraph_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("paragraph_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=12), nullable=False),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("mailed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["paragraph_id"], ["paragraph.id"], name=op.f("fk_paragraph_event_paragraph_id_paragraph")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_paragraph_event_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_paragraph_event_version_id_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paragraph_event")),
    )
    with op.batch_alter_table("paragraph_event", schema=None) as batch_op:
        batch_op.create_index("ix_paragraph_event_person", ["person_id", "id"], unique=False)
        batch_op.create_index("ix_paragraph_event_unmailed", ["mailed_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paragraph_event_version_id"), ["version_id"], unique=False)

    op.create_table(
        "misprint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("erratum_id", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_misprint_block_id_block")),
        sa.ForeignKeyConstraint(["erratum_id"], ["erratum.id"], name=op.f("fk_misprint_erratum_id_erratum")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misprint")),
    )
    with op.batch_alter_table("misprint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_misprint_block_id"), ["block_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_misprint_erratum_id"), ["erratum_id"], unique=False)

    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.String(length=16), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("relation", sa.String(length=12), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("came_after", sa.String(length=16), nullable=True))

    with op.batch_alter_table("paragraph", schema=None) as batch_op:
        batch_op.add_column(sa.Column("home_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("split_from_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_paragraph_home_id"), ["home_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paragraph_split_from_id"), ["split_from_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_paragraph_split_from_id_paragraph"), "paragraph", ["split_from_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_paragraph_home_id_paragraph"), "paragraph", ["home_id"], ["id"]
        )

    with op.batch_alter_table("version", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_renumbered", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("restored_from", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("withdrawn_why", sa.String(length=500), nullable=False, server_default="")
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_version_withdrawn_by_person"), "person", ["withdrawn_by"], ["id"]
        )

    fill_blocks()
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.alter_column("number", server_default=None)
        batch_op.alter_column("relation", server_default=None)
    with op.batch_alter_table("version", schema=None) as batch_op:
        batch_op.alter_column("is_renumbered", server_default=None)
        batch_op.alter_column("withdrawn_why", server_default=None)


def fill_blocks() -> None:
    """Until now a paragraph had one number in all versions, and what a version did to it stood in the lineage."""
    op.execute(
        "UPDATE block SET number = (SELECT paragraph.number FROM paragraph WHERE paragraph.id = block.paragraph_id)"
    )
    op.execute(
        "UPDATE block SET relation = coalesce((SELECT lineage.relation FROM lineage"
        " WHERE lineage.to_version_id = block.version_id AND lineage.to_paragraph_id = block.paragraph_id),"
        " CASE WHEN is_removed THEN 'removed' ELSE '' END)"
    )


def downgrade() -> None:
    with op.batch_alter_table("version", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_version_withdrawn_by_person"), type_="foreignkey")
        batch_op.drop_column("withdrawn_why")
        batch_op.drop_column("withdrawn_by")
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("restored_from")
        batch_op.drop_column("is_renumbered")

    with op.batch_alter_table("paragraph", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_paragraph_home_id_paragraph"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_paragraph_split_from_id_paragraph"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_paragraph_split_from_id"))
        batch_op.drop_index(batch_op.f("ix_paragraph_home_id"))
        batch_op.drop_column("split_from_id")
        batch_op.drop_column("home_id")

    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.drop_column("came_after")
        batch_op.drop_column("relation")
        batch_op.drop_column("number")

    with op.batch_alter_table("misprint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_misprint_erratum_id"))
        batch_op.drop_index(batch_op.f("ix_misprint_block_id"))

    op.drop_table("misprint")
    with op.batch_alter_table("paragraph_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paragraph_event_version_id"))
        batch_op.drop_index("ix_paragraph_event_unmailed")
        batch_op.drop_index("ix_paragraph_event_person")

    op.drop_table("paragraph_event")
    with op.batch_alter_table("erratum", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_erratum_version_id"))

    op.drop_table("erratum")
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_confirmation_document_id_confirmation_version_number"))

    op.drop_table("confirmation")
