"""What is noticed of how something was sent, for the hold of spam. Nothing is refused for it."""

import hashlib

from consult.discussion.manner import Manner, seconds_if_quick
from consult.web import begun, limits

SHORTEST = 40  # characters: shorter words are sent again and again by people who agree


def sent_how(body: str, place: str, *, passed: float | None) -> str:
    """Return the signs in how these words were just sent to a document (`place`), and count them as sent.

    `passed` is how many seconds ago their form was shown, None where nobody knows.
    """
    words = " ".join(body.casefold().split())
    is_again = False
    if len(words) >= SHORTEST:
        is_again = limits.came_too_often(hashlib.sha256(words.encode()).hexdigest()[:24], place)
    return str(Manner(seconds_if_quick(passed), begun.is_trapped(), is_again))
