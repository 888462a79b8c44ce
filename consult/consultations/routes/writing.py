"""Officials begin a consultation and write what it says of itself."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult import clock
from consult.accounts import queries as accounts
from consult.consultations import actions, queries
from consult.consultations.forms import EditForm, NewForm
from consult.consultations.models import Consultation
from consult.consultations.routes.blueprint import bp, ours, refuse, zone
from consult.consultations.stages import Standing, standing
from consult.consultations.statements import missing_statements
from consult.consultations.typed_dates import typed_day, typed_time
from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.permissions import May
from consult.web import access
from consult.web.access import needs

DATES = ("opens_on", "opens_time", "closes_on", "closes_time")


@bp.route("/consultations/new", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def new() -> Any:
    who = access.actor()
    form = NewForm()
    form.unit.choices = [(unit.slug, unit.name) for unit in queries.units_of(who)]
    if form.validate_on_submit():
        try:
            with transaction(who):
                made = actions.create_consultation(
                    actor=who,
                    unit=accounts.unit(form.unit.data),
                    title=form.title.data,
                    slug=form.chosen_slug(),
                    summary=form.summary.data,
                )
            return redirect(url_for("consultations.edit", slug=made.slug), 303)
        except Invalid as error:
            refuse(form, error)
        except Conflict:  # two took the same address in the same moment
            refuse(form, Invalid(_("Another consultation has this address: choose another"), field="slug"))
    return render_template("consultations/new.html", form=form), 422 if form.errors else 200


@bp.route("/consultations/<string:slug>/edit", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def edit(slug: str) -> Any:
    who, about = ours(slug)
    form = _edit_form(about)
    theirs: dict[str, Any] = {}
    status = 200
    if form.validate_on_submit():
        try:
            with transaction(who):
                actions.revise_consultation(
                    actor=who, consultation=about, based_on=form.based_on(), values=form.values()
                )
            flash(_("Saved."))
            return redirect(url_for("consultations.overview", slug=about.slug), 303)
        except Invalid as error:
            refuse(form, error)
        except Conflict as error:
            theirs, status = _as_typed(error.theirs or {}), 409
            form.edition.data = str(about.edition)
    page = render_template(
        "consultations/edit.html",
        form=form,
        about=about,
        missing=missing_statements(about),
        theirs=theirs,
        has_dates="closes_on" in form,
    )
    return page, 422 if form.errors else status


def _edit_form(about: Consultation) -> EditForm:
    """Return the form with the fields that may still be changed, filled with what is stored."""
    dates = {
        "opens_on": typed_day(about.opens_at, zone()),
        "opens_time": typed_time(about.opens_at, zone()),
        "closes_on": typed_day(about.closes_at, zone()),
        "closes_time": typed_time(about.closes_at, zone()),
    }
    form = EditForm(obj=about, zone=zone(), data=dates)
    if not form.is_submitted():
        form.edition.data = str(about.edition)
    where = standing(about, clock.now())
    if where is not Standing.PREPARING:
        form.leave_out("slug")
    if where not in (Standing.PREPARING, Standing.COMING):
        form.leave_out("policy", "asks_equality", *DATES)
    return form


def _as_typed(stored: dict[str, Any]) -> dict[str, str]:
    """Return stored values as their fields would show them, by the name of the field."""
    shown: dict[str, str] = {}
    for name, value in stored.items():
        if name in ("opens_at", "closes_at"):
            first = name.removesuffix("_at")
            shown[f"{first}_on"] = f"{typed_day(value, zone())}, {typed_time(value, zone())}"
        elif name in ("asks_equality", "look_counts_work"):
            shown[name] = _("Ticked") if value else _("Not ticked")
        else:
            shown[name] = value.value if name == "policy" else str(value)
    return shown
