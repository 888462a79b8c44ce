"""The steps of a consultation: open, extend, analyse, finish, withdraw. Each has a page that says what happens."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from consult import clock
from consult.accounts import queries as accounts
from consult.consultations import actions
from consult.consultations.forms import AnalyseForm, ExtendForm, FinishForm, OpenForm, WithdrawForm, blame
from consult.consultations.models import Consultation, Stage
from consult.consultations.routes.blueprint import bp, ours, refuse, zone
from consult.consultations.stages import Standing, standing
from consult.consultations.statements import missing_statements
from consult.consultations.typed_dates import typed_day, typed_time
from consult.discussion.verdict import deciding
from consult.documents import listings as documents
from consult.errors import Closed, Invalid
from consult.extensions import transaction
from consult.permissions import May
from consult.text.bounds import TooMuch
from consult.text.markdown import render_answer
from consult.web.access import needs
from consult.web.fields import Form


@bp.route("/consultations/<string:slug>/open", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def open(slug: str) -> Any:
    who, about = ours(slug)
    _insist(about, Standing.PREPARING, Standing.COMING)
    form = OpenForm(zone=zone(), data=_opening(about))
    has_text = documents.has_published(about.id)
    if form.validate_on_submit():
        try:
            with transaction(who):
                actions.open_consultation(
                    actor=who,
                    consultation=about,
                    stage=Stage(form.stage.data),
                    opens_at=form.opens_at(),
                    has_text=has_text,
                )
            return _done(about, _("It is open.") if form.opens_at() is None else _("The opening is set."))
        except Invalid as error:
            refuse(form, error)
    return _page(
        "open",
        form,
        about,
        missing=missing_statements(about),
        has_text=has_text,
        has_closing=about.closes_at is not None and about.closes_at > clock.now(),
        site_misses=accounts.missing_to_open([about.organisation_id]),
    )


@bp.route("/consultations/<string:slug>/extend", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def extend(slug: str) -> Any:
    who, about = ours(slug)
    _insist(about, Standing.COMING, Standing.OPEN, Standing.CLOSED)
    form = ExtendForm(zone=zone())
    if form.validate_on_submit():
        try:
            with transaction(who):
                actions.extend_closing(
                    actor=who,
                    consultation=about,
                    closes_at=form.moments["closes"] or clock.now(),
                    reason=form.reason.data,
                )
            return _done(about, _("The new closing date is shown, with the reason."))
        except Invalid as error:
            refuse(form, error)
    return _page("extend", form, about)


@bp.route("/consultations/<string:slug>/analyse", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def analyse(slug: str) -> Any:
    who, about = ours(slug)
    _insist(about, Standing.CLOSED)
    form = AnalyseForm()
    if form.validate_on_submit():
        with transaction(who):
            actions.begin_analysis(actor=who, consultation=about)
        return _done(about, _("The page now says that the comments are being read."))
    return _page("analyse", form, about)


@bp.route("/consultations/<string:slug>/finish", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def finish(slug: str) -> Any:
    who, about = ours(slug)
    _insist(about, Standing.CLOSED, Standing.OUTCOME)
    form = FinishForm(data={"outcome": about.held_outcome or about.outcome})
    if request.form.get("do") == "drop":
        return _drop(who, about)
    if form.validate_on_submit():
        try:
            html = render_answer(form.outcome.data)
            with transaction(who):
                is_out = actions.publish_outcome(
                    actor=who, consultation=about, source=form.outcome.data, html=str(html)
                )
            kept = _("The outcome is kept, and published by itself once the election is over.")
            return _done(about, _("The outcome is published.") if is_out else kept)
        except TooMuch as error:
            blame(form, "outcome", _(error.message, **error.params))
    said = deciding.progress(about) if standing(about, clock.now()) is Standing.CLOSED else None
    return _page("finish", form, about, said=said)


def _drop(who: Any, about: Consultation) -> Response:
    with transaction(who):
        actions.drop_held_outcome(actor=who, consultation=about)
    return _done(about, _("The outcome that was kept is gone. Nothing is published."))


@bp.route("/consultations/<string:slug>/withdraw", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def withdraw(slug: str) -> Any:
    who, about = ours(slug)
    _insist(about, Standing.COMING, Standing.OPEN, Standing.CLOSED)
    form = WithdrawForm()
    if form.validate_on_submit():
        with transaction(who):
            actions.withdraw_consultation(actor=who, consultation=about, reason=form.reason.data)
        return _done(about, _("It is withdrawn. The page says so, with the reason."))
    return _page("withdraw", form, about)


def _insist(about: Consultation, *standings: Standing) -> None:
    """Refuse a step that a consultation is not at; the page with its form is not shown either."""
    if standing(about, clock.now()) not in standings:
        raise Closed(_("This consultation is not at that step: look at its page again."))


def _opening(about: Consultation) -> dict[str, str]:
    """Return what the form begins with: a time that was set before, if it has not come yet."""
    if about.opens_at is None or about.opens_at <= clock.now():
        return {}
    day, at = typed_day(about.opens_at, zone()), typed_time(about.opens_at, zone())
    return {"when": "later", "opens_on": day, "opens_time": at}


def _page(name: str, form: Form, about: Consultation, **values: Any) -> Any:
    page = render_template(f"consultations/{name}.html", form=form, about=about, **values)
    return page, 422 if form.errors else 200


def _done(about: Consultation, message: str) -> Response:
    flash(message)
    return redirect(url_for("consultations.overview", slug=about.slug), 303)
