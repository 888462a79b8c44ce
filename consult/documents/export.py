"""What became of every paragraph between two versions of a document, as it is given out: lists, and steps between."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from consult.documents import queries
from consult.documents.models import Block, Document, Lineage, Paragraph, Version
from consult.documents.steps import Link, Standing, steps, trails
from consult.extensions import db


def between(document: Document, before: int, after: int) -> dict[str, Any]:
    """Return what became of each paragraph between two versions of a document, `before` the earlier one."""
    first, last = queries.version(document, before), queries.version(document, after)
    old, new = _page(first), _page(last)
    found = trails((entry["key"] for entry in old), _links(document, before, after))
    known = db.session.scalars(
        select(Paragraph.key).where(Paragraph.document_id == document.id, Paragraph.first_version <= before)
    )
    return {
        "document": {
            "consultation": document.consultation.slug,
            "slug": document.slug,
            "title": document.title,
        },
        "from": _head(first),
        "to": _head(last),
        "old": old,
        "steps": steps(old, new, found, frozenset(known)),
        "new": new,
    }


def _head(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "published_at": version.published_at.isoformat(timespec="seconds"),
        "is_withdrawn": version.withdrawn_at is not None,
    }


def _page(version: Version) -> list[Standing]:
    rows = db.session.execute(
        select(Paragraph.key, Block.number, Block.kind, Block.text)
        .join(Paragraph, Paragraph.id == Block.paragraph_id)
        .where(Block.version_id == version.id, Block.is_removed.is_(False))
        .order_by(Block.position)
    )
    return [{"key": row.key, "number": row.number, "kind": row.kind, "text": row.text} for row in rows]


def _links(document: Document, before: int, after: int) -> list[list[Link]]:
    """Return what each version after `before`, up to `after`, did to the paragraphs it found."""
    came, went = aliased(Paragraph), aliased(Paragraph)
    rows = db.session.execute(
        select(
            Version.number,
            came.key.label("came"),
            went.key.label("went"),
            Lineage.confidence,
            Lineage.confirmed_at,
        )
        .join(Version, Version.id == Lineage.to_version_id)
        .join(came, came.id == Lineage.from_paragraph_id)
        .outerjoin(went, went.id == Lineage.to_paragraph_id)
        .where(Lineage.document_id == document.id, Version.number > before, Version.number <= after)
        .order_by(Version.number, Lineage.id)
    )
    found: list[list[Link]] = [[] for _ in range(after - before)]
    for row in rows:
        found[row.number - before - 1].append(
            Link(row.came, row.went, row.confidence, row.confirmed_at is not None)
        )
    return found
