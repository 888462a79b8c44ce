"""Links that work once, for one purpose, until they expire. Only a digest of the token is stored."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select, update

from consult import clock
from consult.accounts.models import OneTimeLink, Person, Purpose, Role
from consult.errors import NotFound
from consult.extensions import db

HOURS = 48
MONTH = 30 * 24  # hours


def make(
    purpose: Purpose, person: Person | None = None, *, role: Role | None = None, hours: int = HOURS
) -> str:
    """Store a link and return its token, which is known to nobody but whoever is sent it.

    `role` is the part that an invitation offers.
    """
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        OneTimeLink(
            person_id=person.id if person else None,
            role_id=role.id if role else None,
            purpose=purpose,
            digest=_digest(token),
            created_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    )
    db.session.flush()
    return token


def find(token: str, purpose: Purpose) -> OneTimeLink:
    """Return the link of a token; NotFound if it was used, has expired, or is good for something else."""
    found = db.session.scalar(select(OneTimeLink).where(OneTimeLink.digest == _digest(token)))
    if found is None or found.purpose is not purpose or found.used_at or found.expires_at <= clock.now():
        raise NotFound
    return found


def use(token: str, purpose: Purpose) -> OneTimeLink:
    """Spend a link, so that it works no second time; NotFound as in `find`, or when somebody was quicker."""
    link = find(token, purpose)
    now = clock.now()
    spent = db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )
    if spent.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound
    return link


def spent(token: str, purpose: Purpose) -> OneTimeLink | None:
    """Return the link of a token that is good no more, because it was used or has expired; None for any other."""
    found = db.session.scalar(select(OneTimeLink).where(OneTimeLink.digest == _digest(token)))
    if found is None or found.purpose is not purpose:
        return None
    return found if found.used_at or found.expires_at <= clock.now() else None


def note_answered(words: str, purpose: Purpose, person: Person) -> None:
    """Write down that something was answered which we did not store when we asked; NotFound the second time.

    Of two at once one is a Conflict: no digest stands twice.
    """
    if db.session.scalar(select(OneTimeLink.id).where(OneTimeLink.digest == _digest(words))) is not None:
        raise NotFound
    now = clock.now()
    db.session.add(
        OneTimeLink(
            person_id=person.id,
            purpose=purpose,
            digest=_digest(words),
            created_at=now,
            expires_at=now + timedelta(hours=HOURS),
            used_at=now,
        )
    )
    db.session.flush()


def void(purpose: Purpose, person: Person | None = None) -> None:
    """Make every open link of a person for a purpose useless: a newer one takes its place."""
    db.session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.purpose == purpose,
            OneTimeLink.person_id == person.id if person else OneTimeLink.person_id.is_(None),
            OneTimeLink.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )


def void_invitations(role: Role) -> None:
    """Make the open links that offer a part useless: a newer one takes their place, or it is offered no more."""
    db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.role_id == role.id, OneTimeLink.used_at.is_(None))
        .values(used_at=clock.now())
    )


def was_made_since(purpose: Purpose, person: Person, seconds: int) -> bool:
    """Say whether an open link of a person for a purpose is younger than so many seconds."""
    earliest = clock.now() - timedelta(seconds=seconds)
    return (
        db.session.scalar(
            select(OneTimeLink.id)
            .where(
                OneTimeLink.person_id == person.id,
                OneTimeLink.purpose == purpose,
                OneTimeLink.used_at.is_(None),
                OneTimeLink.created_at > earliest,
            )
            .limit(1)
        )
        is not None
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
