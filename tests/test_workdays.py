"""Working days in England and Wales, by rule."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from consult import workdays

LONDON = ZoneInfo("Europe/London")
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1))


def test_the_bank_holidays_are_those_that_were_proclaimed():
    """As listed at www.gov.uk/bank-holidays for England and Wales."""
    listed = {
        2022: "0103 0415 0418 0502 0602 0603 0829 0919 1226 1227",
        2023: "0102 0407 0410 0501 0508 0529 0828 1225 1226",
        2026: "0101 0403 0406 0504 0525 0831 1225 1228",
        2027: "0101 0326 0329 0503 0531 0830 1227 1228",
    }
    for year, days in listed.items():
        assert sorted(f"{day:%m%d}" for day in workdays.bank_holidays(year)) == days.split()


def test_the_day_of_asking_does_not_count():
    assert workdays.working_days(date(2026, 11, 17), date(2026, 11, 17)) == 0
    assert workdays.working_days(date(2026, 11, 17), date(2026, 11, 23)) == 4
    assert workdays.working_days(date(2026, 11, 20), date(2026, 11, 23)) == 1


def test_christmas_is_not_held_against_a_unit():
    assert workdays.working_days(date(2026, 12, 24), date(2026, 12, 29)) == 1


def test_days_are_those_of_the_place():
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # 2 July in London
    assert workdays.working_days_between(late, datetime(2026, 7, 2, 12, tzinfo=UTC), LONDON) == 0


def test_what_is_late_is_past_the_promise():
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    limit = workdays.late_before(now, 5, LONDON)
    just_late, just_in_time = limit - timedelta(seconds=1), limit
    assert workdays.working_days_between(just_late, now, LONDON) == 6
    assert workdays.working_days_between(just_in_time, now, LONDON) == 5


@given(DAYS, st.integers(min_value=0, max_value=800))
def test_counting_at_once_is_counting_day_by_day(asked, later):
    today = asked + timedelta(days=later)
    one_by_one = sum(workdays.is_working_day(asked + timedelta(days=n)) for n in range(1, later + 1))
    assert workdays.working_days(asked, today) == one_by_one
