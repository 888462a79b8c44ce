"""An appeal against a decision, and whom an organisation asks where it has no second moderator."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.discussion.models import Comment
from consult.extensions import Model


class Outcome(enum.Enum):
    """How an appeal ended."""

    GRANTED = "granted"  # the comment is published again
    UPHELD = "upheld"  # the decision stands
    WITHDRAWN = "withdrawn"  # by its author
    OVERTAKEN = "overtaken"  # the comment moved on before anybody decided: corrected, or decided anew


class Appeal(Model):
    """An author says why a decision on their comment is wrong: once for each decision.

    Whoever took the decision (`decided_by`) never hears it. `outsider_email` is where it was sent, for want of a
    second moderator, until it is settled; `outsider_name` stays. `words` is what the author is told of the outcome.
    """

    __table_args__ = (Index("ix_appeal_open", "organisation_id", "settled_at", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(24), default="")
    why: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    outsider_name: Mapped[str] = mapped_column(String(80), default="")
    outsider_email: Mapped[str] = mapped_column(String(254), default="")
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[Outcome | None]
    words: Mapped[str] = mapped_column(Text, default="")

    comment: Mapped[Comment] = relationship()


class Outsider(Model):
    """Who hears appeals of an organisation, by mail, where it has no second moderator."""

    __tablename__ = "appeal_outsider"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254))
    named_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime]
