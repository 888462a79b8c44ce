"""Several comments decided on in one transaction: their rows are locked in one order, so that no two wait for each other.

A single decision locks its comment, the top of its thread, the document, the consultation, the paragraph, and then the
organisation's record, which is everybody's. Whoever decides on more takes all of the former before any of the latter.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.discussion.models import Comment
from consult.documents.models import Document, Paragraph
from consult.extensions import db

# Seconds of work after which a transaction on many comments begins with no other: nobody else can write meanwhile. It is
# the processor's time, for where that is short, parts that are too small would make the whole longer for everybody.
LONGEST = 0.035


def hold(comment_ids: Collection[int], *, with_replies: bool = False) -> None:
    """Lock these comments, and all rows whose counts they change, until the transaction ends. Read them afterwards.

    With all replies beneath them where those change too.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        return  # one writer at a time
    rows = db.session.execute(
        select(Comment.id, Comment.root_id, Comment.document_id, Comment.paragraph_id).where(
            Comment.id.in_(comment_ids)
        )
    ).all()
    documents = {row.document_id for row in rows}
    tops = {row.root_id or row.id for row in rows}
    _lock(
        Comment, {row.id for row in rows} - tops
    )  # as a single decision has it: a reply, then the top above it
    if with_replies:
        _lock(Comment, select(Comment.id).where(Comment.root_id.in_(tops)))
    _lock(Comment, tops)
    _lock(Document, documents)
    _lock(Consultation, select(Document.consultation_id).where(Document.id.in_(documents)))
    _lock(Paragraph, {row.paragraph_id for row in rows})


def _lock(table: Any, ids: Any) -> None:
    columns = table.__table__.c
    db.session.execute(
        select(columns.id).where(columns.id.in_(ids)).order_by(columns.id).with_for_update(key_share=True)
    )
