"""The link in a mail by which an outsider hears one appeal, and no other.

It names the appeal and bears a digest over it and the address that it went to, which only this site can make: what is
in the database opens nothing, and a link that went elsewhere is good no more.
"""

import hashlib
import hmac
import re

from consult.errors import NotFound
from consult.extensions import settings
from consult.moderation.appeals.models import Appeal

KEY_LENGTH = 16
LENGTH = 32  # hexadecimal figures of the digest: 128 bits
SIGNED = re.compile(r"([a-z0-9]{16})([0-9a-f]{32})")


def sign(appeal: Appeal) -> str:
    """Return what the link bears for an appeal that was sent to an outsider."""
    return appeal.key + _digest(appeal.key, appeal.outsider_email)


def key_of(signed: str) -> str:
    """Return the key of the appeal that a link names; NotFound for what is no such link."""
    found = SIGNED.fullmatch(signed)
    if found is None:
        raise NotFound
    return found[1]


def is_for(signed: str, appeal: Appeal) -> bool:
    """Say whether we made this link for this appeal and the address that it was last sent to."""
    return bool(appeal.outsider_email) and hmac.compare_digest(signed, sign(appeal))


def _digest(key: str, email: str) -> str:
    words = f"appeal:{key}:{email}".encode()
    return hmac.new(settings().secret_key.encode(), words, hashlib.sha256).hexdigest()[:LENGTH]
