"""The blueprint, and what the routes of this room share."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app
from flask_babel import gettext as _

from consult.consultations import queries
from consult.consultations.forms import blame
from consult.consultations.models import Consultation
from consult.errors import Invalid
from consult.permissions import May, require
from consult.web import access
from consult.web.fields import Form

bp = Blueprint("consultations", __name__)


def zone() -> ZoneInfo:
    """Return the zone in which people here read and type times."""
    found: ZoneInfo = current_app.config["CONSULT_ZONE"]
    return found


def ours(slug: str) -> tuple[Any, Consultation]:
    """Return who is acting and the consultation, which must be of a unit of theirs."""
    who = access.actor()
    about = queries.readable_consultation(slug, actor=who)
    require(May.RUN_CONSULTATION, who, about)
    return who, about


def refuse(form: Form, error: Invalid) -> None:
    """Show at the form what a rule of the domain refused."""
    blame(form, error.field, error.message or _("That cannot be done"))
