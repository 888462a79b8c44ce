"""What stands around an official answer before the public sees it: drafts, notes, who is at it, requests under the law."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person, Unit
from consult.consultations.models import Consultation
from consult.discussion.models import Comment
from consult.extensions import Model


class Step(enum.Enum):
    """How far a draft answer has come. `released` and `dropped` are its end."""

    WRITING = "writing"
    CLEARING = "clearing"
    CLEARED = "cleared"
    SENT_BACK = "sent_back"
    RELEASED = "released"
    DROPPED = "dropped"


IN_HAND = (Step.WRITING, Step.CLEARING, Step.CLEARED, Step.SENT_BACK)


class DraftAnswer(Model):
    """An answer that is not out yet, to one comment or many (`DraftAnswerTo`). No public page shows any of it.

    `note` is why it was sent back, or what whoever cleared it wrote. `step_at` is when it came to its step, `decided_by`
    who cleared it or sent it back. `response_id` is what it became. With `held_at` it goes out by itself, in the name of
    `held_by`, once answers are no longer held before an election.
    """

    __table_args__ = (
        Index("ix_draft_answer_unit", "unit_id", "step", "step_at", "id"),
        Index("ix_draft_answer_author", "author_id", "step", "id"),
        Index("ix_draft_answer_held", "held_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    step: Mapped[Step] = mapped_column(default=Step.WRITING)
    step_at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(500), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"))
    held_at: Mapped[datetime | None]
    held_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship()
    consultation: Mapped[Consultation] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    decider: Mapped[Person | None] = relationship(foreign_keys=[decided_by])


class DraftAnswerTo(Model):
    """A comment that a draft answers, in the order in which they were chosen."""

    __tablename__ = "draft_answer_to"

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft_answer.id"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True, index=True)


class TeamNote(Model):
    """What officials write for one another about a comment: private, but it may be released on request. Never changed."""

    __table_args__ = (Index("ix_team_note_comment", "comment_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    body: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime]

    author: Mapped[Person] = relationship()


class Answering(Model):
    """An official who has the answer page of a comment open, or had it a moment ago (`presence.STALE`)."""

    __tablename__ = "answering"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


class InformationRequest(Model):
    """A comment that asks for information that the law gives a right to, with the day by which it is owed.

    Marked by an official, told to the author and to the organisation's contact, shown on no public page.
    """

    __table_args__ = (Index("ix_information_request_unit", "unit_id", "closed_at", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    received_on: Mapped[date]
    due_on: Mapped[date]
    marked_at: Mapped[datetime]
    marked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    comment: Mapped[Comment] = relationship()
