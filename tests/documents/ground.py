"""Short ways to a published draft, and to what it holds."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from consult.documents import actions, queries
from consult.documents.models import Document, Paragraph, Version
from consult.extensions import db, transaction
from tests import factories

TEXT = "# Kerbs\n\nFirst words.\n\nSecond words.\n\n- one\n- two\n\n## More\n\nLast words.\n"


def a_draft(text: str = TEXT, **values: Any) -> Document:
    """A document with one published version in a consultation that is open, unless `values` say otherwise."""
    if db.session.get(factories.Site, 1) is None:
        factories.a_site()
    document = factories.a_document(factories.a_consultation(**values))
    publish(document, text)
    return document


def publish(document: Document, text: str, note: str = "") -> Version:
    with transaction():
        return actions.publish_version(
            actor=None, document=document, source=text, note=note, doubtful="remove"
        )


def page(document: Document, number: int | None = None) -> Sequence[Any]:
    """Return the blocks of a version, the current one unless `number` says which."""
    return queries.blocks(queries.version(document, number or document.version_count).id)


def standing(document: Document, number: int | None = None) -> dict[str, str]:
    """Return number and words of every paragraph that a version has."""
    return {row.number: row.plain for row in page(document, number) if not row.is_removed}


def paragraph(document: Document, number: str) -> Paragraph:
    return db.session.scalars(
        select(Paragraph).where(Paragraph.document_id == document.id, Paragraph.number == number)
    ).one()


def address(document: Document, rest: str = "") -> str:
    return f"/consultations/{document.consultation.slug}/{document.slug}{rest}"
