"""What people are told: events about what they said, and the outbox, written in the transaction of the act.

A mail leaves from the outbox; an event is read in the account.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.extensions import Model


class OutboxMail(Model):
    """One mail to one address. `browser` is set in a demonstration alone: whose act caused it.

    A mail is due when `sent_at` and `dead_at` are empty and `due_at` has passed; `leased_until` keeps two
    dispatchers from sending it twice.
    """

    __table_args__ = (Index("ix_outbox_mail_due", "sent_at", "dead_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    browser: Mapped[str] = mapped_column(String(40), default="", index=True)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    is_test: Mapped[bool] = mapped_column(default=False)  # once delivered, the site knows that mail works
    last_error: Mapped[str] = mapped_column(String(200), default="")


class ParagraphEvent(Model):
    """A version changed a paragraph on which a person has a published comment: one row a person and paragraph.

    `relation` is what the version did to it (documents.models.Relation). `mailed_at` is for a mail of its own.
    """

    __table_args__ = (
        Index("ix_paragraph_event_person", "person_id", "id"),
        Index("ix_paragraph_event_unmailed", "mailed_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    paragraph_id: Mapped[int] = mapped_column(ForeignKey("paragraph.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), index=True)
    relation: Mapped[str] = mapped_column(String(12))
    comment_count: Mapped[int] = mapped_column(default=1)  # how many comments this person has on it
    created_at: Mapped[datetime]
    mailed_at: Mapped[datetime | None]
