"""Questions about a page, block by block, each with the talk that is shown at its paragraph."""

from typing import Any

from sqlalchemy import ColumnElement, Subquery, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from consult.documents.models import Block, Document, Paragraph, Version
from consult.documents.queries import Rows
from consult.extensions import db

COUNTS = ("comment_count", "question_count", "answered_count", "response_count")


def joined_talk(in_documents: ColumnElement[bool]) -> Subquery:
    """Return what all that was joined to a paragraph has gathered, by that paragraph.

    `in_documents` says of a Paragraph whether it is in the documents that are asked about.
    """
    columns: Any = Paragraph.__table__.c
    sums = (func.sum(columns[name]).label(name) for name in COUNTS)
    return (
        select(columns.home_id, *sums)
        .where(in_documents, columns.home_id.is_not(None))
        .group_by(columns.home_id)
        .subquery("joined")
    )


def shown_here(name: str, joined: Subquery) -> ColumnElement[int]:
    """Return how much is shown at a Paragraph: its own with what was joined to it, nothing where it was joined itself."""
    own = getattr(Paragraph, name) + func.coalesce(joined.c[name], 0)
    return case((Paragraph.home_id.is_not(None), 0), else_=own).label(name)


_ITS_DOCUMENT = select(Version.document_id).where(Version.id == bindparam("version")).scalar_subquery()

_JOINED_TO_ITS = joined_talk(Paragraph.document_id == _ITS_DOCUMENT)

_BLOCKS = (
    select(
        *(
            Block.id,
            Block.paragraph_id,
            Block.position,
            Block.kind,
            Block.level,
            Block.depth,
            Block.is_header,
        ),
        *(Block.marker, Block.anchor, Block.plain, Block.html, Block.is_removed),
        *(Block.number, Block.relation, Block.came_after),
        *(Paragraph.key, Paragraph.first_version, Paragraph.reworded_in, Paragraph.removed_in),
        *(Paragraph.home_id, Paragraph.split_from_id, Paragraph.is_open),
        *(shown_here(name, _JOINED_TO_ITS) for name in COUNTS),
    )
    .join(Paragraph, Paragraph.id == Block.paragraph_id)
    .outerjoin(_JOINED_TO_ITS, _JOINED_TO_ITS.c.home_id == Paragraph.id)
    .where(Block.version_id == bindparam("version"))
    .order_by(Block.position)
)


def blocks(version_id: int) -> Rows:
    """Return the page of a version in order, each block beside the talk that is shown at its paragraph today.

    The talk of what was joined to a paragraph counts there, and nowhere else.
    """
    return db.session.execute(_BLOCKS, {"version": version_id}).all()


def removed(document_id: int) -> Rows:
    """Return the paragraphs with talk whose text is gone, in page order, each with its last words.

    What was joined with another is not among them: its talk is shown there.
    """
    last = aliased(Block)
    joined = joined_talk(Paragraph.document_id == document_id)
    counts = {name: shown_here(name, joined) for name in COUNTS}
    return db.session.execute(
        select(
            Paragraph.key,
            Paragraph.number,
            Paragraph.removed_in,
            *counts.values(),
            last.kind,
            last.html,
            last.plain,
        )
        .join(Document, Document.id == Paragraph.document_id)
        .join(Block, (Block.paragraph_id == Paragraph.id) & (Block.version_id == Document.current_version_id))
        .join(last, last.id == Paragraph.last_block_id)
        .outerjoin(joined, joined.c.home_id == Paragraph.id)
        .where(
            Paragraph.document_id == document_id,
            Paragraph.removed_in.is_not(None),
            Paragraph.home_id.is_(None),
            or_(counts["comment_count"] > 0, counts["response_count"] > 0),
        )
        .order_by(Block.position)
    ).all()


def talk_of(document_id: int) -> dict[str, int]:
    """Return how many published comments are shown at each numbered paragraph that has any."""
    joined = joined_talk(Paragraph.document_id == document_id)
    shown = shown_here("comment_count", joined)
    return dict(
        db.session.execute(
            select(Paragraph.number, shown)
            .outerjoin(joined, joined.c.home_id == Paragraph.id)
            .where(Paragraph.document_id == document_id, shown > 0)
        ).all()
    )
