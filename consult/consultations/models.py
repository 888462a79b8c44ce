"""A consultation, and the changes to its closing date."""

import enum
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Unit
from consult.extensions import Model


class Stage(enum.Enum):
    """How far the exercise is. "Closed" is a date, not a stage."""

    PREPARING = "preparing"
    EARLY_IDEA = "early_idea"
    OPEN = "open"
    ANALYSING = "analysing"
    OUTCOME = "outcome"
    WITHDRAWN = "withdrawn"


class Policy(enum.Enum):
    """When a moderator looks: before a comment is published, after, or before the first of a person."""

    BEFORE = "before"
    FIRST = "first"
    AFTER = "after"


class Consultation(Model):
    """One exercise of a unit: what it asks, until when, and what the public is owed.

    `stamp` is raised by every change that a reader could see; the counts stand beside what they count and change
    in the same transaction (`consult recount` finds no difference). One at most `is_toolkit`: it is no exercise and is
    listed nowhere; it carries the talk on the pages of the toolkit (docs/toolkit-talk.md).
    """

    __table_args__ = (Index(None, "stage", "closes_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    summary: Mapped[str] = mapped_column(String(500), default="")
    stage: Mapped[Stage] = mapped_column(default=Stage.PREPARING)
    policy: Mapped[Policy] = mapped_column(default=Policy.BEFORE)
    # within how many hours a moderator looks: what is promised to those who write from now on
    look_hours: Mapped[int] = mapped_column(default=24, server_default="24")
    look_counts_work: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # working hours alone
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]

    aims: Mapped[str] = mapped_column(Text, default="")
    who_reads: Mapped[str] = mapped_column(Text, default="")
    what_happens: Mapped[str] = mapped_column(Text, default="")
    post_address: Mapped[str] = mapped_column(Text, default="")
    telephone: Mapped[str] = mapped_column(String(300), default="")
    easy_read: Mapped[str] = mapped_column(String(500), default="")
    bsl: Mapped[str] = mapped_column(String(500), default="")
    large_print: Mapped[str] = mapped_column(String(500), default="")
    welsh: Mapped[str] = mapped_column(String(500), default="")

    outcome: Mapped[str] = mapped_column(Text, default="")
    outcome_html: Mapped[str] = mapped_column(Text, default="")
    outcome_at: Mapped[datetime | None]
    held_outcome: Mapped[str] = mapped_column(Text, default="")  # published once an election is over
    held_outcome_html: Mapped[str] = mapped_column(Text, default="")
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    withdrawn_at: Mapped[datetime | None]

    asks_equality: Mapped[bool] = mapped_column(default=False)  # offers the separate equality form
    is_toolkit: Mapped[bool] = mapped_column(default=False, server_default=false())

    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    stamp: Mapped[int] = mapped_column(default=1)
    edition: Mapped[int] = mapped_column(
        default=1
    )  # raised by each save of the form: a stale save is refused

    comment_count: Mapped[int] = mapped_column(default=0)
    people_count: Mapped[int] = mapped_column(default=0)
    question_count: Mapped[int] = mapped_column(default=0)
    answered_count: Mapped[int] = mapped_column(default=0)
    team_count: Mapped[int] = mapped_column(default=0)  # sent only to the team: counted, never shown

    unit: Mapped[Unit] = relationship(lazy="joined", innerjoin=True)
    extensions: Mapped[list["Extension"]] = relationship(
        back_populates="consultation", order_by="Extension.decided_at", lazy="select"
    )

    @classmethod
    def is_exercise(cls) -> ColumnElement[bool]:
        """Say in SQL that it is one of a unit's exercises, and not the talk of the toolkit: every list asks it."""
        return cls.is_toolkit.is_(False)


class Extension(Model):
    """A later closing date, with the reason that is shown. Rows are added, never changed.

    `election_id` is of the election because of which it was moved: once, however often anybody looks.
    """

    __tablename__ = "consultation_extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    before: Mapped[datetime]
    after: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500))
    decided_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    election_id: Mapped[int | None] = mapped_column(ForeignKey("election.id"), index=True)

    consultation: Mapped[Consultation] = relationship(back_populates="extensions")


class EqualityTally(Model):
    """How often one answer to one question of the equality form was given. There is no row of any one person."""

    __table_args__ = (UniqueConstraint("consultation_id", "question", "answer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    question: Mapped[str] = mapped_column(String(24))
    answer: Mapped[str] = mapped_column(String(24))
    count: Mapped[int] = mapped_column(default=0)


class EqualityKey(Model):
    """A form that has been counted, so that it is not counted twice.

    It names neither the consultation nor an answer, and is forgotten when no form of its age is taken any more.
    """

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
