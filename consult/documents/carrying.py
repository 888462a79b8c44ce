"""A text that is kept elsewhere, and stands here so that people can talk about it paragraph by paragraph.

Who may write it, and when, is the business of the room that keeps it: it begins a document, and has it follow each
change. Paragraphs live on by the same match as in any draft. Nobody is asked about a doubtful one: it counts as removed,
so that no comment ever comes to stand on a sentence that says something else.
"""

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from consult import clock
from consult.consultations.models import Consultation
from consult.documents.actions import LONGEST_TITLE, Prepared, add_version, lock, plan_of
from consult.documents.models import WHOLE, Document, Paragraph, Version
from consult.extensions import db
from consult.text.blocks import RenderedDocument

KNOWN_AGAIN = (
    20  # versions within which words that come back are the same paragraph, also if nobody spoke of it
)
PAGE = "page"  # the kind of the paragraph that stands for the whole of it


def begin(consultation: Consultation, *, title: str, slug: str) -> Document:
    """Begin a document with nothing in it yet."""
    document = Document(
        consultation=consultation, title=title[:LONGEST_TITLE], slug=slug, created_at=clock.now()
    )
    db.session.add(document)
    db.session.flush()
    return document


def follow(
    document: Document,
    *,
    source: str,
    text: RenderedDocument,
    number: int,
    note: str = "",
    writer: Any = None,
) -> Version | None:
    """Bring a document to a text as it reads now, as version `number`: the number that the text bears where it is kept.

    Returns None where it has that one already, or later words. `writer` is who gave the text these words: of criticism
    of them another moderator decides. Marks such as `[7A]` say nothing here. Words
    of which somebody spoke are known again however long they were gone; any others for some versions only, so that a
    text that is changed for years costs no more from year to year.
    """
    lock(document)
    if document.version_count >= number or not text.blocks:
        return None
    prepared = Prepared(source, frozenset(), text)
    planned = plan_of(document, prepared, on_doubt="remove", forgotten=_long_gone(document.id))
    document.version_count = number - 1
    version = add_version(
        actor=writer,
        document=document,
        prepared=prepared,
        planned=planned,
        note=note,
        heeds_draft=False,
        is_told=False,
    )
    whole = update(Paragraph).where(Paragraph.document_id == document.id, Paragraph.key == WHOLE)
    db.session.execute(whole.values(kind=PAGE).execution_options(synchronize_session=False))
    return version


def _long_gone(document_id: int) -> set[int]:
    """Return the ids of the paragraphs that were in none of the latest versions, and at which no talk is shown."""
    latest = (
        select(Version.number)
        .where(Version.document_id == document_id)
        .order_by(Version.number.desc())
        .limit(KNOWN_AGAIN)
        .subquery()
    )
    oldest = select(func.min(latest.c.number)).scalar_subquery()
    of_it, joined = Paragraph.document_id == document_id, aliased(Paragraph)
    spoken = select(joined.id).where(joined.home_id == Paragraph.id, joined.comment_count > 0)
    gone = (Paragraph.removed_in < oldest, Paragraph.comment_count == 0, ~spoken.exists())
    return set(db.session.scalars(select(Paragraph.id).where(of_it, *gone)))


def rename(document: Document, *, title: str, slug: str) -> None:
    """Let a document be called as the text is that it carries."""
    document.title, document.slug = title[:LONGEST_TITLE], slug
    db.session.flush()
