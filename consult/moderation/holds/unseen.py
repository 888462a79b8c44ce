"""Which reports let a published comment wait unseen until a moderator has looked. Pure but for one question.

Private details, a threat, and what may be illegal do harm while they stay up. Every other report, however often it is
made, takes nothing down.
"""

from sqlalchemy import exists, select

from consult.discussion.models import Comment, Decision, State
from consult.extensions import db
from consult.moderation.models import Report

PREFIX = "report."
REASONS = frozenset({"private_person", "unlawful"})
THREAT = "threat"
MOST = 10  # comments of one document that wait unseen at once, whoever reports; beyond, they are looked at first and stay up


def kind_of(reason: str, *, is_threat: bool) -> str:
    """Return as what a report lets a comment wait unseen; empty where it does not."""
    if reason in REASONS:
        return reason
    return THREAT if is_threat and reason == "abuse" else ""


def was_let_stay(comment: Comment, reason: str, *, is_threat: bool) -> bool:
    """Say whether a moderator has let these words stay after a report of the same kind: nobody silences them again.

    What its author corrected since is words that no moderator has seen.
    """
    since = comment.edited_at or comment.created_at
    decided = (
        exists()
        .where(
            Decision.comment_id == Report.comment_id,
            Decision.actor_id.is_not(None),
            Decision.actor_id != comment.author_id,
            Decision.after == State.PUBLISHED,
            Decision.decided_at >= Report.created_at,
            Decision.decided_at >= since,
        )
        .correlate(Report)
    )
    looked_at = select(Report.id).where(
        Report.comment_id == comment.id,
        Report.reason == reason,
        Report.is_threat == is_threat,
        Report.settled_at.is_not(None),
        decided,
    )
    return db.session.scalar(looked_at.limit(1)) is not None


def has_room(document_id: int) -> bool:
    """Say whether more comments of a document can wait unseen: many reporters together do not empty a page either."""
    reported = exists().where(Decision.comment_id == Comment.id, Decision.rule.like(f"{PREFIX}%"))
    waiting = (
        select(Comment.id)
        .where(
            Comment.document_id == document_id,
            Comment.state == State.WAITING,
            Comment.was_published,
            reported,
        )
        .limit(MOST)
    )
    return len(db.session.scalars(waiting).all()) < MOST
