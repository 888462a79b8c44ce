"""Questions about suggestions: what waits for an editor, what somebody suggested, what stands on the page now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.errors import NotFound
from consult.extensions import db
from consult.permissions import May, allows
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.models import Page, Revision
from consult.toolkit.suggestions.models import State, Suggestion

PAGE = 30
MANY = 99  # beyond, that there are more is all that is said
WAITS: ColumnElement[bool] = Suggestion.settled_at.is_(None)  # as the index of what waits says it


@dataclass(frozen=True)
class Waiting:
    """How many suggestions wait (of more than MANY, that there are more), and by when the first should be settled."""

    count: int
    due_at: datetime | None


def waiting(page_id: int | None = None) -> Waiting:
    """Return what waits for an editor: for one page, or for all of them."""
    some = select(Suggestion.due_at).where(WAITS).order_by(Suggestion.id).limit(MANY + 1)
    if page_id is not None:
        some = some.where(Suggestion.page_id == page_id)
    rows = some.subquery()
    return Waiting(*db.session.execute(select(func.count(), func.min(rows.c.due_at)).select_from(rows)).one())


def waiting_list(after: int | None = None, limit: int = PAGE) -> Sequence[Any]:
    """Return a line for each suggestion that waits, oldest first, and one more than `limit` if there are more."""
    wanted = _lines().where(WAITS).order_by(Suggestion.id).limit(limit + 1)
    return db.session.execute(wanted if after is None else wanted.where(Suggestion.id > after)).all()


def waiting_on(page_id: int, but: int, limit: int = 5) -> Sequence[Any]:
    """Return lines for the others that wait for the same page."""
    wanted = _lines().where(WAITS, Suggestion.page_id == page_id, Suggestion.id != but)
    return db.session.execute(wanted.order_by(Suggestion.id).limit(limit)).all()


def settled_list(before: int | None = None, limit: int = PAGE) -> Sequence[Any]:
    """Return lines for what editors and authors settled, by when it was made, the newest first."""
    wanted = (
        _lines().where(Suggestion.settled_at.is_not(None)).order_by(Suggestion.id.desc()).limit(limit + 1)
    )
    return db.session.execute(wanted if before is None else wanted.where(Suggestion.id < before)).all()


def suggested_by(person_id: int, before: int | None = None, limit: int = PAGE) -> Sequence[Any]:
    """Return lines for all that somebody suggested, the newest first."""
    wanted = _lines().where(Suggestion.author_id == person_id).order_by(Suggestion.id.desc()).limit(limit + 1)
    return db.session.execute(wanted if before is None else wanted.where(Suggestion.id < before)).all()


def _lines() -> Any:
    return (
        select(
            *(Suggestion.id, Suggestion.key, Suggestion.title, Suggestion.why, Suggestion.signs),
            *(Suggestion.state, Suggestion.created_at, Suggestion.due_at, Suggestion.settled_at),
            *(Suggestion.word, Suggestion.based_on, Page.slug, Page.title.label("page_title")),
            *(
                Page.revision_count,
                Person.name.label("author_name"),
                Revision.number.label("revision_number"),
            ),
        )
        .join(Person, Person.id == Suggestion.author_id)
        .outerjoin(Page, Page.id == Suggestion.page_id)
        .outerjoin(Revision, Revision.id == Suggestion.revision_id)
    )


def waiting_count_of(person_id: int) -> int:
    """Return how many suggestions of one person wait."""
    return db.session.scalar(select(func.count()).where(WAITS, Suggestion.author_id == person_id)) or 0


def waiting_by(person_id: int, page_id: int) -> Suggestion | None:
    """Return what somebody suggested for a page and waits, the latest."""
    mine = (WAITS, Suggestion.author_id == person_id, Suggestion.page_id == page_id)
    return db.session.scalar(select(Suggestion).where(*mine).order_by(Suggestion.id.desc()).limit(1))


def made_since(person_id: int, since: datetime) -> int:
    """Return how many suggestions one person made since then."""
    mine = (Suggestion.author_id == person_id, Suggestion.created_at > since)
    return db.session.scalar(select(func.count()).where(*mine)) or 0


def by_once(once: str, author_id: int) -> Suggestion | None:
    """Return the suggestion that came of a form which the same person sent before."""
    mine = (Suggestion.once == once, Suggestion.author_id == author_id)
    return db.session.scalar(select(Suggestion).where(*mine)) if once else None


def suggestion_for(person: Any, key: str) -> Suggestion:
    """Return a suggestion with its people and its page. NotFound for whoever is neither its author nor an editor."""
    wanted = select(Suggestion).where(Suggestion.key == key)
    bare = (joinedload(Suggestion.author), joinedload(Suggestion.editor))
    found = db.session.scalar(
        wanted.options(
            *(each.lazyload(Person.roles) for each in bare),
            *(joinedload(Suggestion.page), joinedload(Suggestion.revision)),
        )
    )
    if found is None or (found.author_id != person.id and not allows(May.EDIT_TOOLKIT, person)):
        raise NotFound
    return found


@dataclass(frozen=True)
class Words:
    """What a page says: its title, the line under it, its source and the facts of its kind."""

    title: str = ""
    summary: str = ""
    source: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


NOTHING = Words()


def kind_of(suggestion: Suggestion) -> PageKind:
    """Return of which kind the page is that a suggestion is for; one that is not there is a page of guidance."""
    return PageKind.PRACTICE if suggestion.page is None else suggestion.page.kind


def said_in(revision: Revision) -> Words:
    """Return what a page says in one of its revisions."""
    return Words(revision.title, revision.summary, revision.source, revision.facts)


def words_of(suggestion: Suggestion, then: Words) -> Words:
    """Return what somebody suggested; facts of which they said nothing are those that stood there `then`."""
    facts = then.facts if suggestion.facts is None else suggestion.facts
    return Words(suggestion.title, suggestion.summary, suggestion.source, facts)


def has_words(suggestion: Suggestion) -> bool:
    """Say whether what somebody suggested is still there: they may have taken their words back."""
    return suggestion.source != ""


def is_withheld(suggestion: Suggestion) -> bool:
    """Say whether what a page came to say because of a suggestion is withheld."""
    return suggestion.revision is not None and suggestion.revision.withheld_at is not None


def published(suggestion: Suggestion) -> Words:
    """Return what a page came to say because of a suggestion."""
    return NOTHING if suggestion.revision is None else said_in(suggestion.revision)


@dataclass(frozen=True)
class Standing:
    """The words that a suggestion was written on, and those that stand on the page now with their number."""

    then: Words
    now: Words
    number: int
    is_withheld: bool = False  # what stood there then

    def to_readers(self) -> "Standing":
        """Return what whoever is no editor may see: words that are withheld are not compared with anything."""
        return Standing(self.now, self.now, self.number, True) if self.is_withheld else self

    @property
    def has_moved(self) -> bool:
        """Say whether the page reads otherwise than when the suggestion was begun."""
        return self.then != self.now


def standing(suggestion: Suggestion) -> Standing:
    """Return what a page said when a suggestion was begun, and what it says now; nothing for one that is not there."""
    page = suggestion.page
    if page is None:
        return Standing(NOTHING, NOTHING, 0)
    rows = db.session.execute(
        select(
            *(Revision.number, Revision.title, Revision.summary, Revision.source, Revision.facts),
            Revision.withheld_at,
        ).where(Revision.page_id == page.id, Revision.number.in_({suggestion.based_on, page.revision_count}))
    ).all()
    withheld = {row.number for row in rows if row.withheld_at is not None}
    found = {row.number: Words(row.title, row.summary, row.source, row.facts) for row in rows}
    now = found[page.revision_count]
    then = found.get(suggestion.based_on, now)
    return Standing(then, now, page.revision_count, suggestion.based_on in withheld)


def is_settled(suggestion: Suggestion) -> bool:
    return suggestion.state is not State.WAITING
