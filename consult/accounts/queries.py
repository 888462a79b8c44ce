"""Questions about people, organisations, units and the site."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, or_, select, union
from sqlalchemy.orm import joinedload, selectinload

from consult import clock
from consult.accounts import opening
from consult.accounts.models import (
    Identity,
    Organisation,
    Part,
    Passkey,
    Person,
    RecoveryCode,
    Role,
    SignedIn,
    Site,
    Unit,
)
from consult.accounts.sessions import is_live
from consult.accounts.ways import Ways
from consult.errors import NotFound, Unavailable
from consult.extensions import db, settings

PAGE = 50


def site() -> Site:
    """Return the row that says what this site is; Unavailable while it has not been set up."""
    found = db.session.get(Site, 1)
    if found is None:
        raise Unavailable("This site has not been set up yet. Run “consult start” or “consult demo”.")
    return found


def is_demonstration() -> bool:
    """Say whether this site is a demonstration; False for one that is not set up."""
    this = site_or_none()
    return this is not None and this.is_demonstration


def site_or_none() -> Site | None:
    return db.session.get(Site, 1)


def second_step_is_required() -> bool:
    """Say whether those who play a part need a second step: as the setting says, or on every real site."""
    said = settings().second_factor
    if said:
        return said == "required"
    this = site_or_none()
    return this is not None and not this.is_demonstration


def needs_second_step(person: Person) -> bool:
    """Say whether a person plays a part that counts only with a second step."""
    return any(role.is_played for role in person.roles) and second_step_is_required()


def ways_of(person: Person) -> Ways:
    """Return which second step a person can sign in by."""
    passkeys = select(func.count()).select_from(Passkey).where(Passkey.person_id == person.id)
    codes = select(func.count()).select_from(RecoveryCode)
    codes = codes.where(RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))
    row = db.session.execute(select(passkeys.scalar_subquery(), codes.scalar_subquery())).one()
    return Ways(app=person.totp_set_at is not None, passkeys=row[0], recovery_codes=row[1])


def passkeys_of(person: Person) -> list[Passkey]:
    return list(
        db.session.scalars(select(Passkey).where(Passkey.person_id == person.id).order_by(Passkey.id))
    )


def passkey_is_known(credential: str) -> bool:
    return db.session.scalar(select(Passkey.id).where(Passkey.credential == credential)) is not None


def missing_to_open(organisation_ids: Collection[int] | None = None) -> list[opening.Missing]:
    """Return what a real site lacks before a consultation may open; nothing on a demonstration.

    Of units and moderators it looks at these organisations, or at all of them: what opens in one organisation needs
    a moderator there.
    """
    this = site()
    return [] if this.is_demonstration else opening.missing(this, staffing(organisation_ids))


def staffing(organisation_ids: Collection[int] | None = None) -> opening.Staffing:
    """Return how many units and moderators there are, everywhere or in these organisations."""
    moderators = (
        select(Role.organisation_id)
        .join(Person, Role.person_id == Person.id)
        .where(Role.part == Part.MODERATOR, Role.played(), Person.disabled_at.is_(None))
    )
    units, people = select(func.count(Unit.id)), select(func.count()).select_from(moderators.subquery())
    unmoderated = select(func.count(Unit.organisation_id.distinct())).where(
        Unit.organisation_id.not_in(moderators.where(Role.organisation_id.is_not(None)))
    )
    if organisation_ids is not None:
        units = units.where(Unit.organisation_id.in_(organisation_ids))
        people = select(func.count()).select_from(
            moderators.where(Role.organisation_id.in_(organisation_ids)).subquery()
        )
        unmoderated = unmoderated.where(Unit.organisation_id.in_(organisation_ids))
    row = db.session.execute(
        select(units.scalar_subquery(), people.scalar_subquery(), unmoderated.scalar_subquery())
    ).one()
    return opening.Staffing(units=row[0], moderators=row[1], unmoderated=row[2])


def person_or_none(person_id: int) -> Person | None:
    """Return a person with the parts they play, in one question; None for nobody."""
    return db.session.get(Person, person_id, options=[joinedload(Person.roles)])


_AT_THE_DOOR = (
    select(Person, SignedIn)
    .join(SignedIn, SignedIn.person_id == Person.id)
    .options(joinedload(Person.roles))
    .where(Person.id == bindparam("person"), SignedIn.digest == bindparam("digest"))
)


def at_the_door(person_id: int, digest: str) -> tuple[Person, SignedIn] | None:
    """Return who has this session, and the session; None when it is over.

    Read by a statement that is built once: every request of somebody signed in asks it.
    """
    found = db.session.execute(_AT_THE_DOOR, {"person": person_id, "digest": digest}).unique().one_or_none()
    if found is None or not is_live(found.SignedIn, found.Person, clock.now()):
        return None
    return found.Person, found.SignedIn


def session_by_digest(digest: str) -> SignedIn | None:
    return db.session.scalar(select(SignedIn).where(SignedIn.digest == digest))


def sessions_of(person: Person) -> list[SignedIn]:
    """Return the sessions of a person that are not over, the latest used first."""
    wanted = select(SignedIn).where(SignedIn.person_id == person.id, SignedIn.ended_at.is_(None))
    now = clock.now()
    rows = db.session.scalars(wanted.order_by(SignedIn.seen_at.desc(), SignedIn.id.desc()).limit(PAGE))
    return [row for row in rows if is_live(row, person, now)]


def person(person_id: int) -> Person:
    found = person_or_none(person_id)
    if found is None:
        raise NotFound
    return found


def person_by_email(email: str) -> Person | None:
    """Return whose account has this address, which is given as `addresses.as_stored` returns it; guests have none."""
    return db.session.scalar(select(Person).where(Person.email == email, Person.is_guest.is_(False)))


def players(part: Part, also: int | None = None) -> Sequence[Any]:
    """Return id and name of who plays a part somewhere now, by name, and of one more person where `also` names one."""
    played = select(Role.person_id).where(Role.part == part, Role.played())
    plays = Person.id.in_(played) & Person.disabled_at.is_(None) & Person.closed_at.is_(None)
    wanted = plays if also is None else plays | (Person.id == also)
    return db.session.execute(
        select(Person.id, Person.name).where(wanted).order_by(Person.name, Person.id)
    ).all()


def identity(issuer: str, subject: str) -> Identity | None:
    """Return by whom a provider of single sign-on means whom, locked: two sign-ins at once follow one another."""
    wanted = select(Identity).where(Identity.issuer == issuer, Identity.subject == subject)
    return db.session.scalar(wanted.with_for_update())


def identities_of(person: Person) -> list[Identity]:
    """Return who a person is to the site's provider of single sign-on, the oldest first; nothing where it has none."""
    provider = settings().sign_on
    if provider is None:
        return []
    wanted = select(Identity).where(Identity.person_id == person.id, Identity.issuer == provider.issuer)
    return list(db.session.scalars(wanted.order_by(Identity.id)))


