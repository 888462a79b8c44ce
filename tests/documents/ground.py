"""Short ways to a published draft, and to what it holds."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from consult import clock
from consult.documents import actions, contents, page_queries, paragraph_queries, queries
from consult.documents.matching import fingerprints
from consult.documents.models import Confirmation, Document, Paragraph, Version
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


def publish_as(
    document: Document, text: str, became: Mapping[str, Sequence[int]], note: str = "", by: Any = None
) -> Version:
    """Publish with what an official said became of paragraphs: by number, the indices of the blocks they live on in."""
    prepared = actions.prepare(document, text)
    names = fingerprints(prepared.text.blocks)
    for number, targets in became.items():
        db.session.add(
            Confirmation(
                document_id=document.id,
                version_number=document.version_count,
                paragraph_id=paragraph(document, number).id,
                targets="\n".join(names[target] for target in targets),
                confirmed_by=by.id if by else None,
                confirmed_at=clock.now(),
            )
        )
    db.session.commit()
    return publish(document, text, note)


def page(document: Document, number: int | None = None) -> Sequence[Any]:
    """Return the blocks of a version, the current one unless `number` says which."""
    return page_queries.blocks(queries.version(document, number or document.version_count).id)


def standing(document: Document, number: int | None = None) -> dict[str, str]:
    """Return number and words of every paragraph that a version has."""
    return {row.number: row.plain for row in page(document, number) if not row.is_removed}


def paragraph(document: Document, number: str) -> Paragraph:
    return db.session.scalars(
        select(Paragraph).where(Paragraph.document_id == document.id, Paragraph.number == number)
    ).one()


def shown_total(document: Document) -> int:
    """Return the sum of all counts that the current page shows: what stands, what was removed, the whole draft.

    What was joined counts where its talk is shown. It must be the number of published comments.
    """
    items = contents.items(page(document), document.version_count)
    shown = sum(
        block.comment_count for item in items for block in (item.block, *(row.block for row in item.rows))
    )
    whole = paragraph_queries.whole(document.id)
    return shown + (whole.comment_count if whole else 0)


def address(document: Document, rest: str = "") -> str:
    return f"/consultations/{document.consultation.slug}/{document.slug}{rest}"
