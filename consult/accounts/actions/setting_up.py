"""Setting up a site: its row, its first administrator, its details, its organisations and units."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from consult import audit, clock
from consult.accounts import links, queries
from consult.accounts.models import (
    Organisation,
    OrganisationKind,
    Part,
    Person,
    Purpose,
    Role,
    Signing,
    Site,
    Unit,
)
from consult.announcements import barrier_reported, mail_test_asked
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.permissions import Actor, May, require

ROOM = __name__
DETAILS = frozenset(
    {
        "name",
        "contact_email",
        "contact_telephone",
        "contact_address",
        "controller",
        "data_protection_contact",
        "privacy_notice",
        "privacy_notice_html",
        "retention_months",
        "accessibility_contact",
        "accessibility_known_problems",
        "accessibility_prepared_on",
        "enforcement_body",
    }
)


def start_site(*, actor: None = None) -> str:
    """Make a real, empty site and return the token by which its first administrator comes in.

    Called again before there is one, it makes a new link; afterwards, and on a demonstration, it is a Conflict.
    """
    site = queries.site_or_none()
    if site is not None and site.is_demonstration:
        raise Conflict(_("This database holds a demonstration. Start a real site in a database of its own."))
    if queries.has_site_administrator():
        raise Conflict(_("This site has an administrator already. Use “consult user role” to add another."))
    if site is None:
        db.session.add(Site(id=1, name="Consult", is_demonstration=False, created_at=clock.now()))
        db.session.flush()
        audit.record("site.start", "site:1", actor_id=None)
    links.void(Purpose.FIRST_ADMINISTRATOR)
    return links.make(Purpose.FIRST_ADMINISTRATOR)


def begin_as_administrator(
    *, actor: Actor, token: str, site_name: str, name: str, email: str, password_hash: str
) -> Person:
    """Spend the first administrator's link: name the site and make the account that sets it up.

    The address counts as confirmed: whoever reads the link on the server's console owns the site.
    """
    links.use(token, Purpose.FIRST_ADMINISTRATOR)
    if queries.has_site_administrator():
        raise Conflict(_("This site has an administrator already."))
    if queries.person_by_email(email) is not None:
        raise Invalid(_("There is already an account with this email address."), field="email")
    now = clock.now()
    person = Person(name=name, email=email, password_hash=password_hash, created_at=now, confirmed_at=now)
    person.roles.append(Role(part=Part.ADMINISTRATOR, created_at=now, accepted_at=now))
    db.session.add(person)
    site = queries.site()
    site.name = site_name
    touch_site()
    db.session.flush()
    audit.record("role.give", f"person:{person.id}", actor_id=person.id, after=Part.ADMINISTRATOR.value)
    return person


def revise_site(*, actor: Actor, **details: Any) -> None:
    """Change what the site says of itself; every page shows it from now on."""
    require(May.SET_UP_SITE, actor)
    unknown = set(details) - DETAILS
    if unknown:
        raise ValueError(f"no details of a site: {sorted(unknown)}")
    site = queries.site()
    for name, value in details.items():
        setattr(site, name, value)
    touch_site()
    audit.record("site.revise", "site:1", actor_id=actor.id)


def add_organisation(
    *, actor: Actor, name: str, slug: str, kind: OrganisationKind, about: str, **chosen: Any
) -> Organisation:
    """Add a public body that consults; `chosen` is what else can be said of it at once, by the names of its columns."""
    require(May.SET_UP_SITE, actor)
    if queries.organisation_slug_is_taken(slug):
        raise Invalid(_("Another organisation has this address. Choose another."), field="slug")
    organisation = Organisation(
        name=name, slug=slug, kind=kind, about=about, created_at=clock.now(), **chosen
    )
    db.session.add(organisation)
    db.session.flush()
    audit.record("organisation.add", f"organisation:{organisation.id}", actor_id=actor.id)
    return organisation


def revise_organisation(
    *,
    actor: Actor,
    organisation: Organisation,
    name: str,
    kind: OrganisationKind,
    about: str,
    signs_with: Signing = Signing.NAME,
    information_contact: str = "",
    minimum_weeks: int | None = None,
) -> None:
    """Change what an organisation says of itself; its address stays, for links to it stay good.

    How its officials sign holds for what they write from now on.
    """
    require(May.ADMINISTER, actor, organisation)
    organisation.name, organisation.kind, organisation.about = name, kind, about
    organisation.signs_with, organisation.information_contact = signs_with, information_contact
    organisation.minimum_weeks = minimum_weeks
    touch_site()
    audit.record(
        "organisation.revise",
        f"organisation:{organisation.id}",
        actor_id=actor.id,
        organisation_id=organisation.id,
    )


def add_unit(
    *,
    actor: Actor,
    organisation: Organisation,
    name: str,
    slug: str,
    promise_days: int | None,
    retention_months: int | None = None,
    needs_clearance: bool = False,
    **contact: str,
) -> Unit:
    """Add a team that writes drafts and answers for them; `contact` is about, email, telephone, address and the like."""
    require(May.ADMINISTER, actor, organisation)
    if queries.unit_slug_is_taken(slug):
        raise Invalid(_("Another unit has this address. Choose another."), field="slug")
    unit = Unit(
        organisation=organisation,
        name=name,
        slug=slug,
        promise_days=promise_days,
        retention_months=retention_months,
        needs_clearance=needs_clearance,
        created_at=clock.now(),
        **contact,
    )
    db.session.add(unit)
    db.session.flush()
    audit.record("unit.add", f"unit:{unit.id}", actor_id=actor.id, organisation_id=organisation.id)
    return unit


def revise_unit(
    *,
    actor: Actor,
    unit: Unit,
    name: str,
    promise_days: int | None,
    retention_months: int | None = None,
    needs_clearance: bool = False,
    **contact: str,
) -> None:
    require(May.ADMINISTER, actor, unit)
    unit.name, unit.promise_days, unit.retention_months = name, promise_days, retention_months
    unit.needs_clearance = needs_clearance
    for field, value in contact.items():
        setattr(unit, field, value)
    touch_site()
    audit.record("unit.revise", f"unit:{unit.id}", actor_id=actor.id, organisation_id=unit.organisation_id)


def ask_for_mail_test(*, actor: Person) -> None:
    """Send the administrator a mail with a link; mail works once a mail server took it and the link was opened."""
    require(May.SET_UP_SITE, actor)
    links.void(Purpose.MAIL_RECEIVED, actor)
    mail_test_asked.send(ROOM, to=actor.email, token=links.make(Purpose.MAIL_RECEIVED, actor))


def note_that_mail_works(*, actor: None = None) -> None:
    """Write down that a test mail was taken by a real mail server; told by the dispatcher."""
    queries.site().mail_tested_at = clock.now()
    audit.record("site.mail_works", "site:1", actor_id=None)


def note_that_mail_arrived(*, actor: Actor, token: str) -> None:
    """Write down that whoever asked for a test mail has it: they alone know the link in it, wherever they open it."""
    link = links.use(token, Purpose.MAIL_RECEIVED)
    queries.site().mail_received_at = clock.now()
    audit.record("site.mail_arrived", "site:1", actor_id=link.person_id)


def note_backed_up(*, actor: None = None) -> None:
    """Write down that a copy of the site was made; told by the command that made it."""
    queries.site().backed_up_at = clock.now()
    audit.record("site.back_up", "site:1", actor_id=None)


def note_restored(*, actor: None = None) -> None:
    """Write down that a copy of this site was restored into an empty place and is the same; told by the command."""
    queries.site().restored_at = clock.now()
    audit.record("site.rehearse_restore", "site:1", actor_id=None)


def report_barrier(*, actor: Actor, name: str, email: str, message: str, once: str) -> None:
    """Pass on what somebody writes about a page that they cannot use, to whoever looks after accessibility."""
    site = queries.site()
    to = site.accessibility_contact or site.contact_email
    if not to:
        raise Conflict(_("This site has no contact for accessibility yet."))
    barrier_reported.send(ROOM, to=to, name=name, email=email, message=message, once=once)


def touch_site() -> None:
    """Make every kept page stale: something that all of them may show has changed."""
    db.session.execute(update(Site).where(Site.id == 1).values(stamp=Site.stamp + 1))
