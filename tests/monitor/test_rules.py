"""The rules of the monitor: holidays, time enough, weeks, charts."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.consultations.stages import days_overdue, outcome_due
from consult.monitor import charts
from consult.monitor.rules import SHORTEST, is_holiday, span
from consult.monitor.weeks import WEEKS, weeks

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        *((date(2026, 8, 1), True), (date(2026, 8, 31), True), (date(2026, 7, 31), False)),
        *((date(2026, 9, 1), False), (date(2026, 12, 23), False), (date(2026, 12, 24), True)),
        *((date(2027, 1, 2), True), (date(2027, 1, 3), False), (date(2026, 3, 29), False)),
        *((date(2026, 3, 30), True), (date(2026, 4, 6), True), (date(2026, 4, 7), False)),  # Easter: 5 April
    ],
)
def test_holidays(day, is_one):
    assert is_holiday(day) is is_one


@pytest.mark.parametrize(
    ("first", "last", "missing", "is_short"),
    [
        (date(2026, 9, 7), date(2026, 10, 4), 0, False),  # four weeks to the day
        (date(2026, 9, 7), date(2026, 10, 3), 1, True),
        (date(2026, 7, 20), date(2026, 9, 6), 10, False),  # seven weeks, August within
        (date(2026, 12, 1), date(2027, 1, 7), 0, False),  # the end of the year made up for
        (date(2026, 12, 1), date(2027, 1, 6), 1, False),
    ],
)
def test_time_enough_outside_holidays(first, last, missing, is_short):
    length = span(first, last)
    assert (length.missing, length.is_short_by_itself) == (missing, is_short)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 120))
def test_a_longer_time_is_never_shorter(first, days):
    one, other = span(first, first + days * DAY), span(first, first + (days + 1) * DAY)
    assert one.counted <= other.counted <= one.counted + 1
    assert one.missing >= other.missing
    assert (one.missing == 0) is (one.counted >= SHORTEST)


def test_an_outcome_is_late_from_the_day_after_twelve_weeks():
    closed = datetime(2026, 8, 18, 22, 59, tzinfo=UTC)  # 11.59 pm in London
    assert outcome_due(closed, LONDON) == date(2026, 11, 10)
    due = datetime(2026, 11, 10, 23, 59, tzinfo=LONDON)
    assert days_overdue(closed, due, LONDON) == 0
    assert days_overdue(closed, due + timedelta(minutes=1), LONDON) == 1
    assert days_overdue(None, due, LONDON) == 0


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_weeks_follow_one_another_up_to_now(now):
    some = weeks(now, LONDON)
    assert len(some) == WEEKS
    assert all(week.begins.weekday() == 0 for week in some)
    assert all(one.ends == other.begins for one, other in pairwise(some))
    assert some[-1].begins <= now == some[-1].ends
    assert [week.is_running for week in some] == [False] * (WEEKS - 1) + [True]


@given(st.lists(st.none() | st.integers(0, 10**6), min_size=1, max_size=20))
def test_bars_stand_within_their_chart(values):
    bars = charts.bars(values)
    assert [bar.value for bar in bars] == values
    assert all(charts.TOP <= bar.y <= charts.FOOT for bar in bars)
    assert all(bar.x >= 0 and bar.x + bar.width <= charts.WIDTH for bar in bars)
    assert bars[-1].is_last
    assert bars[-1].is_dated


def test_halves_are_written_as_such():
    assert [charts.figure(value) for value in (3, 3.0, 3.5)] == ["3", "3", "3.5"]
