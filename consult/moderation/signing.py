"""Links in mails that let whoever was sent one do one thing, without an account.

A link names a thing by its key and bears a digest over what it is for, the key, and the address or person that it went
to, which only this site can make: what is in the database opens nothing, and a link that went elsewhere is no good.
"""

import hashlib
import hmac
import re

from consult.errors import NotFound
from consult.extensions import settings

KEY_LENGTH = 16
LENGTH = 32  # hexadecimal figures of the digest: 128 bits
SIGNED = re.compile(r"([a-z0-9]{16})([0-9a-f]{32})")


def sign(purpose: str, key: str, whose: str) -> str:
    """Return what a link bears for `whose` (an address, or the number of a person)."""
    words = f"{purpose}:{key}:{whose}".encode()
    return key + hmac.new(settings().secret_key.encode(), words, hashlib.sha256).hexdigest()[:LENGTH]


def key_of(signed: str) -> str:
    """Return the key of the thing that a link names; NotFound for what is no such link."""
    found = SIGNED.fullmatch(signed)
    if found is None:
        raise NotFound
    return found[1]


def is_for(signed: str, purpose: str, key: str, whose: str) -> bool:
    """Say whether we made this link for this thing, purpose and person."""
    return bool(whose) and hmac.compare_digest(signed, sign(purpose, key, whose))
