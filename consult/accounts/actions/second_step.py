"""The second step of signing in: set up, used, turned off; reset for somebody who has lost it.

A code is taken once: what decides is one UPDATE, so that of two who show the same code at once one is refused.
"""

from flask_babel import gettext as _
from sqlalchemy import delete, or_, update

from consult import audit, clock
from consult.accounts import codes, queries, roster, sealing
from consult.accounts.models import Passkey, Person, RecoveryCode
from consult.accounts.ways import Change
from consult.announcements import second_step_changed
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db
from consult.permissions import Actor, May, require

ROOM = __name__


def set_up(*, actor: Person, secret: str, code: str) -> list[str]:
    """Make the app that knows `secret` the second step, once a code shows that it does.

    Return the recovery codes when there are new ones: they are shown now and never again. Other sessions end.
    """
    require(May.HOLD_ACCOUNT, actor)
    step = codes.step_of(secret, codes.as_typed(code), clock.now())
    if step is None:
        raise Invalid(
            _("This is not the code that your app shows now. Check the clock of the device and try again"),
            field="code",
        )
    actor.totp_secret = sealing.seal(secret, _about(actor))
    actor.totp_step, actor.totp_set_at = step, clock.now()
    audit.record("second_step.set", f"person:{actor.id}", actor_id=actor.id)
    second_step_changed.send(ROOM, person=actor, change=Change.SET, left=None)
    return first_recovery_codes(actor=actor)


def first_recovery_codes(*, actor: Person) -> list[str]:
    """Return new recovery codes for somebody who has none left; nothing for somebody who has."""
    return [] if queries.ways_of(actor).recovery_codes else _new_codes(actor)


def renew_recovery_codes(*, actor: Person) -> list[str]:
    """Make ten new recovery codes; those of before work no more."""
    require(May.HOLD_ACCOUNT, actor)
    if not queries.ways_of(actor).any:
        raise Conflict(_("Recovery codes stand in for a second step. Set one up first."))
    audit.record("second_step.renew_codes", f"person:{actor.id}", actor_id=actor.id)
    second_step_changed.send(ROOM, person=actor, change=Change.CODES_RENEWED, left=None)
    return _new_codes(actor)


def _new_codes(person: Person) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    made = codes.new_recovery_codes()
    now = clock.now()
    db.session.add_all(
        RecoveryCode(person_id=person.id, digest=codes.digest_of(code), created_at=now) for code in made
    )
    db.session.flush()
    return made


def take_code(*, actor: Person, typed: str) -> bool:
    """Say whether a code of the actor's app, or a recovery code of theirs, was typed; it works no second time."""
    code = codes.as_typed(typed)
    return _take_figures(actor, code) if codes.is_figures(code) else _take_recovery(actor, code)


def _take_figures(person: Person, code: str) -> bool:
    secret = sealing.unseal(person.totp_secret, _about(person)) if person.totp_set_at else None
    step = codes.step_of(secret, code, clock.now()) if secret else None
    if step is None:
        return False
    taken = db.session.execute(
        update(Person)
        .where(Person.id == person.id, or_(Person.totp_step.is_(None), Person.totp_step < step))
        .values(totp_step=step)
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _take_recovery(person: Person, code: str) -> bool:
    taken = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person.id,
            RecoveryCode.digest == codes.digest_of(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return False
    left = queries.ways_of(person).recovery_codes
    audit.record("second_step.use_recovery_code", f"person:{person.id}", actor_id=person.id)
    second_step_changed.send(ROOM, person=person, change=Change.CODE_USED, left=left)
    return True


def turn_off(*, actor: Person) -> None:
    """Sign in with the password alone from now on. Not while a part that the actor plays needs the second step."""
    require(May.HOLD_ACCOUNT, actor)
    refuse_while_needed(actor)
    if not queries.ways_of(actor).any:
        return
    take_away(actor)
    audit.record("second_step.turn_off", f"person:{actor.id}", actor_id=actor.id)
    second_step_changed.send(ROOM, person=actor, change=Change.TURNED_OFF, left=None)


def refuse_while_needed(person: Person) -> None:
    if queries.needs_second_step(person):
        raise Conflict(
            _("You play a part in running this site, and that needs a second step. It cannot be turned off.")
        )


def reset_second_step(*, actor: Actor | None, person: Person) -> None:
    """Take away the second step of somebody who has lost it, with their sessions; they set up another.

    For administrators of the site, and for those of an organisation where all the parts of the person lie.
    `actor` is None for the command line, whose user owns the machine.
    """
    if actor is not None:
        _require_over(actor, person)
    if not queries.ways_of(person).any:
        raise Conflict(_("There is no second step to reset."))
    take_away(person)
    person.session_version += 1
    audit.record("second_step.reset", f"person:{person.id}", actor_id=actor.id if actor else None)
    second_step_changed.send(ROOM, person=person, change=Change.RESET, left=None)


def _require_over(actor: Actor, person: Person) -> None:
    require(May.ADMINISTER, actor)
    if actor.id == person.id:
        raise Conflict(_("Somebody else must reset your second step."))
    if not roster.may_reset(actor, person):
        raise NotAllowed


def take_away(person: Person) -> None:
    """Forget every second step of a person, whoever set it up; for acts that have asked who may."""
    person.totp_secret, person.totp_step, person.totp_set_at = "", None, None
    db.session.execute(delete(Passkey).where(Passkey.person_id == person.id))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    db.session.flush()


def _about(person: Person) -> str:
    return f"second step of person:{person.id}"
