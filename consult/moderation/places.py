"""A place in the queue, as an address names it: what stands after it comes next. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from consult.moderation.due import RISKS

LONGEST_WORDS = 120
LARGEST_ID = 2**31 - 1  # of an integer in PostgreSQL
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """A place in the queue as its order was at `as_of`: so the pages of one list neither repeat nor leave out."""

    as_of: datetime
    risk: int
    due_at: datetime
    id: int

    @classmethod
    def read(cls, words: str) -> "Place | None":
        """Return the place that an address names, or None when it names none."""
        parts = words.split("_")
        if len(words) > LONGEST_WORDS or len(parts) != 4 or not all(p.isdecimal() for p in parts):
            return None
        moment, risk, later, number = (int(part) for part in parts)
        if risk not in RISKS or number > LARGEST_ID:
            return None
        try:
            return cls(_from_millionths(moment), risk, _from_millionths(later), number)
        except OverflowError:
            return None

    def __str__(self) -> str:
        return f"{_millionths(self.as_of)}_{self.risk}_{_millionths(self.due_at)}_{self.id}"

    def bounds(self) -> dict[str, Any]:
        """Return after which time and id each risk goes on: those before this one have shown their part already."""
        found: dict[str, Any] = {"as_of": self.as_of}
        is_over = self.due_at <= self.as_of
        for risk in RISKS:
            if risk == self.risk:
                due, number = self.due_at, self.id
            elif is_over:
                due, number = (self.as_of, LARGEST_ID) if risk < self.risk else (LONG_AGO, 0)
            else:
                due, number = (LAST, 0) if risk < self.risk else (self.as_of, LARGEST_ID)
            found |= {f"due_{risk}": due, f"id_{risk}": number}
        return found


def beginning(now: datetime) -> Place:
    """Return the place before everything."""
    return Place(now, RISKS[0], LONG_AGO, 0)


def _millionths(at: datetime) -> int:
    return (at - LONG_AGO) // timedelta(microseconds=1)


def _from_millionths(number: int) -> datetime:
    return LONG_AGO + timedelta(microseconds=number)
