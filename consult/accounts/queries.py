"""Questions about people, organisations, units and the site."""

from sqlalchemy import select

from consult.accounts.models import Organisation, Person, Site, Unit
from consult.errors import NotFound, Unavailable
from consult.extensions import db


def site() -> Site:
    """Return the row that says what this site is; Unavailable while it has not been set up."""
    found = db.session.get(Site, 1)
    if found is None:
        raise Unavailable("This site has not been set up yet. Run “consult start” or “consult demo”.")
    return found


def site_or_none() -> Site | None:
    return db.session.get(Site, 1)


def person_or_none(person_id: int) -> Person | None:
    return db.session.get(Person, person_id)


def organisation(slug: str) -> Organisation:
    found = db.session.scalar(select(Organisation).where(Organisation.slug == slug))
    if found is None:
        raise NotFound
    return found


def unit(slug: str) -> Unit:
    found = db.session.scalar(select(Unit).where(Unit.slug == slug))
    if found is None:
        raise NotFound
    return found
