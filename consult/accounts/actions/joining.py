"""Asking for an account, confirming its address, choosing a new password.

Whoever asks is told the same whether or not an address is known here: what differs is the mail. A password typed
for an address that is not confirmed never replaces an earlier one, or a stranger could choose it beforehand: the
owner of the address chooses again by the link in the mail.
"""

from dataclasses import dataclass

from flask_babel import gettext as _

from consult import audit, clock
from consult.accounts import links, passwords, queries
from consult.accounts.models import Person, Purpose
from consult.accounts.names import refuse_posing
from consult.announcements import (
    account_asked_again,
    account_made,
    address_taken,
    password_changed,
    password_forgotten,
    password_not_needed,
)
from consult.errors import NotAllowed, NotFound
from consult.extensions import db, settings
from consult.permissions import Actor

ROOM = __name__
PAUSE = 60  # seconds before the same mail is sent again


@dataclass(frozen=True)
class Secret:
    """A password that somebody typed, worked through: its hash, and whether it was already that of the address."""

    password_hash: str
    matched: str  # the hash that it matched, or the empty string


def worked_through(email: str, password: str) -> Secret:
    """Hash a password and hold it against the one kept for an address; takes as long when there is none.

    Slow on purpose: call it before the transaction.
    """
    person = queries.person_by_email(email)
    kept = person.password_hash if person else ""
    return Secret(passwords.hash_of(password), kept if passwords.matches(kept, password) else "")


def sign_up(*, actor: Actor, name: str, email: str, secret: Secret) -> None:
    """Make an account whose address waits to be confirmed; for a known address only send the mail that fits.

    A name that poses is refused before anything is looked up, so that the answer is the same for every address.
    """
    refuse_posing(name)
    person = queries.person_by_email(email)
    if person is None:
        person = Person(name=name, email=email, password_hash=secret.password_hash, created_at=clock.now())
        db.session.add(person)
        db.session.flush()
        audit.record("account.make", f"person:{person.id}", actor_id=person.id)
        account_made.send(ROOM, person=person, token=links.make(Purpose.CONFIRM_EMAIL, person))
    elif not person.is_active:
        return
    elif person.is_confirmed:
        address_taken.send(ROOM, person=person)
    elif secret.matched and secret.matched == person.password_hash:
        _send_link(person)
    else:
        links.void(Purpose.CONFIRM_EMAIL, person)
        token = _reset_link(person)
        account_asked_again.send(ROOM, person=person, token=token)


def send_link_again(*, actor: Actor, email: str) -> None:
    """Send another link to confirm an address, if it waits for one; at most one a minute."""
    person = queries.person_by_email(email)
    if person is not None and person.is_active and not person.is_confirmed and person.password_hash:
        _send_link(person)


def _send_link(person: Person) -> None:
    if not links.was_made_since(Purpose.CONFIRM_EMAIL, person, PAUSE):
        account_made.send(ROOM, person=person, token=links.make(Purpose.CONFIRM_EMAIL, person))


def confirm_email(*, actor: Actor, token: str) -> Person:
    """Confirm the address that a link was sent to. NotFound for a link that is spent, late or for something else."""
    person = _active(links.use(token, Purpose.CONFIRM_EMAIL).person_id)
    _confirm(person)
    links.void(Purpose.CONFIRM_EMAIL, person)
    return person


def ask_for_new_password(*, actor: Actor, email: str) -> None:
    """Send a link to choose a new password, if there is such an account; none to who comes in by single sign-on alone."""
    person = queries.person_by_email(email)
    if person is None or not person.is_active:
        return
    if queries.comes_by_single_sign_on(person):
        password_not_needed.send(ROOM, person=person, provider=_provider())
    else:
        password_forgotten.send(ROOM, person=person, token=_reset_link(person))


def choose_password(*, actor: Actor, token: str, password_hash: str) -> Person:
    """Give the account that a link was sent to a new password; this confirms its address and ends its sessions."""
    person = _active(links.use(token, Purpose.RESET_PASSWORD).person_id)
    words = why_no_password(person)
    if words:
        raise NotAllowed(words)
    _confirm(person)
    links.void(Purpose.RESET_PASSWORD, person)
    links.void(Purpose.CONFIRM_EMAIL, person)
    had_one = bool(person.password_hash)
    person.password_hash = password_hash
    person.session_version += 1
    audit.record("account.choose_password", f"person:{person.id}", actor_id=person.id)
    if had_one:
        password_changed.send(ROOM, person=person)
    return person


def why_no_password(person: Person) -> str:
    """Say, in words, why a password lets this person in no more; nothing where it does."""
    if not queries.comes_by_single_sign_on(person):
        return ""
    return str(
        _(
            "What you may do on this site comes from %(name)s. Sign in with %(name)s: no password is needed here",
            name=_provider(),
        )
    )


def _provider() -> str:
    found = settings().sign_on
    return found.name if found else ""


def reset_link(*, actor: Actor | None, person: Person) -> str:
    """Return the token of a link to choose a password, for somebody whom we give it to by hand."""
    return _reset_link(person)


def _reset_link(person: Person) -> str:
    links.void(Purpose.RESET_PASSWORD, person)
    return links.make(Purpose.RESET_PASSWORD, person)


def _confirm(person: Person) -> None:
    if person.confirmed_at is None:
        person.confirmed_at = clock.now()
        audit.record("account.confirm", f"person:{person.id}", actor_id=person.id)


def _active(person_id: int | None) -> Person:
    person = queries.person_or_none(person_id) if person_id is not None else None
    if person is None or not person.is_active:
        raise NotFound
    return person
