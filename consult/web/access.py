"""Who is asking, and whether they may come in.

Every route says who may use it with `@needs(...)`; a house test finds those that do not.
"""

import functools
import secrets
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import current_app, g, request, session
from flask_login import current_user

from consult import clock
from consult.accounts import queries as accounts
from consult.accounts.actions.sessions import note_seen
from consult.accounts.models import Person, SignedIn
from consult.accounts.sessions import digest_of, is_due_to_be_seen, is_recent
from consult.errors import NotAllowed
from consult.extensions import browser, db, login, no_browser, transaction
from consult.permissions import Anyone, May, allows
from consult.web.errors import ProveAgain, SecondStepFirst, SignInFirst

LONGEST_ID = 12  # figures

View = TypeVar("View", bound=Callable[..., Any])


def needs(may: May, *, recent: bool = False) -> Callable[[View], View]:
    """Let only those in who may do `may` in general; the action asks again about the thing itself.

    Somebody who is not signed in is led to the sign-in page and back; somebody who is gets a 403. `recent` is for
    sensitive acts: whoever has not proved lately who they are is asked again, and goes on with what they typed.
    """

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            if may is not May.READ and not allows(may, actor()):
                raise _refusal(may)
            if recent:
                _require_proof()
            return view(*args, **values)

        guarded.access = may  # type: ignore[attr-defined]
        guarded.recent = recent  # type: ignore[attr-defined]
        return cast(View, guarded)

    return guard


def _refusal(may: May) -> NotAllowed:
    """Return why the actor may not come in: the second step is missing, or they play no such part."""
    who = actor()
    if not who.is_held_back:
        return SignInFirst(may)
    who.is_held_back = False
    try:
        return SecondStepFirst() if allows(may, who) else SignInFirst(may)
    finally:
        who.is_held_back = True


def _require_proof() -> None:
    row = session_row()
    sending = request.method not in ("GET", "HEAD")
    if row is not None and not is_recent(row, clock.now(), sending=sending):
        raise ProveAgain


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
    """Return the person of a session, or None when it is over: ended, too old, or its person disabled."""
    identity, _, key = kept.partition(".")
    if not identity.isdigit() or len(identity) > LONGEST_ID or not key:
        return None
    found = accounts.at_the_door(int(identity), digest_of(key))
    if found is None:
        return None
    person, g.session_row = found
    hold_back(person, g.session_row)
    return person


def hold_back(person: Person, row: SignedIn) -> None:
    """Let the parts of a person count in this session, or not: that asks for a second step where the site requires it."""
    person.is_held_back = row.second_step_at is None and accounts.needs_second_step(person)
    g.at_the_door = person


def session_row() -> SignedIn | None:
    """Return the session that this request belongs to; None for a browser that nobody is known in."""
    actor()
    found: SignedIn | None = g.get("session_row")
    return found


def know_browser() -> None:
    """Tell notices how to find out whose browser this is: in a demonstration it is shown the mails it causes."""
    browser.set(_browser if request.method == "POST" else no_browser)
    if not has_session():
        return
    if request.method != "POST":
        g.known_site = accounts.site()  # held: the page will ask for it again
    _keep_alive()


def _keep_alive() -> None:
    """Write down, now and then, that a session is in use; a session that nobody uses runs out."""
    row = session_row()
    if row is not None and is_due_to_be_seen(row, clock.now()):
        who, session_id = actor(), row.id
        with transaction(who, is_known=True):
            note_seen(actor=who, session_id=session_id)
        g.session_row = db.session.get(SignedIn, session_id)


def forget_browser(error: BaseException | None = None) -> None:
    """Let what runs after this request in the same thread cause mails in nobody's name, and hold nobody back."""
    browser.set(no_browser)
    person = g.pop("at_the_door", None)
    if person is not None:
        person.is_held_back = False


def _browser() -> str:
    """Return the name of the browser, made with the first mail that it causes; none on a real site."""
    if not accounts.is_demonstration():
        return ""
    return str(session.setdefault("browser", secrets.token_urlsafe(16)))
