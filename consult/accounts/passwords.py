"""Passwords: what we accept, and how they are kept (argon2id, by the RFC 9106 profile for servers with less memory).

A hash takes about 0.1 s and 64 MiB: at most two are worked on at once in a process, so that a burst of sign-ins
cannot take all its memory. Never call this inside a transaction: it would hold the lock for as long.
"""

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from consult.accounts.guessing import is_guessable

SHORTEST, LONGEST = 12, 128
PASSES, MEMORY, LANES = 3, 65_536, 4  # memory in KiB; RFC 9106, section 4, second choice
_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY, parallelism=LANES, type=Type.ID)
_turns = threading.BoundedSemaphore(2)


def hash_of(password: str) -> str:
    with _turns:
        return _hasher.hash(_composed(password))


def matches(kept: str, password: str) -> bool:
    """Say whether `password` is the one that was hashed. It takes as long when nothing is kept."""
    with _turns:
        try:
            return _hasher.verify(kept or _decoy(), _composed(password)) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def is_stale(kept: str) -> bool:
    """Say whether a hash was made with other parameters than those of today."""
    return _hasher.check_needs_rehash(kept)


def is_common(password: str, *about: str) -> bool:
    """Say whether a password is guessed early: a common one, or made of words `about` its owner and the site."""
    return is_guessable(_composed(password), about)


def _composed(password: str) -> str:
    """Return the same characters however a keyboard composes them; nothing is cut off or stripped."""
    return unicodedata.normalize("NFKC", password)


@cache
def _decoy() -> str:
    return _hasher.hash("nobody has this password")
