"""Questions about people, organisations, units and the site."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, func, or_, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from consult.accounts import opening
from consult.accounts.models import Organisation, Part, Person, Role, Site, Unit
from consult.errors import NotFound, Unavailable
from consult.extensions import db

PAGE = 50


def site() -> Site:
    """Return the row that says what this site is; Unavailable while it has not been set up."""
    found = db.session.get(Site, 1)
    if found is None:
        raise Unavailable("This site has not been set up yet. Run “consult start” or “consult demo”.")
    return found


def is_demonstration() -> bool:
    """Say whether this site is a demonstration; False for one that is not set up."""
    return bool(db.session.scalar(select(Site.is_demonstration)))


def site_or_none() -> Site | None:
    return db.session.get(Site, 1)


def missing_to_open() -> list[opening.Missing]:
    """Return what a real site lacks before a consultation may open; nothing on a demonstration."""
    this = site()
    if this.is_demonstration:
        return []
    moderators = select(func.count()).select_from(Role).join(Person, Role.person_id == Person.id)
    moderators = moderators.where(
        Role.part == Part.MODERATOR, Role.ended_at.is_(None), Person.disabled_at.is_(None)
    )
    units = select(func.count()).select_from(Unit)
    row = db.session.execute(
        select(units.scalar_subquery().label("units"), moderators.scalar_subquery().label("moderators"))
    ).one()
    return opening.missing(this, units=row.units, moderators=row.moderators)


def person_or_none(person_id: int) -> Person | None:
    """Return a person with the parts they play, in one question; None for nobody."""
    return db.session.get(Person, person_id, options=[joinedload(Person.roles)])


_AT_THE_DOOR = select(Person).options(joinedload(Person.roles)).where(Person.id == bindparam("person"))


def person_at_the_door(person_id: int) -> Person | None:
    """The same, read afresh by a statement that is built once: every request of somebody signed in asks it."""
    return db.session.scalars(_AT_THE_DOOR, {"person": person_id}).unique().one_or_none()


def person(person_id: int) -> Person:
    found = person_or_none(person_id)
    if found is None:
        raise NotFound
    return found


def person_by_email(email: str) -> Person | None:
    """Return the person with this address, which is given as `addresses.as_stored` returns it."""
    return db.session.scalar(select(Person).where(Person.email == email))


def people_by_id(ids: Collection[int]) -> dict[int, Person]:
    """Return these people at one go, by id."""
    if not ids:
        return {}
    return {found.id: found for found in db.session.scalars(select(Person).where(Person.id.in_(ids)))}


def organisation(slug: str) -> Organisation:
    found = db.session.scalar(select(Organisation).where(Organisation.slug == slug))
    if found is None:
        raise NotFound
    return found


def organisation_by_id(organisation_id: int) -> Organisation:
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def unit(slug: str) -> Unit:
    found = db.session.scalar(select(Unit).where(Unit.slug == slug))
    if found is None:
        raise NotFound
    return found


def unit_by_id(unit_id: int) -> Unit:
    found = db.session.get(Unit, unit_id)
    if found is None:
        raise NotFound
    return found


def organisations(ids: Collection[int] | None = None) -> list[Organisation]:
    """Return organisations with their units, by name: all of them, or those named by `ids`."""
    wanted = select(Organisation).options(selectinload(Organisation.units)).order_by(Organisation.name)
    if ids is not None:
        wanted = wanted.where(Organisation.id.in_(ids))
    return list(db.session.scalars(wanted))


def organisation_slug_is_taken(slug: str) -> bool:
    return db.session.scalar(select(Organisation.id).where(Organisation.slug == slug)) is not None


def unit_slug_is_taken(slug: str) -> bool:
    return db.session.scalar(select(Unit.id).where(Unit.slug == slug)) is not None


def administered_by(person: Person) -> list[int] | None:
    """Return the ids of the organisations that a person administers; None for all of them."""
    roles = [role for role in person.roles if role.part is Part.ADMINISTRATOR and role.ended_at is None]
    if any(role.organisation_id is None for role in roles):
        return None
    return sorted({role.organisation_id for role in roles if role.organisation_id is not None})


def has_site_administrator() -> bool:
    """Say whether somebody can set up the site and sign in."""
    found = db.session.scalar(
        select(Role.id)
        .join(Person, Role.person_id == Person.id)
        .where(
            Role.part == Part.ADMINISTRATOR,
            Role.organisation_id.is_(None),
            Role.ended_at.is_(None),
            Person.disabled_at.is_(None),
        )
        .limit(1)
    )
    return found is not None


def role(role_id: int) -> Role:
    found = db.session.get(Role, role_id)
    if found is None:
        raise NotFound
    return found


def roles_in(
    organisation_ids: Collection[int] | None, *, after: tuple[str, int] | None = None, limit: int = PAGE
) -> list[Role]:
    """Return the parts that are played now, by the name of who plays them: everywhere, or in these organisations.

    `after` is the name and the role id of the last row of the page before; one row more than `limit` comes back
    when there is another page.
    """
    wanted = (
        select(Role)
        .join(Role.person)
        .options(contains_eager(Role.person))
        .where(Role.ended_at.is_(None), Person.disabled_at.is_(None))
        .order_by(Person.name, Role.id)
        .limit(limit + 1)
    )
    if organisation_ids is not None:
        wanted = wanted.where(Role.organisation_id.in_(organisation_ids))
    if after is not None:
        wanted = wanted.where(tuple_(Person.name, Role.id) > after)
    return list(db.session.scalars(wanted))


@dataclass(frozen=True)
class Moderators:
    """Who moderates the comments of one organisation."""

    organisation: str
    names: tuple[str, ...]


def moderators() -> list[Moderators]:
    """Return who moderates what, by the organisation's name."""
    rows = db.session.execute(
        select(Organisation.name, Person.name)
        .select_from(Role)
        .join(Person, Role.person_id == Person.id)
        .join(Organisation, or_(Role.organisation_id == Organisation.id, Role.organisation_id.is_(None)))
        .where(Role.part == Part.MODERATOR, Role.ended_at.is_(None), Person.disabled_at.is_(None))
        .order_by(Organisation.name, Person.name)
        .distinct()
    )
    found: dict[str, list[str]] = {}
    for name, moderator in rows:
        found.setdefault(name, []).append(moderator)
    return [Moderators(name, tuple(names)) for name, names in found.items()]
