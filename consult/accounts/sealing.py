"""Sealing what must be read again but lies in the database: nobody who has only the database can open it.

The key is made from CONSULT_SECRET_KEY for one purpose and one owner, so that what is sealed for one opens for no other.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consult.extensions import settings


def seal(words: str, about: str) -> str:
    """Return words that only this site can open, and only as words `about` the same thing."""
    return _box(about).encrypt(words.encode()).decode()


def unseal(sealed: str, about: str) -> str | None:
    """Return the words; None when they were sealed with another key, about something else, or altered."""
    try:
        return _box(about).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box(about: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"consult sealing {about}".encode())
    return Fernet(base64.urlsafe_b64encode(key.derive(settings().secret_key.encode())))
