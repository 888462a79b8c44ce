"""Who is named, and what was passed on."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.discussion.models import Comment
from consult.errors import NotFound
from consult.extensions import db
from consult.moderation import signing
from consult.moderation.escalation.models import Escalation, NamedPerson

PURPOSE = "escalation"
MOST_SHOWN = 200


def named_person_of(organisation_id: int) -> NamedPerson | None:
    return db.session.get(NamedPerson, organisation_id)


def open_escalation(comment_id: int) -> Escalation | None:
    """Return what was passed on of a comment and is not closed or taken back."""
    return db.session.scalar(
        select(Escalation).where(
            Escalation.comment_id == comment_id,
            Escalation.closed_at.is_(None),
            Escalation.taken_back_at.is_(None),
        )
    )


def escalations_of(comment_id: int) -> list[Escalation]:
    """Return all that was ever passed on of a comment, the latest first."""
    wanted = select(Escalation).where(Escalation.comment_id == comment_id).order_by(Escalation.id.desc())
    return list(db.session.scalars(wanted.options(joinedload(Escalation.passer).lazyload(Person.roles))))


def sent_to(signed: str) -> Escalation:
    """Return what the link of a named person opens; NotFound where it opens nothing, or nothing any more."""
    found = db.session.scalar(select(Escalation).where(Escalation.key == signing.key_of(signed)))
    if found is None or not signing.is_for(signed, PURPOSE, found.key, found.told_email):
        raise NotFound
    return found


def escalations_in(organisation_ids: Sequence[int]) -> list[Escalation]:
    """Return what was passed on in some organisations: what is open first, then the latest."""
    closed = Escalation.closed_at.is_not(None) | Escalation.taken_back_at.is_not(None)
    wanted = (
        select(Escalation)
        .where(Escalation.organisation_id.in_(organisation_ids))
        .options(joinedload(Escalation.comment, innerjoin=True).joinedload(Comment.document, innerjoin=True))
        .order_by(closed, Escalation.id.desc())
    )
    return list(db.session.scalars(wanted.limit(MOST_SHOWN)))
