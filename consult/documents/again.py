"""A version's words once more: as blocks that another version can have, each known by its paragraph, not by likeness.

They are those that were stored, corrections included, so that they are the same whatever our rules of rendering have
become. The source comes with the marks that hold in the version it is for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from consult.documents.models import Block as Stored
from consult.documents.models import Document, Paragraph, Version
from consult.documents.queries import AnyRow, Rows
from consult.extensions import db
from consult.text.block import Block
from consult.text.bounds import TooMuch
from consult.text.markdown import render_document
from consult.text.marking import with_marks, without_marks


@dataclass(frozen=True)
class Again:
    """`paragraph_ids` says of each block whose it is. `known` are the numbers that count as marks in `source`.

    `read` are the blocks as the source reads now, none where our rules make other blocks of it today.
    """

    source: str
    known: frozenset[str]
    blocks: tuple[Block, ...]
    paragraph_ids: tuple[int, ...]
    read: tuple[Block, ...]

    def source_for(self, numbers: Mapping[int, str]) -> str:
        """Return the source with each mark that stood in it as the number which its paragraph has in `numbers`."""
        try:
            if not self.read:
                return without_marks(self.source, self.known)
            pairs = zip(self.read, self.paragraph_ids, strict=True)
            given = [numbers.get(paragraph_id) if block.mark else None for block, paragraph_id in pairs]
            return with_marks(self.source, given, known_numbers=self.known, blocks=self.read)
        except TooMuch:  # our bounds are narrower than when it was published
            return self.source


def once_more(document: Document, version: Version) -> Again:
    """Return what stands in a version, to be published again or compared with."""
    rows = _rows(version)
    known = known_marks(document, version)
    read = _read(document, version, known)
    if [block.kind for block in read] != [row.kind for row in rows]:
        read = ()
    is_open = [block.is_commentable for block in read] or [row.is_open for row in rows]
    return Again(version.source, known, _blocks(rows, is_open), tuple(row.paragraph_id for row in rows), read)


def known_marks(document: Document, version: Version) -> frozenset[str]:
    """Return the numbers that count as marks in a version's source.

    They are those of the page before it; where a version was published without a draft, its own.
    """
    is_own = version.is_renumbered or version.restored_from is not None
    numbers = (
        select(Stored.number)
        .join(Version, Version.id == Stored.version_id)
        .where(Version.document_id == document.id, Version.number == version.number - (0 if is_own else 1))
    )
    return frozenset(db.session.scalars(numbers))


def _rows(version: Version) -> Rows:
    return db.session.execute(
        select(
            *(Stored.paragraph_id, Stored.kind, Stored.text, Stored.html, Stored.plain, Stored.level),
            *(Stored.depth, Stored.marker, Stored.anchor, Stored.is_header, Paragraph.is_open),
        )
        .join(Paragraph, Paragraph.id == Stored.paragraph_id)
        .where(Stored.version_id == version.id, Stored.is_removed.is_(False))
        .order_by(Stored.position)
    ).all()


def _read(document: Document, version: Version, known: frozenset[str]) -> tuple[Block, ...]:
    hosts = document.consultation.unit.image_host_set
    try:
        return render_document(version.source, known_numbers=known, allowed_image_hosts=hosts).blocks
    except TooMuch:
        return ()


def _blocks(rows: Rows, is_open: Sequence[bool]) -> tuple[Block, ...]:
    table: int | None = None
    found: list[Block] = []
    for index, (row, open_now) in enumerate(zip(rows, is_open, strict=True)):
        table = index if row.kind == "table" else table if row.kind == "row" else None
        found.append(_block(row, table if row.kind == "row" else None, open_now))
    return tuple(found)


def _block(row: AnyRow, table: int | None, is_open: bool) -> Block:
    return Block(
        kind=row.kind,
        text=row.text,
        html=row.html,
        plain=row.plain,
        line=0,
        level=row.level,
        depth=row.depth,
        marker=row.marker,
        anchor=row.anchor,
        is_commentable=is_open,
        table=table,
        is_header=row.is_header,
    )
