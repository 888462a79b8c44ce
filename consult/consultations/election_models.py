"""The time before an election: when it is, and what an organisation does differently meanwhile."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.extensions import Model


class Effect(enum.Enum):
    """What a switch does while it holds."""

    OPEN_NOTHING = "open_nothing"
    SEND_NO_MAILS = "send_no_mails"  # and promote nothing
    HOLD_ANSWERS = "hold_answers"  # and outcomes: they are released after
    STOP_CLOCK = "stop_clock"
    EXTEND_CLOSING = "extend_closing"
    CLOSE_FORMS = "close_forms"


class Election(Model):
    """One election, and the days before it on which an organisation keeps quiet, by the calendar of the site.

    Periods of one organisation never share a day. One that never began, or was ended on its first day, is cancelled;
    rows are never deleted. `edition` is raised by each change: a stale one is refused.
    """

    __table_args__ = (Index(None, "organisation_id", "last_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(120))
    held_on: Mapped[date]
    first_day: Mapped[date]
    last_day: Mapped[date]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancelled_at: Mapped[datetime | None]
    edition: Mapped[int] = mapped_column(default=1)

    switches: Mapped[list["ElectionSwitch"]] = relationship(
        back_populates="election", order_by="ElectionSwitch.id", lazy="joined"
    )


class ElectionSwitch(Model):
    """One thing that is different, from its first day to its last, and the words in which the public is told.

    A closing date is moved by `by_days`, or to `until_day`; the other switches have neither.
    """

    __table_args__ = (UniqueConstraint("election_id", "effect"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("election.id"))
    effect: Mapped[Effect]
    is_on: Mapped[bool]
    first_day: Mapped[date]
    last_day: Mapped[date]
    wording: Mapped[str] = mapped_column(String(500), default="")
    by_days: Mapped[int | None]
    until_day: Mapped[date | None]

    election: Mapped[Election] = relationship(back_populates="switches")
