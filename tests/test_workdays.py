"""Working days in England and Wales."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.workdays import (
    bank_holidays,
    easter,
    is_working_day,
    last_late_day,
    late_before,
    working_days,
    working_days_between,
)

LONDON = ZoneInfo("Europe/London")
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        date(2000, 4, 23),
        date(2008, 3, 23),
        date(2011, 4, 24),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
    ],
)
def test_easter_falls_where_the_almanac_says(day):
    assert easter(day.year) == day


# As announced on GOV.UK, division England and Wales.
ANNOUNCED = {
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}


@pytest.mark.parametrize("year", sorted(ANNOUNCED))
def test_bank_holidays_are_those_that_were_announced(year):
    assert sorted(bank_holidays(year)) == [
        date.fromisoformat(f"{year}-{day}") for day in ANNOUNCED[year].split()
    ]


def test_the_day_of_asking_does_not_count():
    friday = date(2026, 11, 20)
    assert [working_days(friday, friday + timedelta(days=n)) for n in range(5)] == [0, 0, 0, 1, 2]


def test_christmas_stops_the_clock():
    assert working_days(date(2026, 12, 24), date(2026, 12, 29)) == 1


def test_what_is_asked_tomorrow_has_not_waited():
    assert working_days(date(2026, 11, 24), date(2026, 11, 23)) == 0


@given(DAYS, st.integers(0, 800))
def test_it_is_the_same_as_counting_day_by_day(asked, length):
    today = asked + timedelta(days=length)
    one_by_one = sum(is_working_day(asked + timedelta(days=n)) for n in range(1, length + 1))
    assert working_days(asked, today) == one_by_one


@given(DAYS, st.integers(1, 30))
def test_late_begins_the_day_after_the_promise_is_over(today, promise):
    last = last_late_day(today, promise)
    assert working_days(last, today) > promise
    assert working_days(last + timedelta(days=1), today) <= promise


def test_days_are_those_of_the_zone():
    midnight_in_london = datetime(2026, 7, 6, 23, 30, tzinfo=UTC)  # already the 7th there
    assert working_days_between(midnight_in_london, datetime(2026, 7, 7, 12, tzinfo=UTC), LONDON) == 0


def test_late_before_is_a_midnight_of_the_zone():
    now = datetime(2026, 7, 10, 12, tzinfo=UTC)  # a Friday
    moment = late_before(now, 2, LONDON)
    assert moment == datetime(2026, 7, 7, 23, tzinfo=UTC)
    assert working_days_between(moment - timedelta(seconds=1), now, LONDON) == 3
    assert working_days_between(moment, now, LONDON) == 2
