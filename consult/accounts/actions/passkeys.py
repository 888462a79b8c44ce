"""Passkeys of an account: added, used as the second step, removed. What a browser answered is checked beforehand."""

from flask_babel import gettext as _
from sqlalchemy import update

from consult import audit, clock
from consult.accounts import links, queries
from consult.accounts.actions import second_step
from consult.accounts.models import Passkey, Person, Purpose
from consult.accounts.ways import Change
from consult.announcements import second_step_changed
from consult.errors import Invalid
from consult.extensions import db
from consult.permissions import May, require

ROOM = __name__
MOST = 10


def add_passkey(
    *, actor: Person, name: str, credential: str, public_key: str, sign_count: int, challenge: str
) -> list[str]:
    """Add a passkey, and return recovery codes to show when they are new."""
    require(May.HOLD_ACCOUNT, actor)
    has = queries.passkeys_of(actor)
    if len(has) >= MOST:
        raise Invalid(_("You have 10 passkeys. Remove one that you no longer use first."))
    links.note_answered(challenge, Purpose.PASSKEY, actor)
    if queries.passkey_is_known(credential):
        raise Invalid(_("This passkey is in use already."))
    db.session.add(
        Passkey(
            person_id=actor.id,
            credential=credential,
            public_key=public_key,
            sign_count=sign_count,
            name=name,
            created_at=clock.now(),
        )
    )
    db.session.flush()
    audit.record("passkey.add", f"person:{actor.id}", actor_id=actor.id)
    second_step_changed.send(ROOM, person=actor, change=Change.PASSKEY_ADDED, left=None)
    return second_step.first_recovery_codes(actor=actor)


def use_passkey(*, actor: Person, credential: str, sign_count: int, challenge: str) -> None:
    """Write down that a passkey was used; Invalid for a challenge that was answered before, or a count that did not rise.

    Passkeys that are kept in several places do not count: theirs stays at 0.
    """
    links.note_answered(challenge, Purpose.PASSKEY, actor)
    rises = Passkey.sign_count < sign_count if sign_count else Passkey.sign_count == 0
    used = db.session.execute(
        update(Passkey)
        .where(Passkey.person_id == actor.id, Passkey.credential == credential, rises)
        .values(sign_count=sign_count, last_used_at=clock.now())
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise Invalid(_("This passkey could not be checked. Try again, or use another way."))


def remove_passkey(*, actor: Person, passkey: Passkey) -> None:
    """Remove one's own passkey; not the last way to give a second step that a part needs."""
    require(May.HOLD_ACCOUNT, actor)
    if passkey.person_id != actor.id:
        return
    ways = queries.ways_of(actor)
    if not ways.app and ways.passkeys == 1:
        second_step.refuse_while_needed(actor)
    db.session.delete(passkey)
    audit.record("passkey.remove", f"person:{actor.id}", actor_id=actor.id)
    second_step_changed.send(ROOM, person=actor, change=Change.PASSKEY_REMOVED, left=None)
