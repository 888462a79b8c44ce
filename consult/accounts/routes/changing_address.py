"""Changing the mail address of one's own account."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts import passwords
from consult.accounts.actions import changing_address as actions
from consult.accounts.forms.joining import PressForm
from consult.accounts.forms.proving import ChangeEmailForm
from consult.accounts.routes import sessions
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.errors import Conflict, NotFound
from consult.extensions import transaction
from consult.permissions import May
from consult.web import limits
from consult.web.access import actor, needs


@bp.route("/account/email", methods=["GET", "POST"])
@needs(May.HOLD_ACCOUNT, recent=True)
@limits.OWN_ADDRESS
def change_email() -> Answer:
    """Take a new address, which a link in a mail to it confirms. The answer is the same if it has an account."""
    who, form = actor(), ChangeEmailForm()
    if not who.password_hash:
        del form.current  # they proved lately who they are in the way that they have
    if not form.validate_on_submit():
        return _page(form, 422 if form.is_submitted() else 200)
    if form.email.data == who.email:
        form.email.errors = [_("This is the address that you have now")]
        return _page(form, 422)
    if "current" in form and not passwords.matches(who.password_hash, form.current.data):
        form.current.errors = [_("This is not your password")]
        return _page(form, 422)
    with transaction(who):
        actions.ask_for_other_address(actor=who, email=form.email.data)
    return render_template("accounts/_address_asked.html", email=form.email.data)


@bp.route("/account/email/<string:token>", methods=["GET", "POST"])
@needs(May.HOLD_ACCOUNT)
@limits.LINK
def confirm_other_email(token: str) -> Answer:
    """GET only shows a button, as in `joining.confirm`; whoever presses it must be signed in to the account."""
    who, form = actor(), PressForm()
    try:
        if not form.validate_on_submit():
            email = actions.other_address(actor=who, token=token)
            return render_template("accounts/confirm_other_email.html", form=form, email=email)
        with transaction(who):
            actions.change_address(actor=who, token=token)
    except (NotFound, Conflict):
        return render_template("accounts/_spent_address_link.html"), 404
    sessions.begin_again(who)
    flash(_("Your email address is changed. Other devices are signed out."))
    return redirect(url_for("accounts.account", _anchor="secure"), 303)  # type: ignore[return-value]


def _page(form: ChangeEmailForm, status: int) -> tuple[str, int]:
    return render_template("accounts/change_email.html", form=form), status
