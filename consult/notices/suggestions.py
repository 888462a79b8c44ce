"""Telling editors of what was suggested for the toolkit and waits: once a day at most, when something new does.

It is due at seven by the clock of the site. The owner of a page is told of what waits for it, while they edit and want
the mail; of all else everybody who does. What was told of is noted with the mails, so that nobody is told twice, whatever
breaks it off. A demonstration sends none.
"""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, select, update

from consult import clock
from consult.accounts import queries as accounts
from consult.accounts.models import Person
from consult.extensions import db, link_to, settings, transaction
from consult.notices import letters
from consult.notices.actions import send
from consult.notices.models import Pace
from consult.notices.returned import last_round
from consult.toolkit.models import Page
from consult.toolkit.queries import is_editing
from consult.toolkit.suggestions.models import Suggestion
from consult.toolkit.suggestions.queries import WAITS


def send_due() -> int:
    """Write the mails of the last round that nobody has had yet, and return how many."""
    site = accounts.site_or_none()
    if site is None or site.is_demonstration:
        return 0
    due = last_round(Pace.DAILY, clock.now(), settings().timezone)
    is_any = db.session.scalar(select(Suggestion.id).where(*_untold(due)).limit(1)) is not None
    db.session.rollback()
    if not is_any:
        return 0
    with transaction():
        return _tell(due)


def _untold(due: datetime) -> tuple[ColumnElement[bool], ...]:
    return WAITS, Suggestion.told_at.is_(None), Suggestion.created_at < due


def _tell(due: datetime) -> int:
    """Tell everybody of what waits for them if something of it is new. People are held first, as whoever settles does."""
    people = _editors()
    untold = select(Suggestion.id).where(*_untold(due)).order_by(Suggestion.id)
    new = set(db.session.scalars(untold.with_for_update(key_share=True)))
    waiting = db.session.execute(
        select(Suggestion.id, Suggestion.author_id, Page.owner_id)
        .outerjoin(Page, Page.id == Suggestion.page_id)
        .where(WAITS)
    ).all()
    told, count = {person.id for person in people}, 0
    for person in people:
        theirs = {
            row.id
            for row in waiting
            if row.author_id != person.id and (row.owner_id == person.id or row.owner_id not in told)
        }
        if theirs & new:
            count += _write(person, len(theirs), due)
    db.session.execute(update(Suggestion).where(Suggestion.id.in_(new)).values(told_at=clock.now()))
    return count


def _editors() -> Sequence[Person]:
    """Return everybody who edits the toolkit and wants the mail."""
    wanted = select(Person).where(Person.wants_suggestion_mail, Person.email != "", is_editing(Person.id))
    return db.session.scalars(
        wanted.order_by(Person.id).with_for_update(read=True, key_share=True, of=Person)
    ).all()


def _write(person: Person, count: int, due: datetime) -> int:
    told, day = letter(person.name, count), due.astimezone(settings().timezone).date()
    once = f"suggestions.{person.id}.{day}"
    return int(
        send(to=person.email, subject=told.subject, body=told.body, person=person, once=once) is not None
    )


def letter(name: str, count: int) -> letters.Letter:
    """Say how many suggestions wait, and where they are read and settled."""
    return letters.letter(
        ngettext(
            "%(num)s suggestion for the toolkit waits for you",
            "%(num)s suggestions for the toolkit wait for you",
            count,
        ),
        _("Hello %(name)s,", name=name),
        ngettext(
            "%(num)s suggestion for the toolkit waits for an editor to accept, change or decline it:",
            "%(num)s suggestions for the toolkit wait for an editor to accept, change or decline them:",
            count,
        ),
        link_to("toolkit.suggestions"),
        _("This mail comes once a day at most, when something new waits. To stop it:"),
        link_to("accounts.gap_mail"),
    )
