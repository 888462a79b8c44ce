"""What a version did to paragraphs on which people have commented, written down for each of them."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, literal, or_, select

from consult.discussion.models import Comment
from consult.discussion.visibility import public
from consult.documents.models import Block, Document, Paragraph, Relation, Version
from consult.extensions import Moment, db
from consult.notices.models import ParagraphEvent

CHANGES = (
    *(Relation.EDITED, Relation.SPLIT, Relation.MERGED),
    *(Relation.REMOVED, Relation.MOVED, Relation.RESTORED),
)


def on_version_published(sender: object, *, document: Document, version: Version, **more: Any) -> None:
    """Note for everybody with a published comment on a paragraph what this version did to it; not for its publisher.

    One statement, however many have commented: who has commented is known to the database alone.
    """
    told = (
        select(
            *(Comment.author_id, Block.paragraph_id, literal(version.id), Block.relation, func.count()),
            literal(version.published_at, Moment()),
        )
        .select_from(Block)
        .join(Paragraph, Paragraph.id == Block.paragraph_id)
        .join(Comment, Comment.paragraph_id == Block.paragraph_id)
        .where(Block.version_id == version.id, is_changed(version.number), public())
        .group_by(Comment.author_id, Block.paragraph_id, Block.relation)
        .order_by(Comment.author_id, func.min(Block.position))
    )
    if version.published_by is not None:
        told = told.where(Comment.author_id != version.published_by)
    columns = ("person_id", "paragraph_id", "version_id", "relation", "comment_count", "created_at")
    db.session.execute(insert(ParagraphEvent).from_select(columns, told, include_defaults=False))


def is_changed(number: Any) -> ColumnElement[bool]:
    """Say of a block in version `number` that this version changed it; what had gone before, did not go with it."""
    return and_(
        Block.relation.in_([relation.value for relation in CHANGES]),
        or_(Block.is_removed.is_(False), Paragraph.removed_in == number),
    )
