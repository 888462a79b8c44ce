"""How often each door may be knocked on: the one table of all limits, used by the routes as decorators.

A limit counts within a moving window, so that "10 per 5 minutes" holds for any five minutes. It counts per door and
per key: a network, an address that was typed, a person. What is typed as an address is counted as it is stored, or one
account could be tried under many spellings. Pages that are kept and alike for everybody are not counted at all.
"""

import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request, session
from flask_babel import ngettext
from flask_limiter import RateLimitExceeded
from flask_login import current_user
from limits import RateLimitItem, parse_many
from limits.errors import StorageError

from consult import clock
from consult.accounts.addresses import as_stored
from consult.extensions import limiter, network
from consult.web.dates import in_words
from consult.web.errors import answer
from consult.web.sessions import awaited

AN_HOUR = 60  # minutes

View = TypeVar("View", bound=Callable[..., Any])
Key = Callable[[], str]


def _digest(address: str) -> str:
    """Name an address in a store of counts without giving it away."""
    return "address:" + hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:24]


def typed_address() -> str:
    """Name the account that a form is about; the empty string, which is not counted, where no address was typed."""
    typed = request.form.get("email", "").strip().lower()[:300]
    try:
        return _digest(as_stored(typed))
    except ValueError:
        return _digest(typed) if typed else ""


def asked_address() -> str:
    """Name the account that this browser asked for before."""
    _guest, written_as = session.get("guest") or (0, "")
    asked = session.get("asked") or written_as or getattr(current_user, "email", "")
    return _digest(asked) if asked else ""


def person() -> str:
    """Name whoever is signed in or owes the second step, or is known as a guest; the network of anybody else."""
    known = getattr(current_user, "id", None) or getattr(awaited(), "id", None)
    return network() if known is None else f"person:{known}"


@dataclass(frozen=True)
class Limit:
    """How often, as in "10 per 5 minutes", and for whom it is counted."""

    often: str
    by: Key

    @property
    def items(self) -> list[RateLimitItem]:
        return parse_many(self.often)


@dataclass(frozen=True)
class Door:
    """A decorator of a route: it may be knocked on so often.

    With `counts` only such answers are counted, once they are known: of those that come at the same moment as many
    more get through as are worked on at once.
    """

    limits: tuple[Limit, ...]
    methods: tuple[str, ...] = ("POST",)
    counts: Callable[[Response], bool] | None = None
    is_free: Callable[[], bool] | None = None

    def __call__(self, view: View) -> View:
        guarded: Any = view
        for limit in self.limits:
            guarded = limiter.limit(
                limit.often,
                key_func=limit.by,
                methods=list(self.methods),
                deduct_when=self.counts,
                exempt_when=self._free(limit),
            )(guarded)
        guarded.door = self
        return guarded  # type: ignore[no-any-return]

    def but(self, is_free: Callable[[], bool]) -> "Door":
        """Return the same door, which counts nothing while `is_free` holds."""
        return Door(self.limits, self.methods, self.counts, is_free)

    def _free(self, limit: Limit) -> Callable[[], bool]:
        return lambda: not limit.by() or (self.is_free is not None and self.is_free())


def say_when_shut(app: Flask) -> None:
    """Give the answer 429 its page."""
    app.register_error_handler(RateLimitExceeded, _limited)


def _failed(response: Response) -> bool:
    return response.status_code == 422


def _is_refused(response: Response) -> bool:
    return response.status_code >= 400


def _door(*limits: tuple[str, Key], **how: Any) -> Door:
    return Door(tuple(Limit(often, by) for often, by in limits), **how)


