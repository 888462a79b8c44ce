"""How long things are kept: months of the calendar, never a day early and never one late."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.accounts.retention import (
    PERIODS,
    Ending,
    Kept,
    address_goes_at,
    kept_since,
    months_after,
    months_of,
)

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
ENDINGS = st.builds(Ending, ended_at=st.none() | MOMENTS, months=st.integers(1, 60))


def _at(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (_at(2026, 1, 15, 9, 30), 1, _at(2026, 2, 15, 9, 30)),
        (_at(2026, 1, 31), 1, _at(2026, 2, 28)),
        (_at(2028, 1, 31), 1, _at(2028, 2, 29)),
        (_at(2026, 8, 31), 6, _at(2027, 2, 28)),
        (_at(2026, 12, 1), 1, _at(2027, 1, 1)),
        (_at(2026, 11, 27), 12, _at(2027, 11, 27)),
        (_at(2028, 2, 29), 12, _at(2029, 2, 28)),
        (_at(2026, 5, 5), 0, _at(2026, 5, 5)),
    ],
)
def test_months_are_those_of_the_calendar(start, months, end):
    assert months_after(start, months) == end


@given(MOMENTS, st.integers(0, 120))
def test_so_many_months_later_is_that_month_and_the_same_hour(start, months):
    end = months_after(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.time() == start.time()
    assert end.day == start.day or (end + timedelta(days=1)).day == 1 < start.day


@given(MOMENTS, MOMENTS, st.integers(0, 60))
def test_what_ended_later_is_never_let_go_of_earlier(one, other, months):
    earlier, later = sorted((one, other))
    assert months_after(earlier, months) <= months_after(later, months)


@given(st.lists(ENDINGS, max_size=6), MOMENTS)
def test_an_address_goes_when_every_consultation_is_past_its_time_and_not_before(endings, now):
    goes_at = address_goes_at(endings)
    is_gone = goes_at is not None and goes_at <= now
    all_past = all(
        ending.ended_at is not None and months_after(ending.ended_at, ending.months) <= now
        for ending in endings
    )
    assert is_gone == (bool(endings) and all_past)


def test_a_unit_has_its_own_months_or_those_of_the_site():
    assert months_of(None, 18) == 18
    assert months_of(3, 18) == 3
    assert months_of(None, None) == 12


@given(st.sampled_from(Kept), MOMENTS)
def test_days_are_counted_to_the_second(what, began):
    over = began + timedelta(days=PERIODS[what].days)
    assert began <= kept_since(what, over)
    assert began > kept_since(what, over - timedelta(seconds=1))


def test_everything_that_goes_by_itself_has_a_period():
    assert set(PERIODS) == set(Kept)
