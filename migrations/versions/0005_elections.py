"""The time before an election; an extension because of one; a promise to answer at the end."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "election",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_election_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_election_created_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_election")),
    )
    with op.batch_alter_table("election", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_election_organisation_id_election_last_day"), ["organisation_id", "last_day"], unique=False
        )

    op.create_table(
        "election_switch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("effect", sa.String(length=24), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("wording", sa.String(length=500), nullable=False),
        sa.Column("by_days", sa.Integer(), nullable=True),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["election_id"], ["election.id"], name=op.f("fk_election_switch_election_id_election")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_election_switch")),
        sa.UniqueConstraint("election_id", "effect", name=op.f("uq_election_switch_election_id_effect")),
    )

    with op.batch_alter_table("consultation_extension", schema=None) as batch_op:
        batch_op.add_column(sa.Column("election_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_consultation_extension_election_id"), ["election_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_consultation_extension_election_id_election"), "election", ["election_id"], ["id"]
        )

    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_outcome", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("held_outcome_html", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.alter_column("held_outcome", server_default=None)
        batch_op.alter_column("held_outcome_html", server_default=None)

    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.alter_column("promise_days", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Take it back. A unit that answers at the end gets the usual number of days: the column could not be empty."""
    op.execute("UPDATE unit SET promise_days = 5 WHERE promise_days IS NULL")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.alter_column("promise_days", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.drop_column("held_outcome_html")
        batch_op.drop_column("held_outcome")
    with op.batch_alter_table("consultation_extension", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_consultation_extension_election_id_election"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_consultation_extension_election_id"))
        batch_op.drop_column("election_id")
    op.drop_table("election_switch")
    with op.batch_alter_table("election", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_election_organisation_id_election_last_day"))
    op.drop_table("election")
