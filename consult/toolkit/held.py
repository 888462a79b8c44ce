"""What is held about one person, kind by kind: what they suggested for the toolkit, and what they have begun to write.

See `accounts.held`. Revisions that an editor saved are acts in an official part.
"""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from consult.accounts.held import Kind, Row
from consult.accounts.models import Person
from consult.extensions import db
from consult.toolkit.models import Page
from consult.toolkit.suggestions.models import Suggestion
from consult.toolkit.unsaved.models import Unsaved


def suggestions(person: Person) -> list[Row]:
    """Return what somebody suggested, with what came of it and what they were told; never by whom."""
    rows = db.session.execute(
        select(Suggestion, Page.title.label("page"))
        .outerjoin(Page, Page.id == Suggestion.page_id)
        .where(Suggestion.author_id == person.id)
        .order_by(Suggestion.id.desc())
    )
    return [
        {
            "page": row.page or "",
            "title": row.Suggestion.title,
            "summary": row.Suggestion.summary,
            "words": row.Suggestion.source,
            "facts": "\n\n".join(f"{name}: {said}" for name, said in (row.Suggestion.facts or {}).items()),
            "why": row.Suggestion.why,
            "state": row.Suggestion.state.value,
            "signs_of_a_machine": row.Suggestion.signs,
            "written_at": row.Suggestion.created_at,
            "settled_at": row.Suggestion.settled_at,
            "told": row.Suggestion.word,
        }
        for row in rows
    ]


def unsaved_pages(person: Person) -> list[Row]:
    """Return what somebody has begun to write and not saved or sent."""
    rows = db.session.execute(
        select(Unsaved, Page.title.label("page"))
        .outerjoin(Page, Page.id == Unsaved.page_id)
        .where(Unsaved.person_id == person.id)
        .order_by(Unsaved.id.desc())
    )
    return [
        {
            "page": row.page or "",
            "purpose": row.Unsaved.use.value,
            "typed": "\n\n".join(f"{name}: {words}" for name, words in row.Unsaved.fields.items() if words),
            "begun_at": row.Unsaved.created_at,
            "changed_at": row.Unsaved.updated_at,
        }
        for row in rows
    ]


KINDS = (
    Kind(
        "suggestions",
        _l("What you suggested for the toolkit"),
        suggestions,
        frozenset({"toolkit_suggestion.author_id", "toolkit_revision.suggester_id"}),
    ),
    Kind(
        "unsaved_pages",
        _l("What you began to write for the toolkit"),
        unsaved_pages,
        frozenset({"toolkit_unsaved.person_id"}),
    ),
)
