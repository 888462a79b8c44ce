"""One person as administrators see them: parts now and before, what was done, and what can be done."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts import queries, roster
from consult.accounts.actions import looking_after, second_step
from consult.accounts.actions import people as actions
from consult.accounts.forms.joining import PressForm
from consult.accounts.models import Person
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.accounts.routes.people import names_of
from consult.accounts.trails import told
from consult.errors import Conflict
from consult.extensions import transaction
from consult.permissions import May, allows
from consult.web import limits
from consult.web.access import actor, needs


@bp.get("/admin/people/<int:number>")
@needs(May.ADMINISTER)
def person(number: int) -> Answer:
    return _page(roster.person(number, actor=actor()))


@bp.post("/admin/people/<int:number>/address")
@needs(May.ADMINISTER, recent=True)
def read_address(number: int) -> Answer:
    """Show the page of one person with their mail address, and write down who read it."""
    who, found = actor(), roster.person(number, actor=actor())
    if not PressForm().validate_on_submit():
        return _back(number)
    with transaction(who):
        looking_after.read_addresses(actor=who, people=[found])
    return _page(roster.person(number, actor=who), with_address=True)


@bp.post("/admin/people/<int:number>/password-link")
@needs(May.ADMINISTER, recent=True)
@limits.INVITATION
def send_password_link(number: int) -> Answer:
    return _act(number, looking_after.send_password_link, _("The link is on its way to them."))


@bp.post("/admin/people/<int:number>/end-sessions")
@needs(May.ADMINISTER, recent=True)
def end_sessions(number: int) -> Answer:
    return _act(number, looking_after.end_sessions, _("They are signed out on every device."))


@bp.post("/admin/people/<int:number>/reset-second-step")
@needs(May.ADMINISTER, recent=True)
def reset_second_step(number: int) -> Answer:
    return _act(
        number, second_step.reset_second_step, _("The second step is taken off. They set up a new one.")
    )


@bp.post("/admin/people/<int:number>/disable")
@needs(May.SET_UP_SITE, recent=True)
def disable(number: int) -> Answer:
    return _act(number, actions.disable, _("The account is shut. What they wrote stays."))


@bp.post("/admin/people/<int:number>/enable")
@needs(May.SET_UP_SITE, recent=True)
def enable(number: int) -> Answer:
    return _act(number, actions.enable, _("The account is open again."))


def _act(number: int, action: Callable[..., Any], message: str) -> Response:
    """Do one thing to a person, say so, and show their page again."""
    who = actor()
    found = roster.person(number, actor=who)
    if PressForm().validate_on_submit():
        try:
            with transaction(who):
                action(actor=who, person=found)
            flash(message)
        except Conflict as error:
            flash(error.message, "wait")
    return _back(number)


def _back(number: int) -> Response:
    return redirect(url_for("accounts.person", number=number), 303)  # type: ignore[return-value]


def _page(found: Person, *, with_address: bool = False) -> str:
    who = actor()
    parts = roster.parts_of(found, actor=who)
    entries = roster.trail(found, actor=who)
    names = names_of(queries.organisations(roster.scope_of(who)))
    actors = queries.people_by_id({entry.actor_id for entry in entries if entry.actor_id is not None})
    inviters = queries.people_by_id({part.invited_by for part in parts if part.invited_by is not None})
    return render_template(
        "accounts/person.html",
        person=found,
        now_played=[part for part in parts if part.ended_at is None],
        before=[part for part in parts if part.ended_at is not None],
        places=names,
        inviters=inviters,
        trail=[told(entry, names, actors) for entry in entries],
        has_second_step=found.id in roster.with_second_step([found.id]),
        may_reset=roster.may_reset(who, found),
        with_address=with_address,
        may_act=roster.works_with(who, found),
        has_password=not queries.comes_by_single_sign_on(found),
        may_set_up=allows(May.SET_UP_SITE, who),
    )
