"""Who has an item of the queue open: for a few minutes nobody else decides on it without knowing.

Opening an item claims it; reading the list does not. A claim bars nobody for long: it ends by itself, with the decision,
and another moderator can decide all the same once they have been told whose it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from consult import audit, clock
from consult.accounts.models import Person
from consult.discussion import digests
from consult.discussion.models import Comment, Decision
from consult.extensions import db
from consult.moderation.models import QueueItem

HELD = timedelta(minutes=5)
JUST_NOW = timedelta(hours=1)  # a page that has been open for longer is not in a race
FRESH = timedelta(minutes=1)  # a claim of one's own that is younger is not written again


@dataclass(frozen=True)
class Claim:
    """Somebody else has an item open since a moment."""

    holder_id: int
    name: str
    at: datetime


def is_due(comment_id: int, person_id: int, now: datetime) -> bool:
    """Say whether opening a comment should write a claim: it waits, nobody else has it, and one's own is not fresh."""
    row = db.session.execute(
        select(QueueItem.claimed_by, QueueItem.claimed_at).where(
            QueueItem.comment_id == comment_id, QueueItem.settled_at.is_(None)
        )
    ).first()
    if row is None:
        return False
    if row.claimed_by is None or row.claimed_at <= now - HELD:
        return True
    return bool(row.claimed_by == person_id and row.claimed_at <= now - FRESH)


def is_held(row: Any, person_id: int, now: datetime) -> bool:
    """Say whether a line of the queue is open at somebody else's."""
    return bool(row.claimed_by not in (None, person_id) and row.claimed_at > now - HELD)


def of_row(row: Any, person_id: int, now: datetime) -> Claim | None:
    """Return whose a line of the queue is at the moment, if it is somebody else's."""
    return Claim(row.claimed_by, row.holder, row.claimed_at) if is_held(row, person_id, now) else None


def claim(*, actor: Any, comment_id: int) -> bool:
    """Claim the open item of a comment for `actor`; of two who open it at once, one gets it. Say whether it is theirs."""
    now = clock.now()
    changed = db.session.execute(
        update(QueueItem)
        .where(
            QueueItem.comment_id == comment_id,
            QueueItem.settled_at.is_(None),
            or_(
                QueueItem.claimed_by.is_(None),
                QueueItem.claimed_by == actor.id,
                QueueItem.claimed_at <= now - HELD,
            ),
        )
        .values(claimed_by=actor.id, claimed_at=now)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def of_another(comment_id: int, person_id: int, now: datetime) -> Claim | None:
    """Return whose a comment is at the moment, if it is somebody else's."""
    row: Any = db.session.execute(
        select(QueueItem.claimed_by, Person.name, QueueItem.claimed_at)
        .join(Person, Person.id == QueueItem.claimed_by)
        .where(
            QueueItem.comment_id == comment_id,
            QueueItem.settled_at.is_(None),
            QueueItem.claimed_by != person_id,
            QueueItem.claimed_at > now - HELD,
        )
    ).first()
    return Claim(row[0], row[1], row[2]) if row else None


def decided_first(comment: Comment, person_id: int, now: datetime) -> Any:
    """Return the decision by which another moderator has just taken a comment out of the queue: name, time and state.

    None where there is none: then something else came between, such as other words of its author.
    """
    waits = select(QueueItem.id).where(QueueItem.comment_id == comment.id, QueueItem.settled_at.is_(None))
    latest = (
        select(Decision.id)
        .where(Decision.comment_id == comment.id)
        .order_by(Decision.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return db.session.execute(
        select(Person.name, Decision.decided_at, Decision.after)
        .join(Person, Person.id == Decision.actor_id)
        .where(
            Decision.id == latest,
            Decision.actor_id.not_in([person_id, comment.author_id]),
            Decision.decided_at > now - JUST_NOW,
            ~waits.exists(),
        )
    ).first()


def record_late(*, actor: Any, comment: Comment, verb: str) -> None:
    """Put on record that a moderator decided after another one had: it was not carried out."""
    audit.record(
        "comment.decide_late",
        f"comment:{comment.id}",
        actor_id=actor.id,
        organisation_id=comment.organisation_id,
        before=comment.state.value,
        after=comment.state.value,
        reason=verb,
        text_digest=digests.of_comment(comment),
    )
