"""Every kept count computed anew from the rows it stands beside, and the differences, of which there should be none."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, select, update

from consult.consultations.models import Consultation
from consult.discussion.models import Comment, Kind, Response, ResponsePlace, State
from consult.documents.models import Document, Paragraph
from consult.extensions import db


@dataclass(frozen=True)
class Difference:
    """A count that did not hold: of what, which one, what stood there and what is true."""

    table: str
    row_id: int
    column: str
    kept: int
    true: int

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}: {self.column} was {self.kept}, is {self.true}"


def differences() -> Iterator[Difference]:
    """Yield each kept count that is not what counting gives."""
    for table, column, truth in _truths():
        kept = getattr(table, column)
        true = func.coalesce(truth.c.counted, 0)
        wrong = (
            select(table.id, kept, true)
            .outerjoin(truth, truth.c.row_id == table.id)
            .where(kept != true)
            .order_by(table.id)
        )
        for row_id, was, is_now in db.session.execute(wrong):
            yield Difference(table.__tablename__, row_id, column, was, is_now)


def recount() -> list[Difference]:
    """Put every count right and return what was wrong. Readers of mended pages are given them anew."""
    found = list(differences())
    tables = {table.__tablename__: table for table, _column, _truth in _truths()}
    for wrong in found:
        table = tables[wrong.table]
        values = {wrong.column: wrong.true}
        if hasattr(table, "stamp"):
            values["stamp"] = table.stamp + 1
        db.session.execute(
            update(table).where(table.id == wrong.row_id).values(values),
            execution_options={"synchronize_session": False},
        )
    db.session.expire_all()
    return found


def _truths() -> Iterator[tuple[Any, str, Subquery]]:
    """Yield each count with what it should be: counted in one pass, by the row it belongs to."""
    is_question = Comment.kind == Kind.QUESTION
    for table, by in (
        (Paragraph, Comment.paragraph_id),
        (Document, Comment.document_id),
        (Consultation, Document.consultation_id),
    ):
        yield table, "comment_count", _published(by)
        yield table, "question_count", _published(by, is_question)
        yield table, "answered_count", _published(by, is_question, Comment.answered_at.is_not(None))
        if table is not Paragraph:
            yield table, "people_count", _published(by, what=func.count(Comment.author_id.distinct()))
            yield table, "team_count", _counted(by, Comment.state == State.RECEIVED)
    yield Comment, "reply_count", _published(Comment.root_id, Comment.root_id.is_not(None))
    responses = (
        select(ResponsePlace.paragraph_id.label("row_id"), func.count().label("counted"))
        .join(Response, Response.id == ResponsePlace.response_id)
        .where(Response.stands())
    )
    yield Paragraph, "response_count", responses.group_by(ResponsePlace.paragraph_id).subquery()


def _published(by: Any, *where: ColumnElement[bool], what: Any = None) -> Subquery:
    """Return how many published comments there are of that kind, by the row that `by` names."""
    return _counted(by, Comment.state == State.PUBLISHED, *where, what=what)


def _counted(by: Any, *where: ColumnElement[bool], what: Any = None) -> Subquery:
    count = func.count() if what is None else what
    counted = (
        select(by.label("row_id"), count.label("counted"))
        .select_from(Comment)
        .join(Document, Document.id == Comment.document_id)
        .where(*where)
        .group_by(by)
    )
    return counted.subquery()
