"""The blueprint of the toolkit."""

from flask import Blueprint
from flask_babel import gettext as _

from consult.permissions import May, allows
from consult.toolkit import models as models
from consult.toolkit.models import Shelf
from consult.toolkit.suggestions import signs
from consult.web import access

bp = Blueprint("toolkit", __name__)


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


@bp.context_processor
def _editing() -> dict[str, bool]:
    return {"may_edit": allows(May.EDIT_TOOLKIT, access.actor())}
