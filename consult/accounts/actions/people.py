"""The parts that people play: giving one at once, changing and ending it; and the rules for all of these.

`actor` is None for the command line, whose user owns the machine: there a part counts at once. Administrators invite
(`inviting.py`).
"""

from flask_babel import gettext as _
from sqlalchemy import select

from consult import audit, clock
from consult.accounts import links, parts, queries
from consult.accounts.actions.setting_up import touch_site
from consult.accounts.models import Organisation, Part, Person, Purpose, Role, Unit
from consult.announcements import (
    account_disabled,
    account_enabled,
    role_ended,
    role_given,
    role_moved,
    role_taken_back,
)
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.permissions import Actor, May, require

ROOM = __name__


def add_person(*, actor: Actor | None, name: str, email: str, password_hash: str = "") -> Person:
    """Add somebody whose address is taken to be right; Invalid if there is an account with it."""
    if actor is not None:
        require(May.SET_UP_SITE, actor)
    if queries.person_by_email(email) is not None:
        raise Invalid(_("There is already an account with this email address."), field="email")
    now = clock.now()
    person = Person(name=name, email=email, password_hash=password_hash, created_at=now, confirmed_at=now)
    db.session.add(person)
    db.session.flush()
    audit.record("account.make", f"person:{person.id}", actor_id=_id(actor))
    return person


def give_role(
    *,
    actor: Actor | None,
    person: Person,
    part: Part,
    organisation: Organisation | None = None,
    unit: Unit | None = None,
    title: str = "",
    granted_by: str = "",
) -> Role:
    """Give a part that counts at once; it holds at the person's next sign-in, for their sessions end.

    `granted_by` names the provider of single sign-on whose claims give it: who comes from there needs no password.
    """
    organisation = unit.organisation if unit else organisation
    parts.require_over(actor, organisation)
    parts.hold(person)
    parts.refuse_impossible(person, part, organisation, unit)
    now = clock.now()
    role = Role(
        person=person,
        part=part,
        organisation_id=organisation.id if organisation else None,
        unit_id=unit.id if unit else None,
        title=title,
        granted_by=granted_by,
        created_at=now,
        accepted_at=now,
    )
    db.session.add(role)
    person.session_version += 1
    touch_site()
    db.session.flush()
    parts.record("role.give", role, actor, after=part.value)
    needs_password = not person.password_hash and not granted_by
    role_given.send(ROOM, person=person, role=role, token=_link(person) if needs_password else "")
    return role


def change_role(
    *, actor: Actor, role: Role, title: str, unit: Unit | None = None, may_clear: bool = False
) -> Role:
    """Change the job title of a part, or the unit of an official within the same organisation; return the part.

    Another unit is another part: what was played until now ends and is kept, and the sessions of its holder end.
    `may_clear` says whether an official clears answers of the organisation's units before they are out.
    """
    parts.require_over(actor, parts.organisation_of(role))
    if role.ended_at is not None:
        raise Conflict(_("This part has ended already."))
    if unit is not None and unit.id != role.unit_id:
        role = _move(actor, role, title, unit)
    if may_clear != role.may_clear:
        role.may_clear = may_clear
        parts.record(
            "role.let_clear" if may_clear else "role.stop_clearing", role, actor, after=role.part.value
        )
    if title != role.title:
        role.title = title
        touch_site()
        parts.record("role.retitle", role, actor, after=role.part.value)
    return role


def end_role(*, actor: Actor | None, role: Role) -> None:
    """End a part and the sessions of who played it, or take an invitation back. The site's last administrator stays."""
    parts.require_over(actor, parts.organisation_of(role))
    if role.ended_at is not None:
        return
    _keep_one_administrator(role.person_id, [role])
    role.ended_at = clock.now()
    if role.accepted_at is None:
        links.void_invitations(role)
        parts.record("role.take_back", role, actor, before=role.part.value)
        role_taken_back.send(ROOM, person=role.person, role=role)
        return
    role.person.session_version += 1
    touch_site()
    parts.record("role.end", role, actor, before=role.part.value)
    role_ended.send(ROOM, person=role.person, role=role)


