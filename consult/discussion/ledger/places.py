"""Which place in the ledger leads to which. Pure.

A place never goes back by itself: a comment that was read was read. Two acts alone lead back, and say so: an author
says that the answer does not answer (`back_to`), and an official takes back what they did a moment ago.
"""

from consult.discussion.ledger.models import Place
from consult.discussion.models import Kind

ORDER = (Place.NEW, Place.READ, Place.IN_PROGRESS, Place.ANSWERED)


def leads_to(before: Place, after: Place, kind: Kind) -> bool:
    """Say whether an entry at `before` can step to `after`: only on, and only questions are in progress."""
    if after is Place.IN_PROGRESS and kind is not Kind.QUESTION:
        return False
    return ORDER.index(after) > ORDER.index(before)


def back_to(kind: Kind) -> Place:
    """Return where a comment goes whose author says that the answer did not answer it."""
    return Place.IN_PROGRESS if kind is Kind.QUESTION else Place.READ
