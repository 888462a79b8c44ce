"""What is sealed or is to be, who may open it, and who did."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from consult.accounts.models import Part, Person, Role
from consult.audit import AuditEntry
from consult.discussion.models import Comment
from consult.extensions import db
from consult.moderation.seals.models import Seal, SealReader

MOST_SHOWN = 500
OPENED = "seal.open"


def seal_on(comment_id: int) -> Seal | None:
    """Return the seal of a comment, or the request for one, that is not over."""
    wanted = select(Seal).where(Seal.comment_id == comment_id, Seal.over_at.is_(None))
    around = (
        joinedload(Seal.asker).lazyload(Person.roles),
        selectinload(Seal.readers).joinedload(SealReader.person).lazyload(Person.roles),
    )
    return db.session.scalar(wanted.options(*around))


def may_be_named(organisation_id: int) -> list[Person]:
    """Return who can be named to open a text: moderators and administrators of the organisation, by name."""
    wanted = (
        select(Person)
        .join(Role, Role.person_id == Person.id)
        .where(
            Role.part.in_((Part.MODERATOR, Part.ADMINISTRATOR)),
            or_(Role.organisation_id == organisation_id, Role.organisation_id.is_(None)),
            Role.played(),
            Person.disabled_at.is_(None),
            Person.closed_at.is_(None),
        )
        .order_by(Person.name, Person.id)
        .distinct()
    )
    return list(db.session.scalars(wanted.options(joinedload(Person.roles))).unique())


def seals_for(organisation_ids: Sequence[int] | None) -> list[Seal]:
    """Return what is sealed or is to be in some organisations (None: all), the oldest first."""
    wanted = select(Seal).where(Seal.over_at.is_(None))
    if organisation_ids is not None:
        wanted = wanted.where(Seal.organisation_id.in_(organisation_ids))
    around = (
        joinedload(Seal.asker).lazyload(Person.roles),
        joinedload(Seal.comment).joinedload(Comment.document),
    )
    return list(db.session.scalars(wanted.options(*around).order_by(Seal.id).limit(MOST_SHOWN)))


def openings_of(seal: Seal) -> list[tuple[datetime, str]]:
    """Return when a sealed text was opened and by whom, the latest first: from the record."""
    rows: Any = db.session.execute(
        select(AuditEntry.at, Person.name)
        .join(Person, Person.id == AuditEntry.actor_id)
        .where(AuditEntry.act == OPENED, AuditEntry.subject == f"seal:{seal.id}")
        .order_by(AuditEntry.id.desc())
        .limit(MOST_SHOWN)
    )
    return [(row[0], row[1]) for row in rows]
