"""Where people go on to once they are signed in. Sessions: `web.sessions`."""

from flask import Response, flash, redirect, session, url_for
from flask_login import current_user

from consult.accounts import queries
from consult.accounts.models import Person
from consult.web.fields import local_path
from consult.web.sessions import begin as begin
from consult.web.sessions import begin_again as begin_again
from consult.web.sessions import end as end
from consult.web.sessions import wait_for_second_step


def enter(person: Person, given: str = "", *, said: str = "") -> Response:
    """Sign in somebody who gave one proof of who they are, saying `said`; or ask for their second step first."""
    if queries.ways_of(person).any:
        wait_for_second_step(person)
        remember_next(given)
        return redirect(url_for("accounts.sign_in_second_step"), 303)  # type: ignore[return-value]
    begin(person)
    if said:
        flash(said)
    return go_on(given)


def go_on(given: str = "") -> Response:
    """Lead on to where the person wanted to go: as the form says, as the session remembers, or to their account.

    Somebody whose parts wait for a second step is led to setting it up first.
    """
    remembered = session.pop("next", "")
    target = local_path(given) or local_path(remembered) or url_for("accounts.account")
    if current_user.is_held_back:
        target = url_for("accounts.second_step", next=target)
    return redirect(target, 303)  # type: ignore[return-value]


def remember_next(given: str) -> None:
    """Keep in mind where to go once the address is confirmed in this browser."""
    if local_path(given):
        session["next"] = local_path(given)
