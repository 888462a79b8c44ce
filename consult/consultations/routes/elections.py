"""Administrators say when an election is and what is different meanwhile."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult import clock
from consult.accounts import queries as accounts
from consult.accounts.models import Organisation
from consult.consultations import election_actions as actions
from consult.consultations import election_queries as queries
from consult.consultations.election_forms import (
    ElectionForm,
    EndElectionForm,
    based_on,
    begun_with,
    filled_with,
)
from consult.consultations.election_models import Election
from consult.consultations.routes.blueprint import bp, refuse
from consult.errors import Closed, Conflict, Invalid
from consult.extensions import transaction
from consult.permissions import May, require
from consult.web import access
from consult.web.access import needs
from consult.web.private import kept_nowhere


@bp.get("/admin/organisations/<string:slug>/elections")
@needs(May.ADMINISTER)
def elections(slug: str) -> Any:
    body = _administered(slug)
    today = queries.today(clock.now())
    every = queries.elections_of(body.id)
    shown = [each for each in every if each.cancelled_at is None and each.last_day >= today]
    return kept_nowhere(
        render_template(
            "consultations/elections.html",
            organisation=body,
            shown=shown[::-1],
            past=[each for each in every if each not in shown],
            today=today,
        )
    )


@bp.route("/admin/organisations/<string:slug>/elections/new", methods=["GET", "POST"])
@needs(May.ADMINISTER, recent=True)
def new_election(slug: str) -> Any:
    body, today = _administered(slug), queries.today(clock.now())
    form = ElectionForm(data=begun_with())

    def save() -> None:
        actions.set_election(actor=access.actor(), organisation=body, plan=form.plan(today))

    done = form.validate_on_submit() and _saved(form, save)
    if done:
        flash(_("It is set. The pages say so from its first day."))
        return redirect(url_for("consultations.elections", slug=slug), 303)
    page = render_template(
        "consultations/new_election.html", form=form, organisation=body, election=None, today=today
    )
    return kept_nowhere(page, 422 if form.errors else 200)


@bp.route("/admin/organisations/<string:slug>/elections/<int:number>", methods=["GET", "POST"])
@needs(May.ADMINISTER, recent=True)
def election(slug: str, number: int) -> Any:
    body, today = _administered(slug), queries.today(clock.now())
    about = queries.election(body.id, number)
    form = ElectionForm(data=filled_with(about, today))

    def save() -> None:
        plan = form.plan(today, about)
        actions.change_election(actor=access.actor(), election=about, plan=plan, based_on=based_on(form))

    try:
        if form.validate_on_submit() and _saved(form, save):
            flash(_("Saved. Every page shows it now."))
            return redirect(url_for("consultations.elections", slug=slug), 303)
        status = 422 if form.errors else 200
    except (Conflict, Closed) as refusal:
        form.form_errors.append(refusal.message)
        about, status = queries.election(body.id, number), 409
        form.edition.data = str(about.edition)
    return _election_page(body, about, form, status)


def _election_page(body: Organisation, about: Election, form: ElectionForm, status: int) -> Any:
    today = queries.today(clock.now())
    page = render_template(
        "consultations/election.html",
        form=form,
        organisation=body,
        election=about,
        today=today,
        is_over=about.cancelled_at is not None or about.last_day < today,
        moved=queries.closings_moved(about),
        closing=queries.closing_in(about, clock.now()),
    )
    return kept_nowhere(page, status)


@bp.route("/admin/organisations/<string:slug>/elections/<int:number>/end", methods=["GET", "POST"])
@needs(May.ADMINISTER, recent=True)
def end_election(slug: str, number: int) -> Any:
    body, today = _administered(slug), queries.today(clock.now())
    about, form = queries.election(body.id, number), EndElectionForm()
    if form.validate_on_submit():
        with transaction(access.actor()):
            actions.end_election(actor=access.actor(), election=about)
        flash(_("It is over. Everything goes on as usual."))
        return redirect(url_for("consultations.elections", slug=slug), 303)
    page = render_template(
        "consultations/end_election.html", form=form, organisation=body, election=about, today=today
    )
    return kept_nowhere(page, 422 if form.errors else 200)


def _saved(form: ElectionForm, save: Callable[[], None]) -> bool:
    """Save what was typed; say at its field what a rule refused."""
    try:
        with transaction(access.actor()):
            save()
    except Invalid as error:
        refuse(form, error)
        return False
    return True


def _administered(slug: str) -> Organisation:
    body = accounts.organisation(slug)
    require(May.ADMINISTER, access.actor(), body)
    return body
