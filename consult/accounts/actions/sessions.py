"""Beginning and ending sessions. A session is over at once, everywhere, whatever cookie is shown for it."""

import secrets

from sqlalchemy import select, update

from consult import audit, clock
from consult.accounts.models import Person, SignedIn
from consult.accounts.sessions import digest_of
from consult.extensions import db

LONGEST_DEVICE = 120
MOST = 20  # sessions of one person at a time: all of them stand on one page


def begin_session(*, actor: Person, device: str = "", with_second_step: bool = False) -> str:
    """Begin a session of somebody who has just proved who they are, and return its key, which is stored nowhere.

    Of too many the one that was used least lately ends.
    """
    _make_room(actor)
    key, now = secrets.token_urlsafe(32), clock.now()
    db.session.add(
        SignedIn(
            person_id=actor.id,
            digest=digest_of(key),
            version=actor.session_version,
            device=device[:LONGEST_DEVICE],
            began_at=now,
            seen_at=now,
            proved_at=now,
            second_step_at=now if with_second_step else None,
        )
    )
    actor.last_signed_in_at = now
    db.session.flush()
    audit.record("session.begin", f"person:{actor.id}", actor_id=actor.id)
    return key


def _make_room(person: Person) -> None:
    open_now = select(SignedIn).where(SignedIn.person_id == person.id, SignedIn.ended_at.is_(None))
    latest_first = open_now.order_by(SignedIn.seen_at.desc(), SignedIn.id.desc())
    for row in db.session.scalars(latest_first.offset(MOST - 1)):
        row.ended_at = clock.now()


def renew_session(*, actor: Person, session: SignedIn, with_second_step: bool = False) -> str:
    """Write down that somebody proved anew who they are, and return a new key: the cookie of before is refused."""
    key, now = secrets.token_urlsafe(32), clock.now()
    session.digest, session.proved_at = digest_of(key), now
    if with_second_step:
        session.second_step_at = now
    db.session.flush()
    audit.record("session.prove", f"person:{actor.id}", actor_id=actor.id)
    return key


def end_session(*, actor: Person, session: SignedIn) -> None:
    """End one session of the actor's own."""
    if session.person_id != actor.id or session.ended_at is not None:
        return
    session.ended_at = clock.now()
    db.session.flush()
    audit.record("session.end", f"person:{actor.id}", actor_id=actor.id)


def end_other_sessions(*, actor: Person, but: SignedIn | None = None) -> None:
    """End all sessions of the actor, save the one that is named."""
    ended = update(SignedIn).where(SignedIn.person_id == actor.id, SignedIn.ended_at.is_(None))
    if but is not None:
        ended = ended.where(SignedIn.id != but.id)
    db.session.execute(
        ended.values(ended_at=clock.now()),
        execution_options={"synchronize_session": "fetch"},
    )
    audit.record("session.end_others", f"person:{actor.id}", actor_id=actor.id)


def note_seen(*, actor: Person, session_id: int) -> None:
    """Write down that a session is in use, so that it does not run out."""
    db.session.execute(update(SignedIn).where(SignedIn.id == session_id).values(seen_at=clock.now()))
