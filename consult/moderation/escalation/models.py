"""Whom an organisation names for comments behind which somebody may be in danger, and what was passed on to them."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.discussion.models import Comment
from consult.extensions import Model


class Danger(enum.Enum):
    """Why a comment is passed on."""

    LIFE = "life"  # somebody's life is threatened, the author's or another's
    DISTRESS = "distress"
    SAFEGUARDING = "safeguarding"  # a child, or an adult at risk, may be harmed or neglected


class NamedPerson(Model):
    """Who is told in an organisation, by mail. `hours` says in words when they read; `is_public` whom everybody reads of."""

    __tablename__ = "escalation_contact"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254))
    hours: Mapped[str] = mapped_column(String(200))
    is_public: Mapped[bool]
    named_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime]


class Escalation(Model):
    """One comment that was passed on. Open while neither `taken_back_at` nor `closed_at` is set; at most one of a comment.

    `told_email` is where the link went, and empty once it opens nothing any more; `told_name` stays. `reply` is what
    somebody wrote to the comment's author: the named person where `replied_by` is None.
    """

    __table_args__ = (
        Index("ix_escalation_open", "organisation_id", "closed_at", "taken_back_at", "id"),
        Index("ix_escalation_comment", "comment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    danger: Mapped[Danger]
    note: Mapped[str] = mapped_column(String(500), default="")  # of the moderator, for the named person alone
    passed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    passed_at: Mapped[datetime]
    told_name: Mapped[str] = mapped_column(String(80))
    told_email: Mapped[str] = mapped_column(String(254))
    seen_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None]
    replied_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_back_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    comment: Mapped[Comment] = relationship()
    passer: Mapped[Person] = relationship(foreign_keys=[passed_by])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.taken_back_at is None