def comes_by_single_sign_on(person: Person) -> bool:
    """Say whether a person plays a part that the provider of this site gave: then they come in by it alone.

    A password would let them in still once the provider no longer does.
    """
    return settings().sign_on is not None and any(role.granted_by and role.is_played for role in person.roles)


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


def units_with_own_retention(site_months: int) -> list[Unit]:
    """Return the units that keep the addresses of guests for another time than the site says, by name."""
    own = select(Unit).where(Unit.retention_months.is_not(None), Unit.retention_months != site_months)
    return list(db.session.scalars(own.order_by(Unit.name)))


def administered_by(person: Person) -> list[int] | None:
    """Return the ids of the organisations that a person administers; None for all of them."""
    roles = [role for role in person.parts if role.part is Part.ADMINISTRATOR]
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
            Role.played(),
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


def place_of(role: Role) -> str:
    """Return the name of the unit, the organisation or the site where a part is played."""
    if role.unit_id is not None:
        return unit_by_id(role.unit_id).name
    if role.organisation_id is not None:
        return organisation_by_id(role.organisation_id).name
    return site().name


def names_of_bodies(but: Collection[int] = ()) -> list[str]:
    """Return the names of the site, of its organisations and of their units, save the organisations `but`."""
    bodies = select(Organisation.name).where(Organisation.id.not_in(but))
    units = select(Unit.name).where(Unit.organisation_id.not_in(but))
    return list(db.session.scalars(union(select(Site.name), bodies, units)))


def names_of_players(but: int | None = None) -> list[str]:
    """Return the names of those who play a part now, save one person."""
    wanted = select(Person.name).join(Role, Role.person_id == Person.id).where(Role.played())
    wanted = wanted.where(Person.disabled_at.is_(None), Person.closed_at.is_(None))
    if but is not None:
        wanted = wanted.where(Person.id != but)
    return list(db.session.scalars(wanted.distinct()))


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
        .where(Role.part == Part.MODERATOR, Role.played(), Person.disabled_at.is_(None))
        .order_by(Organisation.name, Person.name)
        .distinct()
    )
    found: dict[str, list[str]] = {}
    for name, moderator in rows:
        found.setdefault(name, []).append(moderator)
    return [Moderators(name, tuple(names)) for name, names in found.items()]
