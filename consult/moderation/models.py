"""Reports by readers, and the queue that moderators work through."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.discussion.models import Comment
from consult.extensions import Model


class Report(Model):
    """A reader says that a comment breaks the rules. Reports alone take nothing down (but see `holds.unseen`)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), index=True)
    reporter_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), index=True
    )  # None: somebody without an account
    reason: Mapped[str] = mapped_column(String(24))
    is_threat: Mapped[bool] = mapped_column(default=False)  # of abuse: somebody is threatened
    is_own_name: Mapped[bool] = mapped_column(default=False)  # "written in my name, and not by me"
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
    APPEALED = "appealed"  # taken down or returned, and its author asks that somebody else look again


def _index_of_open(name: str, *columns: str) -> Index:
    """Return an index of what waits alone: what was settled, which grows without end, costs nothing there."""
    waits = text("settled_at IS NULL")
    return Index(name, *columns, sqlite_where=waits, postgresql_where=waits)


class QueueItem(Model):
    """A comment that a moderator should look at. At most one open item for a comment; settled ones stay.

    `due_at` is by when somebody should have looked, by what was promised when it came; `risk` is 0 for what goes first.
    `settled_by` is the moderator who decided; None where its author or a rule took it out of the queue.
    """

    __table_args__ = (
        # the queue of an organisation, of a cause and of a consultation, each risk by when it is due
        _index_of_open("ix_queue_item_order", "organisation_id", "risk", "due_at", "id"),
        _index_of_open("ix_queue_item_cause", "organisation_id", "cause", "risk", "due_at", "id"),
        _index_of_open("ix_queue_item_due", "consultation_id", "due_at"),
        _index_of_open("ix_queue_item_of", "consultation_id", "risk", "due_at", "id"),
        Index("ix_queue_item_comment", "comment_id", "settled_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    cause: Mapped[Cause]
    since: Mapped[datetime]
    due_at: Mapped[datetime]
    risk: Mapped[int]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    claimed_by: Mapped[int | None] = mapped_column(
        ForeignKey("person.id")
    )  # who has it open, for a few minutes
    claimed_at: Mapped[datetime | None]
    holds: Mapped[str] = mapped_column(String(80), default="")  # the rule that names which holds fired
    marks: Mapped[str] = mapped_column(String(60), default="")  # what else is said of it: see `marks`

    comment: Mapped[Comment] = relationship()


class QueueTally(Model):
    """How many items of each cause are open in an organisation: kept, because counting grows with the queue."""

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    cause: Mapped[Cause] = mapped_column(primary_key=True)
    open_count: Mapped[int] = mapped_column(default=0)


class QueuePace(Model):
    """How many items of a consultation moderators decided within so many hours, and of these how many in time.

    Kept, because a median of what was decided would grow with it. `hours` are begun hours by the clock.
    """

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    hours: Mapped[int] = mapped_column(primary_key=True)
    decided_count: Mapped[int] = mapped_column(default=0)
    kept_count: Mapped[int] = mapped_column(default=0)
