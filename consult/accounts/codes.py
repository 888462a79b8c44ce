"""Codes of a second step: those that an app makes every 30 seconds (TOTP, RFC 6238), and recovery codes. Pure.

A recovery code carries 118 bits of chance, so that a plain digest of it can be stored (ASVS 5.0, 6.5.2).
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime

import pyotp

SECONDS = 30
FIGURES = 6
WINDOW = (0, -1, 1)  # clocks differ, and people take their time: one step before and one after count as well
RECOVERY_CODES = 10
RECOVERY_LENGTH, RECOVERY_GROUP = 24, 4
PLAIN_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


def new_secret() -> str:
    return pyotp.random_base32()  # 160 bits


def address(secret: str, *, person: str, site: str) -> str:
    """Return what the picture for an app says: the secret, for whom, and of which site."""
    return pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=site)


def grouped(words: str, size: int = 4, mark: str = " ") -> str:
    """Return words in groups, as they are read and typed."""
    return mark.join(words[at : at + size] for at in range(0, len(words), size))


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the step of time whose code this is, around `now`; None when it is none of them."""
    if not is_figures(code):
        return None
    app, present = pyotp.TOTP(secret), int(now.timestamp()) // SECONDS
    for offset in WINDOW:
        if hmac.compare_digest(app.generate_otp(present + offset), code):
            return present + offset
    return None


def as_typed(typed: str) -> str:
    """Return a code without the blanks and dashes that people type, in small letters."""
    return re.sub(r"[\s\u2010-\u2015-]", "", typed).lower()


def is_figures(code: str) -> bool:
    """Say whether a code can be one of an app."""
    return re.fullmatch(rf"[0-9]{{{FIGURES}}}", code) is not None


def new_recovery_codes() -> list[str]:
    """Return ten codes as they are shown: `k7rm-2qpx-9hd3-w4tn-fa6e-y8bj`."""
    return [
        grouped("".join(secrets.choice(PLAIN_LETTERS) for _ in range(RECOVERY_LENGTH)), RECOVERY_GROUP, "-")
        for _ in range(RECOVERY_CODES)
    ]


def digest_of(recovery_code: str) -> str:
    """Return what is stored of a recovery code, however it was typed."""
    return hashlib.sha256(as_typed(recovery_code).encode()).hexdigest()
