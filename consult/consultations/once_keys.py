"""The one-use key of an equality form: signed, so that it need not be kept until it comes back. Pure.

A form that is sent twice by a double click bears the same key, and is counted once. The key is of the form and not
of a browser or a person, and what is kept of it, a digest, stands beside no answer.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

LASTS = timedelta(days=1)
LONGEST = 200  # characters; ours are shorter


@dataclass(frozen=True)
class OnceKey:
    """What is kept of a key: its digest, and the day on which it was made."""

    digest: str
    day: date


def new_once_key(secret: str, slug: str, now: datetime) -> str:
    """Return a key for a form of the consultation `slug`."""
    return str(_signer(secret, slug).dumps([int(now.timestamp()), secrets.token_urlsafe(16)]))


def read_once_key(given: str, secret: str, slug: str, now: datetime) -> OnceKey | None:
    """Return what to keep of a key; None for one that is not ours, of another consultation, or too old."""
    if len(given) > LONGEST:
        return None
    try:
        made, chance = _signer(secret, slug).loads(given)
    except BadData:
        return None
    at = datetime.fromtimestamp(made, UTC)
    if not at <= now + timedelta(minutes=1) or now - at > LASTS:
        return None
    return OnceKey(hashlib.sha256(chance.encode()).hexdigest(), at.date())


def _signer(secret: str, slug: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"equality form of {slug}")
