"""Changing the mail address of an account: asked for with the password, confirmed by a link to the new address."""

from consult import audit, clock
from consult.accounts import links, queries
from consult.accounts.models import Person, Purpose
from consult.announcements import address_change_asked, address_changed
from consult.errors import NotFound
from consult.permissions import May, require

ROOM = __name__


def ask_for_other_address(*, actor: Person, email: str) -> None:
    """Send a link to a new address, and word of it to the old one.

    Whoever asks is told the same whether or not the address has an account: what differs is the mail to it.
    """
    require(May.HOLD_ACCOUNT, actor)
    links.void(Purpose.CHANGE_EMAIL, actor)
    is_taken = queries.person_by_email(email) is not None
    actor.pending_email = "" if is_taken else email
    token = "" if is_taken else links.make(Purpose.CHANGE_EMAIL, actor)
    audit.record("account.ask_for_other_address", f"person:{actor.id}", actor_id=actor.id)
    address_change_asked.send(ROOM, person=actor, email=email, token=token)


def other_address(*, actor: Person, token: str) -> str:
    """Return the address that a link would make the actor's; this spends nothing.

    NotFound for a link that is spent, late or for something else, if the address has an account by now, and for the
    link of somebody else: a stranger who got it by a mistyped address must not come into the account.
    """
    require(May.HOLD_ACCOUNT, actor)
    link = links.find(token, Purpose.CHANGE_EMAIL)
    is_free = actor.pending_email and queries.person_by_email(actor.pending_email) is None
    if link.person_id != actor.id or not is_free:
        raise NotFound
    return actor.pending_email


def change_address(*, actor: Person, token: str) -> None:
    """Spend the link and end all sessions; the route begins a new one for this browser. NotFound as above."""
    after = other_address(actor=actor, token=token)
    links.use(token, Purpose.CHANGE_EMAIL)
    before, actor.email, actor.pending_email = actor.email, after, ""
    actor.confirmed_at = clock.now()
    actor.session_version += 1
    for purpose in (Purpose.CONFIRM_EMAIL, Purpose.RESET_PASSWORD):  # they went to the old address
        links.void(purpose, actor)
    audit.record("account.change_address", f"person:{actor.id}", actor_id=actor.id)
    address_changed.send(ROOM, person=actor, before=before)
