"""Notices of complaint about comments, with what became of each."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.discussion.models import Comment
from consult.extensions import Model


class Wish(enum.Enum):
    """What the author of a comment answers to a notice of complaint."""

    REMOVE = "remove"  # it may go
    STAND = "stand"  # it should stay: then the author gives a name and a postal address


class Outcome(enum.Enum):
    """How a notice of complaint ended."""

    REMOVED = "removed"  # the comment was taken down, or its author took it back
    STAYS = "stays"
    REFUSED = (
        "refused"  # it is no notice that has to be acted on: incomplete, withdrawn, not about the complainant
    )


class Complaint(Model):
    """One notice of complaint, by regulation 2 of the Defamation (Operators of Websites) Regulations 2013.

    `due_at` is by when whoever is next must have acted: a moderator, or its author while `passed_at` is set and
    `answered_at` is not. `shares_contact` says whether the complainant lets the author know their name and address of
    mail; `author_shares` whether the author lets the complainant know theirs. What people wrote is emptied when the
    time for which it is kept is over, or the comment's text is erased.
    """

    __table_args__ = (Index("ix_complaint_open", "organisation_id", "settled_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    once: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254))
    statement: Mapped[str] = mapped_column(Text)  # the words complained of
    why: Mapped[str] = mapped_column(Text)  # why they defame the complainant
    meaning: Mapped[str] = mapped_column(Text)
    untrue: Mapped[str] = mapped_column(
        Text
    )  # what is factually inaccurate, or opinion without a ground in fact
    shares_contact: Mapped[bool]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]
    passed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    wish: Mapped[Wish | None]
    author_name: Mapped[str] = mapped_column(String(80), default="")
    author_address: Mapped[str] = mapped_column(Text, default="")
    author_shares: Mapped[bool] = mapped_column(default=False)
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[Outcome | None]
    words: Mapped[str] = mapped_column(Text, default="")  # what the complainant is told of the outcome

    comment: Mapped[Comment] = relationship()
