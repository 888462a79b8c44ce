"""A version's Markdown as it is given out and as the next draft begins: without its numbers, or with them.

What was published holds the text as its writer left it, numbers and all; which of those count is known from the page.
"""

from collections.abc import Iterator

from sqlalchemy import select

from consult.documents import page_queries, queries
from consult.documents.actions import Prepared
from consult.documents.models import Document, Draft, Erratum, Paragraph, Version
from consult.documents.placing import Plan
from consult.extensions import db
from consult.text.block import Block
from consult.text.dialect.marks import IN_INFO
from consult.text.markdown import render_document
from consult.text.marking import Wanted, everything, what_shows_a_number, with_marks, without_marks


def plain(document: Document, version: Version) -> str:
    """Return a version's source without any number, as readers may have it."""
    return without_marks(version.source, _read(document, version)[0])


def numbered(document: Document, version: Version, wanted: Wanted = everything) -> str:
    """Return a version's source in which each block that is `wanted` bears its number; by default all do."""
    known, blocks, numbers = _read(document, version)
    if len(blocks) != len(numbers):  # made by other rules than ours: better no number than a wrong one
        return without_marks(version.source, known)
    return with_marks(version.source, numbers, known_numbers=known, blocks=blocks, wanted=wanted)


def beginning(document: Document) -> str:
    """Return what the next draft begins with: the latest save, or what stands published where nothing came after it.

    What stands published is shown with the numbers that its page shows.
    """
    draft = queries.latest_draft(document)
    if not document.version_count:
        return draft.source if draft else ""
    version = queries.version(document, document.version_count)
    if draft is not None and not _is_published(draft, version) and not _was_withdrawn(draft):
        return draft.source
    return numbered(document, version, what_shows_a_number)


def with_numbers_found(prepared: Prepared, planned: Plan) -> str:
    """Return a text in which each block bears the number that it was found to have, wherever nobody would be asked.

    So what was pasted from elsewhere can be seen, and put right, in the source itself.
    """
    numbers = [""] * len(prepared.text.blocks)
    for slot in planned.slots:
        if slot.new is not None and slot.old is not None:
            numbers[slot.new] = slot.number
    return with_marks(
        prepared.source,
        numbers,
        known_numbers=prepared.numbers,
        blocks=prepared.text.blocks,
        wanted=what_shows_a_number,
    )


def _is_published(draft: Draft, version: Version) -> bool:
    """Say whether a draft is what was published as this version, before any misprint in it was corrected."""
    before = select(Erratum.source_before).where(Erratum.version_id == version.id)
    return draft.source == version.source or draft.source in db.session.scalars(before)


def _was_withdrawn(draft: Draft) -> bool:
    """Say whether a draft is what was published in error: whoever goes on writing goes on from what holds."""
    withdrawn = select(Version.source).where(
        Version.document_id == draft.document_id, Version.withdrawn_at.is_not(None)
    )
    return draft.source in db.session.scalars(withdrawn)


def _read(document: Document, version: Version) -> tuple[frozenset[str], tuple[Block, ...], list[str]]:
    """Return the numbers that count in a version's source, its blocks, and the number that each has on its page."""
    rows = [row for row in page_queries.blocks(version.id) if not row.is_removed]
    shown = [row.plain for row in rows]
    for known in _possible(document, version):
        blocks = render_document(version.source, known_numbers=known).blocks
        if [block.plain for block in blocks] == shown:
            break
    return known, blocks, [row.number for row in rows]


def _possible(document: Document, version: Version) -> Iterator[frozenset[str]]:
    """Yield what the register may have held when a version was published or corrected, likeliest first."""
    earlier = select(Paragraph.number).where(
        Paragraph.document_id == document.id, Paragraph.first_version < version.number
    )
    yield frozenset(db.session.scalars(earlier))
    yield queries.numbers(document.id)
    yield frozenset(IN_INFO.findall(version.source))
