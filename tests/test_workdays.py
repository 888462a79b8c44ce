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


NEAR = st.dates(min_value=date(2026, 1, 1), max_value=date(2028, 1, 1))
NEAR_STOPS = st.lists(
    st.tuples(NEAR, st.integers(min_value=0, max_value=90)).map(lambda of: (of[0], of[0] + timedelta(of[1]))),
    max_size=4,
)


def test_a_stopped_clock_counts_no_day():
    stop = (date(2027, 3, 25), date(2027, 5, 6))
    assert workdays.working_days(date(2027, 3, 24), date(2027, 5, 6), [stop]) == 0
    assert workdays.working_days(date(2027, 3, 23), date(2027, 5, 6), [stop]) == 1
    assert workdays.working_days(date(2027, 4, 15), date(2027, 5, 7), [stop]) == 1
    assert workdays.working_days(date(2027, 5, 6), date(2027, 5, 11), [stop]) == 3


def test_a_stop_turns_at_midnight_in_london_on_both_sides_of_the_change_of_clocks():
    """From 28 March 2027 to 31 October midnight there is 11 pm in UTC."""
    stop = [(date(2027, 3, 25), date(2027, 5, 6))]
    asked = datetime(2027, 3, 23, 12, tzinfo=UTC)
    before, after = datetime(2027, 3, 24, 23, 59, 59, tzinfo=UTC), datetime(2027, 3, 25, tzinfo=UTC)
    assert workdays.working_days_between(asked, before, LONDON, stop) == 1
    assert workdays.working_days_between(asked, after, LONDON, stop) == 1
    last, over = datetime(2027, 5, 6, 22, 59, 59, tzinfo=UTC), datetime(2027, 5, 6, 23, tzinfo=UTC)
    assert workdays.working_days_between(asked, last, LONDON, stop) == 1
    assert workdays.working_days_between(asked, over, LONDON, stop) == 2


def test_who_answers_at_the_end_is_never_late():
    assert workdays.late_before(datetime(2026, 11, 23, tzinfo=UTC), None, LONDON) == workdays.NEVER


@given(NEAR, st.integers(min_value=0, max_value=400), NEAR_STOPS)
def test_a_clock_with_stops_counts_each_day_that_is_no_stop_once(asked, later, stops):
    today = asked + timedelta(days=later)
    days = [asked + timedelta(days=n) for n in range(1, later + 1)]
    counted = workdays.working_days(asked, today, stops)
    assert counted == sum(
        workdays.is_working_day(day) and not workdays.is_stopped(day, stops) for day in days
    )
    assert 0 <= counted <= workdays.working_days(asked, today)
    assert counted <= workdays.working_days(asked, today + timedelta(days=1), stops)


@given(DAYS, DAYS)
def test_a_clock_without_stops_is_the_plain_one_and_never_below_nought(asked, today):
    assert workdays.working_days(asked, today, []) == workdays.working_days(asked, today) >= 0


@given(NEAR, st.integers(min_value=0, max_value=25), NEAR_STOPS)
def test_the_last_late_day_is_the_last_that_is_late(today, promise, stops):
    last = workdays.last_late_day(today, promise, stops)
    assert workdays.working_days(last, today, stops) == promise + 1
    assert workdays.working_days(last + timedelta(days=1), today, stops) <= promise