SIGN_IN = _door(("10 per 5 minutes", network), ("10 per 5 minutes", typed_address), counts=_failed)
ELSEWHERE = _door(
    ("60 per minute", network)
)  # to the provider of single sign-on: a whole office comes at nine
BACK_FROM_ELSEWHERE = _door(("30 per 5 minutes", network), methods=("GET", "HEAD"), counts=_is_refused)
SIGN_UP = _door(("30 per 10 minutes", network), ("10 per hour", typed_address))
GUEST = _door(("30 per 10 minutes", network), ("10 per hour", typed_address))  # a name, an address and a mail
FORGOTTEN_PASSWORD = _door(("30 per 10 minutes", network), ("5 per hour", typed_address))
LINK_AGAIN = _door(("10 per 10 minutes", network), ("10 per hour", asked_address))
GUEST_LINK = _door(("20 per 10 minutes", network), ("5 per hour", typed_address))
FOLLOW = _door(("30 per 10 minutes", network), ("10 per hour", typed_address))  # each may write a mail
FOLLOWS = _door(("60 per 10 minutes", person))
LEAVE = _door(("600 per 5 minutes", network))  # a provider of mail leaves for all its readers
GIVEN_UP = _door(("120 per 10 minutes", person))
LINK = _door(("30 per 5 minutes", network))  # what a link in a mail opens
SECOND_STEP = _door(
    ("10 per 5 minutes; 100 per day", network), ("10 per 5 minutes; 100 per day", person), counts=_failed
)
SECOND_STEP_ANEW = _door(("10 per 10 minutes", person))
OWN_PASSWORD = _door(("10 per 5 minutes", person))
OWN_ADDRESS = _door(("10 per 5 minutes", person))  # each tries a password, and writes two mails
PASSKEYS = _door(("30 per 10 minutes", person))
OWN_NAME = _door(("20 per hour", person))
COMMENT = _door(("30 per 5 minutes; 200 per day", person))
KEEP = _door(("200 per 5 minutes", person))  # the page keeps what is typed by itself, every few seconds
BEGIN = _door(
    ("20 per 5 minutes; 200 per day", network)
)  # kept for a browser that has no name yet: rows of its own
UNSENT = _door(("60 per 10 minutes", person))
CLAIM = _door(("10 per hour", person))
CLOSING = _door(("10 per hour", person))
OWN_DATA = _door(("30 per hour", person), methods=("GET", "HEAD"))  # all of it at once
DESK = _door(("600 per 10 minutes", person))  # by single keys, one comment after the other
DESK_FILE = _door(("60 per hour", person), methods=("GET", "HEAD"))  # a whole list at once
PRESENCE = _door(("60 per minute", person))  # an answer page tells that it is open, once a minute
DESK_NOTE = _door(("120 per hour", person))
CORRECTION = _door(("60 per hour", person))
MARK = _door(("120 per hour", person))  # each may write a mail to whoever wrote the comment
ALSO = _door(
    ("30 per 10 minutes; 200 per day", network)
)  # never by browser: whoever forgets a cookie is another
OBJECTION = _door(("30 per hour", person))
REPORT = _door(("20 per hour", network))
SILENCE = (
    "3 per hour; 6 per day"  # reports that let a comment wait unseen: beyond, it is reported and stays up
)
SILENCE_HERE = "3 per day"  # of these, on one document
SAME_WORDS = (
    "3 per day"  # sent by one person, or to so many documents by anybody: beyond, they may wait unseen
)
SAME_WORDS_HERE = "10 per day"  # sent from one network, where many may write: a campaign has its evening
COMPLAINT = _door(("10 per hour", network), ("5 per hour", typed_address))  # each writes a mail
APPEAL = _door(("20 per hour", person))
BARRIER = _door(("10 per 10 minutes", network))
EQUALITY = _door(("30 per hour", network))  # never by person: nothing of that form is tied to one
SUGGEST = _door(("200 per 5 minutes", person))  # kept by itself as it is typed; how many wait: actions
INVITATION = _door(("60 per hour", person))  # each writes a mail to an address that was typed
MAIL_TEST = _door(("10 per 10 minutes", person))
SEARCH = _door(("60 per minute", network), methods=("GET", "HEAD"))
MONITOR_FILES = _door(("60 per minute", network), methods=("GET", "HEAD"))


def came_too_often(digest: str, place: str) -> bool:
    """Count that words (`digest`) were sent to a place; say whether they came too often from one person or network, or
    to too many places. Where the store of counts is silent: no."""
    if not limiter.enabled:
        return False
    who, hit = person(), limiter.limiter.hit
    here = SAME_WORDS_HERE if who == network() else SAME_WORDS
    try:
        counted = [hit(item, "same words", digest, who) for item in parse_many(here)]
        if all(hit(item, "same words at", digest, place) for item in parse_many("1 per day")):
            counted += [hit(item, "same words anywhere", digest) for item in parse_many(SAME_WORDS)]
    except StorageError:
        return False
    return not all(counted)


def may_silence(place: str) -> bool:
    """Count a report that would let a comment wait unseen; say whether its reporter has not done so too often.

    Counted for the person and for the network, whichever comes first, and for each on one document (`place`) besides.
    Where the store of counts is silent: no.
    """
    if not limiter.enabled:
        return True
    hit, reporters = limiter.limiter.hit, sorted({network(), person()})
    try:
        counted = [hit(item, "silence", key) for key in reporters for item in parse_many(SILENCE)]
        counted += [
            hit(item, "silence at", place, key) for key in reporters for item in parse_many(SILENCE_HERE)
        ]
    except StorageError:
        return False
    return all(counted)


def _limited(error: RateLimitExceeded) -> Response:
    """Say when the door opens again: in minutes, or where that is long by the clock as well."""
    seconds = seconds_left()
    minutes = -(-seconds // 60)
    if minutes <= AN_HOUR:
        sentence = ngettext(
            "Try again in %(num)s minute. Nothing you typed is lost: go back to it.",
            "Try again in %(num)s minutes. Nothing you typed is lost: go back to it.",
            minutes,
        )
    else:
        sentence = ngettext(
            "Try again in %(num)s hour, after %(time)s. Nothing you typed is lost: go back to it.",
            "Try again in %(num)s hours, after %(time)s. Nothing you typed is lost: go back to it.",
            -(-minutes // 60),
            time=in_words(clock.now() + timedelta(minutes=minutes), "h.mm a, d MMMM yyyy"),
        )
    return answer(429, sentence, retry_after=seconds)


def seconds_left() -> int:
    """Return for how long the door that was just found shut stays shut: until the last of its full limits has room.

    Asked after a limit was reached; the limits behind it have not been looked at, and may be full as well.
    """
    reached = limiter.current_limit
    if reached is None:
        return 60
    door = getattr(current_app.view_functions[request.endpoint or ""], "door", None)
    before, scope = reached.request_args[:-2], reached.request_args[-1]
    waits = [reached.limit.get_expiry() * 1.0]
    try:
        waits = [reached.window.reset_time - time.time()]
        for limit in door.limits if door else ():
            waits += [_wait(item, [*before, limit.by(), scope]) for item in limit.items]
    except StorageError:
        pass  # the store of counts fell silent just now: what is known is how long the window is
    return max(1, math.ceil(max(waits)))


def _wait(item: RateLimitItem, names: list[str]) -> float:
    window = limiter.limiter.get_window_stats(item, *names)
    return 0.0 if window.remaining else window.reset_time - time.time()
