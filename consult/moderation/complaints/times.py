"""The two clocks of the Defamation (Operators of Websites) Regulations 2013. Pure.

Regulation 1(3): of 48 hours no time counts that falls on a Saturday, a Sunday, Good Friday, Christmas Day or a bank
holiday in England and Wales. Schedule, paragraph 2: the author answers by midnight at the end of the fifth day after
the day on which the notice was sent on; these are days of the calendar.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from consult import workdays

HOURS = 48
DAYS = 5


def act_by(since: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment 48 hours after another, of which no time on other than working days counts."""
    return workdays.hours_on_working_days(since, HOURS, zone)


def answer_by(sent: datetime, zone: ZoneInfo) -> datetime:
    """Return the midnight at which the author's time is over."""
    day = sent.astimezone(zone).date() + timedelta(days=DAYS + 1)
    return datetime.combine(day, time(), zone).astimezone(sent.tzinfo)


def last_day(answer_by: datetime, zone: ZoneInfo) -> date:
    """Return the day at the end of which that midnight is: nobody mistakes it for the day after."""
    return (answer_by - timedelta(minutes=1)).astimezone(zone).date()
