"""Whose unfinished comments a request is about: those of the account, or of the browser where nobody is signed in."""

from consult.discussion.unsent.kept import Owner
from consult.web import access, sessions


def is_known() -> bool:
    """Say whether something can be kept for this browser without giving it a name first."""
    return bool(owner())


def owner(*, create: bool = False) -> Owner:
    """Return the owner; with `create` a browser that has no name yet is given one, in a cookie."""
    who = access.actor()
    if who.is_authenticated:
        return Owner(person_id=who.id)
    return Owner(holder=sessions.holder(create=create))
