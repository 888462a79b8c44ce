"""The blueprint of the toolkit."""

from datetime import date

from flask import Blueprint, current_app
from flask_babel import gettext as _

from consult import clock
from consult.permissions import May, allows
from consult.toolkit import models as models
from consult.toolkit.entries import words
from consult.toolkit.entries.kinds import ORGANISATION_KINDS, SERVES, PageKind
from consult.toolkit.models import Shelf
from consult.toolkit.suggestions import signs
from consult.web import access

bp = Blueprint("toolkit", __name__)


def today() -> date:
    """Return what day it is where the site is."""
    found: date = clock.now().astimezone(current_app.config["CONSULT_ZONE"]).date()
    return found


@bp.app_template_global("shelf_name")
def shelf_name(shelf: Shelf) -> str:
    """Return what a shelf is called on the page."""
    return str(
        {Shelf.ENGAGE: _("Engage"), Shelf.INFLUENCE: _("Influence"), Shelf.CONSULT: _("Consult")}[shelf]
    )


@bp.app_template_global("sign_words")
def sign_words(kept: str) -> list[str]:
    """Return what looks like a machine or an advertisement in a suggestion, in words."""
    return signs.read(kept)


@bp.app_template_global("start_words")
def start_words(kind: PageKind) -> str:
    """Return what the page is called on which a page of this kind is begun."""
    return str(
        {
            PageKind.PRACTICE: _("Start a page"),
            PageKind.COMMUNITY: _("Add a community"),
            PageKind.PLATFORM: _("Add a platform"),
            PageKind.EXPERT: _("Add an expert"),
            PageKind.CASE_STUDY: _("Add a case study"),
        }[kind]
    )


@bp.app_template_global("plural")
def plural(kind: PageKind) -> str:
    return str(words.PLURAL[kind])


@bp.app_template_global("singular")
def singular(kind: PageKind) -> str:
    return str(words.SINGULAR[kind])


bp.app_template_global("page_kind")(PageKind)
bp.app_template_global("organisation_kinds")(lambda: dict(ORGANISATION_KINDS))
bp.app_template_global("organisation_sizes")(lambda: dict(SERVES))


@bp.context_processor
def _editing() -> dict[str, bool]:
    return {"may_edit": allows(May.EDIT_TOOLKIT, access.actor())}
