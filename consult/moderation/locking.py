"""Several comments decided on in one transaction: their rows are locked in one order, so that no two wait for each other.

A single decision locks its comment, the top of its thread, the document, the consultation, the paragraph, and then the
organisation's record, which is everybody's. Whoever decides on more takes all of the former before any of the latter.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.discussion.models import Comment
from consult.documents.models import Document, Paragraph
from consult.extensions import db

LONGEST = 0.03  # seconds after which a transaction on many comments begins with no other: nobody else can write meanwhile


def hold(comments: Sequence[Comment]) -> None:
    """Lock these comments, and all rows whose counts they change, until the transaction ends; read the comments anew."""
    ids = {each.id for each in comments} | {each.root_id for each in comments if each.root_id}
    documents = {each.document_id for each in comments}
    above = select(Document.consultation_id).where(Document.id.in_(documents))
    wanted = select(Comment).where(Comment.id.in_(ids)).order_by(Comment.id).with_for_update(of=Comment)
    db.session.scalars(wanted.execution_options(populate_existing=True)).all()
    if db.session.get_bind().dialect.name == "sqlite":
        return  # one writer at a time
    _lock(Document, documents)
    _lock(Consultation, above)
    _lock(Paragraph, {each.paragraph_id for each in comments})


def _lock(table: Any, ids: Any) -> None:
    columns = table.__table__.c
    db.session.execute(select(columns.id).where(columns.id.in_(ids)).order_by(columns.id).with_for_update())
