"""Quarters of the calendar on the site's clock, for figures that are told by period. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

MONTHS = 3


@dataclass(frozen=True)
class Quarter:
    """Three months of a year; `number` is 1 to 4."""

    year: int
    number: int

    @property
    def first_day(self) -> date:
        return date(self.year, (self.number - 1) * MONTHS + 1, 1)

    @property
    def last_day(self) -> date:
        return self.following().first_day - timedelta(days=1)

    @property
    def code(self) -> str:
        """Return what files call it: 2026-Q4."""
        return f"{self.year}-Q{self.number}"

    def begins(self, zone: tzinfo) -> datetime:
        """Return the moment at which it begins."""
        return datetime.combine(self.first_day, datetime.min.time(), zone)

    def following(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    def preceding(self) -> "Quarter":
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)


def quarter_of(moment: datetime, zone: tzinfo) -> Quarter:
    """Return the quarter that a moment falls into."""
    local = moment.astimezone(zone)
    return Quarter(local.year, (local.month - 1) // MONTHS + 1)


def latest(now: datetime, zone: tzinfo, count: int) -> list[Quarter]:
    """Return the last quarters, the running one first."""
    found = [quarter_of(now, zone)]
    while len(found) < count:
        found.append(found[-1].preceding())
    return found
