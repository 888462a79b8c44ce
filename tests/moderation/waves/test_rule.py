"""What is a wave: tried on every shape of hours that a document may have had."""

import random

from hypothesis import given
from hypothesis import strategies as st

from consult.moderation.waves import rule

COUNTS = st.lists(st.integers(0, 400), max_size=42)


@given(COUNTS)
def test_few_are_never_a_wave_and_what_was_normal_is_none(counts):
    most = rule.limit(counts)
    assert most >= rule.LEAST
    assert most >= rule.usual(counts)
    assert not rule.is_over(most, most)  # what begins a wave never ends it in the same moment


@given(COUNTS.filter(bool), st.integers(1, 1000))
def test_a_few_wild_hours_do_not_make_a_wave_normal(counts, wild):
    """Fewer than a half of the hours, whatever was in them, cannot lift the limit above what the others bear."""
    hours = [*counts, *[max(counts) + wild] * (len(counts) // 3)]
    worst = max(counts)
    spread = worst / rule.TO_DEVIATION
    assert rule.limit(hours) <= max(rule.LEAST, worst + rule.SCORE * max(spread, worst**0.5, 1.0))


@given(COUNTS, st.integers(1, 50))
def test_where_more_is_normal_it_takes_no_less(counts, more):
    assert rule.limit([count + more for count in counts]) >= rule.limit(counts)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 10**10))
def test_the_rate_lies_between_this_hour_and_both(this, last, seconds):
    assert this <= rule.rate(this, last, seconds) <= this + last


@given(st.integers(10_000, 1_000_000), st.integers(0, 20 * 24))
def test_hours_are_compared_with_earlier_ones_of_that_time_of_day(hour, age):
    found = rule.comparable(hour, hour - age)
    assert len(found) <= rule.DAYS * 3
    assert all(hour - age <= each < hour for each in found)
    assert all((hour - each + 1) % 24 in (0, 1, 2) for each in found)
    assert bool(found) == (age >= rule.DAY - 1)


def test_ordinary_days_give_no_alarm():
    """Counts that come by chance, at most six an hour, over half a year: not one hour in a thousand."""
    luck = random.Random(6)
    hours = [sum(luck.random() < 0.03 for _ in range(200)) for _ in range(24 * 180)]
    alarms = sum(
        hours[at] > rule.limit([hours[each] for each in rule.comparable(at, 0)])
        for at in range(24 * 15, len(hours))
    )
    assert alarms * 1000 < len(hours) * 5
