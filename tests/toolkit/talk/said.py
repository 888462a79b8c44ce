"""A toolkit page that people talk about, and what they say."""

from typing import Any

from consult.accounts.models import Person
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, State
from consult.documents import paragraph_queries
from consult.documents.models import Block, Document, Paragraph
from consult.extensions import db, transaction
from consult.toolkit.models import Page
from consult.toolkit.talk import actions, queries
from tests import factories
from tests.toolkit import shelf

SOURCE = """Begin where people already meet.

Ask the people who run the place before you ask its members.

- Say who you are.
- Say what you can change and what you cannot.
"""


def a_talked_page(source: str = SOURCE, *, title: str = "Find a community") -> Page:
    """A page whose talk is open; the site has one unit and a moderator of its organisation."""
    if db.session.get(factories.Site, 1) is None:
        factories.a_site()
    if queries.first_unit() is None:
        factories.a_unit()
    page = shelf.a_page(source, title=title)
    open_talk(page)
    return page


def open_talk(page: Page) -> None:
    who = factories.a_person()
    with transaction(who):
        actions.open_talk(actor=who, page=page)


def document_of(page: Page) -> Document:
    found = queries.talk_of(page.id)
    assert found is not None
    return found.document


def at(page: Page, words: str) -> Paragraph:
    """Return the paragraph that reads so now, or read so last; "all" is the whole page."""
    document = document_of(page)
    if words == "all":
        return paragraph_queries.paragraph(document, "all")
    return (
        db.session.query(Paragraph)
        .join(Block, Block.id == Paragraph.last_block_id)
        .filter(Paragraph.document_id == document.id, Block.plain.startswith(words))
        .one()
    )


def says(where: Paragraph, body: str, *, by: Person | None = None, **how: Any) -> Comment:
    by = by or factories.a_person()
    with transaction(by):
        return discussion.post_comment(actor=by, paragraph=where, body=body, **how)


def decide(comment: Comment, after: State, **how: Any) -> None:
    moderator = factories.a_moderator(comment.document.consultation.unit.organisation)
    with transaction(moderator):
        discussion.change_state(actor=moderator, comment=comment, after=after, **how)


def published(where: Paragraph, body: str, **how: Any) -> Comment:
    said = says(where, body, **how)
    if said.state is not State.PUBLISHED:
        decide(said, State.PUBLISHED)
    return said


def address(where: Paragraph) -> str:
    return f"/toolkit/{where.document.slug}/p/{where.key}"
