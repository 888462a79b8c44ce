"""How long what is held about people is kept. Pure: `consult worker`, the privacy page and its paper all ask here.

Days are counted to the second. Months are those of the calendar: what ended on 31 August is kept six months until
28 February, and what ended on the 30th of a month until the 30th of another.
"""

import calendar
import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

MONTHS = 12  # after the outcome, where neither the unit nor the site says otherwise


class Kept(enum.Enum):
    """What goes by itself, after a time that is the same on every site."""

    UNCONFIRMED = "unconfirmed"
    LINKS = "links"
    MAILS = "mails"
    SESSIONS = "sessions"
    UNSENT = "unsent"
    REFUSED = "refused"
    LEFT = "left"
    SEARCHES = "searches"
    COMPLAINTS = "complaints"
    SUGGESTIONS = "suggestions"


@dataclass(frozen=True)
class Period:
    """How many days something is kept, `since` when, in words for the page."""

    what: object
    days: int
    since: object


PERIODS: dict[Kept, Period] = {
    Kept.UNCONFIRMED: Period(
        _l(
            "An account, a guest’s comment, a change of address or the wish to follow something, where nobody "
            "confirms the address"
        ),
        7,
        _l("it was made"),
    ),
    Kept.LINKS: Period(_l("A link that we sent by email"), 7, _l("it was used or ran out")),
    Kept.MAILS: Period(
        _l("The copy of a mail to you"), 30, _l("it was sent, or given up as not deliverable")
    ),
    Kept.SESSIONS: Period(
        _l("A session: which browser, since when, last used when"), 30, _l("it ended or ran out")
    ),
    Kept.UNSENT: Period(
        _l("A comment, or a text for the toolkit, that you have not sent or saved"),
        90,
        _l("you last changed it"),
    ),
    Kept.REFUSED: Period(
        _l("That somebody said “this was not me” for an address (a scrambled form of it)"),
        90,
        _l("they said so"),
    ),
    Kept.LEFT: Period(
        _l("What you followed and have left, so that you can follow it again"), 30, _l("you left it")
    ),
    Kept.SEARCHES: Period(
        _l("Words that somebody looked for and that were not found, without who it was"),
        90,
        _l("they were looked for"),
    ),
    Kept.COMPLAINTS: Period(
        _l("A notice of complaint about a comment, and what its author answered, with names and addresses"),
        548,
        _l("it was settled"),
    ),
    Kept.SUGGESTIONS: Period(
        _l("A change to the toolkit that you suggested and that was declined or taken back"),
        365,
        _l("it was declined or taken back"),
    ),
}


def kept_since(what: Kept, now: datetime) -> datetime:
    """Return the moment before which what began its period has no business here any more."""
    return now - timedelta(days=PERIODS[what].days)


def months_of(unit_months: int | None, site_months: int | None) -> int:
    """Return how long guests' addresses are kept after an outcome: as the unit says, or the site."""
    return unit_months if unit_months is not None else site_months or MONTHS


@dataclass(frozen=True)
class Ending:
    """When a consultation that a guest wrote on came to its end (None: not yet), and how long its unit keeps addresses."""

    ended_at: datetime | None
    months: int

    def lets_go_at(self) -> datetime | None:
        """Return from when on this consultation needs the address no more; None for not yet known."""
        return None if self.ended_at is None else months_after(self.ended_at, self.months)


def address_goes_at(endings: Collection[Ending]) -> datetime | None:
    """Return when a guest's address goes: once the last consultation that they wrote on lets go of it."""
    moments = [ending.lets_go_at() for ending in endings]
    known = [moment for moment in moments if moment is not None]
    return max(known) if known and len(known) == len(moments) else None


def months_after(start: datetime, months: int) -> datetime:
    """Return the same day and hour so many calendar months later; the last day of a month that is too short."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))
