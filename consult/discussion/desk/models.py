"""What the officials' desk keeps for itself: the working themes of a unit, and what was done lately and can be undone.

Nothing here is public. Private until the closing report: a point is "one thing, called point, from desk to report".
"""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.extensions import Model


class Point(Model):
    """A working theme of a unit in one consultation, in the order in which the unit keeps them."""

    __table_args__ = (UniqueConstraint("consultation_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), unique=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    title: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

    consultation: Mapped[Consultation] = relationship()


class PointComment(Model):
    """That a comment belongs to a point; it may belong to several."""

    __tablename__ = "point_comment"

    point_id: Mapped[int] = mapped_column(ForeignKey("point.id"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True, index=True)


class ActKind(enum.Enum):
    """What can be done at the desk and undone for a short while."""

    READ = "read"
    ASSIGN = "assign"
    POINT = "point"
    ANSWER = "answer"
    VERDICT = "verdict"


class DeskAct(Model):
    """One act of an official at the desk, on one comment or on many. It can be undone once, by whoever did it."""

    __table_args__ = (Index("ix_desk_act_actor", "actor_id", "at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), unique=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[ActKind]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    item_count: Mapped[int]

    actor: Mapped[Person] = relationship(foreign_keys=[actor_id])


class DeskItem(Model):
    """What an act changed of one comment: `before` holds what was there before, in ids, codes and times only."""

    act_id: Mapped[int] = mapped_column(ForeignKey("desk_act.id"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True, index=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