def lay_down(*, actor: Person) -> None:
    """End every part that the actor plays or was invited to; the last administrator of the site cannot."""
    open_roles = [role for role in actor.roles if role.ended_at is None]
    if not open_roles:
        return
    _keep_one_administrator(actor.id, open_roles)
    for role in open_roles:
        role.ended_at = clock.now()
        parts.record("role.end", role, actor, before=role.part.value)
    touch_site()


def disable(*, actor: Actor | None, person: Person) -> None:
    """Shut an account: nobody can sign in to it, and its sessions end. What the person wrote stays."""
    if actor is not None:
        require(May.SET_UP_SITE, actor)
    if person.disabled_at is not None:
        return
    _keep_one_administrator(person.id, list(person.parts))
    person.disabled_at = clock.now()
    person.session_version += 1
    touch_site()
    audit.record("account.disable", f"person:{person.id}", actor_id=_id(actor))
    if person.email:
        account_disabled.send(ROOM, person=person)


def enable(*, actor: Actor, person: Person) -> None:
    """Open an account again that was shut; the parts that its owner played count again."""
    require(May.SET_UP_SITE, actor)
    if person.disabled_at is None:
        return
    person.disabled_at = None
    touch_site()
    audit.record("account.enable", f"person:{person.id}", actor_id=actor.id)
    if person.email and person.is_active:
        account_enabled.send(ROOM, person=person)


def _move(actor: Actor, role: Role, title: str, unit: Unit) -> Role:
    """Let an official answer for another unit of the same organisation; an invitation is changed as it stands."""
    if role.part is not Part.OFFICIAL or unit.organisation_id != role.organisation_id:
        raise Invalid(_("Choose a unit of the same organisation."), field="unit")
    person = role.person
    parts.hold(person)
    if any(r.part is Part.OFFICIAL and r.ended_at is None and r.unit_id == unit.id for r in person.roles):
        raise Invalid(_("This person answers for that unit already."), field="unit")
    if role.accepted_at is None:
        role.unit_id, role.title = unit.id, title
        parts.record("role.move", role, actor, after=role.part.value)
        return role
    now = clock.now()
    role.ended_at = now
    parts.record("role.end", role, actor, before=role.part.value)
    moved = Role(
        person=person,
        part=role.part,
        organisation_id=role.organisation_id,
        unit_id=unit.id,
        title=title,
        granted_by=role.granted_by,
        invited_by=role.invited_by,
        created_at=now,
        accepted_at=now,
    )
    db.session.add(moved)
    person.session_version += 1
    touch_site()
    db.session.flush()
    parts.record("role.move", moved, actor, after=moved.part.value)
    role_moved.send(ROOM, person=person, role=moved)
    return moved


def _keep_one_administrator(person_id: int, ending: list[Role]) -> None:
    """Refuse to end the roles of a person if nobody else could set up the site afterwards.

    The rows are locked, or two administrators could remove one another at the same moment; and who is left is asked
    afterwards, for the one before us may have shut an account and changed no part.
    """
    if not any(_is_for_site(role) for role in ending):
        return
    runs_the_site = (Role.part == Part.ADMINISTRATOR, Role.organisation_id.is_(None), Role.played())
    db.session.execute(select(Role.id).where(*runs_the_site).order_by(Role.id).with_for_update()).all()
    others = (
        select(Role.id)
        .join(Person, Role.person_id == Person.id)
        .where(*runs_the_site, Role.person_id != person_id, Person.disabled_at.is_(None))
    )
    if db.session.scalar(others.limit(1)) is None:
        raise Conflict(_("The last administrator cannot go. Give somebody else the part first."))


def _is_for_site(role: Role) -> bool:
    return role.part is Part.ADMINISTRATOR and role.organisation_id is None and role.is_played


def _link(person: Person) -> str:
    links.void(Purpose.RESET_PASSWORD, person)
    return links.make(Purpose.RESET_PASSWORD, person)


def _id(actor: Actor | None) -> int | None:
    return actor.id if actor is not None else None
