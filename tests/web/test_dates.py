"""Dates in plain words, held against Babel's own."""

from datetime import UTC, date, datetime

import pytest
from babel.dates import format_datetime
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.web.dates import in_words

FORMS = ["d MMM yyyy, h.mm a", "EEEE d MMMM", "d MMM, h.mm a", "EEE d MMM yyyy", "HH.mm", "d MMMM yyyy"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))
@pytest.mark.parametrize("form", FORMS)
def test_the_words_are_those_of_babel(app, form, at):
    with app.test_request_context():
        ours = in_words(at, form)
        theirs = format_datetime(at, form, tzinfo=app.config["CONSULT_ZONE"], locale="en_GB")
        assert ours == theirs.replace("AM", "am").replace("PM", "pm")


def test_summer_time_is_heeded(app):
    with app.test_request_context():
        assert in_words(datetime(2026, 7, 1, 11, 0, tzinfo=UTC), "h.mm a") == "12.00 pm"
        assert in_words(datetime(2026, 12, 1, 11, 0, tzinfo=UTC), "h.mm a") == "11.00 am"


def test_a_day_has_no_zone(app):
    with app.test_request_context():
        assert in_words(date(2026, 12, 18), "EEEE d MMMM") == "Friday 18 December"


def test_a_pattern_that_we_do_not_know_is_refused(app):
    with app.test_request_context(), pytest.raises(ValueError, match="QQQ"):
        in_words(date(2026, 1, 1), "QQQ yyyy")
