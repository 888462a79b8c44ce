"""Setting up the site: its first administrator, its details, its organisations and units."""

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts import links, passwords, queries, roster
from consult.accounts.actions import setting_up as actions
from consult.accounts.forms.joining import FirstAdministratorForm
from consult.accounts.forms.setting_up import (
    AccessibilityForm,
    DataForm,
    OrganisationForm,
    PrivacyForm,
    RevisedOrganisationForm,
    RevisedUnitForm,
    SiteForm,
    UnitForm,
    iso_day,
)
from consult.accounts.models import Organisation, OrganisationKind, Purpose, Signing
from consult.accounts.routes import sessions
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.errors import Invalid, NotFound
from consult.extensions import transaction
from consult.permissions import May, allows, require
from consult.promises import AT_THE_END
from consult.text.bounds import TooMuch
from consult.text.markdown import render_page
from consult.web import limits
from consult.web.access import actor, needs
from consult.web.fields import Form, blame


@bp.route("/start/<string:token>", methods=["GET", "POST"])
@needs(May.READ)
@limits.LINK
def first_administrator(token: str) -> Answer:
    form = FirstAdministratorForm()
    try:
        links.find(token, Purpose.FIRST_ADMINISTRATOR)
        if form.validate_on_submit():
            password_hash = passwords.hash_of(form.password.data)
            typed = {name: form[name].data for name in ("site_name", "name", "email")}
            with transaction(actor()):
                person = actions.begin_as_administrator(
                    actor=actor(), token=token, password_hash=password_hash, **typed
                )
            sessions.begin(person)
            return _to("accounts.admin")
    except NotFound:
        return render_template("accounts/_spent_link.html"), 404
    except Invalid as error:
        blame(form, error)
    page = render_template("accounts/first_administrator.html", form=form, token=token)
    return page, 422 if form.is_submitted() else 200


@bp.route("/admin/site", methods=["GET", "POST"])
@needs(May.SET_UP_SITE, recent=True)
def site_details() -> Answer:
    return _details(SiteForm, "accounts/site_details.html")


@bp.route("/admin/data-protection", methods=["GET", "POST"])
@needs(May.SET_UP_SITE, recent=True)
def data_details() -> Answer:
    return _details(DataForm, "accounts/data_details.html")


@bp.route("/admin/privacy-notice", methods=["GET", "POST"])
@needs(May.SET_UP_SITE, recent=True)
def privacy_details() -> Answer:
    return _details(PrivacyForm, "accounts/privacy_details.html")


@bp.route("/admin/accessibility", methods=["GET", "POST"])
@needs(May.SET_UP_SITE)
def accessibility_details() -> Answer:
    return _details(AccessibilityForm, "accounts/accessibility_details.html")


def _details(kind: type[Form], template: str) -> Answer:
    """Show one form of the site's details filled in, or save it."""
    form = kind(obj=queries.site())
    try:
        if form.validate_on_submit():
            details = _as_stored(_typed(form))
            with transaction(actor()):
                actions.revise_site(actor=actor(), **details)
            flash(_("Saved. Every page shows it now."))
            return _to("accounts.admin")
    except TooMuch as error:
        blame(form, Invalid(_(error.message, **error.params), field="privacy_notice"))
    return render_template(template, form=form), 422 if form.is_submitted() else 200


def _as_stored(details: dict[str, Any]) -> dict[str, Any]:
    """Return what was typed as the site keeps it: months as a number, a day as ISO 8601, the notice as HTML beside its source."""
    if "retention_months" in details:
        details["retention_months"] = int(details["retention_months"])
    if details.get("accessibility_prepared_on"):
        details["accessibility_prepared_on"] = iso_day(details["accessibility_prepared_on"])
    if "privacy_notice" in details:
        page = render_page(details["privacy_notice"], resolve=lambda target: (url_for("toolkit.home"), True))
        details["privacy_notice_html"] = str(page.html)
    return details


@bp.get("/admin/organisations")
@needs(May.ADMINISTER)
def organisations() -> Answer:
    mine = queries.organisations(roster.scope_of(actor()))
    officials = roster.officials([unit.id for organisation in mine for unit in organisation.units])
    may_set_up = allows(May.SET_UP_SITE, actor())
    return render_template(
        "accounts/organisations.html", organisations=mine, officials=officials, may_set_up=may_set_up
    )


