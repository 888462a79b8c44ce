"""The words of two versions, side by side: what a comparison is made from."""

from collections.abc import Sequence

from sqlalchemy import func, select

from consult.documents.models import Block, Erratum, Lineage, Paragraph, Relation, Version
from consult.documents.past import end_of
from consult.documents.queries import AnyRow
from consult.extensions import db

Pages = tuple[Sequence[AnyRow], Sequence[AnyRow]]


def pages(before_id: int, after_id: int) -> Pages:
    """Return the blocks of two versions, each in its order, without their HTML. One read."""
    rows = db.session.execute(
        select(
            *(Block.version_id, Block.paragraph_id, Block.kind, Block.number),
            *(Block.text, Block.plain, Block.is_removed),
            *(Paragraph.key, Paragraph.split_from_id),
        )
        .join(Paragraph, Paragraph.id == Block.paragraph_id)
        .where(Block.version_id.in_((before_id, after_id)))
        .order_by(Block.version_id, Block.position)
    ).all()
    return (
        [row for row in rows if row.version_id == before_id],
        [row for row in rows if row.version_id == after_id],
    )


def homes(document_id: int, before: int, after: int) -> dict[int, int]:
    """Return which paragraphs were joined with another after version `before` and up to `after`, and with which."""
    rows = db.session.execute(
        select(Lineage.from_paragraph_id, Lineage.to_paragraph_id)
        .join(Version, Version.id == Lineage.to_version_id)
        .where(
            Lineage.document_id == document_id,
            Lineage.relation == Relation.MERGED,
            Lineage.from_paragraph_id != Lineage.to_paragraph_id,
            Version.number > before,
            Version.number <= after,
        )
        .order_by(Version.number.desc(), Lineage.id)
    )
    nearest: dict[int, int] = {}
    for was, home in rows:
        if was is not None and home is not None:
            nearest.setdefault(was, home)
    return {was: end_of(was, nearest) for was in nearest}


def errata(before_id: int, after_id: int) -> int:
    """Return how often misprints were corrected in two versions: until that moves, their words stand."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Erratum).where(Erratum.version_id.in_((before_id, after_id)))
        )
        or 0
    )
