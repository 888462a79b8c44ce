"""Whose suggestions they are when somebody closes their account or bears another name."""

from typing import Any

from sqlalchemy import delete, select, update

from consult.accounts.models import Person
from consult.extensions import ROW, db
from consult.toolkit.forgetting import delete_suggestions
from consult.toolkit.models import Page, Revision
from consult.toolkit.suggestions.models import State, Suggestion
from consult.toolkit.unsaved.models import Unsaved

PUBLISHED = (State.ACCEPTED, State.AMENDED)


def on_account_closed(sender: object, *, person: Person, heir: Person, withdraws: bool, **more: Any) -> None:
    """Delete what somebody had begun, and all that no page says of what they suggested, if they withdraw what they said.

    What a page says because of them stays, without the name.
    """
    db.session.execute(delete(Unsaved).where(Unsaved.person_id == person.id))
    if withdraws:
        _take_back(person.id)
    if heir is not person:
        theirs = Suggestion.author_id == person.id
        db.session.execute(update(Suggestion).where(theirs).values(author_id=heir.id))
        credited = Revision.suggester_id == person.id
        db.session.execute(update(Revision).where(credited).values(suggester_id=heir.id))
    _touch_pages_of(heir.id)


def on_person_renamed(sender: object, *, person: Person, **more: Any) -> None:
    """Make the pages stale that name somebody as the one who suggested a change."""
    _touch_pages_of(person.id)


def _take_back(person_id: int) -> None:
    """Delete what no page came to say, and of the rest all words but those that a page says.

    What was amended, the page says in the editor's words; what was accepted as it was, in theirs.
    """
    mine = select(Suggestion).where(Suggestion.author_id == person_id).order_by(Suggestion.id)
    held = db.session.scalars(
        mine.with_for_update(**ROW, of=Suggestion).execution_options(populate_existing=True)
    ).all()
    delete_suggestions([each.id for each in held if not _is_on_a_page(each)])
    for suggestion in filter(_is_on_a_page, held):
        suggestion.why = suggestion.word = ""
        if suggestion.state is State.AMENDED:
            suggestion.title = suggestion.summary = suggestion.source = ""
            suggestion.facts = None
    db.session.flush()


def _is_on_a_page(suggestion: Suggestion) -> bool:
    return suggestion.state in PUBLISHED and suggestion.revision_id is not None


def _touch_pages_of(person_id: int) -> None:
    named = select(Revision.page_id).where(Revision.suggester_id == person_id)
    db.session.execute(update(Page).where(Page.id.in_(named)).values(stamp=Page.stamp + 1))
