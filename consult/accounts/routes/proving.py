"""Proving who one is: the second step at the door, and once more before a sensitive act."""

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from consult.accounts import passwords, queries
from consult.accounts.actions import second_step as actions
from consult.accounts.actions.passkeys import use_passkey
from consult.accounts.forms.proving import CodeForm, PasskeyForm, PasswordAgainForm
from consult.accounts.models import Person
from consult.accounts.routes import sessions
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.errors import Conflict, Invalid, NotFound
from consult.extensions import transaction
from consult.permissions import May
from consult.web import limits, passkeys
from consult.web.access import actor, needs
from consult.web.fields import local_path
from consult.web.sessions import PENDING, awaited, renew

OURS = "again-"  # our fields bear it, so that those of a form that came along keep their names
NEVER_CARRIED = ("csrf_token", "password", "current", "code")


@bp.route("/sign-in/second-step", methods=["GET", "POST"])
@needs(May.READ)
@limits.SECOND_STEP
def sign_in_second_step() -> Answer:
    """Ask who gave the right password for a code. Only then are they signed in."""
    person, form = awaited(), CodeForm(prefix=OURS)
    if person is None:
        if session.pop(PENDING, None):
            flash(_("Sign in again: the second step must follow within 10 minutes."), "wait")
        return redirect(url_for("accounts.sign_in"), 303)  # type: ignore[return-value]
    by_passkey = PasskeyForm(prefix=OURS)
    if form.is_submitted() and (_is_right(person, form) or _is_passkey(person, by_passkey)):
        sessions.begin(person, with_second_step=True)
        return sessions.go_on()
    page = render_template(
        "accounts/sign_in_second_step.html",
        form=form,
        by_passkey=by_passkey,
        options=passkeys.to_prove(queries.passkeys_of(person)),
        ways=queries.ways_of(person),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/sign-in/again", methods=["GET", "POST"])
@needs(May.HOLD_ACCOUNT)
@limits.SECOND_STEP
def sign_in_again() -> Answer:
    """Ask somebody who is signed in for a password or a code, and go on with what they were about to do.

    A form that was sent too late comes along (`web.errors`): its fields are kept, and sent on afterwards by a 307.
    """
    who, target = actor(), local_path(request.args.get("next"))
    by_password = PasswordAgainForm(prefix=OURS, next=target)
    by_code = CodeForm(prefix=OURS, next=target)
    by_passkey = PasskeyForm(prefix=OURS, next=target)
    has_answer = f"{OURS}next" in request.form
    with_form = f"{OURS}form" in request.form if has_answer else request.method == "POST"
    if has_answer and _is_proved(who, by_password, by_code, by_passkey):
        back = by_password.next.data or url_for("accounts.account")
        return redirect(back, 307 if with_form else 303)  # type: ignore[return-value]
    page = render_template(
        "accounts/sign_in_again.html",
        by_password=by_password,
        by_code=by_code,
        by_passkey=by_passkey,
        options=passkeys.to_prove(queries.passkeys_of(who)),
        ways=queries.ways_of(who),
        with_form=with_form,
        carried=carried(),
        identities=queries.identities_of(who),
        back=by_password.next.data or target,
    )
    return page, 422 if has_answer else 200


def carried() -> list[tuple[str, str]]:
    """Return the fields of a form that came along, save what is secret or our own."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in NEVER_CARRIED and not name.startswith(OURS)
    ]


def _is_proved(
    who: Person, by_password: PasswordAgainForm, by_code: CodeForm, by_passkey: PasskeyForm
) -> bool:
    """Say whether one of the three was answered rightly, and write it down.

    Of somebody who has a second step a password proves nothing: who has got hold of both it and their browser must not
    be able to put another second step in the place of theirs.
    """
    if not queries.ways_of(who).any and _is_password(who, by_password):
        renew()
        return True
    if _is_right(who, by_code) or _is_passkey(who, by_passkey):
        renew(with_second_step=True)
        return True
    return False


def _is_password(who: Person, form: PasswordAgainForm) -> bool:
    if form.password.name not in request.form or not form.validate():
        return False
    if not passwords.matches(who.password_hash, form.password.data):
        form.password.errors = [_("This is not your password")]
        return False
    return True


def _is_right(person: Person, form: CodeForm) -> bool:
    if form.code.name not in request.form or not form.validate():
        return False
    with transaction(person):
        taken = actions.take_code(actor=person, typed=form.code.data)
    if not taken:
        form.code.errors = [_("This code is not right, or was used already. Wait for the next one")]
    return taken


def _is_passkey(person: Person, form: PasskeyForm) -> bool:
    if form.answer.name not in request.form or not form.validate():
        return False
    try:
        answered = passkeys.proved(form.answer.data, queries.passkeys_of(person))
        with transaction(person):
            use_passkey(
                actor=person,
                credential=answered.credential,
                sign_count=answered.sign_count,
                challenge=answered.challenge,
            )
    except Invalid as error:
        form.form_errors.append(error.message)
    except (NotFound, Conflict):
        form.form_errors.append(_("This passkey has answered already. Try again."))
    return not form.form_errors
