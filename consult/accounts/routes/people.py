"""People and the parts they play: who, where, since when; giving parts and ending them."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts import queries
from consult.accounts.actions import people as actions
from consult.accounts.forms.joining import PressForm
from consult.accounts.forms.setting_up import RoleForm
from consult.accounts.models import Organisation, Part, Person, Unit
from consult.accounts.routes import sessions
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.permissions import May, require
from consult.web.access import actor, needs
from consult.web.fields import blame


@bp.get("/admin/people")
@needs(May.ADMINISTER)
def people() -> Answer:
    """List the parts that are played, page by page; an organisation's administrator sees that organisation alone."""
    mine = queries.administered_by(actor())
    name, _mark, number = request.args.get("after", "")[:100].rpartition("|")
    after = (name, int(number)) if number.isdecimal() and len(number) < 10 else None
    roles = queries.roles_in(mine, after=after)
    page, more = roles[: queries.PAGE], None
    if len(roles) > queries.PAGE:
        more = f"{page[-1].person.name}|{page[-1].id}"
    places = _names(queries.organisations(mine))
    return render_template(
        "accounts/people.html", roles=page, places=places, more=more, may_set_up=mine is None
    )


@bp.route("/admin/people/new", methods=["GET", "POST"])
@needs(May.ADMINISTER)
def give_role() -> Answer:
    who, form = actor(), RoleForm()
    mine = queries.administered_by(who)
    organisations = queries.organisations(mine)
    form.place.choices = _places(organisations, with_site=mine is None)
    try:
        if form.validate_on_submit():
            organisation, unit = _chosen(organisations, form.place.data)
            with transaction(who):
                role = actions.invite(
                    actor=who,
                    name=form.name.data,
                    email=form.email.data,
                    part=Part(form.part.data),
                    organisation=organisation,
                    unit=unit,
                    title=form.title.data or "",
                )
            return _done(role.person, _("Done. We have written to them."))
    except Invalid as error:
        blame(form, error)
    return render_template("accounts/give_role.html", form=form), 422 if form.is_submitted() else 200


@bp.post("/admin/roles/<int:number>/end")
@needs(May.ADMINISTER)
def end_role(number: int) -> Answer:
    role, who = queries.role(number), actor()
    place = queries.organisation_by_id(role.organisation_id) if role.organisation_id else None
    require(May.ADMINISTER if place else May.SET_UP_SITE, who, place)
    if not PressForm().validate_on_submit():
        return redirect(url_for("accounts.people"), 303)  # type: ignore[return-value]
    try:
        with transaction(who):
            actions.end_role(actor=who, role=role)
    except Conflict as error:
        flash(error.message, "wait")
        return redirect(url_for("accounts.people"), 303)  # type: ignore[return-value]
    return _done(role.person, _("The part has ended. We have written to them."))


def _done(person: Person, message: str) -> Response:
    """Go back to the list; whoever changed their own parts stays signed in here, though their sessions ended."""
    if person.id == actor().id:
        sessions.begin(person)
    flash(message)
    target = (
        "accounts.people"
        if person.plays(Part.ADMINISTRATOR) or person.id != actor().id
        else "accounts.account"
    )
    return redirect(url_for(target), 303)  # type: ignore[return-value]


def _places(organisations: list[Organisation], *, with_site: bool) -> list[tuple[str, str]]:
    """Return where a part can be played: the whole site, organisations, and the units of each."""
    places = [("", _("Choose"))] + ([("site", _("The whole site"))] if with_site else [])
    for organisation in organisations:
        places.append((f"organisation:{organisation.slug}", organisation.name))
        places += [
            (f"unit:{unit.slug}", _("%(unit)s, %(body)s", unit=unit.name, body=organisation.name))
            for unit in organisation.units
        ]
    return places


def _chosen(organisations: list[Organisation], place: str) -> tuple[Organisation | None, Unit | None]:
    kind, _colon, slug = place.partition(":")
    for organisation in organisations:
        if kind == "organisation" and organisation.slug == slug:
            return organisation, None
        for unit in organisation.units:
            if kind == "unit" and unit.slug == slug:
                return None, unit
    if kind != "site":
        raise Invalid(_("Choose where they do it"), field="place")
    return None, None


def _names(organisations: list[Organisation]) -> dict[str, dict[int, str]]:
    """Return the names of organisations and units by id, so that the list asks for none of them one by one."""
    return {
        "organisations": {organisation.id: organisation.name for organisation in organisations},
        "units": {unit.id: unit.name for organisation in organisations for unit in organisation.units},
    }
