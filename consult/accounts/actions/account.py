"""What people do with their own account: sign in and out, change name and password."""

from consult import audit
from consult.accounts import passwords, queries
from consult.accounts.actions.setting_up import touch_site
from consult.accounts.models import Pace, Person
from consult.accounts.names import refuse_posing
from consult.announcements import password_changed, person_renamed
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


def change_name(*, actor: Person, name: str) -> None:
    """Change the name that stands beside everything this person wrote."""
    require(May.HOLD_ACCOUNT, actor)
    if name != actor.name:
        refuse_posing(name, own=actor)
    actor.name = name
    if actor.roles:
        touch_site()  # pages that say who runs this show the name
    person_renamed.send(ROOM, person=actor)
    audit.record("account.rename", f"person:{actor.id}", actor_id=actor.id)


def choose_gap_mail(*, actor: Person, wants: bool) -> None:
    """Say whether this person is told on Mondays of what they could mend."""
    require(May.HOLD_ACCOUNT, actor)
    if actor.wants_gap_mail == wants:
        return
    actor.wants_gap_mail = wants
    audit.record("account.gap_mail", f"person:{actor.id}", actor_id=actor.id, after="on" if wants else "off")
    db.session.flush()


def choose_wave_mail(*, actor: Person, wants: bool) -> None:
    """Say whether this person, who moderates, is told when far more comments come in than usual."""
    require(May.HOLD_ACCOUNT, actor)
    if actor.wants_wave_mail == wants:
        return
    actor.wants_wave_mail = wants
    audit.record("account.wave_mail", f"person:{actor.id}", actor_id=actor.id, after="on" if wants else "off")
    db.session.flush()


def choose_suggestion_mail(*, actor: Person, wants: bool) -> None:
    """Say whether this person, who edits the toolkit, is told once a day of what was suggested and waits."""
    require(May.HOLD_ACCOUNT, actor)
    if actor.wants_suggestion_mail == wants:
        return
    actor.wants_suggestion_mail = wants
    said = "on" if wants else "off"
    audit.record("account.suggestion_mail", f"person:{actor.id}", actor_id=actor.id, after=said)
    db.session.flush()


def choose_returned_pace(*, actor: Person, pace: Pace) -> None:
    """Say how soon this person is told of questions that come back to the desk."""
    require(May.HOLD_ACCOUNT, actor)
    if actor.returned_pace is pace:
        return
    actor.returned_pace = pace
    audit.record("account.returned_pace", f"person:{actor.id}", actor_id=actor.id, after=pace.value)
    db.session.flush()


def change_password(*, actor: Person, password_hash: str) -> None:
    """Change the password and end all sessions; the route begins a new one for this browser."""
    require(May.HOLD_ACCOUNT, actor)
    actor.password_hash = password_hash
    actor.session_version += 1
    audit.record("account.change_password", f"person:{actor.id}", actor_id=actor.id)
    password_changed.send(ROOM, person=actor)
