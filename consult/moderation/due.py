"""When a moderator should have looked, and what goes first: the order of the queue. Pure.

Over time first; of those, and of the rest, what is risky first; of what is alike in that, what is due the soonest,
which within one promise is what came first.
"""

from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from consult import workdays

# Reports and holds with these reasons may mean harm to somebody while they wait; a correction harms least by waiting.
HARMFUL = frozenset({"private_person", "abuse", "unlawful"})
HIGH, USUAL, LOW = RISKS = (0, 1, 2)


class Promise(Protocol):
    """What is promised about moderation: within how many hours, and whether only working hours count."""

    look_hours: int
    look_counts_work: bool


def due_at(promise: Promise, since: datetime, zone: ZoneInfo) -> datetime:
    """Return by when a moderator should have looked at what has waited since then."""
    if promise.look_counts_work:
        return workdays.working_hours_after(since, promise.look_hours, zone)
    return since + timedelta(hours=promise.look_hours)


def risk_of(cause: str, reason: str = "", mark: str = "") -> int:
    """Return the risk of letting something wait, 0 for the highest: by why it is in the queue, and what is said of it."""
    if reason in HARMFUL or mark:
        return HIGH
    return LOW if cause == "corrected" else USUAL