@bp.route("/admin/organisations/new", methods=["GET", "POST"])
@needs(May.SET_UP_SITE)
def new_organisation() -> Answer:
    form = OrganisationForm()
    try:
        if form.validate_on_submit():
            typed = _as_organisation(form)
            with transaction(actor()):
                actions.add_organisation(actor=actor(), **typed)
            flash(_("Added. Now give it a unit."))
            return _to("accounts.organisations")
    except Invalid as error:
        blame(form, error)
    return render_template("accounts/new_organisation.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/admin/organisations/<string:slug>", methods=["GET", "POST"])
@needs(May.ADMINISTER)
def revise_organisation(slug: str) -> Answer:
    organisation = _mine(slug)
    chosen = {"kind": organisation.kind.value, "signs_with": organisation.signs_with.value}
    chosen["minimum_weeks"] = str(organisation.minimum_weeks or "")
    form = RevisedOrganisationForm(data=_kept(organisation, "name", "about", "information_contact", **chosen))
    if form.validate_on_submit():
        typed = _as_organisation(form)
        with transaction(actor()):
            actions.revise_organisation(actor=actor(), organisation=organisation, **typed)
        flash(_("Saved."))
        return _to("accounts.organisations")
    page = render_template("accounts/revise_organisation.html", form=form, organisation=organisation)
    return page, 422 if form.is_submitted() else 200


@bp.route("/admin/organisations/<string:slug>/new-unit", methods=["GET", "POST"])
@needs(May.ADMINISTER)
def new_unit(slug: str) -> Answer:
    organisation, form = _mine(slug), UnitForm()
    try:
        if form.validate_on_submit():
            typed = _as_unit(form)
            with transaction(actor()):
                actions.add_unit(actor=actor(), organisation=organisation, **typed)
            flash(_("Added. Now add the people who answer for it."))
            return _to("accounts.organisations")
    except Invalid as error:
        blame(form, error)
    page = render_template("accounts/new_unit.html", form=form, organisation=organisation)
    return page, 422 if form.is_submitted() else 200


@bp.route("/admin/units/<string:slug>", methods=["GET", "POST"])
@needs(May.ADMINISTER)
def revise_unit(slug: str) -> Answer:
    unit = queries.unit(slug)
    require(May.ADMINISTER, actor(), unit)
    fields = (
        *("name", "about", "email", "telephone", "address", "image_hosts"),
        *("clearing_role", "needs_clearance"),
    )
    promised = AT_THE_END if unit.promise_days is None else str(unit.promise_days)
    chosen = {"promise_days": promised, "retention_months": str(unit.retention_months or "")}
    form = RevisedUnitForm(data=_kept(unit, *fields, **chosen))
    if form.validate_on_submit():
        typed = _as_unit(form)
        with transaction(actor()):
            actions.revise_unit(actor=actor(), unit=unit, **typed)
        flash(_("Saved."))
        return _to("accounts.organisations")
    page = render_template("accounts/revise_unit.html", form=form, unit=unit)
    return page, 422 if form.is_submitted() else 200


def _mine(slug: str) -> Organisation:
    organisation = queries.organisation(slug)
    require(May.ADMINISTER, actor(), organisation)
    return organisation


def _typed(form: Form) -> dict[str, Any]:
    """Return what the fields of a form hold; only fields that the form declares, whatever was sent."""
    return {field.name: field.data or "" for field in form if field.name != "csrf_token"}


def _as_organisation(form: Form) -> dict[str, Any]:
    """Return what was typed of an organisation, with what was chosen as the choices that it has."""
    typed = _typed(form)
    typed["kind"], typed["signs_with"] = OrganisationKind(typed["kind"]), Signing(typed["signs_with"])
    typed["minimum_weeks"] = int(typed["minimum_weeks"]) if typed["minimum_weeks"] else None
    return typed


def _as_unit(form: Form) -> dict[str, Any]:
    """Return what was typed of a unit, numbers as numbers; months left open are None."""
    typed = _typed(form)
    typed["needs_clearance"] = bool(typed["needs_clearance"])
    at_the_end = typed["promise_days"] == AT_THE_END
    typed["promise_days"] = None if at_the_end else int(typed["promise_days"])
    typed["retention_months"] = int(typed["retention_months"]) if typed["retention_months"] else None
    return typed


def _kept(thing: object, *names: str, **more: str) -> dict[str, Any]:
    return {**{name: getattr(thing, name) for name in names}, **more}


def _to(endpoint: str) -> Response:
    return redirect(url_for(endpoint), 303)  # type: ignore[return-value]
