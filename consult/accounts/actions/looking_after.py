"""What administrators do for the accounts of those who play a part in what they administer."""

from collections.abc import Sequence

from flask_babel import gettext as _

from consult import audit
from consult.accounts import links, queries, roster
from consult.accounts.models import Person, Purpose
from consult.announcements import password_link_sent, sessions_ended
from consult.errors import Conflict, NotFound
from consult.permissions import Actor, May, require

ROOM = __name__


def send_password_link(*, actor: Person, person: Person) -> None:
    """Send somebody a link to choose a new password; the password they have stays until they do."""
    _insist(actor, [person])
    if not person.is_active or not person.is_confirmed:
        raise Conflict(_("This person has no account that they can sign in to yet."))
    if queries.comes_by_single_sign_on(person):
        raise Conflict(_("This person signs in by single sign-on alone. A password would not let them in."))
    links.void(Purpose.RESET_PASSWORD, person)
    password_link_sent.send(ROOM, person=person, token=links.make(Purpose.RESET_PASSWORD, person))
    _record("account.send_password_link", f"person:{person.id}", actor)


def end_sessions(*, actor: Person, person: Person) -> None:
    """Sign somebody out on every device, where one was lost or is in the wrong hands; they can sign in again."""
    _insist(actor, [person])
    if person.id == actor.id:
        raise Conflict(_("Your own devices stand on your account: sign them out there."))
    person.session_version += 1
    _record("account.end_sessions", f"person:{person.id}", actor)
    sessions_ended.send(ROOM, person=person)


def read_addresses(*, actor: Actor, people: list[Person]) -> None:
    """Write down that an administrator reads the mail addresses of these people, who are shown to them."""
    _insist(actor, people)
    if len(people) == 1:
        _record("people.read_addresses", f"person:{people[0].id}", actor)
    elif people:
        _record("people.read_addresses", "people:list", actor, after=f"{len(people)} people")


def _insist(actor: Actor, people: list[Person]) -> None:
    """Raise NotFound for anybody whom the actor does not administer: nobody learns that they are there."""
    require(May.ADMINISTER, actor)
    if not all(roster.works_with(actor, person) for person in people):
        raise NotFound


def _record(act: str, subject: str, actor: Actor, *, after: str = "") -> None:
    """Write into the chain of each organisation that the administrator acts for, or into that of the site."""
    chains: Sequence[int | None] = roster.scope_of(actor) or [None]
    for organisation_id in chains:
        audit.record(act, subject, actor_id=actor.id, organisation_id=organisation_id, after=after)
