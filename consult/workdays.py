"""Working days in England and Wales. Pure: every day and moment comes in as an argument.

A working day is a day from Monday to Friday that is no bank holiday in England and Wales. The bank holidays
follow the Banking and Financial Dealings Act 1971 and its yearly proclamations (Early May Day since 1978, New
Year's Day since 1974): they are computed, so that no list has to be fetched. What a proclamation changed once
stands in `MOVED` and `ADDED`; a new one is added here.

Where a clock is stopped for a while (before an election) the days of the stop do not count. Stops come in as pairs of
days, the first and the last, in any order; they may overlap.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import TypeAlias

Stop: TypeAlias = tuple[date, date]  # the first and the last day on which a clock stands still

DAY = timedelta(days=1)
WORK = (time(9), time(17))  # when the hours of a working day begin and end
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # nothing was asked before: what is never late is late before this
MOVED = {
    date(2020, 5, 4): date(2020, 5, 8),  # 75 years of the end of the war in Europe
    date(2022, 5, 30): date(2022, 6, 2),  # the Platinum Jubilee
}
ADDED = (
    date(2022, 6, 3),  # the Platinum Jubilee
    date(2022, 9, 19),  # the funeral of Queen Elizabeth II
    date(2023, 5, 8),  # the coronation of King Charles III
)


def easter(year: int) -> date:
    """Return Easter Sunday of a year in the Gregorian calendar (the rule of Butcher's almanac, 1876)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_century, century_left = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_century - correction + 15) % 30
    leap, left = divmod(of_century, 4)
    weekday = (32 + 2 * century_left + 2 * leap - epact - left) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Return the bank holidays of a year in England and Wales, substitute days in place of weekend ones."""
    sunday = easter(year)
    usual = [
        _weekday_from(date(year, 1, 1)),
        sunday - 2 * DAY,  # Good Friday
        sunday + DAY,  # Easter Monday
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),  # the last in May
        _monday_from(date(year, 8, 25)),  # the last in August
        *_christmas(year),
    ]
    return frozenset([MOVED.get(day, day) for day in usual] + [day for day in ADDED if day.year == year])


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def working_days(asked: date, today: date, stops: Iterable[Stop] = ()) -> int:
    """Return how many working days have come since the day of asking, which itself does not count.

    Asked on a Friday and looked at on the Monday after: 1. Days of a stop do not count. Never below 0.
    """
    counted = _working_days(asked, today)
    for first, last in _apart(stops):
        counted -= _working_days(max(asked, first - DAY), min(today, last))
    return counted


def working_days_between(start: datetime, end: datetime, zone: tzinfo, stops: Iterable[Stop] = ()) -> int:
    """Return how many working days have come from one moment to another, by the calendar of `zone`."""
    return working_days(start.astimezone(zone).date(), end.astimezone(zone).date(), stops)


def last_late_day(today: date, promise: int, stops: Iterable[Stop] = ()) -> date:
    """Return the latest day of asking that is past a promise of so many working days, seen from `today`."""
    apart = _apart(stops)
    day, counted = today, 0
    while counted <= promise:
        counted += is_working_day(day) and not is_stopped(day, apart)
        day -= DAY
    return day


def late_before(now: datetime, promise: int | None, zone: tzinfo, stops: Iterable[Stop] = ()) -> datetime:
    """Return the moment before which a question was asked that is past the promise at `now`.

    `promise` None is to answer at the end: then nothing is late.
    """
    if promise is None:
        return NEVER
    last = last_late_day(now.astimezone(zone).date(), promise, stops)
    return datetime.combine(last + DAY, time(), zone)


def is_stopped(day: date, stops: Iterable[Stop]) -> bool:
    """Say whether a clock stands still on a day."""
    return any(first <= day <= last for first, last in stops)


def _working_days(asked: date, today: date) -> int:
    if today <= asked:
        return 0
    weeks, left = divmod((today - asked).days, 7)
    weekdays = weeks * 5 + sum((today - n * DAY).weekday() < 5 for n in range(left))
    years = range(asked.year, today.year + 1)
    return weekdays - sum(asked < day <= today for year in years for day in bank_holidays(year))


def nth_working_day(start: date, count: int) -> date:
    """Return the day that is so many working days after another, which itself does not count."""
    day = start
    while count > 0:
        day += DAY
        count -= is_working_day(day)
    return day


def working_hours_after(start: datetime, hours: int, zone: tzinfo) -> datetime:
    """Return the moment that is so many working hours after another; they run from 9 am to 5 pm on working days.

    What begins outside of them begins at the next 9 am: 1 hour after a Saturday is 10 am on the Monday.
    """
    begin = start.astimezone(zone)
    left = timedelta(hours=hours)
    day = begin.date()
    while True:
        opens, closes = (datetime.combine(day, at, zone) for at in WORK)
        if is_working_day(day) and begin < closes:
            there = closes - max(begin, opens)
            if left <= there:
                return (max(begin, opens) + left).astimezone(UTC)
            left -= there
        day += DAY


def hours_on_working_days(start: datetime, hours: int, zone: tzinfo) -> datetime:
    """Return the moment so many hours after another, by the clock, of which none on other days than working days count.

    48 hours after noon on a Friday is noon on the Tuesday.
    """
    at, left = start.astimezone(UTC), timedelta(hours=hours)
    while True:
        day = at.astimezone(zone).date()
        midnight = datetime.combine(day + DAY, time(), zone).astimezone(UTC)
        if is_working_day(day):
            if left <= midnight - at:
                return at + left
            left -= midnight - at
        at = midnight


def _apart(stops: Iterable[Stop]) -> list[Stop]:
    """Return the same days as stops that do not overlap, so that no day is taken off twice."""
    apart: list[Stop] = []
    for first, last in sorted(stops):
        begin = max(first, apart[-1][1] + DAY) if apart else first
        if begin <= last:
            apart.append((begin, last))
    return apart


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _weekday_from(day: date) -> date:
    """Return the day itself, or the Monday after when it falls on a weekend."""
    return day if day.weekday() < 5 else _monday_from(day)


def _christmas(year: int) -> tuple[date, date]:
    """Return Christmas Day and Boxing Day, each moved to the next free weekday if it falls on a weekend."""
    first = date(year, 12, 25)
    moved = {4: (0, 3), 5: (3, 2), 6: (2, 1)}.get(first.weekday(), (0, 1))
    return first + moved[0] * DAY, first + moved[1] * DAY
