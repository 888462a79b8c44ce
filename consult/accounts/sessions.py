"""How long a session lasts. Pure.

The more somebody can do, the shorter: an hour without a request and twelve in all for those who play a part (NIST
SP 800-63B-4, section 2.2.3, asks for no more than 1 and 24 hours at its second level), two weeks and a month for
others. A guest is known for a month from the link in the mail, and can do no more than with what they wrote.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from consult.accounts.models import Person, SignedIn

TO_OPEN, TO_SEND = timedelta(minutes=15), timedelta(minutes=60)  # how recent a proof sensitive acts ask for
SEEN_EVERY = timedelta(minutes=5)  # how exactly `seen_at` is kept: a request within it writes nothing


@dataclass(frozen=True)
class Limits:
    """After how long without a request a session is over, and after how long in any case."""

    idle: timedelta
    absolute: timedelta


WITH_A_PART = Limits(timedelta(hours=1), timedelta(hours=12))
WITHOUT = Limits(timedelta(days=14), timedelta(days=30))
GUEST = Limits(timedelta(days=30), timedelta(days=30))


def limits_of(person: Person) -> Limits:
    if person.is_guest:
        return GUEST
    return WITH_A_PART if any(role.is_played for role in person.roles) else WITHOUT


def is_live(session: SignedIn, person: Person, now: datetime) -> bool:
    """Say whether a session of an active person still holds at `now`."""
    if not person.is_active or session.ended_at is not None or session.version != person.session_version:
        return False
    limits = limits_of(person)
    return now < session.seen_at + limits.idle + SEEN_EVERY and now < session.began_at + limits.absolute


def is_due_to_be_seen(session: SignedIn, now: datetime) -> bool:
    """Say whether it is time to write down that a session is in use."""
    return now >= session.seen_at + SEEN_EVERY


def is_recent(session: SignedIn, now: datetime, *, sending: bool) -> bool:
    """Say whether somebody proved who they are recently enough to open the page of a sensitive act, or to send its form.

    A form that could be opened may be filled in for a while.
    """
    return now < session.proved_at + (TO_SEND if sending else TO_OPEN)


def digest_of(key: str) -> str:
    """Return what is stored of a session's key; a key of 256 random bits needs no slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()
