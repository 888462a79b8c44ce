"""Beginning and ending a session, in any room: of an account, or of a guest who opened a link.

What the browser kept before is thrown away, save the name of a demonstration's mailbox, the page to go back to and
the name under which unfinished comments are kept.
"""

import hashlib
import secrets
from datetime import timedelta

from flask import g, request, session
from flask_login import login_user, logout_user

from consult import clock
from consult.accounts import queries as accounts
from consult.accounts.actions import sessions as actions
from consult.accounts.models import Person
from consult.accounts.sessions import digest_of
from consult.announcements import session_begun
from consult.extensions import transaction
from consult.web import access

HOLDER = "holder"  # names the browser for which unfinished comments are kept
PENDING = "pending"  # who has given the password, and not yet the second step
PATIENCE = timedelta(minutes=10)  # for the second step
KEPT = ("browser", "next", HOLDER)
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def begin(person: Person, *, with_second_step: bool = False) -> None:
    """Sign a person in, or know a guest again, in this browser: a session that can be ended from here or elsewhere.

    An account's cookie goes with the browser window, a guest's stays for as long as the session lasts. Whatever session
    this browser had before is over.
    """
    _close()
    _forget()
    with transaction(person):
        key = actions.begin_session(actor=person, device=device(), with_second_step=with_second_step)
        session_begun.send("consult.web", person=person, holder=holder())
    login_user(person)
    _keep(person, key)
    session.permanent = person.is_guest


def wait_for_second_step(person: Person) -> None:
    """Keep in mind who has given the right password. Nobody is signed in by that, and it is forgotten soon."""
    end()
    session[PENDING] = [person.id, person.session_version, int(clock.now().timestamp())]


def awaited() -> Person | None:
    """Return who has given the password here and owes the second step; None for nobody, or too long ago."""
    if not access.has_session() or PENDING not in session:
        return None
    person_id, version, since = session[PENDING]
    person = accounts.person_or_none(person_id)
    late = clock.now().timestamp() >= since + PATIENCE.total_seconds()
    if person is None or not person.is_active or person.session_version != version or late:
        return None
    return person


def renew(*, with_second_step: bool = False) -> None:
    """Write down that who is signed in here proved anew who they are; what the browser keeps of them stays."""
    who, row = access.actor(), access.session_row()
    if row is None:
        return
    with transaction(who):
        key = actions.renew_session(actor=who, session=row, with_second_step=with_second_step)
    _keep(who, key)


def begin_again(person: Person) -> None:
    """Keep a person signed in here whose sessions have just ended everywhere; what they proved still holds."""
    row = access.session_row()
    begin(person, with_second_step=row is not None and row.second_step_at is not None)


def _keep(person: Person, key: str) -> None:
    """Put the key of a session into the cookie, and let the rest of this request know of it."""
    session["_user_id"] = f"{person.id}.{key}"
    g.session_row = accounts.session_by_digest(digest_of(key))
    access.hold_back(person, g.session_row)


def end() -> None:
    """Sign out in this browser: the session is over, and an old cookie is refused."""
    _close()
    logout_user()
    _forget()


def _close() -> None:
    who, row = access.actor(), access.session_row()
    if who.id is not None and row is not None and row.person_id == who.id:
        with transaction(who):
            actions.end_session(actor=who, session=row)


def device() -> str:
    """Return in a few words which browser and system asks, as far as it says so itself."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return ", ".join(filter(None, (browser, system)))


def holder(*, create: bool = False) -> str:
    """Return the digest of the name under which this browser's unfinished comments are kept; empty where none are.

    With `create` the browser is given a name, in a cookie that outlives its window: call it when something is kept.
    """
    if not create and not access.has_session():
        return ""
    name = session.get(HOLDER, "")
    if not name and create:
        name = session[HOLDER] = secrets.token_urlsafe(24)
    if create and not session.permanent:
        session.permanent = True
    return hashlib.sha256(str(name).encode()).hexdigest() if name else ""


def _forget() -> None:
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)
