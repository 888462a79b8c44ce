"""Signing up, in and out; confirming an address; a forgotten password."""

from flask import Response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from consult.accounts import links, passwords
from consult.accounts.actions import account as account_actions
from consult.accounts.actions import joining as actions
from consult.accounts.forms.joining import AddressForm, NewPasswordForm, PressForm, SignInForm, SignUpForm
from consult.accounts.models import Purpose
from consult.accounts.routes import sessions
from consult.accounts.routes.blueprint import bp as bp
from consult.errors import Conflict, Invalid, NotFound
from consult.extensions import transaction
from consult.permissions import May
from consult.web import limits
from consult.web.access import actor, needs
from consult.web.fields import blame, local_path

Answer = str | Response | tuple[str, int]


@bp.route("/sign-in", methods=["GET", "POST"])
@needs(May.READ)
@limits.SIGN_IN
def sign_in() -> Answer:
    form = SignInForm(next=local_path(request.args.get("next")))
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if form.is_submitted() else 200
    person = account_actions.recognise(form.email.data, form.password.data)
    if person is None:
        form.form_errors.append(_("Email or password is not right. Check both and try again"))
        return render_template("accounts/sign_in.html", form=form), 422
    words = actions.why_no_password(person)
    if words:
        form.form_errors.append(words)
        return render_template("accounts/sign_in.html", form=form), 422
    if passwords.is_stale(person.password_hash):
        fresh = passwords.hash_of(form.password.data)
        with transaction(person):
            account_actions.keep_hash(actor=person, password_hash=fresh)
    return sessions.enter(person, form.next.data)


@bp.post("/sign-out")
@needs(May.READ)
def sign_out() -> Answer:
    sessions.end()
    return redirect(url_for("consultations.home"), 303)  # type: ignore[return-value]


@bp.route("/sign-up", methods=["GET", "POST"])
@needs(May.READ)
@limits.SIGN_UP
def sign_up() -> Answer:
    form = SignUpForm(next=local_path(request.args.get("next")))
    if not form.validate_on_submit():
        return render_template("accounts/sign_up.html", form=form), 422 if form.is_submitted() else 200
    who, email = actor(), form.email.data
    secret = actions.worked_through(email, form.password.data)
    try:
        with transaction(who):
            actions.sign_up(actor=who, name=form.name.data, email=email, secret=secret)
    except Invalid as refusal:
        blame(form, refusal)
        return render_template("accounts/sign_up.html", form=form), 422
    except Conflict:
        pass  # the same form came twice at the same moment: the other one has made the account
    session["asked"] = email
    sessions.remember_next(form.next.data)
    return redirect(url_for("accounts.check_email"), 303)  # type: ignore[return-value]


@bp.route("/check-email", methods=["GET", "POST"])
@needs(May.READ)
@limits.LINK_AGAIN
def check_email() -> Answer:
    """Say that a mail is on its way, whether or not one is; send the link again on request."""
    form, email = PressForm(), session.get("asked") or actor().email
    if not email:
        return redirect(url_for("accounts.sign_up"), 303)  # type: ignore[return-value]
    if form.validate_on_submit():
        with transaction(actor()):
            actions.send_link_again(actor=actor(), email=email)
        return redirect(url_for("accounts.check_email", again=1), 303)  # type: ignore[return-value]
    return render_template("accounts/check_email.html", email=email, again="again" in request.args)


@bp.route("/confirm/<string:token>", methods=["GET", "POST"])
@needs(May.READ)
@limits.LINK
def confirm(token: str) -> Answer:
    """GET only shows a button: mail scanners open every link, and must not spend it."""
    form = PressForm()
    try:
        if not form.validate_on_submit():
            links.find(token, Purpose.CONFIRM_EMAIL)
            return render_template("accounts/confirm.html", form=form, token=token)
        with transaction(actor()):
            person = actions.confirm_email(actor=actor(), token=token)
    except NotFound:
        return render_template("accounts/_spent_link.html"), 404
    return sessions.enter(person, said=_("Your email address is confirmed. You can comment now."))


@bp.route("/forgotten-password", methods=["GET", "POST"])
@needs(May.READ)
@limits.FORGOTTEN_PASSWORD
def forgotten() -> Answer:
    form = AddressForm()
    if form.validate_on_submit():
        with transaction(actor()):
            actions.ask_for_new_password(actor=actor(), email=form.email.data)
        return render_template("accounts/_password_link_sent.html", email=form.email.data)
    return render_template("accounts/forgotten.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/choose-password/<string:token>", methods=["GET", "POST"])
@needs(May.READ)
@limits.LINK
def reset(token: str) -> Answer:
    form = NewPasswordForm()
    try:
        links.find(token, Purpose.RESET_PASSWORD)
        if not form.validate_on_submit():
            status = 422 if form.is_submitted() else 200
            return render_template("accounts/reset.html", form=form, token=token), status
        password_hash = passwords.hash_of(form.password.data)
        with transaction(actor()):
            person = actions.choose_password(actor=actor(), token=token, password_hash=password_hash)
    except NotFound:
        return render_template("accounts/_spent_link.html"), 404
    return sessions.enter(person, said=_("Your new password is set, and you are signed in."))
