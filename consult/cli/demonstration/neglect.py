"""What a demonstration leaves undone beside its consultations, so that the monitor has something to show."""

from datetime import datetime, timedelta

from consult import clock
from consult.accounts import queries as accounts
from consult.accounts.models import Part
from consult.cli.demonstration.reading import Calendar
from consult.search import fruitless
from consult.toolkit import actions as toolkit
from consult.toolkit import queries
from consult.toolkit.actions import Wording
from consult.toolkit.rendering import rendered

# pages that nobody has read again: by how many days they are late
STALE = {"staff-time-and-support": 84, "inviting-quiet-voices": 41, "using-existing-platforms": 9}
# what was looked for in vain: the words, and on which days before today
WANTED = {
    "dropped kerb grant": (30, 22, 22, 9, 3, 1),
    "cargo bike hangar": (41, 17, 12, 12),
    "bin collection dates": (6, 5, 2),
}


def _checked(calendar: Calendar, days: int) -> datetime:
    """Return when a page was last checked that is so many days past its review."""
    return calendar.now - toolkit.REVIEW_AFTER - timedelta(days=days)


def neglect(calendar: Calendar) -> None:
    """Let the review of some pages be overdue, and some words have been looked for in vain."""
    today = calendar.now.astimezone(calendar.zone).date()
    editors = accounts.players(Part.EDITOR)
    for place, (slug, days) in enumerate(STALE.items()):
        at = _checked(calendar, days)
        clock.replace(lambda at=at: at)  # type: ignore[misc]
        page = queries.page(slug)
        text = queries.revision(page.id, page.revision_count)
        toolkit.save_page(
            actor=None,
            page=page,
            wording=Wording(text.title, text.summary, rendered(text.source)),
            shelf=page.shelf,
            based_on=page.revision_count,
            is_reviewed=True,
            owner_id=editors[0].id if editors and place else None,  # one of them is with nobody
        )
    clock.replace(None)
    for words, ago in WANTED.items():
        for days in ago:
            fruitless.add(words, today - timedelta(days=days))
