"""Which notices of complaint there are, and what is to be done about one."""

import enum
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from consult.discussion.models import Comment
from consult.errors import NotFound
from consult.extensions import db
from consult.moderation import signing
from consult.moderation.complaints.models import Complaint, Outcome, Wish

PURPOSE = "complaint"
MOST_SHOWN = 200


class Step(enum.Enum):
    """What comes next of a notice of complaint."""

    SEND_ON = "send_on"  # a moderator sends it to the author
    REMOVE_UNREACHED = "remove_unreached"  # there is no address to send it to
    AUTHOR = "author"  # the author has time to answer
    LAPSED = "lapsed"  # the author's time is over without an answer
    DECIDE = "decide"  # the author answered that it should stay
    SETTLED = "settled"


def step_of(complaint: Complaint, now: datetime) -> Step:
    """Return what comes next; of an answer that lets the comment go, that it goes at once is not waited for here."""
    if complaint.settled_at is not None:
        return Step.SETTLED
    if complaint.passed_at is None:
        return Step.SEND_ON if can_reach(complaint.comment) else Step.REMOVE_UNREACHED
    if complaint.wish is Wish.STAND:
        return Step.DECIDE
    return Step.AUTHOR if now <= complaint.due_at else Step.LAPSED


def can_reach(comment: Comment) -> bool:
    """Say whether there is an address of mail at which the author of a comment reads what we send."""
    return bool(comment.author.email) and comment.author.is_active


def complaint(key: str) -> Complaint:
    """Return a notice by its key. Raises NotFound."""
    found = db.session.scalar(
        select(Complaint).where(Complaint.key == key).options(joinedload(Complaint.comment))
    )
    if found is None:
        raise NotFound
    return found


def sent_to_author(signed: str) -> Complaint:
    """Return the notice that a link in an author's mail opens; NotFound where it opens none, or none any more."""
    found = complaint(signing.key_of(signed))
    if not signing.is_for(signed, PURPOSE, found.key, str(found.comment.author_id)):
        raise NotFound
    return found


_about: Any = Complaint.__table__.c
_IS_COMPLAINED_OF = select(_about.id).where(_about.comment_id == bindparam("comment")).limit(1)


def is_complained_of(comment_id: int) -> bool:
    """Say whether notice was ever given of a comment: one short question for the most of them, of which none was."""
    found = db.session.connection().execute(_IS_COMPLAINED_OF, {"comment": comment_id})
    return found.first() is not None


def open_complaints_on(comment_id: int) -> list[Complaint]:
    """Return the notices about a comment that are not settled, the first that is due first."""
    wanted = select(Complaint).where(Complaint.comment_id == comment_id, Complaint.settled_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Complaint.due_at, Complaint.id)))


def removed_since(comment_id: int, since: datetime) -> list[Complaint]:
    """Return the notices about a comment that were settled by its going at or after a moment."""
    wanted = select(Complaint).where(
        Complaint.comment_id == comment_id,
        Complaint.outcome == Outcome.REMOVED,
        Complaint.settled_at >= since,
    )
    return list(db.session.scalars(wanted.order_by(Complaint.id)))


def complaints_in(organisation_ids: Sequence[int], *, is_open: bool) -> list[Complaint]:
    """Return notices of some organisations: those that are open by when they are due, or the last that were settled."""
    wanted = select(Complaint).where(Complaint.organisation_id.in_(organisation_ids))
    if is_open:
        wanted = wanted.where(Complaint.settled_at.is_(None)).order_by(Complaint.due_at, Complaint.id)
    else:
        wanted = wanted.where(Complaint.settled_at.is_not(None)).order_by(
            Complaint.settled_at.desc(), Complaint.id.desc()
        )
    around = joinedload(Complaint.comment, innerjoin=True).options(
        joinedload(Comment.document, innerjoin=True), joinedload(Comment.author, innerjoin=True)
    )
    return list(db.session.scalars(wanted.options(around).limit(MOST_SHOWN)))
