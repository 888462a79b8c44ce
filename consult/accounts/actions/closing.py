"""Closing an account, or a guest's entry, for good: what its owner said stays without a name, or is withdrawn.

What somebody did in an official part is public record, and keeps the name that they signed with. Their comments as a
private person then go to a row without a name, so that nothing ties the two together.
"""

from sqlalchemy import delete

from consult import audit, clock
from consult.accounts.actions import people
from consult.accounts.models import Identity, OneTimeLink, Passkey, Person, RecoveryCode, SignedIn
from consult.announcements import account_closed
from consult.extensions import db
from consult.permissions import May, require

ROOM = __name__
NAME_REMOVED = "Name removed"
OWN = (SignedIn, RecoveryCode, Passkey, Identity, OneTimeLink)  # rows that serve nobody but their person


def close_account(*, actor: Person, withdraws: bool, holder: str = "") -> None:
    """Close the actor's own account, or entry as a guest. Conflict for the last administrator, who cannot go.

    `withdraws` says what becomes of their comments: withdrawn, or kept without the name. What the browser `holder`
    keeps goes as well. The rooms above hear of it
    while everything is still there, and before any act is recorded: writers take locks from the comment outwards,
    the record last.
    """
    require(May.SEE_OWN_DATA, actor)
    db.session.refresh(actor, with_for_update=True)  # nothing is written in this name meanwhile
    if actor.closed_at is not None:  # pressed twice: the first has done it
        return
    heir = _nameless() if any(role.accepted_at is not None for role in actor.roles) else actor
    account_closed.send(ROOM, person=actor, heir=heir, withdraws=withdraws, holder=holder)
    people.lay_down(actor=actor)
    if heir is actor:
        actor.name = NAME_REMOVED
    act = "guest.close" if actor.is_guest else "account.close"
    erase(actor)
    audit.record(act, f"person:{actor.id}", actor_id=actor.id, reason="withdraw" if withdraws else "keep")


def erase(person: Person) -> None:
    """Delete the address of a person, all that they could sign in with, and their sessions. The row stays, closed."""
    for table in OWN:
        db.session.execute(delete(table).where(table.person_id == person.id))
    person.email = person.pending_email = person.password_hash = person.totp_secret = ""
    person.totp_step = person.totp_set_at = person.last_signed_in_at = None
    person.session_version += 1
    person.closed_at = clock.now()
    db.session.flush()


def _nameless() -> Person:
    """Return a new row for the comments of somebody whose own row keeps the name of an official."""
    now = clock.now()
    person = Person(name=NAME_REMOVED, email="", created_at=now, closed_at=now)
    db.session.add(person)
    db.session.flush()
    return person
