"""Following by mail: followers, what they follow, what happened, digests; mails that get their words when they leave."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pace", sa.String(length=24), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("followers_up_to", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("pace", "period", name=op.f("uq_digest_pace_period")),
    )
    op.create_table(
        "follower",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("browser", sa.String(length=40), nullable=False),
        sa.Column("asked_since", sa.DateTime(), nullable=True),
        sa.Column("asked_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follower_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follower")),
        sa.UniqueConstraint("key", name=op.f("uq_follower_key")),
        sa.UniqueConstraint("person_id", name=op.f("uq_follower_person_id")),
    )
    with op.batch_alter_table("follower", schema=None) as batch_op:
        batch_op.create_index(
            "uq_follower_address",
            ["email"],
            unique=True,
            sqlite_where=sa.text("email != ''"),
            postgresql_where=sa.text("email != ''"),
        )

    op.create_table(
        "follow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("follower_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("pace", sa.String(length=24), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("told_up_to", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.Column("since", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_follow_author_id_person")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_follow_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["follower.id"], name=op.f("fk_follow_follower_id_follower")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint(
            "follower_id", "what", "target_id", name=op.f("uq_follow_follower_id_what_target_id")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_follow_key")),
    )
    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            "ix_follow_consultation", ["consultation_id", "pace", "follower_id"], unique=False
        )
        batch_op.create_index(
            "ix_follow_left",
            ["left_at"],
            unique=False,
            sqlite_where=sa.text("left_at IS NOT NULL"),
            postgresql_where=sa.text("left_at IS NOT NULL"),
        )
        batch_op.create_index("ix_follow_pace", ["pace", "follower_id"], unique=False)
        batch_op.create_index("ix_follow_target", ["what", "target_id", "pace", "follower_id"], unique=False)
        batch_op.create_index(
            "ix_follow_unconfirmed",
            ["created_at"],
            unique=False,
            sqlite_where=sa.text("confirmed_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL"),
        )

    op.create_table(
        "happening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("response_id", sa.Integer(), nullable=True),
        sa.Column("page_id", sa.Integer(), nullable=True),
        sa.Column("authors_up_to", sa.Integer(), nullable=False),
        sa.Column("followers_up_to", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_happening_comment_id_comment")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_happening_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_happening_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_happening_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["page_id"], ["toolkit_page.id"], name=op.f("fk_happening_page_id_toolkit_page")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_happening_response_id_response")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_happening_unit_id_unit")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_happening_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_happening")),
        sa.UniqueConstraint("turn", name=op.f("uq_happening_turn")),
    )
    with op.batch_alter_table("happening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_happening_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_happening_version_id"), ["version_id"], unique=False)
        batch_op.create_index(
            "ix_happening_waiting",
            ["at", "id"],
            unique=False,
            sqlite_where=sa.text("turn IS NULL"),
            postgresql_where=sa.text("turn IS NULL"),
        )

    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("follower_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("tells", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("thread", sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("unit_name", sa.String(length=120), nullable=False, server_default=""))
        batch_op.create_index(
            "ix_outbox_mail_direct",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("follower_id IS NULL AND sent_at IS NULL AND dead_at IS NULL"),
            postgresql_where=sa.text("follower_id IS NULL AND sent_at IS NULL AND dead_at IS NULL"),
        )
        batch_op.create_index(
            "ix_outbox_mail_dead",
            ["id"],
            unique=False,
            sqlite_where=sa.text("dead_at IS NOT NULL"),
            postgresql_where=sa.text("dead_at IS NOT NULL"),
        )
        batch_op.create_index("ix_outbox_mail_follower", ["follower_id", "created_at"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_outbox_mail_follower_id_follower"), "follower", ["follower_id"], ["id"]
        )
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        for name in ("tells", "thread", "unit_name"):
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    """Mails to followers that wait have no words yet: an earlier release could not send them."""
    op.execute("DELETE FROM outbox_mail WHERE tells != ''")
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outbox_mail_follower_id_follower"), type_="foreignkey")
        batch_op.drop_index("ix_outbox_mail_follower")
        batch_op.drop_index("ix_outbox_mail_direct")
        batch_op.drop_index(
            "ix_outbox_mail_dead",
            sqlite_where=sa.text("dead_at IS NOT NULL"),
            postgresql_where=sa.text("dead_at IS NOT NULL"),
        )
        batch_op.drop_column("unit_name")
        batch_op.drop_column("thread")
        batch_op.drop_column("tells")
        batch_op.drop_column("follower_id")

    with op.batch_alter_table("happening", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_happening_waiting",
            sqlite_where=sa.text("turn IS NULL"),
            postgresql_where=sa.text("turn IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_happening_version_id"))
        batch_op.drop_index(batch_op.f("ix_happening_comment_id"))

    op.drop_table("happening")
    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_follow_unconfirmed",
            sqlite_where=sa.text("confirmed_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL"),
        )
        batch_op.drop_index("ix_follow_target")
        batch_op.drop_index("ix_follow_pace")
        batch_op.drop_index(
            "ix_follow_left",
            sqlite_where=sa.text("left_at IS NOT NULL"),
            postgresql_where=sa.text("left_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_follow_consultation")
        batch_op.drop_index(batch_op.f("ix_follow_author_id"))

    op.drop_table("follow")
    with op.batch_alter_table("follower", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_follower_address",
            sqlite_where=sa.text("email != ''"),
            postgresql_where=sa.text("email != ''"),
        )

    op.drop_table("follower")
    op.drop_table("digest")
