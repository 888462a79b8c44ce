"""Giving people parts to play and ending them; adding people and shutting them out.

`actor` is None for the command line, whose user owns the machine.
"""

from flask_babel import gettext as _
from sqlalchemy import select

from consult import audit, clock
from consult.accounts import links, queries
from consult.accounts.actions.setting_up import touch_site
from consult.accounts.models import Organisation, Part, Person, Purpose, Role, Unit
from consult.announcements import role_ended, role_given
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


def invite(
    *,
    actor: Actor | None,
    name: str,
    email: str,
    part: Part,
    organisation: Organisation | None = None,
    unit: Unit | None = None,
    title: str = "",
) -> Role:
    """Give a part to whoever has this address. Somebody new gets an account, and a link to choose a password."""
    _require_over(actor, unit.organisation if unit else organisation)
    person = queries.person_by_email(email)
    if person is None:
        person = Person(name=name, email=email, created_at=clock.now())
        db.session.add(person)
        db.session.flush()
        audit.record("account.invite", f"person:{person.id}", actor_id=_id(actor))
    return give_role(actor=actor, person=person, part=part, organisation=organisation, unit=unit, title=title)


def give_role(
    *,
    actor: Actor | None,
    person: Person,
    part: Part,
    organisation: Organisation | None = None,
    unit: Unit | None = None,
    title: str = "",
) -> Role:
    """Give a part to a person; it holds at their next sign-in, for their sessions end."""
    organisation = unit.organisation if unit else organisation
    _require_over(actor, organisation)
    _refuse_impossible(person, part, organisation, unit)
    role = Role(
        person=person,
        part=part,
        organisation_id=organisation.id if organisation else None,
        unit_id=unit.id if unit else None,
        title=title,
        created_at=clock.now(),
    )
    db.session.add(role)
    person.session_version += 1
    touch_site()
    db.session.flush()
    _record("role.give", role, actor, after=part.value)
    has_password = bool(person.password_hash)
    role_given.send(ROOM, person=person, role=role, token="" if has_password else _link(person))
    return role


def end_role(*, actor: Actor | None, role: Role) -> None:
    """End a part, and the sessions of who played it. The last administrator of the site stays."""
    organisation = queries.organisation_by_id(role.organisation_id) if role.organisation_id else None
    _require_over(actor, organisation)
    if role.ended_at is not None:
        return
    _keep_one_administrator(role.person_id, [role])
    role.ended_at = clock.now()
    role.person.session_version += 1
    touch_site()
    _record("role.end", role, actor, before=role.part.value)
    role_ended.send(ROOM, person=role.person, role=role)


def disable(*, actor: Actor | None, person: Person) -> None:
    """Shut an account: nobody can sign in to it, and its sessions end. What the person wrote stays."""
    if actor is not None:
        require(May.SET_UP_SITE, actor)
    _keep_one_administrator(person.id, list(person.roles))
    person.disabled_at = person.disabled_at or clock.now()
    person.session_version += 1
    touch_site()
    audit.record("account.disable", f"person:{person.id}", actor_id=_id(actor))


def _require_over(actor: Actor | None, organisation: Organisation | None) -> None:
    """Let administrators give out parts in their organisation, and those of the site everywhere."""
    if actor is None:
        return
    if organisation is None:
        require(May.SET_UP_SITE, actor)
    else:
        require(May.ADMINISTER, actor, organisation)


def _refuse_impossible(
    person: Person, part: Part, organisation: Organisation | None, unit: Unit | None
) -> None:
    if part is Part.OFFICIAL and unit is None:
        raise Invalid(_("Choose the unit that this person answers for."), field="place")
    if part is Part.MODERATOR and (organisation is None or unit is not None):
        raise Invalid(_("Choose the organisation whose comments this person moderates."), field="place")
    if part is Part.EDITOR and organisation is not None:
        raise Invalid(_("The toolkit belongs to the whole site. Choose “The whole site”."), field="place")
    if part is Part.ADMINISTRATOR and unit is not None:
        raise Invalid(_("Administrators belong to an organisation or to the whole site."), field="place")
    if not person.is_active:
        raise Invalid(_("This account was shut. Its owner cannot be given a part."), field="email")
    where = (organisation.id if organisation else None, unit.id if unit else None)
    if any(
        role.part is part and role.ended_at is None and (role.organisation_id, role.unit_id) == where
        for role in person.roles
    ):
        raise Invalid(_("This person has that part already."), field="email")


def _keep_one_administrator(person_id: int, ending: list[Role]) -> None:
    """Refuse to end the roles of a person if nobody else could set up the site afterwards.

    The rows are locked, or two administrators could remove one another at the same moment.
    """
    if not any(_is_for_site(role) for role in ending):
        return
    others = db.session.scalars(
        select(Role)
        .join(Person, Role.person_id == Person.id)
        .where(
            Role.part == Part.ADMINISTRATOR,
            Role.organisation_id.is_(None),
            Role.ended_at.is_(None),
            Person.disabled_at.is_(None),
        )
        .order_by(Role.id)
        .with_for_update(of=Role)
    ).all()
    if not [role for role in others if role.person_id != person_id]:
        raise Conflict(_("The last administrator cannot go. Give somebody else the part first."))


def _is_for_site(role: Role) -> bool:
    return role.part is Part.ADMINISTRATOR and role.organisation_id is None and role.ended_at is None


def _link(person: Person) -> str:
    links.void(Purpose.RESET_PASSWORD, person)
    return links.make(Purpose.RESET_PASSWORD, person)


def _record(act: str, role: Role, actor: Actor | None, *, before: str = "", after: str = "") -> None:
    audit.record(
        act,
        f"person:{role.person_id}",
        actor_id=_id(actor),
        organisation_id=role.organisation_id,
        before=before,
        after=after,
        reason=f"unit:{role.unit_id}" if role.unit_id else "",
    )


def _id(actor: Actor | None) -> int | None:
    return actor.id if actor is not None else None
