"""The rules that the monitor measures by. Pure. What they say in words stands at `/figures`, for everybody to read.

The length of a consultation: the Cabinet Office's Consultation Principles (2018) set no number of days. They ask for
"a proportionate amount of time" (E), and where a consultation spans a holiday for mitigating action, such as a later
closing date (G). So we count the days outside holidays, and call fewer than four weeks of them short. That the
outcome is due within twelve weeks is their principle J (`consultations.stages.OUTCOME_WEEKS`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from consult.workdays import easter

DAY = timedelta(days=1)
MUCH_TALK = 10  # comments on one paragraph
SILENT_DAYS = 30  # without an official reply
SHORTEST = 28  # days outside holidays that a consultation is open
OFTEN = 3  # times that a search found nothing, from which on it is shown
WORST = 5  # rows of each list on the first page
PAGE = 25  # rows of a list that has a page of its own
AUGUST = 8


@dataclass(frozen=True)
class Span:
    """How many days a consultation is open, and how many of them fall into holidays."""

    days: int
    holidays: int

    @property
    def counted(self) -> int:
        return self.days - self.holidays

    @property
    def missing(self) -> int:
        """How many days outside holidays it is short of; 0 where it is long enough."""
        return max(0, SHORTEST - self.counted)

    @property
    def is_short_by_itself(self) -> bool:
        """Say whether it would be short in any season; otherwise the holidays make it so."""
        return self.days < SHORTEST


def is_holiday(day: date) -> bool:
    """Say whether many people are away: in August, from 24 December to 2 January, and in the week of Easter.

    That week runs from the Monday before Easter Sunday to Easter Monday.
    """
    if day.month == AUGUST or (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 2):
        return True
    return -6 * DAY <= day - easter(day.year) <= DAY


def span(first: date, last: date) -> Span:
    """Return how long a consultation is open that opens and closes on these days; both count."""
    days = list(_days(first, last))
    return Span(len(days), sum(map(is_holiday, days)))


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += DAY
