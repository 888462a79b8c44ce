"""Who is held, and who may be."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased, joinedload

from consult.accounts.models import Person, Role
from consult.discussion.models import Comment
from consult.extensions import db
from consult.moderation.held_people.models import PersonHold

MOST_SHOWN = 200
_around = (
    joinedload(PersonHold.person).lazyload(Person.roles),
    joinedload(PersonHold.holder).lazyload(Person.roles),
    joinedload(PersonHold.comment),
)


def is_on(now: Any) -> ColumnElement[bool]:
    """Say in SQL that a hold is on at a moment."""
    return and_(PersonHold.ended_at.is_(None), PersonHold.until > now)


def is_of(author_id: Any) -> ColumnElement[bool]:
    """Say in SQL that a hold is of a person: of that very row, or of another with the same address.

    Whoever is held as a guest is held under another name and in their account too, as far as the address tells.
    """
    author, held = aliased(Person), aliased(Person)
    same = (
        select(held.id)
        .join(author, author.id == author_id)
        .where(
            held.id == PersonHold.person_id,
            or_(held.id == author.id, and_(held.email != "", held.email == author.email)),
        )
    )
    return same.correlate(PersonHold).exists()


def hold_of(person_id: int, organisation_id: int, now: datetime) -> PersonHold | None:
    """Return the hold that is on for a person in an organisation."""
    wanted = select(PersonHold).where(
        PersonHold.organisation_id == organisation_id, is_on(now), is_of(person_id)
    )
    return db.session.scalar(wanted.options(*_around).order_by(PersonHold.until.desc()).limit(1))


def hold_about(comment: Comment, now: datetime) -> PersonHold | None:
    """Return the hold that is on for the author of a comment, where it was written."""
    return hold_of(comment.author_id, comment.organisation_id, now)


def held_in(organisation_ids: Sequence[int], now: datetime) -> list[PersonHold]:
    """Return who is held in these organisations: who asks for a second look first, then who is held the longest."""
    wanted = select(PersonHold).where(PersonHold.organisation_id.in_(organisation_ids), is_on(now))
    waits = and_(PersonHold.asked_at.is_not(None), PersonHold.looked_at.is_(None))
    order = (waits.desc(), PersonHold.held_at, PersonHold.id)
    return list(db.session.scalars(wanted.options(*_around).order_by(*order).limit(MOST_SHOWN)))


def ended_in(organisation_ids: Sequence[int], now: datetime, limit: int = 20) -> list[PersonHold]:
    """Return the holds that ended last."""
    wanted = select(PersonHold).where(PersonHold.organisation_id.in_(organisation_ids), ~is_on(now))
    return list(db.session.scalars(wanted.options(*_around).order_by(PersonHold.id.desc()).limit(limit)))


def plays_a_part(person_id: int, organisation_id: int) -> bool:
    """Say whether somebody plays a part in an organisation: officials, moderators and administrators are not held."""
    wanted = select(Role.id).where(
        Role.person_id == person_id,
        Role.played(),
        or_(Role.organisation_id == organisation_id, Role.organisation_id.is_(None)),
    )
    return db.session.scalar(wanted.limit(1)) is not None
