"""Where one is signed in: a list of one's own sessions, ending one, ending all others."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts import queries
from consult.accounts.actions import sessions as actions
from consult.accounts.forms.joining import PressForm
from consult.accounts.models import Person, SignedIn
from consult.accounts.routes import sessions
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.extensions import transaction
from consult.permissions import May
from consult.web.access import actor, needs, session_row


@bp.get("/account/sessions")
@needs(May.HOLD_ACCOUNT)
def signed_in() -> Answer:
    here = session_row()
    return render_template("accounts/signed_in.html", rows=queries.sessions_of(actor()), here=here)


@bp.post("/account/sessions/<string:name>/end")
@needs(May.HOLD_ACCOUNT, recent=True)
def end_session(name: str) -> Answer:
    """End one of one's own sessions; what is over already stays so."""
    who, here = actor(), session_row()
    found = _named(who, name)
    if found is None or not PressForm().validate_on_submit():
        return _to_the_list()
    if here is not None and found.id == here.id:
        sessions.end()
        return redirect(url_for("consultations.home"), 303)  # type: ignore[return-value]
    with transaction(who):
        actions.end_session(actor=who, session=found)
    flash(_("That device is signed out."))
    return _to_the_list()


@bp.post("/account/sessions/end-others")
@needs(May.HOLD_ACCOUNT, recent=True)
def end_other_sessions() -> Answer:
    who = actor()
    if PressForm().validate_on_submit():
        with transaction(who):
            actions.end_other_sessions(actor=who, but=session_row())
        flash(_("All other devices are signed out."))
    return _to_the_list()


def _named(who: Person, name: str) -> SignedIn | None:
    return next((row for row in queries.sessions_of(who) if row.name == name), None)


def _to_the_list() -> Answer:
    return redirect(url_for("accounts.signed_in"), 303)  # type: ignore[return-value]
