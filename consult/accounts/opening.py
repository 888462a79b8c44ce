"""What a real site needs before anything on it can open to the public. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from flask_babel import lazy_gettext as _l

STALE = timedelta(days=90)  # a back-up, or a restore that was tried, older than this is warned about


class Described(Protocol):
    """A site as far as it says who runs it and how, and what was proved of it."""

    name: str
    contact_email: str
    controller: str
    data_protection_contact: str
    privacy_notice: str
    accessibility_contact: str
    accessibility_prepared_on: str
    mail_tested_at: datetime | None
    mail_received_at: datetime | None
    backed_up_at: datetime | None
    restored_at: datetime | None


@dataclass(frozen=True)
class Staffing:
    """Who is there. `unmoderated` are the organisations that have a unit and no moderator who has accepted."""

    units: int
    moderators: int
    unmoderated: int


@dataclass(frozen=True)
class Missing:
    """One step: `code` names it, `endpoint` is the page where it is done, `for_site` by the site's administrators."""

    code: str
    title: object
    about: object
    endpoint: str
    for_site: bool = True


CONTACT = Missing(
    "contact",
    _l("Say whose site this is"),
    _l(
        "Its name, and an email address and telephone number where a person answers. Shown at the foot of every page."
    ),
    "accounts.site_details",
)
CONTROLLER = Missing(
    "controller",
    _l("Who answers for people’s data"),
    _l("The body that is responsible by law, and whom people write to about their data."),
    "accounts.data_details",
)
PRIVACY = Missing(
    "privacy",
    _l("Privacy notice"),
    _l("Why you hold people’s data and on what legal basis, in your own words."),
    "accounts.privacy_details",
)
ACCESSIBILITY = Missing(
    "accessibility",
    _l("Accessibility statement"),
    _l("Who answers about accessibility, what is known not to work, and the day it was prepared."),
    "accounts.accessibility_details",
)
UNIT = Missing(
    "unit",
    _l("An organisation and a unit"),
    _l("The public body, and the first team that writes drafts and answers for them."),
    "accounts.organisations",
    for_site=False,
)
MODERATORS = Missing(
    "moderators",
    _l("Moderators, from outside every unit that drafts"),
    _l(
        "At least one for each organisation, who has accepted the invitation. Two are better: one is on leave some day."
    ),
    "accounts.people",
    for_site=False,
)
MAIL = Missing(
    "mail",
    _l("Email that arrives"),
    _l("Send yourself a test. It counts once a mail server took it and you opened the link in it."),
    "accounts.mail",
)
BACKUP = Missing(
    "backup",
    _l("Back-up, and a restore that was tried"),
    _l("Two commands on the server: one writes a copy, the other proves that it can be restored."),
    "accounts.backup",
)
STEPS = (CONTACT, CONTROLLER, PRIVACY, ACCESSIBILITY, UNIT, MODERATORS, MAIL, BACKUP)


def missing(site: Described, staffing: Staffing) -> list[Missing]:
    """Return the steps that are not done, in the order in which to do them."""
    done = {
        CONTACT.code: bool(site.name and site.contact_email),
        CONTROLLER.code: bool(site.controller and site.data_protection_contact),
        PRIVACY.code: bool(site.privacy_notice),
        ACCESSIBILITY.code: bool(site.accessibility_contact and site.accessibility_prepared_on),
        UNIT.code: staffing.units > 0,
        MODERATORS.code: staffing.moderators > 0 and staffing.unmoderated == 0,
        MAIL.code: site.mail_tested_at is not None and site.mail_received_at is not None,
        BACKUP.code: site.backed_up_at is not None and site.restored_at is not None,
    }
    return [step for step in STEPS if not done[step.code]]


def is_stale(at: datetime | None, now: datetime) -> bool:
    """Say whether a back-up or a restore of that time is so old that it must be done anew."""
    return at is not None and now - at > STALE
