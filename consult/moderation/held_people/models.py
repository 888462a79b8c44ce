"""Who is held in an organisation, why, until when, and what came of asking for a second look."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.discussion.models import Comment
from consult.extensions import Model


class Look(enum.Enum):
    """What a second moderator decided on a hold."""

    UPHELD = "upheld"
    LIFTED = "lifted"


class PersonHold(Model):
    """What a person writes in an organisation waits for a moderator until `until`, or until `ended_at` if that is set.

    It ends by itself, and a longer one is a new decision. `comment_id` is what the moderator was looking at. `note` is
    written to the person, `ended_note` too. They can ask once for a second look (`asked_why`): it is not for `held_by`.
    """

    __tablename__ = "person_hold"
    __table_args__ = (Index("ix_person_hold_until", "organisation_id", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    reason: Mapped[str] = mapped_column(String(24))
    note: Mapped[str] = mapped_column(String(500), default="")
    held_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    held_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_note: Mapped[str] = mapped_column(String(500), default="")
    asked_why: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    looked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    look: Mapped[Look | None]
    look_words: Mapped[str] = mapped_column(String(500), default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    comment: Mapped[Comment] = relationship(foreign_keys=[comment_id])
    holder: Mapped[Person] = relationship(foreign_keys=[held_by])
