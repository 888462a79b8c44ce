"""The steps of an official's or moderator's work, and the pages that an editor chose for them."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.extensions import Model


class Step(enum.Enum):
    """A step of the work, in the order in which it comes. Each is shown on the pages on which it is done."""

    TEAM = "team"
    PLAN = "plan"
    AIMS = "aims"
    EQUALITY = "equality"
    FORMATS = "formats"
    DATES = "dates"
    ELECTION = "election"
    WRITE = "write"
    PUBLISH = "publish"
    OPEN = "open"
    INVITE = "invite"
    MODERATE = "moderate"
    CAMPAIGNS = "campaigns"
    ANSWER = "answer"
    RECORDS = "records"
    CLOSE = "close"
    REPORT = "report"


class StepChoice(Model):
    """The one or two pages that an editor chose for a step. A step without a row has those of `seed/steps.toml`.

    `edition` is raised by each change: a stale one is refused.
    """

    __tablename__ = "toolkit_step"

    step: Mapped[str] = mapped_column(String(24), primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("toolkit_page.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("toolkit_page.id"))
    edition: Mapped[int] = mapped_column(default=1)
    chosen_at: Mapped[datetime]
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
