"""Signing in at the provider of single sign-on: sending somebody there, and taking them in when they come back."""

import logging
import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import render_template, request, session
from flask_babel import gettext as _

from consult import clock
from consult.accounts import claims
from consult.accounts.actions import single_sign_on as actions
from consult.accounts.claims import Visitor
from consult.accounts.forms.joining import ElsewhereForm
from consult.accounts.routes import sessions
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.errors import Conflict, DomainError, NotAllowed
from consult.extensions import transaction
from consult.permissions import May
from consult.web import limits, openid
from consult.web.access import actor, needs
from consult.web.openid import Errand, ProviderFailed, Told
from consult.web.sessions import renew

ERRAND = "errand"  # what the session keeps while somebody is at the provider
LONGEST_ERRAND = timedelta(minutes=10)
SLACK = timedelta(seconds=openid.SLACK)
LONGEST_CODE = 4_000
CALLED_OFF = ("access_denied", "login_required", "interaction_required", "consent_required")
ERROR_CODE = re.compile(r"[a-z_]{1,40}")
log = logging.getLogger("consult.single_sign_on")


class NoErrand(DomainError):
    """Somebody comes back whom this browser did not send, or sent too long ago, or who came back before."""


@bp.post("/sign-in/with/start")
@needs(May.READ)
@limits.ELSEWHERE
def sign_in_elsewhere() -> Answer:
    """Send somebody to the provider, by a page: a form that is answered by a redirection may not leave this site."""
    provider, form = openid.provider(), ElsewhereForm()
    form.validate_on_submit()
    is_again = bool(form.again.data) and actor().is_authenticated
    errand = openid.new_errand()
    try:
        address = provider.address(errand, again=is_again)
    except ProviderFailed as failure:
        return _no_answer(failure)
    began = int(clock.now().timestamp())
    session[ERRAND] = {**asdict(errand), "began": began, "next": form.next.data, "again": is_again}
    return render_template("accounts/sign_in_elsewhere.html", address=address)


@bp.get(openid.RETURN_PATH)
@needs(May.READ)
@limits.BACK_FROM_ELSEWHERE
def come_back() -> Answer:
    """Take in who comes back from the provider. What the browser kept for it is spent, whatever becomes of it."""
    provider = openid.provider()
    kept = session.pop(ERRAND, None)
    try:
        errand = _errand(kept)
        visitor = _visitor(provider.told(_code(provider), errand))
        if kept["again"]:
            return _proved_again(visitor, kept)
        with transaction(actor()):
            person = actions.come_in(actor=actor(), visitor=visitor, sign_on=provider.settings)
    except ProviderFailed as failure:
        return _no_answer(failure, kept)
    except (NotAllowed, Conflict) as refusal:
        return _refused(
            refusal.message or _("Somebody else signed in at the same moment. Try again."), 403, kept
        )
    except NoErrand as refusal:
        return _refused(refusal.message, 400, kept)
    if not visitor.with_second_step:
        return sessions.enter(person, kept["next"])  # which asks for a second step that they have set up here
    sessions.begin(person, with_second_step=True)
    return sessions.go_on(kept["next"])


def _errand(kept: Any) -> Errand:
    """Return the errand on which this browser was sent; NoErrand unless who comes back bears its mark, and in time."""
    if not kept or request.args.get("state", "") != kept["state"]:
        raise NoErrand(
            _(
                "This sign-in was not begun in this browser, or you have come back from it before. Begin again."
            )
        )
    if clock.now().timestamp() > kept["began"] + LONGEST_ERRAND.total_seconds():
        raise NoErrand(_("Signing in took too long. Begin again."))
    return Errand(kept["state"], kept["nonce"], kept["verifier"])


def _code(provider: openid.Provider) -> str:
    """Return the code with which somebody came back; a refusal where they came back with an error."""
    name = provider.settings.name
    if request.args.get("iss", provider.settings.issuer) != provider.settings.issuer:  # RFC 9207
        raise ProviderFailed("return: from another issuer")
    code, error = request.args.get("code", ""), request.args.get("error", "")
    if error in CALLED_OFF:
        raise NotAllowed(_("You did not sign in with %(name)s. Nothing has changed.", name=name))
    if error or not 0 < len(code) <= LONGEST_CODE:
        raise ProviderFailed(f"return: {error}" if ERROR_CODE.fullmatch(error) else "return: no code")
    return code


def _visitor(told: Told) -> Visitor:
    try:
        return claims.read(told.signed, told.besides, openid.provider().settings)
    except ValueError as error:
        raise ProviderFailed("token: no subject") from error


def _proved_again(visitor: Visitor, kept: dict[str, Any]) -> Answer:
    """Count who is signed in here as having proved just now who they are, if the provider says so."""
    who = actor()
    earliest = datetime.fromtimestamp(kept["began"], UTC) - SLACK
    if visitor.proved_at is None or visitor.proved_at < earliest or not who.is_authenticated:
        raise ProviderFailed("token: not proved anew")
    with transaction(who):
        actions.recognise_again(actor=who, visitor=visitor)
    if who.is_held_back and not visitor.with_second_step:
        raise NotAllowed(
            _("This site asks for your second step, and you gave none there. Sign out, and in again.")
        )
    renew(with_second_step=visitor.with_second_step)
    return sessions.go_on(kept["next"])


def _no_answer(failure: ProviderFailed, kept: Any = None) -> tuple[str, int]:
    log.warning("single sign-on failed", extra={"why": failure.why})
    message = _(
        "There is no good answer from %(name)s just now. Try again in a few minutes. If it stays so, tell us: the "
        "address is below.",
        name=openid.provider().settings.name,
    )
    return _refused(message, 503, kept)


def _refused(message: str, status: int, kept: Any) -> tuple[str, int]:
    """Say why it did not work, with a button to try again and go on to the same page."""
    tried = kept or {"again": False, "next": ""}
    page = render_template(
        "accounts/come_back.html", message=message, is_again=tried["again"], onward=tried["next"]
    )
    return page, status
