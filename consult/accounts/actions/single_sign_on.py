"""Coming in by single sign-on: whose account it is, and the parts that the groups of today give and end.

Somebody is known by the provider's name for them, never by an address. An address ties an account to it once, where
the provider vouches for it; whoever was in that account before is out then, for a password or a second step may have
been chosen by somebody who knew the address and nothing else.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from consult import audit, clock
from consult.accounts import claims, links, queries
from consult.accounts.actions import people, second_step
from consult.accounts.claims import Visitor
from consult.accounts.models import (
    Identity,
    Organisation,
    Part,
    Person,
    Purpose,
    Role,
    Unit,
)
from consult.accounts.names import refuse_posing
from consult.announcements import account_tied
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import db
from consult.permissions import Actor
from consult.single_sign_on import SITE, Grant, SingleSignOn

ROOM = __name__
GRANTED_BY = "oidc"
log = logging.getLogger("consult.single_sign_on")


@dataclass(frozen=True)
class Place:
    """A part and where it is played."""

    part: Part
    organisation: Organisation | None = None
    unit: Unit | None = None

    def is_of(self, role: Role) -> bool:
        """Say whether a role is this part in this place."""
        body = self.unit.organisation if self.unit else self.organisation
        where = (body.id if body else None, self.unit.id if self.unit else None)
        return role.part is self.part and (role.organisation_id, role.unit_id) == where


def come_in(*, actor: Actor, visitor: Visitor, sign_on: SingleSignOn) -> Person:
    """Return the person whom the provider sends, with the parts that their groups give as of now.

    NotAllowed, in words for them, where they cannot come in: no address that is vouched for, an account that is shut
    or somebody else's, groups that the provider does not tell.
    """
    if visitor.groups is None:
        raise NotAllowed(
            _(
                "You are in so many groups that %(name)s does not list them. Ask whoever looks after it to send "
                "only the groups that matter to this site.",
                name=sign_on.name,
            )
        )
    grants = claims.granted(visitor.groups, sign_on.grants)
    identity = queries.identity(visitor.issuer, visitor.subject)
    person = queries.person(identity.person_id) if identity else _meet(visitor, sign_on, plays=bool(grants))
    _require_open(person)
    if identity is None:
        identity = _tie(person, visitor)
    identity.last_used_at = clock.now()
    _follow_groups(person, grants)
    return person


def recognise_again(*, actor: Person, visitor: Visitor) -> None:
    """Make sure that whoever proved anew who they are is the person who is signed in; NotAllowed if it is not."""
    identity = queries.identity(visitor.issuer, visitor.subject)
    if identity is None or identity.person_id != actor.id:
        raise NotAllowed(_("You are signed in here as somebody else. Sign out first."))
    identity.last_used_at = clock.now()


def _require_open(person: Person) -> None:
    if not person.is_active:
        raise NotAllowed(
            _(
                "This account has been shut. If you think that is a mistake, write to us: the address is below."
            )
        )


def _meet(visitor: Visitor, sign_on: SingleSignOn, *, plays: bool) -> Person:
    """Return the account of somebody who comes for the first time, by the address that the provider vouches for."""
    if not visitor.email:
        raise NotAllowed(
            _(
                "We were not told your email address by %(name)s, and without one we cannot write to you. Ask "
                "whoever looks after it to send us the address.",
                name=sign_on.name,
            )
        )
    if not visitor.is_email_verified:
        raise NotAllowed(
            _(
                "We were not told by %(name)s that your email address was checked, so we cannot know that it is "
                "yours. Ask whoever looks after it.",
                name=sign_on.name,
            )
        )
    person = queries.person_by_email(visitor.email)
    if person is None:
        return people.add_person(actor=None, name=_name(visitor, plays=plays), email=visitor.email)
    _require_open(person)
    if queries.identities_of(person):
        raise NotAllowed(
            _(
                "There is an account with your email address, and it belongs to somebody else at %(name)s: perhaps "
                "somebody who had the address before you. Write to us: the address is below.",
                name=sign_on.name,
            )
        )
    had_password = bool(person.password_hash)
    _hand_over(person, _name(visitor, plays=plays))
    account_tied.send(ROOM, person=person, provider=sign_on.name, had_password=had_password)
    return person


def _hand_over(person: Person, name: str) -> None:
    """Give an account to the owner of its address: whoever was in it before is out, with every way back in."""
    if not person.is_confirmed:
        if person.password_hash:
            person.name = name  # until now it was a stranger's word
        second_step.take_away(person)
        person.confirmed_at = clock.now()
        audit.record("account.confirm", f"person:{person.id}", actor_id=person.id)
    for purpose in (Purpose.CONFIRM_EMAIL, Purpose.RESET_PASSWORD, Purpose.CHANGE_EMAIL):
        links.void(purpose, person)
    person.pending_email = person.password_hash = ""
    person.session_version += 1
    db.session.flush()


def _name(visitor: Visitor, *, plays: bool) -> str:
    """Return the name that the provider knows, unless it poses: then they are new here, and choose one themselves."""
    try:
        if visitor.name:
            refuse_posing(visitor.name, is_given=plays)
    except Invalid:
        return str(_("New here"))
    return visitor.name or str(_("New here"))


def _tie(person: Person, visitor: Visitor) -> Identity:
    now = clock.now()
    identity = Identity(
        person_id=person.id, issuer=visitor.issuer, subject=visitor.subject, created_at=now, last_used_at=now
    )
    db.session.add(identity)
    audit.record("account.tie", f"person:{person.id}", actor_id=person.id, after=GRANTED_BY)
    return identity


def _follow_groups(person: Person, grants: Iterable[Grant]) -> None:
    """End the parts that groups gave and give no longer, and give those that are new; others' gifts stay as they are."""
    places = [place for place in map(_place, grants) if place is not None]
    for role in person.roles:
        if role.granted_by == GRANTED_BY and role.ended_at is None and not any(p.is_of(role) for p in places):
            _end(role)
    for place in places:
        if not any(place.is_of(role) and role.ended_at is None for role in person.roles):
            _give(person, place)


def _place(grant: Grant) -> Place | None:
    """Return where a grant holds; None, and a line in the log, for a unit or organisation that is not there."""
    part = Part(grant.part)
    try:
        if part is Part.OFFICIAL:
            return Place(part, unit=queries.unit(grant.place))
        if grant.place == SITE:
            return Place(part)
        return Place(part, organisation=queries.organisation(grant.place))
    except NotFound:
        log.warning(
            "the mapping names a place that is not there", extra={"part": grant.part, "place": grant.place}
        )
        return None


def _give(person: Person, place: Place) -> None:
    try:
        people.give_role(
            actor=None,
            person=person,
            part=place.part,
            organisation=place.organisation,
            unit=place.unit,
            granted_by=GRANTED_BY,
        )
    except (Invalid, Conflict):
        log.warning(
            "a part that groups give cannot be", extra={"part": place.part.value, "person": person.id}
        )


def _end(role: Role) -> None:
    try:
        people.end_role(actor=None, role=role)
    except Conflict:
        log.warning("the last administrator of the site stays", extra={"person": role.person_id})
