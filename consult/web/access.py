"""Who is asking, and whether they may come in.

Every route says who may use it with `@needs(...)`; a house test finds those that do not.
"""

import functools
import secrets
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import current_app, g, request, session
from flask_login import current_user

from consult.accounts import queries as accounts
from consult.accounts.models import Person
from consult.extensions import browser, login, no_browser
from consult.permissions import Anyone, May, allows
from consult.web.errors import SignInFirst

View = TypeVar("View", bound=Callable[..., Any])


def needs(may: May) -> Callable[[View], View]:
    """Let only those in who may do `may` in general; the action asks again about the thing itself.

    Somebody who is not signed in is led to the sign-in page and back; somebody who is gets a 403.
    """

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            if may is not May.READ and not allows(may, actor()):
                raise SignInFirst(may)
            return view(*args, **values)

        guarded.access = may  # type: ignore[attr-defined]
        return cast(View, guarded)

    return guard


def actor() -> Any:
    """Return the real person behind the request, not a proxy; `Anyone` when nobody is signed in.

    A request without a session cookie is answered without looking further, so that anonymous pages stay alike.
    """
    if not has_session():
        return ANYONE
    return current_user._get_current_object()


ANYONE = Anyone()
login.anonymous_user = Anyone


def has_session() -> bool:
    """Say whether the browser sent a session cookie."""
    return str(current_app.config["SESSION_COOKIE_NAME"]) in request.cookies


@login.user_loader  # type: ignore[untyped-decorator]
def load_person(kept: str) -> Person | None:
    """Return the person of a session, or None when it was ended: disabled, or `session_version` has moved on."""
    identity, _, version = kept.partition(".")
    if not identity.isdigit() or not version.isdigit():
        return None
    person = accounts.person_at_the_door(int(identity))
    if person is None or not person.is_active or person.session_version != int(version):
        return None
    return person


def know_browser() -> None:
    """Tell notices how to find out whose browser this is: in a demonstration it is shown the mails it causes."""
    browser.set(_browser if request.method == "POST" else no_browser)
    if request.method != "POST" and has_session():
        g.known_site = accounts.site()  # held: the page will ask for it again


def forget_browser(error: BaseException | None = None) -> None:
    """Let what runs after this request in the same thread cause mails in nobody's name."""
    browser.set(no_browser)


def _browser() -> str:
    """Return the name of the browser, made with the first mail that it causes; none on a real site."""
    if not accounts.is_demonstration():
        return ""
    return str(session.setdefault("browser", secrets.token_urlsafe(16)))
