"""How many comments come in each hour, the waves there were, and who is told of them."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "document_hour",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("arrived_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_hour_document_id_document")
        ),
        sa.PrimaryKeyConstraint("document_id", "hour", name=op.f("pk_document_hour")),
    )
    op.create_table(
        "wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("most", sa.Double(), nullable=False),
        sa.Column("usual", sa.Double(), nullable=False),
        sa.Column("is_launch", sa.Boolean(), nullable=False),
        sa.Column("welcomed_at", sa.DateTime(), nullable=True),
        sa.Column("welcomed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_wave_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_wave_document_id_document")
        ),
        sa.ForeignKeyConstraint(["welcomed_by"], ["person.id"], name=op.f("fk_wave_welcomed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sa.UniqueConstraint("key", name=op.f("uq_wave_key")),
    )
    with op.batch_alter_table("wave") as batch:
        batch.create_index(
            "uq_wave_open", ["document_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        )
        batch.create_index("ix_wave_organisation", ["organisation_id", "ended_at"])
        batch.create_index("ix_wave_latest", ["document_id", "id"])
    with op.batch_alter_table("hold_rules") as batch:
        batch.add_column(sa.Column("wave", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("decision") as batch:  # the names of all holds together are longer now
        batch.alter_column(
            "rule", existing_type=sa.String(40), type_=sa.String(60), existing_nullable=False
        )
    with op.batch_alter_table("person") as batch:
        batch.add_column(
            sa.Column("wants_wave_mail", sa.Boolean(), nullable=False, server_default=sa.true())
        )


def downgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.drop_column("wants_wave_mail")
    with op.batch_alter_table("decision") as batch:
        batch.alter_column(
            "rule", existing_type=sa.String(60), type_=sa.String(40), existing_nullable=False
        )
    with op.batch_alter_table("hold_rules") as batch:
        batch.drop_column("wave")
    op.drop_table("wave")
    op.drop_table("document_hour")
