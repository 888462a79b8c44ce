"""What can go wrong in the domain, by name. `web.errors` gives each its page and HTTP status, once.

A message is for the reader: it says what happened and, where there is one, what to do.
"""

from typing import Any


class DomainError(Exception):
    """Base of every refusal; `message` may be shown to the person who caused it."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotFound(DomainError):
    """There is no such thing, or this person may not know that there is."""


class NotAllowed(DomainError):
    """The thing exists; this person may not do that with it."""


class Conflict(DomainError):
    """Somebody else was first. `theirs` is what is stored now, `yours` what was typed: neither is lost."""

    def __init__(self, message: str = "", *, theirs: Any = None, yours: Any = None) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.yours = yours


class Closed(DomainError):
    """The time for that is over, or has not come yet."""


class Invalid(DomainError):
    """Input that a rule refuses. `field` names the form field that the message belongs to."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TooMany(DomainError):
    """A door was knocked on too often. `retry_after` is in seconds."""

    def __init__(self, message: str = "", *, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """A service we need does not answer just now."""
