"""Passkeys of one's own account: a list, adding one, removing one."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts import queries
from consult.accounts.actions import passkeys as actions
from consult.accounts.actions.sessions import end_other_sessions
from consult.accounts.forms.joining import PressForm
from consult.accounts.forms.proving import NewPasskeyForm
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.accounts.routes.second_step import show_codes
from consult.errors import Conflict, Invalid, NotFound
from consult.extensions import transaction
from consult.permissions import May
from consult.web import limits
from consult.web import passkeys as ceremony
from consult.web.access import actor, needs, session_row
from consult.web.extras import what_is_missing
from consult.web.fields import blame, local_path
from consult.web.sessions import renew


@bp.route("/account/passkeys", methods=["GET", "POST"])
@needs(May.HOLD_ACCOUNT, recent=True)
@limits.PASSKEYS
def passkeys() -> Answer:
    """List one's passkeys, and add one that the browser has just made."""
    if not ceremony.are_offered():
        raise NotFound(what_is_missing("passkeys") or _("Passkeys need a site with a name in its address."))
    who, form = actor(), NewPasskeyForm(next=local_path(request.args.get("next")))
    try:
        if form.validate_on_submit():
            return _added(form)
    except Invalid as error:
        blame(form, error)
    has = queries.passkeys_of(who)
    page = render_template(
        "accounts/passkeys.html",
        form=form,
        has=has,
        options=ceremony.to_add(who, queries.site().name, has),
    )
    return page, 422 if form.is_submitted() else 200


def _added(form: NewPasskeyForm) -> Answer:
    """Add the passkey; whoever holds it has given a second step in this session."""
    who, made = actor(), ceremony.added(form.answer.data)
    try:
        with transaction(who):
            codes = actions.add_passkey(
                actor=who,
                name=form.name.data,
                credential=made.credential,
                public_key=made.public_key,
                sign_count=made.sign_count,
                challenge=made.challenge,
            )
            end_other_sessions(actor=who, but=session_row())
    except (NotFound, Conflict) as error:
        raise Invalid(_("This passkey was added already.")) from error
    renew(with_second_step=True)
    if codes:
        return show_codes(codes, form.next.data or url_for("accounts.passkeys"))
    flash(
        _("The passkey is added. You can sign in with it after your password. Other devices are signed out.")
    )
    return _to_the_list()


@bp.post("/account/passkeys/<string:key>/remove")
@needs(May.HOLD_ACCOUNT, recent=True)
@limits.PASSKEYS
def remove_passkey(key: str) -> Answer:
    who = actor()
    found = next((each for each in queries.passkeys_of(who) if each.key == key), None)
    if found is None:
        raise NotFound
    try:
        if PressForm().validate_on_submit():
            with transaction(who):
                actions.remove_passkey(actor=who, passkey=found)
                end_other_sessions(actor=who, but=session_row())
            flash(_("The passkey is removed. Other devices are signed out."))
    except Conflict as error:
        flash(error.message, "wait")
    return _to_the_list()


def _to_the_list() -> Response:
    target = "accounts.passkeys" if ceremony.are_offered() else "accounts.second_step"
    return redirect(url_for(target), 303)  # type: ignore[return-value]
