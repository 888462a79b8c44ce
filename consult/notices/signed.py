"""Links in mails by which a follower confirms, chooses and leaves, without signing in and as often as they like.

Each names its purpose and the row it is for, and bears a digest over both that only this site can make. What is in the
database opens nothing; whoever has the mail needs nothing else. Such a link can do no more than change what goes to the
address that it went to.
"""

import enum
import hashlib
import hmac
import re

from consult.errors import NotFound
from consult.extensions import settings

LENGTH = 32  # hexadecimal figures of the digest: 128 bits
SIGNED = re.compile(r"([a-z0-9]{16})([0-9a-f]{32})")


class For(enum.Enum):
    """What a link is for; one for another purpose is refused."""

    CONFIRM = "confirm"  # the key of a follow
    LEAVE = "leave"  # the key of a follow
    LEAVE_ALL = "leave-all"  # the key of a follower
    CHOOSE = "choose"  # the key of a follower


def sign(purpose: For, key: str) -> str:
    """Return what a link bears for the row with this key."""
    return key + _digest(purpose, key)


def key_of(signed: str, purpose: For) -> str:
    """Return the key of the row that a link is for; NotFound for what we did not make for this purpose."""
    found = SIGNED.fullmatch(signed)
    if found is None or not hmac.compare_digest(found[2], _digest(purpose, found[1])):
        raise NotFound
    return found[1]


def _digest(purpose: For, key: str) -> str:
    words = f"follow:{purpose.value}:{key}".encode()
    return hmac.new(settings().secret_key.encode(), words, hashlib.sha256).hexdigest()[:LENGTH]
