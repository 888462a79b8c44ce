"""Every kept count computed anew from the rows it stands beside, and the differences, of which there should be none."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select, update
from sqlalchemy.orm import aliased

from consult.consultations.models import Consultation
from consult.discussion.models import Comment, Kind, Response, State
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
    for table, truths in _truths():
        for column, true in truths.items():
            kept = getattr(table, column)
            wrong = db.session.execute(select(table.id, kept, true).where(kept != true).order_by(table.id))
            for row_id, was, is_now in wrong:
                yield Difference(table.__tablename__, row_id, column, was, is_now)


def recount() -> list[Difference]:
    """Put every count right and return what was wrong. Readers of mended pages are given them anew."""
    found = list(differences())
    tables = {table.__tablename__: table for table, _ in _truths()}
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


def _truths() -> list[tuple[Any, dict[str, ScalarSelect[Any]]]]:
    """Return, for each table, what each of its counts should be."""
    said = aliased(Comment)
    in_paragraph = said.paragraph_id == Paragraph.id
    in_document = said.document_id == Document.id
    inside = aliased(Document)
    in_consultation = said.document_id.in_(
        select(inside.id).where(inside.consultation_id == Consultation.id).correlate(Consultation)
    )
    below = and_(said.root_id == Comment.id, said.state == State.PUBLISHED)
    responses = _count(func.count(), Response.paragraph_id == Paragraph.id, Paragraph)
    return [
        (Paragraph, {**_talk(said, in_paragraph, Paragraph), "response_count": responses}),
        (Document, {**_talk(said, in_document, Document), **_people(said, in_document, Document)}),
        (
            Consultation,
            {**_talk(said, in_consultation, Consultation), **_people(said, in_consultation, Consultation)},
        ),
        (Comment, {"reply_count": _count(func.count(said.id), below, Comment)}),
    ]


def _talk(said: Any, where: ColumnElement[bool], outer: Any) -> dict[str, ScalarSelect[Any]]:
    published = and_(where, said.state == State.PUBLISHED)
    asked = and_(published, said.kind == Kind.QUESTION)
    return {
        "comment_count": _count(func.count(said.id), published, outer),
        "question_count": _count(func.count(said.id), asked, outer),
        "answered_count": _count(func.count(said.id), and_(asked, said.answered_at.is_not(None)), outer),
    }


def _people(said: Any, where: ColumnElement[bool], outer: Any) -> dict[str, ScalarSelect[Any]]:
    people = func.count(said.author_id.distinct())
    return {"people_count": _count(people, and_(where, said.state == State.PUBLISHED), outer)}


def _count(what: Any, where: ColumnElement[bool], outer: Any) -> ScalarSelect[Any]:
    return select(what).where(where).correlate(outer).scalar_subquery()
