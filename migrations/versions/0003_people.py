"""Guests, sessions, second steps, invitations; comments kept, sent to the team, on behalf of others, by other ways."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("refused_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_address")),
    )
    with op.batch_alter_table("refused_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refused_address_digest"), ["digest"], unique=False)

    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identity_issuer_subject")),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_person_id"), ["person_id"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("credential", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_person_id"), ["person_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_person_id"), ["person_id"], unique=False)

    op.create_table(
        "signed_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("proved_at", sa.DateTime(), nullable=False),
        sa.Column("second_step_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signed_in_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_in")),
        sa.UniqueConstraint("digest", name=op.f("uq_signed_in_digest")),
    )
    with op.batch_alter_table("signed_in", schema=None) as batch_op:
        batch_op.create_index("ix_signed_in_person", ["person_id", "ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_signed_in_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "equality_tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=24), nullable=False),
        sa.Column("answer", sa.String(length=24), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_equality_tally_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equality_tally")),
        sa.UniqueConstraint(
            "consultation_id",
            "question",
            "answer",
            name=op.f("uq_equality_tally_consultation_id_question_answer"),
        ),
    )
    with op.batch_alter_table("equality_tally", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_equality_tally_consultation_id"), ["consultation_id"], unique=False
        )

    op.create_table(
        "equality_key",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_equality_key")),
    )
    with op.batch_alter_table("equality_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_equality_key_day"), ["day"], unique=False)

    op.create_table(
        "comment_citation",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("paragraph_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_citation_comment_id_comment")
        ),
        sa.ForeignKeyConstraint(
            ["paragraph_id"], ["paragraph.id"], name=op.f("fk_comment_citation_paragraph_id_paragraph")
        ),
        sa.PrimaryKeyConstraint("comment_id", "paragraph_id", name=op.f("pk_comment_citation")),
    )
    with op.batch_alter_table("comment_citation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_citation_paragraph_id"), ["paragraph_id"], unique=False)

    op.create_table(
        "team_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_title", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("once", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_team_reply_author_id_person")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_team_reply_comment_id_comment")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_team_reply_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_reply")),
        sa.UniqueConstraint("author_id", "once", name=op.f("uq_team_reply_author_id_once")),
        sa.UniqueConstraint("key", name=op.f("uq_team_reply_key")),
    )
    with op.batch_alter_table("team_reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_reply_comment_id"), ["comment_id"], unique=False)

    op.create_table(
        "unsent_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("paragraph_id", sa.Integer(), nullable=False),
        sa.Column("parent_key", sa.String(length=12), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_letter", sa.Boolean(), nullable=False),
        sa.Column("cites", sa.Text(), nullable=False),
        sa.Column("is_team_only", sa.Boolean(), nullable=False),
        sa.Column("confidential_reason", sa.String(length=500), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=120), nullable=False),
        sa.Column("on_behalf_kind", sa.String(length=24), nullable=True),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_unsent_comment_comment_id_comment")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_unsent_comment_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["paragraph_id"], ["paragraph.id"], name=op.f("fk_unsent_comment_paragraph_id_paragraph")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_unsent_comment_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent_comment")),
        sa.UniqueConstraint("key", name=op.f("uq_unsent_comment_key")),
    )
    with op.batch_alter_table("unsent_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unsent_comment_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index("ix_unsent_comment_holder", ["holder", "updated_at"], unique=False)
        batch_op.create_index("ix_unsent_comment_person", ["person_id", "updated_at"], unique=False)

    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_team_only", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("confidential_reason", sa.String(length=500), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("on_behalf_of", sa.String(length=120), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("on_behalf_kind", sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column("is_letter", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("is_late", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("channel", sa.String(length=24), nullable=False, server_default="web"))
        batch_op.add_column(sa.Column("received_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("source", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("recorded_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("terms", sa.String(length=12), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            batch_op.f("fk_comment_recorded_by_person"), "person", ["recorded_by"], ["id"]
        )

    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("asks_equality", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("team_count", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("team_count", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("role_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_one_time_link_role_id_role"), "role", ["role_id"], ["id"])

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_guest", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column("pending_email", sa.String(length=254), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("totp_secret", sa.String(length=300), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("totp_step", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("totp_set_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("last_signed_in_at", sa.DateTime(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_person_email"), type_="unique")
        batch_op.create_index(batch_op.f("ix_person_email"), ["email"], unique=False)
        batch_op.create_index(
            "uq_person_account",
            ["email"],
            unique=True,
            sqlite_where=sa.text("is_guest = 0 AND email != ''"),
            postgresql_where=sa.text("NOT is_guest AND email != ''"),
        )

    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.add_column(sa.Column("granted_by", sa.String(length=24), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("invited_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("accepted_at", sa.DateTime(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_role_invited_by_person"), "person", ["invited_by"], ["id"])
    op.execute("UPDATE role SET accepted_at = created_at")  # until now a part counted from when it was given

    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mail_received_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("backed_up_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("restored_at", sa.DateTime(), nullable=True))

    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retention_months", sa.Integer(), nullable=True))


def downgrade() -> None:
    # Before, every address stood once: those of guests give way, as do invitations that nobody has accepted.
    op.execute("UPDATE person SET email = 'guest-' || id || '@invalid' WHERE is_guest OR email = ''")
    op.execute("UPDATE role SET ended_at = created_at WHERE accepted_at IS NULL AND ended_at IS NULL")
    op.execute("UPDATE comment SET state = 'returned' WHERE state = 'received'")
    op.execute("UPDATE decision SET before = 'returned' WHERE before = 'received'")
    op.execute("UPDATE decision SET after = 'returned' WHERE after = 'received'")
    op.execute(
        "DELETE FROM one_time_link WHERE purpose IN "
        "('confirm_comment', 'guest_return', 'change_email', 'invitation', 'mail_received', 'passkey')"
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_column("retention_months")

    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_column("restored_at")
        batch_op.drop_column("backed_up_at")
        batch_op.drop_column("mail_received_at")

    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_role_invited_by_person"), type_="foreignkey")
        batch_op.drop_column("accepted_at")
        batch_op.drop_column("invited_by")
        batch_op.drop_column("granted_by")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_person_account",
            sqlite_where=sa.text("is_guest = 0 AND email != ''"),
            postgresql_where=sa.text("NOT is_guest AND email != ''"),
        )
        batch_op.drop_index(batch_op.f("ix_person_email"))
        batch_op.create_unique_constraint(batch_op.f("uq_person_email"), ["email"])
        batch_op.drop_column("last_signed_in_at")
        batch_op.drop_column("closed_at")
        batch_op.drop_column("totp_set_at")
        batch_op.drop_column("totp_step")
        batch_op.drop_column("totp_secret")
        batch_op.drop_column("pending_email")
        batch_op.drop_column("is_guest")

    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_one_time_link_role_id_role"), type_="foreignkey")
        batch_op.drop_column("role_id")

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_column("team_count")

    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.drop_column("team_count")
        batch_op.drop_column("asks_equality")

    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_comment_recorded_by_person"), type_="foreignkey")
        batch_op.drop_column("terms")
        batch_op.drop_column("recorded_by")
        batch_op.drop_column("source")
        batch_op.drop_column("received_on")
        batch_op.drop_column("channel")
        batch_op.drop_column("is_late")
        batch_op.drop_column("is_letter")
        batch_op.drop_column("on_behalf_kind")
        batch_op.drop_column("on_behalf_of")
        batch_op.drop_column("confidential_reason")
        batch_op.drop_column("is_team_only")

    with op.batch_alter_table("unsent_comment", schema=None) as batch_op:
        batch_op.drop_index("ix_unsent_comment_person")
        batch_op.drop_index("ix_unsent_comment_holder")
        batch_op.drop_index(batch_op.f("ix_unsent_comment_comment_id"))

    op.drop_table("unsent_comment")
    with op.batch_alter_table("team_reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_reply_comment_id"))

    op.drop_table("team_reply")
    with op.batch_alter_table("comment_citation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_citation_paragraph_id"))

    op.drop_table("comment_citation")
    with op.batch_alter_table("equality_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_equality_key_day"))

    op.drop_table("equality_key")
    with op.batch_alter_table("equality_tally", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_equality_tally_consultation_id"))

    op.drop_table("equality_tally")
    with op.batch_alter_table("signed_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signed_in_seen_at"))
        batch_op.drop_index("ix_signed_in_person")

    op.drop_table("signed_in")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_person_id"))

    op.drop_table("recovery_code")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_person_id"))

    op.drop_table("passkey")
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_person_id"))

    op.drop_table("identity")
    with op.batch_alter_table("refused_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refused_address_digest"))

    op.drop_table("refused_address")
