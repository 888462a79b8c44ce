"""What is to be erased, and what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.accounts.models import Part, Person
from consult.discussion.models import Comment, State
from consult.extensions import db
from consult.moderation.erasure.models import Erasure, Ground

MOST_SHOWN = 500


def open_request(comment_id: int) -> Erasure | None:
    """Return the request to erase a comment that waits for a second person; None where there is none."""
    wanted = select(Erasure).where(
        Erasure.comment_id == comment_id, Erasure.agreed_at.is_(None), Erasure.refused_at.is_(None)
    )
    return db.session.scalar(wanted.options(joinedload(Erasure.asker).lazyload(Person.roles)))


def waiting_for(person: Any) -> list[Erasure]:
    """Return the requests that wait for a second person where `person` moderates or administers, oldest first."""
    wanted = select(Erasure).where(Erasure.agreed_at.is_(None), Erasure.refused_at.is_(None))
    organisations = organisations_of(person)
    if organisations is not None:
        wanted = wanted.where(Erasure.organisation_id.in_(organisations))
    options = (
        joinedload(Erasure.asker).lazyload(Person.roles),
        joinedload(Erasure.comment).joinedload(Comment.document),
    )
    return list(db.session.scalars(wanted.options(*options).order_by(Erasure.id).limit(MOST_SHOWN)))


def organisations_of(person: Any) -> Sequence[int] | None:
    """Return the ids of the organisations whose requests somebody sees; None for all of them."""
    parts = [role for role in person.parts if role.part in (Part.MODERATOR, Part.ADMINISTRATOR)]
    if any(role.part is Part.ADMINISTRATOR and role.organisation_id is None for role in parts):
        return None
    return sorted({role.organisation_id for role in parts if role.organisation_id is not None})


@dataclass(frozen=True)
class Erased:
    """A comment whose text is gone: the name under which others know it, when it went, and on which ground."""

    key: str
    at: datetime
    ground: Ground


def erased(organisation_id: int | None = None) -> list[Erased]:
    """Return what was erased in an organisation, or on the whole site, the latest first."""
    rows = db.session.execute(
        select(Comment.key, Erasure.agreed_at, Erasure.ground)
        .join(Comment, Comment.id == Erasure.comment_id)
        .where(
            Erasure.agreed_at.is_not(None),
            *(() if organisation_id is None else (Erasure.organisation_id == organisation_id,)),
        )
        .order_by(Erasure.agreed_at.desc(), Erasure.id.desc())
    )
    return [Erased(key, at, ground) for key, at, ground in rows if at is not None]


def not_followed(erased: Sequence[Erased]) -> list[str]:
    """Return the names of those whose text is still here."""
    there = db.session.execute(select(Comment.key).where(Comment.state != State.ERASED))
    named = {each.key for each in erased}
    return sorted(key for (key,) in there if key in named)
