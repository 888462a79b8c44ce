"""What people do with their own account: sign in and out, change name and password."""

from sqlalchemy import update

from consult import audit
from consult.accounts import passwords, queries
from consult.accounts.actions.setting_up import touch_site
from consult.accounts.models import Person
from consult.announcements import password_changed
from consult.extensions import db
from consult.permissions import May, require

ROOM = __name__


def recognise(email: str, password: str) -> Person | None:
    """Return the person whose address and password these are. Slow on purpose: call it outside a transaction."""
    person = queries.person_by_email(email)
    fits = passwords.matches(person.password_hash if person else "", password)
    return person if person is not None and fits and person.is_active else None


def keep_hash(*, actor: Person, password_hash: str) -> None:
    """Store the same password hashed with the parameters of today."""
    actor.password_hash = password_hash
    db.session.flush()


def end_sessions(*, actor: Person) -> None:
    """Sign a person out on every device: each cookie that was given out until now is refused from now on.

    One number ends them all. A list of sessions, each of which can be ended alone, would cost every page of a
    person a query more.
    """
    db.session.execute(
        update(Person).where(Person.id == actor.id).values(session_version=Person.session_version + 1)
    )


def change_name(*, actor: Person, name: str) -> None:
    """Change the name that stands beside everything this person wrote."""
    require(May.HOLD_ACCOUNT, actor)
    actor.name = name
    if actor.roles:
        touch_site()  # pages that say who runs this show the name
    audit.record("account.rename", f"person:{actor.id}", actor_id=actor.id)


def change_password(*, actor: Person, password_hash: str) -> None:
    """Change the password and end all sessions; the route begins a new one for this browser."""
    require(May.HOLD_ACCOUNT, actor)
    actor.password_hash = password_hash
    actor.session_version += 1
    audit.record("account.change_password", f"person:{actor.id}", actor_id=actor.id)
    password_changed.send(ROOM, person=actor)
