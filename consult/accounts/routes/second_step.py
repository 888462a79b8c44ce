"""The second step of one's own account: setting it up, new recovery codes, turning it off."""

import segno
from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from consult.accounts import codes, queries, sealing
from consult.accounts.actions import second_step as actions
from consult.accounts.actions.sessions import end_other_sessions
from consult.accounts.forms.joining import PressForm
from consult.accounts.forms.proving import SetUpForm
from consult.accounts.models import Person
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.permissions import May
from consult.web import limits
from consult.web.access import actor, needs, session_row
from consult.web.fields import blame, local_path
from consult.web.passkeys import are_offered
from consult.web.private import kept_nowhere
from consult.web.sessions import renew

SETTING_UP = "setting_up"  # the sealed secret that an app is being told, kept until a code confirms it


@bp.route("/account/second-step", methods=["GET", "POST"])
@needs(May.HOLD_ACCOUNT, recent=True)
@limits.SECOND_STEP
def second_step() -> Answer:
    """Show the second step, and set one up: a code of the app confirms that it knows the secret."""
    who, target = actor(), local_path(request.args.get("next"))
    ways, form = queries.ways_of(who), SetUpForm(next=target)
    if who.is_held_back and ways.any:  # set up already: this session has not given it
        return redirect(url_for("accounts.sign_in_again", next=target or None), 303)  # type: ignore[return-value]
    is_setting_up = not ways.any or "new" in request.args or form.is_submitted()
    secret = _secret(who) if is_setting_up else ""
    try:
        if form.validate_on_submit():
            with transaction(who):
                made = actions.set_up(actor=who, secret=secret, code=form.code.data)
                end_other_sessions(actor=who, but=session_row())
            session.pop(SETTING_UP, None)
            renew(with_second_step=True)
            return show_codes(made, form.next.data)
    except Invalid as error:
        blame(form, error)
    page = render_template(
        "accounts/second_step.html",
        form=form,
        ways=ways,
        is_setting_up=is_setting_up,
        is_needed=queries.needs_second_step(who),
        has_passkeys=are_offered(),
        secret=codes.grouped(secret),
        picture=_picture(secret, who) if secret else "",
    )
    return kept_nowhere(page, 422 if form.is_submitted() else 200)


@bp.post("/account/second-step/codes")
@needs(May.HOLD_ACCOUNT, recent=True)
@limits.SECOND_STEP_ANEW
def renew_recovery_codes() -> Answer:
    who = actor()
    if not PressForm().validate_on_submit():
        return _to_the_step()
    with transaction(who):
        made = actions.renew_recovery_codes(actor=who)
    return show_codes(made)


@bp.post("/account/second-step/off")
@needs(May.HOLD_ACCOUNT, recent=True)
@limits.SECOND_STEP_ANEW
def turn_off_second_step() -> Answer:
    who = actor()
    if not PressForm().validate_on_submit():
        return _to_the_step()
    try:
        with transaction(who):
            actions.turn_off(actor=who)
            end_other_sessions(actor=who, but=session_row())
    except Conflict as error:
        flash(error.message, "wait")
        return _to_the_step()
    flash(_("The second step is off. Other devices are signed out."))
    return redirect(url_for("accounts.account", _anchor="secure"), 303)  # type: ignore[return-value]


def show_codes(made: list[str], target: str = "") -> Answer:
    """Show recovery codes, this once; without new ones go on."""
    target = target or url_for("accounts.account", _anchor="secure")
    if made:
        return kept_nowhere(render_template("accounts/_recovery_codes.html", codes=made, target=target))
    flash(_("The new app is set up. The one before no longer works."))
    return redirect(target, 303)  # type: ignore[return-value]


def _to_the_step() -> Answer:
    return redirect(url_for("accounts.second_step"), 303)  # type: ignore[return-value]


def _secret(who: Person) -> str:
    """Return the secret that this browser shows: the same one until it is confirmed, sealed in its cookie."""
    about = f"setting up person:{who.id}"
    kept = sealing.unseal(str(session.get(SETTING_UP, "")), about)
    if kept is None:
        kept = codes.new_secret()
        session[SETTING_UP] = sealing.seal(kept, about)
    return kept


def _picture(secret: str, who: Person) -> Markup:
    """Return the QR code for an app as SVG, drawn by segno from words that we made; it has no style of its own."""
    words = codes.address(secret, person=who.email, site=queries.site().name)
    return Markup(segno.make(words, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff"))  # noqa: S704
