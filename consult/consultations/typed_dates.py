"""Days and times as people type them, and the moment they mean in the site's zone. Pure."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+", re.I)
NUMBERS = re.compile(r"(\d{1,2})[\s/.-]+(\d{1,2})[\s/.-]+(\d{4})")
NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s/.-]+([a-z]{3,9})\.?,?[\s/.-]+(\d{4})", re.I)
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*([ap])?\.?(?:m\.?)?", re.I)
EARLIEST, LATEST = 2000, 2100  # years: outside these somebody has mistyped


class OtherYear(ValueError):
    """A day of a year that nobody can mean here."""


class NoSuchMoment(ValueError):
    """The clocks jump over that time on that day."""


def day_from(typed: str) -> date:
    """Return the day of "18 December 2026", "18 dec 2026", "18/12/2026" or "2026-12-18"; else ValueError."""
    words = WEEKDAY.sub("", typed.strip())
    if found := ISO.fullmatch(words):
        year, month, day = (int(part) for part in found.groups())
    elif found := NUMBERS.fullmatch(words):
        day, month, year = (int(part) for part in found.groups())
    elif found := NAMED.fullmatch(words):
        day, month, year = int(found[1]), _month(found[2]), int(found[3])
    else:
        raise ValueError("not a day")
    if not EARLIEST <= year <= LATEST:
        raise OtherYear
    return date(year, month, day)


def time_from(typed: str) -> time:
    """Return the time of "11.59 pm", "23:59", "9am", "noon" or "midday"; else ValueError.

    "Midnight" is refused, because half the readers take it for the wrong end of the day.
    """
    words = typed.strip().lower()
    if words in ("noon", "midday"):
        return time(12)
    found = CLOCK.fullmatch(words)
    if not found or not (found[2] or found[3]):
        raise ValueError("not a time")
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            raise ValueError("not an hour of the twelve")
        hour = hour % 12 + (12 if found[3].lower() == "p" else 0)
    return time(hour, minute)


def moment(day: date, at: time, zone: ZoneInfo, *, latest: bool = False) -> datetime:
    """Return the moment, in UTC, when the clocks of `zone` show `at` on `day`.

    When the clocks go back the same time comes twice: the first is meant, or with `latest` the second, so that
    nobody is shut out an hour early. When they go forward a time is left out: NoSuchMoment.
    """
    there = datetime.combine(day, at).replace(tzinfo=zone, fold=1 if latest else 0)
    found = there.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise NoSuchMoment
    return found


def typed(day: date | None) -> str:
    """Return a day as it would be typed: "18 December 2026"; "" for none."""
    return f"{day.day} {day:%B %Y}" if day is not None else ""


def typed_day(at: datetime | None, zone: ZoneInfo) -> str:
    """Return a moment's day as it would be typed."""
    return typed(at.astimezone(zone)) if at is not None else ""


def typed_time(at: datetime | None, zone: ZoneInfo) -> str:
    """Return a moment's time as it would be typed: "11.59 pm"."""
    if at is None:
        return ""
    there = at.astimezone(zone)
    return f"{there.hour % 12 or 12}.{there.minute:02} {'am' if there.hour < 12 else 'pm'}"


def _month(name: str) -> int:
    """Return the number of a month that is written out or cut to three letters or more."""
    for number, month in enumerate(MONTHS, start=1):
        if month.startswith(name.lower()):
            return number
    raise ValueError("not a month")
