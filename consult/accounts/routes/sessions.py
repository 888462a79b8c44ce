"""Beginning and ending a session. What the browser kept before is thrown away, save the name of a demonstration's
mailbox and the page to go back to.
"""

import hashlib

from flask import Response, redirect, request, session, url_for
from flask_login import login_user, logout_user

from consult.accounts.models import Person
from consult.web.fields import local_path

KEPT = ("browser", "next")


def begin(person: Person) -> None:
    """Sign a person in, in this browser."""
    _forget()
    login_user(person)


def end() -> None:
    """Sign out in this browser."""
    logout_user()
    _forget()


def _forget() -> None:
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)


def go_on(given: str = "") -> Response:
    """Lead on to where the person wanted to go: as the form says, as the session remembers, or to their account."""
    remembered = session.pop("next", "")
    target = local_path(given) or local_path(remembered) or url_for("accounts.account")
    return redirect(target, 303)  # type: ignore[return-value]


def remember_next(given: str) -> None:
    """Keep in mind where to go once the address is confirmed in this browser."""
    if local_path(given):
        session["next"] = local_path(given)


def typed_address() -> str:
    """Name the account that a form is about, for a rate limit: the digest of the address, never itself."""
    typed = request.form.get("email", "").strip().lower()[:300]
    return "address:" + hashlib.sha256(typed.encode()).hexdigest()[:24]
