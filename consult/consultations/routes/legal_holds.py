"""Administrators say when nothing may be deleted, and when that is over."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.accounts.models import Organisation
from consult.consultations.legal_holds import actions, queries
from consult.consultations.legal_holds.forms import ALL, LegalHoldForm
from consult.consultations.routes.blueprint import bp
from consult.extensions import transaction
from consult.permissions import May, require
from consult.web import access
from consult.web.access import needs
from consult.web.fields import Form
from consult.web.private import kept_nowhere

PATH = "/admin/organisations/<string:slug>/legal-holds"


class LiftForm(Form):
    """The button that lifts a hold."""


@bp.route(PATH, methods=["GET", "POST"])
@needs(May.ADMINISTER, recent=True)
def legal_holds(slug: str) -> Any:
    """List the holds of an organisation, and set another."""
    body, form = _administered(slug), LegalHoldForm()
    there = {str(each.id): each for each in queries.consultations_of(body.id)}
    form.on.choices = [(ALL, _("All that the organisation has"))] + [
        (number, each.title) for number, each in there.items()
    ]
    if form.validate_on_submit():
        with transaction(access.actor()):
            actions.set_hold(
                actor=access.actor(),
                organisation=body,
                reason=form.reason.data,
                consultation=there.get(form.on.data),
            )
        flash(_("It is set. Nothing is deleted until it is lifted."))
        return redirect(url_for("consultations.legal_holds", slug=slug), 303)
    page = render_template(
        "consultations/legal_holds.html", form=form, organisation=body, found=queries.holds_of(body.id)
    )
    return kept_nowhere(page, 422 if form.is_submitted() else 200)


@bp.post(f"{PATH}/<int(max=999999999):number>/lift")
@needs(May.ADMINISTER, recent=True)
def lift_legal_hold(slug: str, number: int) -> Any:
    body = _administered(slug)
    hold = queries.hold(body.id, number)
    if LiftForm().validate_on_submit():
        with transaction(access.actor()):
            actions.lift(actor=access.actor(), organisation=body, hold=hold)
        flash(_("It is lifted. What was postponed goes on from now."))
    return redirect(url_for("consultations.legal_holds", slug=slug), 303)


def _administered(slug: str) -> Organisation:
    found = accounts.organisation(slug)
    require(May.ADMINISTER, access.actor(), found)
    return found
