"""Which words are out of a comment, what it said before, and what else repeats them."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.discussion.models import Answer, Comment, Response, State, Wording
from consult.extensions import db
from consult.moderation.redaction.models import RedactedText, Redaction

MOST_REPEATED = 20


def standing(comment: Comment) -> list[Redaction]:
    """Return the redactions that stand in a comment, the latest first. No question where none does."""
    if comment.redacted_at is None:
        return []
    wanted = select(Redaction).where(Redaction.comment_id == comment.id, Redaction.ended_at.is_(None))
    return list(
        db.session.scalars(wanted.options(joinedload(Redaction.decision)).order_by(Redaction.id.desc()))
    )


def original_of(comment: Comment) -> RedactedText | None:
    """Return what a comment said before any words were taken out; None where none are."""
    found = standing(comment)
    if not found:
        return None
    return db.session.scalar(
        select(RedactedText).where(
            RedactedText.redaction_id == found[-1].id,
            RedactedText.wording_id.is_(None),
            RedactedText.response_id.is_(None),
        )
    )


def texts_of(redaction: Redaction) -> Sequence[RedactedText]:
    """Return what is not public of the texts that a redaction changed."""
    wanted = select(RedactedText).where(RedactedText.redaction_id == redaction.id)
    return db.session.scalars(wanted.order_by(RedactedText.id)).all()


def of_decision(decision_id: int) -> Redaction | None:
    """Return what a decision took out, or put back."""
    either = (Redaction.decision_id == decision_id) | (Redaction.undoing_id == decision_id)
    return db.session.scalar(select(Redaction).where(either))


def public_wordings(comment_id: int) -> Sequence[Wording]:
    """Return the earlier wordings of a comment that everybody can read."""
    wanted = select(Wording).where(Wording.comment_id == comment_id, Wording.is_withheld.is_(False))
    return db.session.scalars(wanted.order_by(Wording.id)).all()


def answers_to(comment_id: int) -> list[Response | Wording]:
    """Return the official replies to a comment, and their earlier wordings."""
    answers = select(Answer.response_id).where(Answer.comment_id == comment_id)
    replies = db.session.scalars(select(Response).where(Response.id.in_(answers)).order_by(Response.id))
    earlier = db.session.scalars(select(Wording).where(Wording.response_id.in_(answers)).order_by(Wording.id))
    return [*replies, *earlier]


def repeated_in(comment: Comment, passages: Sequence[str]) -> list[Comment]:
    """Return public comments of the same thread that hold one of the passages: each has to be decided on by itself."""
    top = comment.root_id or comment.id
    wanted = select(Comment).where(
        or_(Comment.root_id == top, Comment.id == top),
        Comment.id != comment.id,
        Comment.state == State.PUBLISHED,
        or_(*(Comment.body.icontains(each, autoescape=True) for each in passages)),
    )
    around = joinedload(Comment.author, innerjoin=True).lazyload(Person.roles)
    return list(db.session.scalars(wanted.options(around).order_by(Comment.id).limit(MOST_REPEATED)))


def standing_under(response_id: int) -> list[Redaction]:
    """Return the redactions that stand in the comments which an official reply answers."""
    wanted = select(Redaction).join(Answer, Answer.comment_id == Redaction.comment_id)
    return list(
        db.session.scalars(wanted.where(Answer.response_id == response_id, Redaction.ended_at.is_(None)))
    )
