"""Reports by readers, and the queue that moderators work through."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.discussion.models import Comment
from consult.extensions import Model


class Report(Model):
    """A reader says that a comment breaks the rules. Reports alone take nothing down."""

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    reporter_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id")
    )  # None: somebody without an account
    reason: Mapped[str] = mapped_column(String(24))
    note: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    once: Mapped[str | None] = mapped_column(String(40), unique=True)

    comment: Mapped[Comment] = relationship()


class Cause(enum.Enum):
    """Why an item is in the queue."""

    WAITING = "waiting"  # not yet published: the policy asks a moderator first
    REPORTED = "reported"  # published, and a reader objects
    CORRECTED = "corrected"  # published, and its author proposes other words


class QueueItem(Model):
    """A comment that a moderator should look at. At most one open item for a comment; settled ones stay."""

    __table_args__ = (
        # the queue of an organisation, oldest first: `settled_at IS NULL` is the queue
        Index("ix_queue_item_open", "organisation_id", "settled_at", "since", "id"),
        Index("ix_queue_item_comment", "comment_id", "settled_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    cause: Mapped[Cause]
    since: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    comment: Mapped[Comment] = relationship()


class QueueTally(Model):
    """How many items of each cause are open in an organisation: kept, because counting grows with the queue."""

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    cause: Mapped[Cause] = mapped_column(primary_key=True)
    open_count: Mapped[int] = mapped_column(default=0)
