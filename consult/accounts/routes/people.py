"""People and the parts they play: who, where, since when; inviting somebody, changing a part and ending it."""

from collections.abc import Collection
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts import parts, queries, roster
from consult.accounts.actions import inviting, looking_after
from consult.accounts.actions import people as actions
from consult.accounts.forms.joining import PressForm
from consult.accounts.forms.setting_up import ChangedRoleForm, RoleForm
from consult.accounts.models import Organisation, Part, Role, Unit
from consult.accounts.routes import sessions
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.permissions import May
from consult.web import limits
from consult.web.access import actor, needs
from consult.web.fields import blame

TABS = {part.value for part in Part} | {roster.SHUT}


@bp.get("/admin/people")
@needs(May.ADMINISTER)
def people() -> Answer:
    """List the parts that are played, page by page; an organisation's administrator sees that organisation alone."""
    return _list(request.args)


@bp.post("/admin/people/addresses")
@needs(May.ADMINISTER, recent=True)
def read_addresses() -> Answer:
    """Show one page of the list with mail addresses, and write down who read them."""
    if not PressForm().validate_on_submit():
        return _to_list()
    who = actor()
    with transaction(who):
        shown = {role.person_id: role.person for role in _asked_for(request.form)[: roster.PAGE]}
        looking_after.read_addresses(actor=who, people=list(shown.values()))
    return _list(request.form, with_addresses=True)


def _list(asked: Any, *, with_addresses: bool = False) -> str:
    mine, roles = roster.scope_of(actor()), _asked_for(asked)
    page = roles[: roster.PAGE]
    return render_template(
        "accounts/people.html",
        roles=page,
        places=names_of(queries.organisations(mine)),
        more=f"{page[-1].person.name}|{page[-1].id}" if len(roles) > roster.PAGE else None,
        after=asked.get("after", "")[:100],
        tab=_tab(asked),
        counts=roster.counts(mine),
        second_step=roster.with_second_step({role.person_id for role in page}),
        addresses=with_addresses,
    )


def _asked_for(asked: Any) -> list[Role]:
    """Return the rows of the page that is asked for, and one more when another follows."""
    tab = _tab(asked)
    return roster.roles_in(
        roster.scope_of(actor()),
        part=Part(tab) if tab and tab != roster.SHUT else None,
        is_shut=tab == roster.SHUT,
        after=_place_in_list(asked.get("after", "")[:100]),
    )


def _tab(asked: Any) -> str:
    tab = str(asked.get("part", ""))
    return tab if tab in TABS else ""


def _place_in_list(after: str) -> tuple[str, int] | None:
    name, _mark, number = after.rpartition("|")
    return (name, int(number)) if number.isdecimal() and len(number) < 10 else None


@bp.route("/admin/people/new", methods=["GET", "POST"])
@needs(May.ADMINISTER, recent=True)
@limits.INVITATION
def give_role() -> Answer:
    """Invite somebody to a part."""
    who, form = actor(), RoleForm()
    mine = roster.scope_of(who)
    organisations = queries.organisations(mine)
    form.place.choices = _places(organisations, with_site=mine is None)
    try:
        if form.validate_on_submit():
            organisation, unit = _chosen(organisations, form.place.data)
            with transaction(who):
                inviting.invite(
                    actor=who,
                    name=form.name.data,
                    email=form.email.data,
                    part=Part(form.part.data),
                    organisation=organisation,
                    unit=unit,
                    title=form.title.data or "",
                )
            flash(_("The invitation is on its way. The part counts once they have accepted."))
            return _to_list()
    except Invalid as error:
        blame(form, error)
    return render_template("accounts/give_role.html", form=form), 422 if form.is_submitted() else 200


@bp.post("/admin/roles/<int:number>/invite-again")
@needs(May.ADMINISTER, recent=True)
@limits.INVITATION
def invite_again(number: int) -> Answer:
    who = actor()
    role = roster.role(number, actor=who)
    if PressForm().validate_on_submit():
        try:
            with transaction(who):
                inviting.invite_again(actor=who, role=role)
            flash(_("Sent again. The link in the earlier mail works no longer."))
        except Conflict as error:
            flash(error.message, "wait")
    return _to_person(role)


@bp.route("/admin/roles/<int:number>", methods=["GET", "POST"])
@needs(May.ADMINISTER, recent=True)
def change_role(number: int) -> Answer:
    """Change the job title of a part, or the unit of an official within their organisation."""
    who = actor()
    role = roster.role(number, actor=who)
    organisation = parts.organisation_of(role)
    if role.ended_at is not None:
        return _to_person(role)
    units = organisation.units if organisation is not None and role.part is Part.OFFICIAL else []
    form = ChangedRoleForm(title=role.title, unit=str(role.unit_id or ""), may_clear=role.may_clear)
    form.unit.choices = [(str(unit.id), unit.name) for unit in units] or [("", "")]
    try:
        if form.validate_on_submit():
            unit = next((unit for unit in units if str(unit.id) == form.unit.data), None)
            with transaction(who):
                changed = actions.change_role(
                    actor=who,
                    role=role,
                    title=form.title.data or "",
                    unit=unit,
                    may_clear=role.part is Part.OFFICIAL and form.may_clear.data,
                )
            return _done(changed, _("Saved."))
    except Invalid as error:
        blame(form, error)
    except Conflict as error:
        flash(error.message, "wait")
        return _to_person(role)
    page = render_template(
        "accounts/change_role.html", form=form, role=role, units=units, place=queries.place_of(role)
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/admin/roles/<int:number>/end", methods=["GET", "POST"])
@needs(May.ADMINISTER, recent=True)
def end_role(number: int) -> Answer:
    """Say what ends with a part, or with an invitation that is taken back; then end it."""
    who = actor()
    role = roster.role(number, actor=who)
    if role.ended_at is not None:
        return _to_person(role)
    if not PressForm().validate_on_submit():
        return render_template(
            "accounts/end_role.html", role=role, place=queries.place_of(role), others=roster.others_with(role)
        )
    was_played = role.is_played
    try:
        with transaction(who):
            actions.end_role(actor=who, role=role)
    except Conflict as error:
        flash(error.message, "wait")
        return _to_person(role)
    said = _("The part has ended. We have written to them.")
    return _done(role, said if was_played else _("The invitation is taken back. We have written to them."))


def _done(role: Role, message: str) -> Response:
    """Go on to the person's page; whoever changed their own parts stays signed in here, though their sessions ended."""
    person = role.person
    if person.id != actor().id:
        flash(message)
        return _to_person(role)
    sessions.begin_again(person)
    flash(message)
    target = "accounts.people" if person.plays(Part.ADMINISTRATOR) else "accounts.account"
    return redirect(url_for(target), 303)  # type: ignore[return-value]


def _to_person(role: Role) -> Response:
    return redirect(url_for("accounts.person", number=role.person_id), 303)  # type: ignore[return-value]


def _to_list() -> Response:
    return redirect(url_for("accounts.people"), 303)  # type: ignore[return-value]


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


def names_of(organisations: Collection[Organisation]) -> dict[str, dict[int, str]]:
    """Return the names of organisations and units by id, so that the list asks for none of them one by one."""
    return {
        "organisations": {organisation.id: organisation.name for organisation in organisations},
        "units": {unit.id: unit.name for organisation in organisations for unit in organisation.units},
    }
