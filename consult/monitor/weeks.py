"""The weeks over which figures are told: Monday to Sunday by the calendar of the site, the last one still running. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKS = 12  # the running one with them
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Week:
    """One week, from the moment it begins until the moment it ends, or now."""

    monday: date
    begins: datetime
    ends: datetime
    is_running: bool


def weeks(now: datetime, zone: ZoneInfo, count: int = WEEKS) -> list[Week]:
    """Return the last weeks, the oldest first, the running one at the end."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    found = []
    for back in range(count - 1, -1, -1):
        first = monday - back * WEEK
        ends = _midnight(first + WEEK, zone) if back else now
        found.append(Week(first, _midnight(first, zone), ends, not back))
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
