"""What a unit plans: an answer to each question, and what an answer was before it was changed in public."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.extensions import Model


class Question(enum.Enum):
    """A question of the plan. What a consultation says elsewhere (its dates, formats and addresses) is not asked twice."""

    UNDECIDED = "undecided"
    AFFECTED = "affected"
    GATHER = "gather"
    ANSWERING = "answering"
    LANGUAGES = "languages"
    OFFLINE = "offline"
    WHY_LONG = "why_long"


class Section(enum.Enum):
    """A part of the plan that is written and saved by itself."""

    UNDECIDED = "undecided"
    PEOPLE = "people"
    ANSWERING = "answering"
    FORMATS = "formats"
    TIME = "time"


QUESTIONS = {
    Section.UNDECIDED: (Question.UNDECIDED,),
    Section.PEOPLE: (Question.AFFECTED, Question.GATHER),
    Section.ANSWERING: (Question.ANSWERING,),
    Section.FORMATS: (Question.LANGUAGES, Question.OFFLINE),
    Section.TIME: (Question.WHY_LONG,),
}


class PlanAnswer(Model):
    """The answer to one question as it stands. `edition` is raised by each change: a stale one is refused."""

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(24), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    edition: Mapped[int] = mapped_column(default=1)
    answered_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PlanChange(Model):
    """That an answer was changed once everybody could read it, and what it was before. Rows are added, never changed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    question: Mapped[str] = mapped_column(String(24))
    before: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
