"""Days and times as people type them."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from consult.consultations.typed_dates import NoSuchMoment, day_from, moment, time_from, typed_day, typed_time

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    "typed",
    [
        "18 December 2026",
        "18 december 2026",
        "18 Dec 2026",
        "18th December, 2026",
        "Friday 18 December 2026",
        "Fri, 18 Dec. 2026",
        "18/12/2026",
        "18.12.2026",
        "18 12 2026",
        "18-12-2026",
        "2026-12-18",
        " 18 December 2026 ",
    ],
)
def test_a_day_is_read_as_people_write_it(typed):
    assert day_from(typed) == date(2026, 12, 18)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "tomorrow", "31 June 2026", "18 December", "18/12/26", "18 Decade 2026", "12/18/2026"),
        *("1 May 20260", "1 May 1999", "1 May 2101", "9" * 5_000, "18 De 2026"),
    ],
)
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(ValueError):
        day_from(typed)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("11.59 pm", time(23, 59)),
        ("11:59pm", time(23, 59)),
        ("11.59 p.m.", time(23, 59)),
        ("23:59", time(23, 59)),
        ("9am", time(9)),
        ("9 AM", time(9)),
        ("12 am", time(0)),
        ("12 pm", time(12)),
        ("noon", time(12)),
        ("00:00", time(0)),
    ],
)
def test_a_time_is_read_as_people_write_it(typed, at):
    assert time_from(typed) == at


@pytest.mark.parametrize(
    "typed", ["", "9", "25:00", "13 pm", "0 am", "11.60 pm", "midnight", "soon", "11 59"]
)
def test_what_is_no_time_is_refused(typed):
    with pytest.raises(ValueError):
        time_from(typed)


def test_winter_and_summer_are_told_apart():
    assert moment(date(2026, 12, 18), time(23, 59), LONDON) == datetime(2026, 12, 18, 23, 59, tzinfo=UTC)
    assert moment(date(2026, 7, 1), time(9), LONDON) == datetime(2026, 7, 1, 8, tzinfo=UTC)


def test_a_time_that_the_clocks_leave_out_is_refused():
    with pytest.raises(NoSuchMoment):
        moment(date(2026, 3, 29), time(1, 30), LONDON)


def test_a_time_that_comes_twice_is_the_first_or_for_a_closing_the_second():
    assert moment(date(2026, 10, 25), time(1, 30), LONDON).hour == 0
    assert moment(date(2026, 10, 25), time(1, 30), LONDON, latest=True).hour == 1


@pytest.mark.parametrize(
    "at", [datetime(2026, 7, 1, 8, 5, tzinfo=UTC), datetime(2026, 12, 18, 23, 59, tzinfo=UTC)]
)
def test_what_is_shown_in_the_fields_reads_back_as_the_same_moment(at):
    assert moment(day_from(typed_day(at, LONDON)), time_from(typed_time(at, LONDON)), LONDON) == at


def test_no_moment_shows_as_nothing():
    assert typed_day(None, LONDON) == typed_time(None, LONDON) == ""
