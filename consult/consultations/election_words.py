"""What people are told before an election: the line beside a draft, and the words that each switch begins with.

An organisation can change the words of each switch. `{date}` in them stands for the day of the election, `{until}` for
the last day of the switch.
"""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.consultations.election_models import Effect
from consult.consultations.elections import Calendar, Period, Switch, told

TITLES = {
    Effect.OPEN_NOTHING: _l("Open nothing new"),
    Effect.SEND_NO_MAILS: _l("Send no mails and promote nothing"),
    Effect.HOLD_ANSWERS: _l("Hold official answers and outcomes, and release them after"),
    Effect.STOP_CLOCK: _l("Stop the clock"),
    Effect.EXTEND_CLOSING: _l("Extend the closing date"),
    Effect.CLOSE_FORMS: _l("Close the forms"),
}
USUAL = {
    Effect.OPEN_NOTHING: _l("Nothing new opens until after {until}."),
    Effect.SEND_NO_MAILS: _l("Mails to followers wait until after {until}, and we promote nothing."),
    Effect.HOLD_ANSWERS: _l("We will answer after {until}."),
    Effect.STOP_CLOCK: _l("The days up to {until} do not count towards our times for answers."),
    Effect.EXTEND_CLOSING: _l("There is more time to comment because of the election on {date}."),
    Effect.CLOSE_FORMS: _l(
        "Comments cannot be added until after {until}. What you have begun to write is kept."
    ),
}


def line(period: Period, today: date, *, is_open: bool, is_undecided: bool) -> str:
    """Return what stands under the stage of a draft and beside its box, from the first day of the quiet to the last.

    `is_open` says whether people could comment if nothing was closed, `is_undecided` whether answers are still given.
    """
    forms, answers = period.in_force(Effect.CLOSE_FORMS, today), period.in_force(Effect.HOLD_ANSWERS, today)
    told_of = [election_on(period, today)]
    if is_open:
        told_of.append(_("You can still comment.") if forms is None else words(period, forms, today))
    if is_undecided and answers is not None:
        told_of.append(words(period, answers, today))
    return " ".join(told_of)


def election_on(period: Period, today: date) -> str:
    """Return that there is an election, or was: the quiet may go on for some days."""
    when = named(period.held_on, today)
    if today > period.held_on:
        return str(_("There was an election on %(date)s.", date=when))
    return str(_("There is an election on %(date)s.", date=when))


def words(period: Period, switch: Switch, today: date) -> str:
    """Return the public words of a switch with its days filled in."""
    return told(switch.wording, period, switch, lambda day: named(day, today))


def named(day: date, today: date) -> str:
    """Return a day as people say it: "6 May", with the year when it is another."""
    return str(format_date(day, "d MMMM" if day.year == today.year else "d MMMM yyyy"))


def until(switch: Switch, today: date) -> str:
    return named(switch.last_day, today)


def effects(period: Period, today: date) -> Sequence[tuple[Switch, str]]:
    """Return every switch of a period that is not over, with its public words, in the order of `Effect`."""
    order = list(Effect)
    some = sorted(period.switches, key=lambda each: order.index(each.effect))
    return [(each, words(period, each, today)) for each in some if each.last_day >= today]


def words_in_force(calendar: Calendar, organisation_id: int, effect: Effect, now: datetime) -> str:
    """Return what the public is told of an effect that holds at `now`; "" where it does not."""
    period, today = calendar.period(organisation_id, now), calendar.day(now)
    switch = None if period is None else period.in_force(effect, today)
    return "" if period is None or switch is None else words(period, switch, today)
