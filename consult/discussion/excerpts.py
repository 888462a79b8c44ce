"""What people had said on a document's paragraphs before it changed: how much, and the beginning of the first few."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from consult.accounts.models import Person
from consult.discussion.models import Comment
from consult.discussion.visibility import public
from consult.documents.models import Version
from consult.extensions import db
from consult.text.plain import plain_text

LENGTH = 180
"""Characters of a comment that are shown beside a change; the rest is a link away."""


@dataclass(frozen=True)
class Excerpt:
    """The beginning of one comment."""

    key: str
    name: str
    words: str
    said_at: datetime


@dataclass(frozen=True)
class Said:
    """The talk on one paragraph: how many comments, and the first few of them."""

    count: int
    first: tuple[Excerpt, ...]


def said_on(paragraph_ids: Collection[int], versions: tuple[int, int], limit: int = 3) -> dict[int, Said]:
    """Return by paragraph what is public and was said on the versions from the first up to before the second.

    What was said first of itself comes before replies. Paragraphs on which nothing was said are left out. One read.
    """
    found: dict[int, list[Any]] = {}
    if paragraph_ids:
        for row in db.session.execute(_said(paragraph_ids, versions, limit)):
            found.setdefault(row.paragraph_id, []).append(row)
    return {
        paragraph_id: Said(rows[0].total, tuple(map(_excerpt, rows))) for paragraph_id, rows in found.items()
    }


def count_between(document_id: int, versions: tuple[int, int]) -> int:
    """Return how many public comments were made on the versions from the first up to before the second."""
    first, end = versions
    counted = (
        select(func.count())
        .select_from(Comment)
        .join(Version, Version.id == Comment.version_id)
        .where(Comment.document_id == document_id, public(), Version.number >= first, Version.number < end)
    )
    return db.session.scalar(counted) or 0


def _said(paragraph_ids: Collection[int], versions: tuple[int, int], limit: int) -> Any:
    first, end = versions
    within = Comment.paragraph_id
    order = (Comment.parent_id.is_not(None), Comment.created_at, Comment.id)
    ranked = (
        select(
            Comment.id,
            func.row_number().over(partition_by=within, order_by=order).label("place"),
            func.count().over(partition_by=within).label("total"),
        )
        .join(Version, Version.id == Comment.version_id)
        .where(within.in_(paragraph_ids), public(), Version.number >= first, Version.number < end)
        .subquery()
    )
    return (
        select(
            *(Comment.paragraph_id, Comment.key, Comment.html, Comment.created_at),
            *(Person.name, ranked.c.total),
        )
        .join(ranked, ranked.c.id == Comment.id)
        .join(Person, Person.id == Comment.author_id)
        .where(ranked.c.place <= limit)
        .order_by(Comment.paragraph_id, ranked.c.place)
    )


def _excerpt(row: Any) -> Excerpt:
    return Excerpt(row.key, row.name, shortened(plain_text(row.html)), row.created_at)


def shortened(words: str) -> str:
    """Return the beginning of what was said, cut after a word."""
    if len(words) <= LENGTH:
        return words
    begun = words[:LENGTH]
    return f"{begun.rsplit(' ', 1)[0] if ' ' in begun else begun} …"
