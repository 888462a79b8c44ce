"""Calling a page something else. For editors."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.permissions import May
from consult.toolkit import actions, queries, rendering
from consult.toolkit.forms import RenameForm
from consult.toolkit.models import Page
from consult.toolkit.names import Called
from consult.toolkit.routes.blueprint import bp
from consult.web import access
from consult.web.access import needs
from consult.web.fields import blame


@bp.route("/toolkit/<string:slug>/rename", methods=["GET", "POST"])
@needs(May.EDIT_TOOLKIT)
def rename(slug: str) -> Any:
    """Give a page another title or address; what it was called leads to it from then on."""
    page = queries.page(slug)
    form = RenameForm()
    if request.method == "GET":
        form.shows(Called(page.slug, page.title))
        return render_template("toolkit/rename.html", form=form, page=page)
    if not form.validate_on_submit():
        return render_template("toolkit/rename.html", form=form, page=page), 422
    return _renamed(form, page)


def _renamed(form: RenameForm, page: Page) -> Any:
    text = rendering.rendered(queries.revision(page.id, page.revision_count).source)
    who, is_called_so = access.actor(), form.called == Called(page.slug, page.title)
    try:
        with transaction(who):
            actions.rename_page(actor=who, page=page, called=form.called, was=form.was, text=text)
    except Invalid as error:
        blame(form, error)
        return render_template("toolkit/rename.html", form=form, page=page), 422
    except Conflict as error:
        now = error.theirs or Called(page.slug, page.title)
        form.was_shown(now)
        return render_template("toolkit/rename.html", form=form, page=page, called=now), 409
    flash(_("Nothing was changed.") if is_called_so else _("Renamed. What it was called before leads here."))
    return redirect(url_for("toolkit.page", slug=page.slug), 303)
