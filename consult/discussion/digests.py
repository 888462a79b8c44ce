"""The salted digest of what a comment says: it stands in the record, and says nothing once text and salt are gone. Pure.

The salt is kept beside the text. Without it a digest of a short text could be guessed by trying texts.
"""

import hashlib
import hmac
import json
import secrets
from typing import Any

SALT_BYTES = 16


def new_salt() -> str:
    return secrets.token_hex(SALT_BYTES)


def digest_of(salt: str, *texts: str) -> str:
    """Return the digest of texts; "" without a salt, for the text is gone."""
    if not salt:
        return ""
    return hmac.new(salt.encode(), json.dumps(texts).encode(), hashlib.sha256).hexdigest()


def of_comment(comment: Any) -> str:
    """Return the digest of what a comment says now, with the words that it proposes."""
    return digest_of(comment.salt, comment.body, comment.replacement)
