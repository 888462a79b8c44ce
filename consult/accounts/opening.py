"""What a real site needs before anything on it can open to the public. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask_babel import lazy_gettext as _l


class Described(Protocol):
    """A site as far as it says who runs it and how."""

    contact_email: str
    controller: str
    data_protection_contact: str
    privacy_notice: str
    mail_tested_at: datetime | None


@dataclass(frozen=True)
class Missing:
    """One step: `code` names it, `endpoint` is the page where it is done."""

    code: str
    title: object
    about: object
    endpoint: str


CONTACT = Missing(
    "contact",
    _l("Say whose site this is"),
    _l(
        "Its name, and an email address and telephone number where a person answers. Shown at the foot of every page."
    ),
    "accounts.site_details",
)
PRIVACY = Missing(
    "privacy",
    _l("Privacy notice"),
    _l("Who is responsible for people’s data, whom they can ask, and your own privacy notice."),
    "accounts.privacy_details",
)
UNIT = Missing(
    "unit",
    _l("An organisation and a unit"),
    _l("The public body, and the first team that writes drafts and answers for them."),
    "accounts.organisations",
)
MODERATORS = Missing(
    "moderators",
    _l("Moderators"),
    _l("At least one person who decides on comments and does not write the drafts."),
    "accounts.people",
)
MAIL = Missing(
    "mail",
    _l("Email that arrives"),
    _l(
        "Send yourself a test. It counts once a real mail server has taken it: see CONSULT_MAIL_URL in the README."
    ),
    "accounts.admin",
)
STEPS = (CONTACT, PRIVACY, UNIT, MODERATORS, MAIL)


def missing(site: Described, *, units: int, moderators: int) -> list[Missing]:
    """Return the steps that are not done, in the order in which to do them."""
    done = {
        CONTACT.code: bool(site.contact_email),
        PRIVACY.code: all((site.controller, site.data_protection_contact, site.privacy_notice)),
        UNIT.code: units > 0,
        MODERATORS.code: moderators > 0,
        MAIL.code: site.mail_tested_at is not None,
    }
    return [step for step in STEPS if not done[step.code]]
