"""The steps of the work: the help that other rooms' pages show, and the page on which an editor chooses it."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.permissions import May
from consult.toolkit.routes.blueprint import bp
from consult.toolkit.steps import actions, queries
from consult.toolkit.steps.forms import StepsForm
from consult.toolkit.steps.models import Step
from consult.toolkit.steps.words import NAMES
from consult.web import access
from consult.web.access import needs
from consult.web.fields import blame


@bp.app_template_global("help_at")
def help_at(step: str) -> tuple[Any, ...]:
    """Return the pages (id, slug, title) that help at a step. A page of the site asks once, however many steps it has."""
    if "help_at_each" not in g:
        g.help_at_each = queries.help_at_each()
    return tuple(g.help_at_each[Step(step)].pages)


@bp.app_template_global("pages_called")
def pages_called(names: list[str]) -> dict[str, Any]:
    """Return, of these names, those that a page bears, each with its slug and title: a link is never dead."""
    return queries.pages_called(names)


@bp.route("/toolkit/steps", methods=["GET", "POST"])
@needs(May.EDIT_TOOLKIT)
def steps() -> Any:
    """Choose which pages help at which step."""
    shown = queries.help_at_each()
    form = StepsForm()
    form.offer(queries.choosable(), shown)
    theirs: dict[Step, queries.Help] = {}
    if form.validate_on_submit():
        who = access.actor()
        try:
            with transaction(who):
                changed = actions.choose_pages(actor=who, choices=form.choices())
            said = ngettext("Saved: %(num)s step changed.", "Saved: %(num)s steps changed.", len(changed))
            flash(said if changed else _("Nothing was changed."))
            return redirect(url_for("toolkit.steps"), 303)
        except Invalid as error:
            blame(form, error)
        except Conflict as error:
            theirs = error.theirs or {}
            for step, helping in theirs.items():
                form.of(step)[2].data = str(helping.edition)
    page = render_template("toolkit/steps.html", form=form, steps=NAMES, shown=shown, theirs=theirs)
    return page, 409 if theirs else 422 if form.errors else 200
