"""What moderators did a moment ago: enough to take it back, in ids and states, never in words."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.discussion.models import State
from consult.extensions import Model


class ModerationAct(Model):
    """One act of a moderator on one comment or on many. It can be undone once, by whoever did it.

    `at` is when it was done; one on many is done in parts, and `at` is when the last of them was.
    """

    __table_args__ = (Index("ix_moderation_act_actor", "actor_id", "at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), unique=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    verb: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    item_count: Mapped[int]


class ModerationActItem(Model):
    """What an act changed of one comment. `decision_id` is the decision it made, `item_id` what it took from the queue."""

    act_id: Mapped[int] = mapped_column(ForeignKey("moderation_act.id"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True, index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("queue_item.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    before: Mapped[State]
    after: Mapped[State]
