"""Offering somebody a part by mail: an invitation counts for nothing until whoever got the mail accepts it.

The link is good once and for 48 hours. Whoever opens it has the mailbox that it was sent to: that confirms the address
of somebody new, who chooses a name and a password there. Somebody with an account must be signed in to it besides.
"""

from dataclasses import dataclass

from flask_babel import gettext as _

from consult import audit, clock
from consult.accounts import links, parts, queries
from consult.accounts.actions import second_step
from consult.accounts.actions.setting_up import touch_site
from consult.accounts.models import (
    OneTimeLink,
    Organisation,
    Part,
    Person,
    Purpose,
    Role,
    Unit,
)
from consult.accounts.names import refuse_posing
from consult.announcements import role_declined, role_offered
from consult.errors import Conflict, NotAllowed, NotFound
from consult.extensions import db
from consult.permissions import Actor

ROOM = __name__


@dataclass(frozen=True)
class Invitation:
    """What a link offers to whom. `is_new` is somebody whose address nobody has confirmed yet."""

    role: Role
    person: Person
    inviter: Person | None

    @property
    def is_new(self) -> bool:
        return not self.person.is_confirmed

    def may_be_answered_by(self, actor: Actor) -> bool:
        """Say whether this browser may answer: as the account itself, or as nobody for somebody new."""
        return not actor.is_authenticated if self.is_new else actor.id == self.person.id


def invite(
    *,
    actor: Actor,
    name: str,
    email: str,
    part: Part,
    organisation: Organisation | None = None,
    unit: Unit | None = None,
    title: str = "",
) -> Role:
    """Offer a part to whoever has this address, by mail; an account is begun for somebody new."""
    organisation = unit.organisation if unit else organisation
    parts.require_over(actor, organisation)
    person = queries.person_by_email(email)
    if person is None:
        refuse_posing(name, is_given=True)
        person = Person(name=name, email=email, created_at=clock.now())
        db.session.add(person)
        db.session.flush()
        audit.record(
            "account.invite",
            f"person:{person.id}",
            actor_id=actor.id,
            organisation_id=organisation.id if organisation else None,
        )
    parts.hold(person)
    parts.refuse_impossible(person, part, organisation, unit)
    role = Role(
        person=person,
        part=part,
        organisation_id=organisation.id if organisation else None,
        unit_id=unit.id if unit else None,
        title=title,
        invited_by=actor.id,
        created_at=clock.now(),
    )
    db.session.add(role)
    db.session.flush()
    parts.record("role.invite", role, actor, after=part.value)
    _send(role, actor)
    return role


def invite_again(*, actor: Actor, role: Role) -> None:
    """Send an invitation that nobody has answered yet once more; the link in the earlier mail works no longer."""
    parts.require_over(actor, parts.organisation_of(role))
    if role.ended_at is not None or role.accepted_at is not None:
        raise Conflict(_("This invitation has been answered already, or was taken back."))
    if not role.person.is_active:
        raise Conflict(_("This account was shut. Its owner cannot be given a part."))
    role.invited_by = actor.id
    parts.record("role.invite_again", role, actor, after=role.part.value)
    _send(role, actor)


def invitation(token: str) -> Invitation:
    """Return what a link offers; NotFound when it was answered, taken back or replaced, or its time is over."""
    return _offered(links.find(token, Purpose.INVITATION))


def accept(*, actor: Actor, token: str, name: str = "", password_hash: str = "") -> Person:
    """Take the part that a link offers: it counts from now on, and every earlier session of the person ends.

    Somebody new gives a name and a password, and their address counts as confirmed.
    """
    offer = _offered(links.use(token, Purpose.INVITATION))
    if not offer.may_be_answered_by(actor):
        raise NotAllowed
    role, person = offer.role, offer.person
    parts.hold(person)
    parts.refuse_both(person, role.part, role.organisation_id, but=role)
    if offer.is_new:
        _begin_account(person, name, password_hash)
    role.accepted_at = clock.now()
    person.session_version += 1
    touch_site()
    parts.record("role.accept", role, person, after=role.part.value)
    return person


def decline(*, actor: Actor, token: str) -> None:
    """Turn an invitation down; whoever sent it is told."""
    offer = _offered(links.use(token, Purpose.INVITATION))
    if actor.is_authenticated and not offer.may_be_answered_by(actor):
        raise NotAllowed
    offer.role.ended_at = clock.now()
    parts.record("role.decline", offer.role, offer.person, before=offer.role.part.value)
    if offer.inviter is not None and offer.inviter.is_active:
        role_declined.send(ROOM, person=offer.person, role=offer.role, inviter=offer.inviter)


def _send(role: Role, actor: Actor) -> None:
    links.void_invitations(role)
    token = links.make(Purpose.INVITATION, role.person, role=role)
    role_offered.send(ROOM, person=role.person, role=role, token=token, actor=actor)


def _offered(link: OneTimeLink) -> Invitation:
    role = db.session.get(Role, link.role_id) if link.role_id is not None else None
    if role is None or role.ended_at is not None or role.accepted_at is not None or not role.person.is_active:
        raise NotFound
    inviter = queries.person_or_none(role.invited_by) if role.invited_by is not None else None
    return Invitation(role, role.person, inviter)


def _begin_account(person: Person, name: str, password_hash: str) -> None:
    """Make the account of somebody new theirs: what anybody set up before with the address is replaced."""
    if not name or not password_hash:
        raise ValueError("somebody new needs a name and a password")
    refuse_posing(name, own=person, is_given=name == person.name)
    person.name, person.password_hash, person.confirmed_at = name, password_hash, clock.now()
    second_step.take_away(person)
    links.void(Purpose.CONFIRM_EMAIL, person)
    links.void(Purpose.RESET_PASSWORD, person)
    audit.record("account.confirm", f"person:{person.id}", actor_id=person.id)
